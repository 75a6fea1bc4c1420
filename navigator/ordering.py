"""In which order patterns are best read: what is needed comes before what needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from navigator.pattern import Pattern


class Tie(NamedTuple):
    """That one pattern is to be read before another; ``weight`` is 0 to 1, as its author gave it."""

    before: str
    after: str
    weight: float = 0.0


def ties(patterns: Iterable[Pattern]) -> Iterator[Tie]:
    """Yield what the authors say: what a pattern requires comes before it, and what it enables after it."""
    for pattern in patterns:
        for link in pattern.relationships.get("requires", ()):
            if link.slug:
                yield Tie(link.slug, pattern.slug, link.weight or 0.0)
        for link in pattern.relationships.get("enables", ()):
            if link.slug:
                yield Tie(pattern.slug, link.slug, link.weight or 0.0)


def suggested_order(slugs: Sequence[str], tied: Iterable[Tie]) -> tuple[str, ...]:
    """Return the same slugs, each right after what it needs, and otherwise in the order given.

    Where ties go round in a circle the heaviest hold: they are taken one by one from the heaviest down, and
    one that contradicts those before it is left out.

    Parameters
    ----------
    slugs
        Each only once.
    tied
        Ties to slugs that are not among them say nothing.
    """
    first: dict[str, set[str]] = {slug: set() for slug in slugs}
    for tie in sorted(tied, key=lambda tie: (-tie.weight, tie)):
        if tie.before in first and tie.after in first and tie.after not in _needed(tie.before, first):
            first[tie.after].add(tie.before)
    waiting, ordered = list(slugs), []
    while waiting:
        chosen = waiting[0]
        while missing := next((slug for slug in waiting if slug in first[chosen]), None):
            chosen = missing
        waiting.remove(chosen)
        ordered.append(chosen)
    return tuple(ordered)


def _needed(slug: str, first: dict[str, set[str]]) -> set[str]:
    """Return a slug with all that has to come before it, near or far."""
    found, ahead = {slug}, [slug]
    while ahead:
        more = first[ahead.pop()] - found
        found |= more
        ahead += more
    return found
