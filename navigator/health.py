"""How a library is: what is wrong with its documents, what says the same twice, how links and labels are.

A build has every document at hand; what can only be told from them is the `Survey` that it leaves in the
generation. The rest is told from the index: `Health` is all of it together.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import Field, ValidationError

from navigator.errors import IndexDamagedError
from navigator.neighbours import By
from navigator.pattern import CONTEXTS, Finding, InferredLink, Level, Link, Pattern, Record
from navigator.store.generations import Manifest

TWINS = 0.86
"""Cosine similarity of two cards from which on their patterns are called twins.

Looked at in the 3,616 patterns of the public Commons OS library with the bundled model: of the pairs between
0.86 and 0.88 about eight in ten name one subject twice ("Industry 4.0", "Industrie 4.0"), of those between
0.84 and 0.86 about half, the others are merely near. 141 pairs lie above.
"""

MOST_TWINS = 1000
"""Pairs that are kept, the most alike; a model that finds everything alike must not fill the memory."""

HUBS = 10
"""The patterns most linked to that are named."""

_AT_ONCE = 1024
"""Cards that are held against all others in one step."""


class Hub(Record):
    """A pattern that many others link to."""

    slug: str
    links: int = Field(description="patterns that link to it")


class Skew(Record):
    """How evenly links fall on the patterns of a library.

    A pattern that links to another several times counts once.
    """

    by: By = Field(description="who drew the links: people, or a machine in the graph garden")
    patterns: int
    linked: int = Field(description="patterns that at least one other links to")
    links: int
    top: int = Field(description="patterns in the most linked hundredth, at least one")
    top_share: float = Field(description="share of all links that lead to those, 0 to 1")
    gini: float = Field(description="0 where all are linked to alike, near 1 where one has all links")
    spread: tuple[tuple[str, int], ...] = Field(description="links to a pattern, and how many have so many")
    hubs: tuple[Hub, ...]


class LabelQuality(Record):
    """How many patterns have a name in a context's words, and how good the names are."""

    context: str
    usable: int = Field(description="say something that the title does not")
    filler: int = Field(description="the title with words that only say whom it is for")
    junk: int = Field(description="judged to be useless by the reader")
    missing: int

    @property
    def patterns(self) -> int:
        """Patterns that were looked at."""
        return self.usable + self.filler + self.junk + self.missing


class Survey(Record):
    """What a build sees of its documents, and the index does not hold."""

    findings: tuple[Finding, ...]
    skews: tuple[Skew, ...] = Field(description="of the links by people, and of those by a machine")
    labels: tuple[LabelQuality, ...]


class Twins(Record):
    """Two patterns that say nearly the same."""

    first: str = Field(description="slug")
    second: str = Field(description="slug")
    similarity: float = Field(description="cosine of the angle between their cards")


class IndexFacts(Record):
    """What an index is: what made it, when, and how much is in it."""

    generation: str
    created: datetime
    model: str = Field(description="fingerprint of the embedding model")
    dimension: int
    package_version: str
    chunker_version: int
    records_version: int
    patterns: int
    readings: int
    chunks: int
    vectors: int
    accounts: int = 0
    size: int = Field(description="bytes on disk, without what a Chroma server holds")
    server: str | None
    paths: tuple[str, ...] = Field(description="what it was built from")

    @property
    def held(self) -> str:
        """What it holds, in words."""
        told = f", and {self.accounts:,} accounts of trouble" if self.accounts else ""
        return f"{self.patterns:,} patterns and {self.readings:,} readings in {self.chunks:,} chunks{told}"

    @classmethod
    def of(cls, manifest: Manifest) -> IndexFacts:
        """Return the facts of a generation."""
        recipe = manifest.recipe
        return cls(
            generation=manifest.name,
            created=manifest.created,
            model=recipe.fingerprint,
            dimension=recipe.dimension,
            package_version=recipe.package_version,
            chunker_version=recipe.chunker_version,
            records_version=recipe.records_version,
            patterns=manifest.patterns,
            readings=manifest.readings,
            chunks=manifest.chunks,
            vectors=manifest.vectors,
            accounts=manifest.accounts,
            size=sum(manifest.files.values()),
            server=recipe.server,
            paths=manifest.paths,
        )


class Health(Record):
    """Everything a librarian looks after, of one generation of the index."""

    facts: IndexFacts
    findings: tuple[Finding, ...] = Field(description="by path and line, as `navigator lint` has them")
    skews: tuple[Skew, ...]
    labels: tuple[LabelQuality, ...] = Field(description="of the contexts that the library is written for")
    twins: tuple[Twins, ...] = Field(description="the most alike first")


def survey(patterns: Sequence[Pattern], findings: Sequence[Finding]) -> Survey:
    """Return what is to be known of documents that have been read."""
    slugs = {pattern.slug for pattern in patterns}
    return Survey(
        findings=tuple(findings),
        skews=(
            skew("people", slugs, _links(patterns, "people")),
            skew("machine", slugs, _links(patterns, "machine")),
        ),
        labels=label_quality(patterns),
    )


def write_survey(file: Path, surveyed: Survey) -> None:
    """Write a survey as JSON."""
    file.write_text(surveyed.model_dump_json(), "utf-8")


def read_survey(file: Path) -> Survey:
    """Read what `write_survey` wrote.

    Raises
    ------
    IndexDamagedError
        The file is missing or cannot be read.
    """
    try:
        return Survey.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        what = f"{error.error_count()} fields differ" if isinstance(error, ValidationError) else str(error)
        raise IndexDamagedError(
            f"{file} cannot be read: {what}. Run `navigator index --force` to build the index again."
        ) from error


def skew(by: By, slugs: Collection[str], links: Iterable[tuple[str, str]]) -> Skew:
    """Measure how evenly links fall.

    Parameters
    ----------
    slugs
        Of all patterns, linked to or not.
    links
        Pairs of slugs, from and to. Those that lead nowhere or back are left out.
    """
    pairs = {(start, end) for start, end in links if start != end and end in slugs}
    counts = Counter(end for _, end in pairs)
    degrees = [*counts.values(), *[0] * (len(slugs) - len(counts))]
    top = math.ceil(len(slugs) / 100)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return Skew(
        by=by,
        patterns=len(slugs),
        linked=len(counts),
        links=len(pairs),
        top=top,
        top_share=sum(links for _, links in ranked[:top]) / len(pairs) if pairs else 0.0,
        gini=gini(degrees),
        spread=tuple(_spread(degrees)),
        hubs=tuple(Hub(slug=slug, links=links) for slug, links in ranked[:HUBS]),
    )


def gini(values: Sequence[int]) -> float:
    """Return the Gini coefficient of values that are not negative, 0 where there is nothing to share out.

    Half the mean difference of all pairs over the mean; from the sorted values as in Damgaard and Weiner,
    *Describing inequality in plant size or fecundity*, Ecology 81 (2000).
    """
    total, number = sum(values), len(values)
    if not total:
        return 0.0
    weighed = sum((2 * place - number - 1) * value for place, value in enumerate(sorted(values), start=1))
    return weighed / (number * total)


def _spread(degrees: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Yield ranges of degrees, each twice as wide as the one before, and how many degrees lie in it."""
    counts = Counter(degree.bit_length() for degree in degrees)
    for length in range(max(counts, default=-1) + 1):
        first, last = (1 << length) >> 1, (1 << length) - 1
        yield (f"{first:,}" if first >= last else f"{first:,}–{last:,}"), counts[length]


def _links(patterns: Iterable[Pattern], by: By) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        edges: list[Link | InferredLink] = (
            [link for links in pattern.relationships.values() for link in links]
            if by == "people"
            else [*pattern.graph_garden.inferred_links]
        )
        yield from ((pattern.slug, edge.slug) for edge in edges if edge.slug)


def label_quality(patterns: Sequence[Pattern]) -> tuple[LabelQuality, ...]:
    """Return the quality of the labels for each context of the form, and each that has a label anywhere."""
    others = sorted({context for pattern in patterns for context in pattern.context_labels} - {*CONTEXTS})
    told = []
    for context in (*CONTEXTS, *others):
        counts = Counter(_quality(pattern, context) for pattern in patterns)
        fields = {name: counts[name] for name in ("usable", "filler", "junk", "missing")}
        told.append(LabelQuality(context=context, **fields))
    return tuple(told)


def _quality(pattern: Pattern, context: str) -> str:
    if not pattern.context_labels.get(context):
        return "missing"
    if f"context_labels.{context}" in pattern.junk:
        return "junk"
    return "filler" if context in pattern.filler_labels else "usable"


def find_twins(
    slugs: Sequence[str],
    vectors: npt.NDArray[np.float32],
    *,
    least: float = TWINS,
    most: int = MOST_TWINS,
) -> tuple[Twins, ...]:
    """Return the pairs whose vectors are alike, the most alike first.

    Parameters
    ----------
    vectors
        One for each of ``slugs``, shape (n_slugs, dimension), unit length.
    least
        Cosine similarity from which on a pair counts.
    most
        Pairs to return at most.
    """
    pairs: list[tuple[float, str, str]] = []
    for start in range(0, len(slugs), _AT_ONCE):
        block = vectors[start : start + _AT_ONCE] @ vectors[start:].T
        # Each pair once, and nothing with itself: the second comes after the first.
        rows, columns = np.nonzero(np.triu(block >= least, 1))
        values = block[rows, columns].tolist()
        found = zip(values, (rows + start).tolist(), (columns + start).tolist(), strict=True)
        pairs += [(value, slugs[row], slugs[column]) for value, row, column in found]
        pairs = sorted(pairs, key=lambda pair: (-pair[0], *pair[1:]))[:most]
    return tuple(
        Twins(first=first, second=second, similarity=round(min(value, 1.0), 4))
        for value, first, second in pairs
    )


def choose(
    findings: Iterable[Finding],
    *,
    levels: Collection[Level] = (),
    codes: Collection[str] = (),
    folders: Collection[str] = (),
    text: str = "",
) -> list[Finding]:
    """Return the findings of certain levels, codes and folders that hold a text; nothing given is any.

    Parameters
    ----------
    folders
        As `folder_of` names them.
    text
        Every word of it must stand in the path, the code or the message, whatever its case.
    """
    wanted = text.lower().split()
    return [
        each
        for each in findings
        if (not levels or each.level in levels)
        and (not codes or each.code in codes)
        and (not folders or folder_of(each) in folders)
        and all(word in f"{each.path} {each.code} {each.message}".lower() for word in wanted)
    ]


def folder_of(found: Finding) -> str:
    """Return the folder of the file that a finding is about."""
    return os.path.dirname(found.path)  # noqa: PTH120 - of tens of thousands at a time
