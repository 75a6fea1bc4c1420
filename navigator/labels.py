"""Measuring whether documents are found by their names, in whatever way those are spelled."""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean
from typing import Any

from navigator.ask import search
from navigator.corpus.hints import is_filler_label
from navigator.embedding import Embedder
from navigator.errors import EvaluationError
from navigator.evaluate import SCHEMA, OnProgress
from navigator.library import Library
from navigator.names import Name
from navigator.situation import read
from navigator.text import words

SEED = 0
"""Of the slips; the same index is asked the same names again."""

AS_IS, SLIP = "as is", "with a slip"

_SILENT: OnProgress = lambda done, total: None  # noqa: E731


def slipped(name: str, random: Random) -> str:
    """Return a name with one slip: a letter left out, put in, replaced, or swapped with its neighbour.

    A name without letters stays as it is.
    """
    letters = [place for place, character in enumerate(name) if character.isalpha()]
    typed = name
    while letters and (not typed.strip() or typed.casefold() == name.casefold()):
        place, letter = random.choice(letters), random.choice(string.ascii_lowercase)
        typed = random.choice(
            (
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place:],
                name[:place] + letter + name[place + 1 :],
                name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :],
            )
        )
    return typed


SPELLINGS: Mapping[str, Callable[[str, Random], str]] = {
    AS_IS: lambda name, random: name,
    "in other case": lambda name, random: name.swapcase(),
    "with hyphens": lambda name, random: "-".join(name.split()),
    "without hyphens": lambda name, random: name.replace("-", " "),
    SLIP: slipped,
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """Share of ``n`` names, typed in one way, whose pattern came first.

    Names that this way of typing leaves as they are are not counted.
    """

    n: int
    hit: float
    by_kind: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Missed:
    """A name that was not found as it was typed, and the slug that came first instead."""

    name: str
    typed: str
    found: str | None


@dataclass(frozen=True, slots=True)
class LabelsReport:
    """How many of ``n`` different names find their pattern first, by spelling."""

    n: int
    spellings: Mapping[str, Spelling]
    missed: tuple[Missed, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it, the two figures that matter most at the top level."""
        return {
            "schema": SCHEMA,
            "n": self.n,
            "hit@1": self.spellings[AS_IS].hit,
            "hit@1_with_a_slip": self.spellings[SLIP].hit,
            "spellings": {
                name: {"n": s.n, "hit@1": s.hit, "by_kind": dict(s.by_kind)}
                for name, s in self.spellings.items()
            },
            "missed": [{"name": m.name, "typed": m.typed, "found": m.found} for m in self.missed],
        }


def measure_labels(
    library: Library, embedder: Embedder, *, seed: int = SEED, on_progress: OnProgress = _SILENT
) -> LabelsReport:
    """Measure how many names of patterns find their pattern first, in each spelling.

    All different titles, slugs, aliases and labels are typed, filler left out. Where several patterns
    share a name, each of them is a hit. The model embeds only what is not recognised as a name.

    Raises
    ------
    EvaluationError
        The index holds no pattern.
    """
    bearers, names = _bearers(library), _to_type(library)
    if not names:
        raise EvaluationError("This index holds no pattern that could be found by its name.")
    random = Random(seed)  # noqa: S311 - reproducible, and nothing is to be kept secret
    hits: dict[str, list[tuple[str, bool]]] = {spelling: [] for spelling in SPELLINGS}
    missed = []
    for done, name in enumerate(names, start=1):
        meant = bearers[_plain(name.text)]
        for spelling, respell in SPELLINGS.items():
            typed = respell(name.text, random)
            if typed == name.text and spelling != AS_IS:
                continue
            found = _first(typed, meant, library, embedder)
            hits[spelling].append((name.kind, found in meant))
            if found not in meant:
                missed.append(Missed(name.text, typed, found))
        on_progress(done, len(names))
    spellings = {spelling: _spelling(pairs) for spelling, pairs in hits.items() if pairs}
    return LabelsReport(n=len(names), spellings=spellings, missed=tuple(missed))


def _to_type(library: Library) -> list[Name]:
    """Return the different names of patterns, each once, without labels that only repeat the title."""
    different: dict[str, Name] = {}
    for name in library.names:
        entry = library.catalogue[name.slug]
        if entry.is_pattern and not (name.kind == "label" and is_filler_label(name.text, entry.title)):
            different.setdefault(name.text.casefold(), name)
    return list(different.values())


def _bearers(library: Library) -> dict[str, set[str]]:
    """Return the slugs of the patterns that go by each name."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for name in library.names:
        if library.catalogue[name.slug].is_pattern:
            bearers[_plain(name.text)].add(name.slug)
    return bearers


def _plain(name: str) -> str:
    return " ".join(words(name.replace("-", " ")))


def _first(typed: str, meant: set[str], library: Library, embedder: Embedder) -> str | None:
    """Return the slug of the pattern that comes first; where all that may are meant, or none, any of them."""
    question = read(typed).question
    named = [slug for slug in library.named(question) if library.catalogue[slug].is_pattern]
    if named and (meant.issuperset(named) or meant.isdisjoint(named)):
        return named[0]
    patterns = search(question, library, embedder).patterns
    return patterns[0].slug if patterns else None


def _spelling(pairs: Sequence[tuple[str, bool]]) -> Spelling:
    kinds = {
        kind: [hit for each, hit in pairs if each == kind] for kind in sorted({kind for kind, _ in pairs})
    }
    return Spelling(
        n=len(pairs),
        hit=fmean(hit for _, hit in pairs),
        by_kind={kind: fmean(of_kind) for kind, of_kind in kinds.items()},
    )
