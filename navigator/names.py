"""What documents go by, and who is meant by a name that is spelled in any way.

Names are compared by their letters and digits alone, so case, accents, gaps and hyphens never matter. A
name with a slip or two is recognised too, but not where the words that were typed are all words that
names are made of: "distributed work" is no misspelling of "distributed lock".
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from navigator.text import stems

NameKind = Literal["title", "slug", "alias", "label"]

_PRECEDENCE: dict[NameKind, int] = {"title": 0, "slug": 0, "alias": 1, "label": 2}
"""Whoever types the title of one document and the alias of another means the former."""

ONE_SLIP, TWO_SLIPS = 5, 14
"""Least number of letters and digits of a text in which one slip, or two, are forgiven. Of shorter names
(acronyms, nearly all) every slip is another name or a common word."""

LIKENESS = 70
"""Least `rapidfuzz.fuzz.WRatio`, of 100, at which a name may be the one that was meant."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a document goes by: ``text`` as its author spells it."""

    slug: str
    text: str
    kind: NameKind


class Names:
    """The names of a library, ready to be looked up.

    Parameters
    ----------
    names
        All of them, in any order; documents may share names.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_key: dict[str, list[Name]] = defaultdict(list)
        self._keys_by_length: dict[int, list[str]] = defaultdict(list)
        self._vocabulary: set[str] = set()
        for name in names:
            key = _key(name.text)
            if not key:
                continue
            if key not in self._by_key:
                self._keys_by_length[len(key)].append(key)
                self._vocabulary.update(stems(name.text))
            self._by_key[key].append(name)

    def __iter__(self) -> Iterator[Name]:
        """Yield every name, those that are spelled alike together."""
        return chain.from_iterable(self._by_key.values())

    def find(self, text: str) -> list[Name]:
        """Return the names that are meant where ``text`` is a name and nothing else, one a document.

        Those with the fewest slips, and of them the ones of the strongest kind; none where the text is no
        name.
        """
        key = _key(text)
        keys = [key] if key in self._by_key else self._misspelled(key, text)
        return self._strongest(keys)

    def suggest(self, text: str, count: int) -> list[Name]:
        """Return at most ``count`` names, of different documents, that are in part like ``text``."""
        spelled = [name for key, same in self._by_key.items() if len(key) >= ONE_SLIP for name in same]
        alike = process.extract(
            text.lower(),
            [name.text.lower() for name in spelled],
            scorer=fuzz.WRatio,
            score_cutoff=LIKENESS,
            limit=4 * count,
        )
        found = [spelled[place] for _, _, place in alike]
        return list({name.slug: name for name in found}.values())[:count]

    def _misspelled(self, key: str, text: str) -> list[str]:
        """Return the keys nearest to one that is none, if they are near enough."""
        slips = (len(key) >= ONE_SLIP) + (len(key) >= TWO_SLIPS)
        lengths = range(len(key) - slips, len(key) + slips + 1)
        candidates = [near for length in lengths for near in self._keys_by_length.get(length, ())]
        if not slips or not candidates:
            return []
        # Optimal string alignment: letters left out, put in, replaced or swapped with their neighbour.
        near = process.extract(key, candidates, scorer=OSA.distance, score_cutoff=slips, limit=None)
        spoken = stems(text)
        if self._vocabulary.issuperset(spoken):
            near = [match for match in near if stems(self._by_key[match[0]][0].text) == spoken]
        fewest = min((distance for _, distance, _ in near), default=0)
        return [match for match, distance, _ in near if distance == fewest]

    def _strongest(self, keys: list[str]) -> list[Name]:
        names = [name for key in keys for name in self._by_key[key]]
        strongest = min((_PRECEDENCE[name.kind] for name in names), default=0)
        first: dict[str, Name] = {}
        for name in names:
            if _PRECEDENCE[name.kind] == strongest:
                first.setdefault(name.slug, name)
        return list(first.values())


def _key(text: str) -> str:
    """Return the letters and digits of a text, lower case and without accents, "&" as "and"."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text.casefold().replace("&", "and"))))
