"""What a pattern is linked to, by whom, and how strongly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from navigator.pattern import RELATIONSHIP_KINDS, Pattern
from navigator.store.records import CatalogueEntry

By = Literal["people", "machine"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A pattern that another one links to.

    Attributes
    ----------
    slug, title, label
        Of the pattern that is linked to; the label is its name in the context asked for.
    kind
        One of `RELATIONSHIP_KINDS`, or what a machine called it.
    by
        Who drew the link: people, in the relationships, or a machine, in the graph garden.
    weight
        0 to 1, as it was given: the weight of a curated link, the confidence of an inferred one.
    reason
        Why the two belong together, in the words of who drew the link.
    """

    slug: str
    title: str
    label: str
    kind: str
    by: By
    weight: float | None = None
    reason: str = ""


def neighbours(
    pattern: Pattern, catalogue: Mapping[str, CatalogueEntry], context: str | None = None
) -> list[Neighbour]:
    """Return what a pattern links to in the library, curated links first, the heaviest first in each kind.

    A pattern that is linked to more than once is named by its first link. Links that lead nowhere are
    left out; `navigator lint` names them.
    """
    found: dict[str, Neighbour] = {}
    for kind, by, slug, weight, reason in _links(pattern):
        entry = catalogue.get(slug or "")
        if entry is not None and entry.slug != pattern.slug:
            neighbour = Neighbour(
                entry.slug, entry.title, entry.label(context), kind, by, _share(weight), reason
            )
            found.setdefault(entry.slug, neighbour)
    return list(found.values())


def _links(pattern: Pattern) -> Iterator[tuple[str, By, str | None, float | None, str]]:
    for kind in RELATIONSHIP_KINDS:
        for link in sorted(pattern.relationships.get(kind, ()), key=lambda link: -(link.weight or 0.0)):
            yield kind, "people", link.slug, link.weight, link.reason
    for proposed in sorted(pattern.graph_garden.inferred_links, key=lambda link: -(link.confidence or 0.0)):
        yield proposed.type or "related", "machine", proposed.slug, proposed.confidence, proposed.reason


def _share(weight: float | None) -> float | None:
    return None if weight is None else min(1.0, max(0.0, weight))
