"""What stands in a handout, line by line: the one structure that every writer sets in its own type.

A writer maps the role of a line to a style and decides nothing else; what is said, and in which order, is
decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from navigator.answer import Answer, Part, aligned
from navigator.handout import Handout, Sheet
from navigator.licences import licence

Paper = Literal["a4", "letter"]

PAPERS: dict[Paper, tuple[float, float]] = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height in millimetres."""

Role = Literal[
    "eyebrow",
    "name",
    "byname",
    "transition",
    "note",
    "part",
    "voice",
    "therefore",
    "case",
    "body",
    "item",
    "credits",
    "credit",
]
"""What a line is: "eyebrow" stands above a pattern's "name" and "byname" below it; "transition" says why the
pattern stands here; "part" heads a part, "voice" what one context is told in it; "case" names a known use."""

LONGEST_CASE = 90
"""Characters of a sentence that may be the name of a case."""

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+"
)
"""What no page shows and XML does not allow, and what turns the direction of the text after it around."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph.

    Attributes
    ----------
    marker
        Of an item: ``-``, or its number with a full stop.
    label
        Of a credit: what is credited.
    url
        Where the text leads; always an address of ours, never one of a document.
    """

    role: Role
    text: str
    marker: str = ""
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One pattern, beginning on a page of its own.

    Attributes
    ----------
    anchor
        Its name as the target of a link.
    footer
        Two short lines for the foot of each of its pages: what it is, and whose and on which terms.
    """

    anchor: str
    name: str
    transition: str
    footer: tuple[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole handout; a string of leaves has a title page with ``title``, ``subtitle`` and ``terms``."""

    title: str
    subtitle: str
    terms: str
    authors: str
    footer: tuple[str, str]
    leaves: tuple[Leaf, ...]

    @property
    def has_title_page(self) -> bool:
        """Whether a title page comes before the leaves."""
        return len(self.leaves) > 1


def outline(handout: Handout) -> Outline:
    """Return what stands in a handout, fit to be set: a line is a paragraph, with nothing unseen in it."""
    audience = _listed([_named(context) for context in handout.contexts])
    named = dict.fromkeys(seen(sheet.provenance.attribution) for sheet in handout.sheets)
    authors = "; ".join(filter(None, named))
    return Outline(
        title=seen(handout.title),
        subtitle=seen(f"For {audience}" if audience else ""),
        terms=seen(handout.terms),
        authors=authors,
        footer=(seen(handout.title), _dotted(handout.licence, authors)),
        leaves=tuple(_leaf(handout, number, audience) for number in range(len(handout.sheets))),
    )


def _leaf(handout: Handout, number: int, audience: str) -> Leaf:
    sheet = handout.sheets[number]
    place = f"Pattern {number + 1} of {len(handout.sheets)}" if handout.is_string else "Pattern"
    eyebrow = Line("eyebrow", _dotted(place, f"for {audience}" if audience else ""))
    lines = [eyebrow, *_lines(sheet), *_credits(sheet, handout, audience)]
    rights = licence(sheet.provenance.license).name or "no licence named"
    return Leaf(
        anchor=f"pattern-{number + 1}",
        name=seen(sheet.label),
        transition=seen(sheet.transition),
        footer=(
            _dotted(sheet.label, sheet.title, PurePath(sheet.path).name),
            _dotted(rights, sheet.provenance.attribution),
        ),
        lines=tuple(replace(line, text=text) for line in lines if (text := seen(line.text))),
    )


def seen(text: str) -> str:
    """Return a text on one line, without characters that nobody sees."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield the lines one by one, but those of one list together: its numbers go up by one."""
    run: list[Line] = []
    for line in lines:
        if run and not _goes_on(run[-1], line):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _goes_on(line: Line, then: Line) -> bool:
    if line.role not in {"item", "credit"} or line.role != then.role:
        return False
    if line.marker[:-1].isdigit() and then.marker[:-1].isdigit():
        return int(then.marker[:-1]) == int(line.marker[:-1]) + 1
    return line.marker == then.marker


def _lines(sheet: Sheet) -> Iterator[Line]:
    yield Line("name", sheet.label)
    if sheet.label != sheet.title:
        yield Line("byname", sheet.title)
    if len(sheet.answers) > 1:
        labels = [
            f"{answer.label} ({_named(answer.context)})"
            for answer in sheet.answers
            if answer.label != sheet.title
        ]
        yield Line("byname", "; ".join(labels))
    yield Line("transition", sheet.transition)
    if len(sheet.answers) == 1:
        answer = sheet.answers[0]
        yield Line("note", " ".join(filter(None, [answer.label_note, answer.message])))
        for part in answer.parts:
            yield from _part(part.heading, _units([part]))
    else:
        unspoken = [_named(answer.context) for answer in sheet.answers if not _was_written_for(answer)]
        yield Line("note", f"Nothing here was written for {_listed(unspoken)}." if unspoken else "")
        for heading, cells in aligned([_own(answer) for answer in sheet.answers]):
            yield from _part(heading, _voices(sheet.answers, [_units(cell) for cell in cells]))
    neighbours = [_neighbours(answer, own_names=len(sheet.answers) > 1) for answer in sheet.answers]
    if any(neighbours):
        yield Line("part", "Read next")
        yield from max(neighbours, key=len)


def _part(heading: str, units: Iterable[tuple[Line, ...]]) -> Iterator[Line]:
    """Yield a heading and what stands under it; the Therefore speaks its own."""
    lines = [line for unit in units for line in unit]
    if not lines[0].text.startswith(heading):
        yield Line("part", heading)
    yield from lines


def _own(answer: Answer) -> Answer:
    """Return an answer without what was written for another context, which has its own answer here."""
    return answer.model_copy(
        update={"parts": tuple(p for p in answer.parts if not p.kind.endswith("_elsewhere"))}
    )


def _was_written_for(answer: Answer) -> bool:
    return any(answer.context in sentence.contexts for part in answer.parts for sentence in part.sentences)


def _units(parts: Iterable[Part]) -> list[tuple[Line, ...]]:
    """Return what parts say, by what stays together: a paragraph, an item, or a known use with its name."""
    units: list[tuple[Line, ...]] = []
    for part in parts:
        named: tuple[Line, ...] = ()
        for block in part.blocks:
            texts = [sentence.text for sentence in block]
            is_case = (
                part.kind.startswith("known_uses") and not block[0].marker and len(texts[0]) <= LONGEST_CASE
            )
            if is_case:
                named += (Line("case", texts.pop(0)),)
            if texts:
                role: Role = (
                    "therefore" if part.kind == "therefore" else "item" if block[0].marker else "body"
                )
                units.append((*named, Line(role, " ".join(texts), block[0].marker)))
                named = ()
        if named:
            units.append(named)
    return units


def _voices(
    answers: Sequence[Answer], cells: Sequence[Sequence[tuple[Line, ...]]]
) -> Iterator[tuple[Line, ...]]:
    """Yield what several contexts are told, each thing once under the names of those whom it is told.

    What is for one stands before what is for several, and that before what is for all.
    """
    told: dict[tuple[Line, ...], tuple[str, ...]] = {}
    for answer, cell in zip(answers, cells, strict=True):
        for unit in dict.fromkeys(cell):
            told[unit] = (*told.get(unit, ()), _named(answer.context))
    audiences = sorted(dict.fromkeys(told.values()), key=len)
    for audience in audiences:
        if len(audience) < len(answers):
            yield (Line("voice", _capitalised(_listed(list(audience)))),)
        elif len(audiences) > 1:
            yield (Line("voice", "Everyone"),)
        yield from (unit for unit, its in told.items() if its == audience)


def _neighbours(answer: Answer, *, own_names: bool) -> list[Line]:
    """Return the related patterns by kind, by their own names or by those in the context of the answer."""
    return [
        Line("item", f"{heading}: {_listed([n.title if own_names else n.label for n in neighbours])}", "-")
        for heading, neighbours in answer.next
    ]


def _credits(sheet: Sheet, handout: Handout, audience: str) -> Iterator[Line]:
    own = sheet.provenance
    its_licence = licence(own.license)
    adapted = f"Chosen and ordered from the pattern{f' for {audience}' if audience else ''}"
    yield Line("credits", "Where this comes from")
    if own.confidence is not None:
        yield Line("credit", f"{own.stars} {own.confidence} of 3", label="Confidence")
    yield Line("credit", "; ".join(own.sources), label="Sources")
    yield Line("credit", own.attribution or "The author is not named.", label="By")
    yield Line("credit", its_licence.name or "None is named.", label="Licence", url=its_licence.url)
    yield Line(
        "credit",
        f"{adapted}; the sentences are the author’s own ({PurePath(sheet.path).name}).",
        label="Adapted",
    )
    if not handout.is_string:
        yield Line("credit", handout.terms, label="Terms")


def _named(context: str | None) -> str:
    return (context or "everyone").replace("_", " ")


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _dotted(*texts: str) -> str:
    """Return texts on one line with points between, each only once."""
    return " · ".join(dict.fromkeys(text for text in map(seen, texts) if text))
