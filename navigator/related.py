"""The patterns that a pattern's authors link to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from navigator.answer import NEXT, RelatedPattern
from navigator.library import Library
from navigator.pattern import Pattern

SHOWN_RELATED = 8
SHOWN_OF_A_KIND = 2

_ALL_NEIGHBOURS = 50


def neighbours(pattern: Pattern, library: Library, context: str | None) -> Iterator[RelatedPattern]:
    """Yield the curated neighbours that the library holds, each once, by kind and weight."""
    seen = {pattern.slug}
    for kind in NEXT:
        links = sorted(pattern.relationships.get(kind, ()), key=lambda link: -(link.weight or 0.0))
        for link in links[:_ALL_NEIGHBOURS]:
            entry = library.catalogue.get(link.slug or "")
            if entry is not None and entry.slug not in seen:
                seen.add(entry.slug)
                yield RelatedPattern(
                    slug=entry.slug, title=entry.title, label=entry.label(context), kind=kind
                )


def worth_offering(related: Iterable[RelatedPattern]) -> tuple[RelatedPattern, ...]:
    """Return what to offer of the neighbours: a few of each kind, or all that there is room for of one."""
    neighbours = list(related)
    kinds = Counter[str]()
    shown = []
    for neighbour in neighbours:
        kinds[neighbour.kind] += 1
        if kinds[neighbour.kind] <= SHOWN_OF_A_KIND or len({each.kind for each in neighbours}) == 1:
            shown.append(neighbour)
    return tuple(shown[:SHOWN_RELATED])
