"""Two patterns and more side by side: what pulls apart, the way out, what it costs, and whether it lives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from navigator import translate
from navigator.answer import Answer, Comparison, ComparisonRow, Named, Part, PartKind, Sentence
from navigator.ask import remarks
from navigator.library import Library
from navigator.situation import Situation

_ROWS: tuple[tuple[str, tuple[tuple[PartKind, int], ...]], ...] = (
    ("What pulls apart", (("tension", 1),)),
    ("Therefore", (("therefore", 1),)),
    ("What it costs", (("risks", 2),)),
    ("Alive when", (("signs_of_life", 1),)),
    ("Decaying when", (("signs_of_decay", 1),)),
)
"""The rows, with the parts of an answer that they are taken from and how many passages of each."""


def compare(slugs: Sequence[str], situation: Situation, library: Library) -> Answer:
    """Return patterns side by side in the authors' own sentences, each with where it stands."""
    patterns = [library.pattern(slug) for slug in slugs]
    columns = [
        translate.compose(
            pattern,
            library.chunks_of(pattern.slug),
            context=situation.context,
            question="",
            matched=None,
            audiences=library.audiences,
        )
        for pattern in patterns
    ]
    labels = [pattern.label(situation.context) for pattern in patterns]
    rows = [
        ComparisonRow(heading=heading, cells=tuple(tuple(_cell(parts, taken)) for parts in columns))
        for heading, taken in _ROWS
    ]
    return Answer(
        question=situation.question,
        wants=situation.wants,
        answered=True,
        confidence=1.0,
        context=situation.context,
        message=" ".join([*remarks(situation), f"{_listed(labels)}, side by side."]),
        comparison=Comparison(
            patterns=tuple(
                Named(slug=pattern.slug, title=pattern.title, label=label)
                for pattern, label in zip(patterns, labels, strict=True)
            ),
            rows=tuple(row for row in rows if any(row.cells)),
        ),
    )


def _cell(parts: Iterable[Part], taken: Iterable[tuple[PartKind, int]]) -> Iterable[Sentence]:
    """Yield the first passages of some parts."""
    wanted = dict(taken)
    for part in parts:
        for block in part.blocks[: wanted.get(part.kind, 0)]:
            yield from block


def _listed(labels: Sequence[str]) -> str:
    return " and ".join(f"“{label}”" for label in labels)
