"""The map of a library: where its documents lie in the plane, and where a question falls among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from navigator.answer import PatternHit
from navigator.library import Library
from navigator.projection import weighted_mean


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A document on the map.

    Attributes
    ----------
    slug, title, label
        Of the document; the label is its name in the context asked for, the title where there is none.
    x, y
        Where it lies, each from -1 to 1. Neighbours are alike; the axes mean nothing.
    domain, collection
        What its author sorted it under, and the folder that it lies in; either may be empty.
    is_pattern
        False for an article.
    community
        Name of the pattern in the middle of those that it is linked with; empty where it is with too few.
    """

    slug: str
    title: str
    label: str
    x: float
    y: float
    domain: str
    collection: str
    is_pattern: bool
    community: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a question falls on the map.

    Attributes
    ----------
    x, y
        The mean of its neighbours' places, the nearer weighing more.
    neighbours
        The documents nearest to the question, best first.
    confidence
        Chance that the library has something to say to the question at all, 0 to 1.
    """

    x: float
    y: float
    neighbours: tuple[MapPoint, ...]
    confidence: float


def points(library: Library, context: str | None = None) -> list[MapPoint]:
    """Return all documents that lie on the map, in order of title."""
    found = []
    for entry in library.by_title:
        if spot := library.layout.get(entry.slug):
            middle = library.catalogue.get(spot.community)
            found.append(
                MapPoint(
                    entry.slug,
                    entry.title,
                    entry.label(context),
                    spot.x,
                    spot.y,
                    entry.domain,
                    entry.collection,
                    entry.is_pattern,
                    middle.label(context) if middle else "",
                )
            )
    return found


def place(
    hits: Sequence[PatternHit], confidence: float, library: Library, context: str | None = None
) -> Placement | None:
    """Return where a question falls whose nearest documents are ``hits``; None where it has none."""
    by_slug = {point.slug: point for point in points(library, context)}
    neighbours = tuple(by_slug[hit.slug] for hit in hits if hit.slug in by_slug)
    if not neighbours:
        return None
    x, y = weighted_mean(np.array([(point.x, point.y) for point in neighbours], np.float32)).tolist()
    return Placement(x, y, neighbours, confidence)
