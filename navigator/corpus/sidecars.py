"""Situations that lie beside a library: JSON Lines that apply themselves to the patterns they name.

A sidecar is a file ``situations/*.jsonl``. Each line is an object with ``situation`` and either the ``id`` or
``slug`` of the pattern that it asks for, or both, and perhaps ``title``, ``context`` and ``author``; or
``grades``, the patterns that help with it, each by slug with a grade of 1 to 3: that is an *account*, and
has perhaps a ``core``.

Sidecars beside a corpus are its librarian's and taken at their word; one that ships with the product meets
libraries that it has never seen, and has to be surer that it means the same pattern.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from navigator.corpus.files import find_files, read_text
from navigator.corpus.findings import Report
from navigator.errors import EnrichmentError
from navigator.pattern import Account, Finding, Pattern, Situation, SituationAuthor
from navigator.text import slugify, words

FOLDER = "situations"
"""Name of the folder that holds sidecars."""

ENDINGS = frozenset({".jsonl"})

LONGEST_SITUATION = 2_000
"""Characters; what is longer tells a story, and only its beginning would be embedded."""

MAX_BYTES = 100_000_000
"""Larger files are not read: six situations for each of 30,000 patterns fit."""

MOST_BROKEN = 100
"""Broken lines of one file that are reported; after so many it is taken for something else."""

_Name = Annotated[str, Field(max_length=300)]


class SidecarLine(BaseModel):
    """One line of a sidecar; keys that it does not know are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    id: _Name = ""
    slug: _Name = ""
    title: _Name = ""
    situation: str = Field(max_length=LONGEST_SITUATION)
    context: _Name | None = None
    author: SituationAuthor | None = None
    grades: Mapping[_Name, Annotated[int, Field(ge=1, le=3)]] = {}
    core: str = Field(default="", max_length=LONGEST_SITUATION)

    @field_validator("situation")
    @classmethod
    def _say_something(cls, text: str) -> str:
        if not words(text):
            raise ValueError("it says nothing")
        return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The lines of one file that can be read, each with its 1-based number.

    Attributes
    ----------
    ships
        Whether it came with the product, and may well be about another library than the one at hand.
    """

    path: Path
    ships: bool
    lines: tuple[tuple[int, SidecarLine], ...]


def sidecar_folder(path: Path) -> Path:
    """Return the folder in which a corpus, a folder or a single file, keeps situations of its own."""
    return (path if path.is_dir() else path.parent) / FOLDER


def find_sidecars(paths: Iterable[Path], shipped: Path | None = None) -> list[Path | Finding]:
    """Return the sidecars that a corpus is read with, each once, and a finding for what cannot be entered.

    First come those that ship, then for each path those in its folder, ``PATH/situations/``, and next to
    it, ``PATH/../situations/``; for a single file only those next to it.
    """
    folders = [] if shipped is None else [shipped]
    for path in paths:
        folders.append(sidecar_folder(path))
        if path.is_dir():
            folders.append(Path(os.path.normpath(path / os.pardir / FOLDER)))
    return list(find_files((folder for folder in folders if folder.is_dir()), endings=ENDINGS))


def read_sidecar(path: Path, report: Report, *, ships: bool = False) -> Sidecar:
    """Read a sidecar; lines that are no situation of a pattern are findings and left out."""
    lines: list[tuple[int, SidecarLine]] = []
    text = read_text(path, report, most_bytes=MAX_BYTES) or ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            read = SidecarLine.model_validate_json(line)
        except ValidationError as error:
            report.add("broken-situation", _broken(error), line=number)
        else:
            if read.id or read.slug or read.grades:
                lines.append((number, read))
            else:
                message = (
                    "This line names no pattern: give it the 'slug' or the 'id' of one, or the 'grades' of "
                    "several."
                )
                report.add("broken-situation", message, line=number)
        if len(report.findings) >= MOST_BROKEN:
            message = "So many lines are broken that the rest of the file was not read."
            report.add("broken-situation", message, line=number)
            break
    return Sidecar(path, ships, tuple(lines))


def append_situations(path: Path, pattern: Pattern, situations: Iterable[Situation]) -> None:
    """Add situations of a pattern to the end of a sidecar; what stands there stays.

    Raises
    ------
    EnrichmentError
        The file cannot be written.
    """
    names = {"id": pattern.id, "slug": pattern.slug, "title": pattern.title}
    lines = b""
    for each in situations:
        told = {"situation": each.text, "context": each.context, "author": each.author}
        kept = {key: value for key, value in (names | told).items() if value}
        lines += json.dumps(kept, ensure_ascii=False).encode() + b"\n"
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("ab+") as stream:
            if size := stream.tell():
                stream.seek(size - 1)
                if stream.read(1) != b"\n":  # half a line, of a run that was killed
                    lines = b"\n" + lines
            stream.write(lines)
    except OSError as error:
        raise EnrichmentError(
            f"{path} cannot be written: {error.strerror or error}. Copy the documents to where you may "
            "write, and give `navigator enrich` that folder."
        ) from error


def with_situations(
    patterns: Sequence[Pattern], sidecars: Iterable[Sidecar]
) -> tuple[list[Pattern], list[Account], list[Finding]]:
    """Return the patterns with what sidecars have for them, the accounts of several patterns, and findings.

    Situations stand behind a pattern's own and without repeats. Lines for patterns that are not there are
    one finding for a file, or none where the file ships. An account that ships counts for the patterns
    that a situation which ships has found: grades go by slug alone, and a stranger's pattern may have the
    same one.
    """
    by_slug = {pattern.slug: pattern for pattern in patterns}
    by_id: dict[str, list[Pattern]] = defaultdict(list)
    for pattern in patterns:
        by_id[pattern.id].append(pattern)
    added: dict[str, list[Situation]] = defaultdict(list)
    strays: dict[Path, list[int]] = defaultdict(list)
    recognised: dict[str, str] = {}
    sidecars = list(sidecars)
    for sidecar in sidecars:
        for number, line in _of_one_pattern(sidecar):
            target = _target(line, by_id, by_slug, surely=sidecar.ships)
            if target is None:
                strays[sidecar.path].append(number)
                continue
            added[target.slug].append(_situation(line, sidecar.path))
            if sidecar.ships and line.slug:
                recognised[slugify(line.slug)] = target.slug
    accounts: list[Account] = []
    own = {slug: slug for slug in by_slug}
    for sidecar in sidecars:
        for number, line in _of_several(sidecar):
            account = _account(line, sidecar.path, recognised if sidecar.ships else own)
            if account is None:
                strays[sidecar.path].append(number)
            else:
                accounts.append(account)
    findings = [
        finding
        for sidecar in sidecars
        if not sidecar.ships
        for finding in _stray(sidecar, strays[sidecar.path])
    ]
    return [_joined(pattern, added[pattern.slug]) for pattern in patterns], accounts, findings


def _of_one_pattern(sidecar: Sidecar) -> Iterator[tuple[int, SidecarLine]]:
    return ((number, line) for number, line in sidecar.lines if not line.grades)


def _of_several(sidecar: Sidecar) -> Iterator[tuple[int, SidecarLine]]:
    return ((number, line) for number, line in sidecar.lines if line.grades)


def _stray(sidecar: Sidecar, numbers: Sequence[int]) -> Sequence[Finding]:
    if not numbers:
        return ()
    report = Report(str(sidecar.path))
    count = f"{len(numbers):,} of {len(sidecar.lines):,}"
    message = f"{count} situations are for patterns that the corpus does not hold."
    report.add("situation-without-pattern", message, line=min(numbers))
    return report.findings


def _broken(error: ValidationError) -> str:
    """Return what is wrong with a line, without a word of what it says."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"This line is no situation: {f'{place}: ' if place else ''}{first['msg']}."


def _target(
    line: SidecarLine, by_id: dict[str, list[Pattern]], by_slug: dict[str, Pattern], *, surely: bool
) -> Pattern | None:
    """Return the pattern that a line is about.

    An id decides where both have one, since a stranger's pattern may well have the same slug; careless
    libraries give one id to several patterns, and then the slug has to agree.
    """
    namesakes = by_id.get(line.id, []) if line.id else []
    if len(namesakes) == 1:
        return namesakes[0]
    pattern = by_slug.get(slugify(line.slug))
    if pattern is None or (line.id and pattern.id and line.id != pattern.id):
        return None
    if surely and not namesakes and words(line.title) != words(pattern.title):
        return None
    return pattern


def _situation(line: SidecarLine, path: Path) -> Situation:
    context = slugify(line.context or "") or None
    return Situation(text=line.situation, context=context, author=line.author, path=str(path))


def _account(line: SidecarLine, path: Path, slugs: Mapping[str, str]) -> Account | None:
    """Return the account of a line with the grades of the patterns that the library holds, if it holds any.

    Parameters
    ----------
    slugs
        Slugs of the library's patterns, by the slugs that lines have for them.
    """
    graded = ((slugs.get(slugify(slug)), grade) for slug, grade in line.grades.items())
    grades = {slug: grade for slug, grade in graded if slug}
    return Account(text=line.situation, core=line.core, grades=grades, path=str(path)) if grades else None


def _joined(pattern: Pattern, added: Sequence[Situation]) -> Pattern:
    """Return a pattern with more situations behind its own, so that those keep their places."""
    hints = pattern.ontology.search_hints
    seen = {tuple(words(each.text)) for each in hints.situations}
    new: list[Situation] = []
    for situation in added:
        key = tuple(words(situation.text))
        if key not in seen:
            seen.add(key)
            new.append(situation)
    if not new:
        return pattern
    hints = hints.model_copy(update={"situations": (*hints.situations, *new)})
    return pattern.model_copy(
        update={"ontology": pattern.ontology.model_copy(update={"search_hints": hints})}
    )
