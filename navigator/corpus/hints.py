"""Judging what an author, or a script, wrote for the search: labels, tension, keywords.

Libraries made by machine are full of hints that say nothing: a label "Med", a tension made of two
words of the title, keywords that are the first words of the summary. They stay in the record, and
:attr:`navigator.pattern.Pattern.junk` names them so that retrieval leaves them alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from navigator.text import words

STOP_WORDS = frozenset(
    "a about after all also an and any are as at be because been before between both but by can do does each few for"
    " from had has have how if in into is it its many may more most much must no not of often on one only or other our"
    " out over own rather same several should so some such than that the their them then there these they this those"
    " three through to too two under up us use used using very was we were what when where which while who why will"
    " with without would you your".split()
)

LABEL_MARKS: Mapping[str, tuple[str, ...]] = {
    "corporate": (
        "for organizations",
        "for organisations",
        "for business",
        "for companies",
        "for enterprises",
    ),
    "government": (
        "in public service",
        "for government",
        "in government",
        "for public service",
        "for agencies",
    ),
    "activist": ("for movements", "in organizing", "for activists", "for activism", "in movements"),
    "tech": ("for products", "for product teams", "for tech", "in tech", "for software"),
}
"""Endings that say whom a label is for."""

JUNK_SHARE = 0.8
"""Keywords are junk where at least this share of them are title, opening or stop words."""

_VERSUS = re.compile(r"\bvs\b\.?|\bversus\b", re.IGNORECASE)
_SHORTEST_LABEL = 4


def is_junk_label(label: str, title: str) -> bool:
    """Whether a label says nothing: "Med", a lone letter, punctuation."""
    spoken = words(label)
    if not spoken:
        return True
    acronym = label.isupper() and len(label) > 1
    return len("".join(spoken)) < _SHORTEST_LABEL and not acronym and not set(spoken) & set(words(title))


def is_filler_label(label: str, title: str) -> bool:
    """Whether a label is the title, alone or with words that only name the audience."""
    spoken, titled = " ".join(words(label)), " ".join(words(title))
    if not titled or not spoken.startswith(titled):
        return False
    rest = spoken[len(titled) :].strip()
    return not rest or any(rest == mark for marks in LABEL_MARKS.values() for mark in marks)


def label_owner(label: str) -> str | None:
    """Return the context that a label's ending says it is for, if it says so."""
    spoken = " ".join(words(label))
    return next(
        (context for context, marks in LABEL_MARKS.items() if any(spoken.endswith(mark) for mark in marks)),
        None,
    )


def is_junk_tension(tension: str, title: str) -> bool:
    """Whether a tension is only words of the title ("Coffee vs. Design" in "Coffee House Design")."""
    sides = [words(side) for side in _VERSUS.split(tension)]
    spoken = [word for side in sides for word in side]
    if not spoken or any(not side for side in sides) or set(spoken) <= STOP_WORDS:
        return True
    if _VERSUS.search(title) and spoken == [word for side in _VERSUS.split(title) for word in words(side)]:
        return False
    return len(sides) > 1 and set(spoken) <= _title_words(title) | STOP_WORDS


def are_junk_keywords(keywords: Sequence[str], title: str, summary: str) -> bool:
    """Whether keywords were cut from the head of the document: title words, then the summary's first."""
    if not keywords:
        return False
    opening = _title_words(title) | set(_opening(summary, 3 * len(keywords) + 5))
    return sum(_adds_nothing(keyword, opening) for keyword in keywords) >= JUNK_SHARE * len(keywords)


def _title_words(title: str) -> set[str]:
    return {part for word in words(title) for part in [word, *re.split(r"['’]", word)]}


def _opening(summary: str, count: int) -> list[str]:
    return list(dict.fromkeys(words(summary)))[:count]


def _adds_nothing(keyword: str, opening: Collection[str]) -> bool:
    spoken = words(keyword)
    return all(word in STOP_WORDS or word in opening for word in spoken)
