"""Looking through the whole library: words as they are typed, and what the patterns can be narrowed by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from navigator.pattern import CONTEXTS
from navigator.store.records import CatalogueEntry
from navigator.text import words

Facet = Literal["domain", "context", "confidence", "status", "vitality", "collection"]
FACETS: tuple[Facet, ...] = get_args(Facet)

Narrowed = Mapping[Facet, Collection[str]]
"""The values of each facet of which an entry must have one; an empty collection asks for nothing."""

VITALITY_BANDS = ("4 to 5", "3 to 4", "2 to 3", "below 2")
"""Values of the facet *vitality*, the strongest first; a band holds its lower bound."""

_MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, and how many documents of the library have it."""

    value: str
    count: int


def facets(entries: Iterable[CatalogueEntry]) -> dict[Facet, list[FacetValue]]:
    """Return what the entries can be narrowed by; a facet that would not divide them is left out.

    Confidence and vitality come strongest first, contexts in the order of the form, the rest by number.
    """
    entries = list(entries)
    found: dict[Facet, list[FacetValue]] = {}
    for facet in FACETS:
        counts = Counter(value for entry in entries for value in facet_values(entry, facet))
        values = sorted(counts, key=lambda value: (_rank(facet, value), -counts[value], value.lower()))
        if len(values) > 1 or any(counts[value] < len(entries) for value in values):
            found[facet] = [FacetValue(value, counts[value]) for value in values]
    return found


def facet_values(entry: CatalogueEntry, facet: Facet) -> tuple[str, ...]:
    """Return the values of a facet that an entry has; none where its document doesn't say."""
    match facet:
        case "context":
            return entry.contexts
        case "confidence":
            return () if entry.confidence is None else (str(entry.confidence),)
        case "vitality":
            return () if entry.vitality is None else (vitality_band(entry.vitality),)
        case "domain" | "status" | "collection":
            value: str = getattr(entry, facet)
            return (value,) if value else ()


def vitality_band(score: float) -> str:
    """Return the one of `VITALITY_BANDS` that a score of 0 to 5 lies in."""
    return VITALITY_BANDS[0 if score >= 4 else 1 if score >= 3 else 2 if score >= 2 else 3]


def browse(
    entries: Sequence[CatalogueEntry], typed: str, containing: Sequence[str], narrowed: Narrowed
) -> list[CatalogueEntry]:
    """Return the entries that fit what was typed and chosen.

    Parameters
    ----------
    entries
        All there are, in the order in which they are to come where nothing is typed.
    typed
        Words, of which each must begin a word of the entry's names, or of its names, summary, tension
        and domain. Those with the words in their names come first.
    containing
        Slugs of the documents that hold the words anywhere in their text, best first; they come last.
    """
    chosen = {facet: frozenset(values) for facet, values in narrowed.items() if values}
    fitting = [
        entry
        for entry in entries
        if all(not values.isdisjoint(facet_values(entry, facet)) for facet, values in chosen.items())
    ]
    wanted = words(typed)
    if not wanted:
        return fitting
    place = {slug: number for number, slug in enumerate(containing)}
    ranked = []
    for entry in fitting:
        names = _searchable((entry.title, *entry.aliases, *entry.labels.values(), *entry.other_names))
        rest = _searchable((entry.summary, entry.tension, entry.domain))
        if all(f" {word}" in names for word in wanted):
            starts = names.startswith(f" {' '.join(wanted)}")
            ranked.append((0 if starts else 1, entry.title.lower(), entry))
        elif all(f" {word}" in names + rest for word in wanted):
            ranked.append((2, f"{place.get(entry.slug, _MANY):07}", entry))
        elif entry.slug in place:
            ranked.append((3, f"{place[entry.slug]:07}", entry))
    return [entry for *_, entry in sorted(ranked, key=lambda item: item[:2])]


@lru_cache(maxsize=1 << 15)
def _searchable(texts: tuple[str, ...]) -> str:
    """Return all words of some texts with a space before each, so that a beginning is easy to find."""
    return "".join(f" {word}" for text in texts for word in words(text.replace("-", " ")))


def _rank(facet: Facet, value: str) -> int:
    """Return where a value stands among those of its facet, where the facet has an order of its own."""
    match facet:
        case "confidence":
            return -int(value)
        case "vitality":
            return VITALITY_BANDS.index(value)
        case "context":
            return CONTEXTS.index(value) if value in CONTEXTS else len(CONTEXTS)
        case _:
            return 0
