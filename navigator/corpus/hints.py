"""Judging what an author, or a script, wrote for the search: labels, tension, keywords.

Libraries written by machine are full of hints that say nothing: a label "Med", a tension made of two
words of the title, keywords that are the first words of the summary. They stay in the record, and
:attr:`navigator.pattern.Pattern.junk` names them, so that retrieval leaves them alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from navigator.text import words

STOP_WORDS = frozenset(
    "a about after all also an and any are as at be because been before between both but by can do"
    " does each few for from had has have how if in into is it its many may more most much must no"
    " not of often on one only or other our out over own rather same several should so some such than"
    " that the their them then there these they this those three through to too two under up us use"
    " used using very was we were what when where which while who why will with without would you"
    " your".split()
)

LABEL_ENDINGS: Mapping[str, tuple[str, ...]] = {
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
"""Endings of labels that say whom they are for."""

LABEL_OPENINGS: Mapping[str, tuple[str, ...]] = {
    "corporate": ("corporate", "executives", "companies", "managers"),
    "government": ("government", "public servants", "civil servants", "policymakers", "agencies"),
    "activist": ("activist", "activists", "organizers", "campaigners"),
    "tech": ("engineers", "developers", "product teams", "engineering teams"),
}
"""Openings of labels that say whom they are for."""

JUNK_SHARE = 0.8
"""Keywords are junk where at least this share of them says nothing new."""

_VERSUS = re.compile(r"\bvs\b\.?|\bversus\b", re.IGNORECASE)
_SHORTEST_LABEL = 4
"""Letters."""

_LONGEST_LABEL = 16
"""Words."""


def is_junk_label(label: str, title: str) -> bool:
    """Whether a label says nothing: "Med", a lone letter, punctuation; acronyms do say something."""
    spoken = words(label)
    if not spoken:
        return True
    acronym = label.isupper() and len(label) > 1
    return len("".join(spoken)) < _SHORTEST_LABEL and not acronym and not set(spoken) & set(words(title))


def is_sentence_label(label: str) -> bool:
    """Whether a label is a sentence, an instruction for instance, and so no name for anything."""
    spoken = words(label)
    return len(spoken) >= _LONGEST_LABEL or (label.endswith(".") and len(spoken) >= _LONGEST_LABEL / 2)


def label_owner(label: str, title: str) -> str | None:
    """Return the context that a label says it is for, None where it says nothing.

    What a label has in common with the title tells nothing about whom it is for.
    """
    spoken, titled = " ".join(words(label)), " ".join(words(title))
    for context, endings in LABEL_ENDINGS.items():
        if spoken.endswith(endings) and not titled.endswith(endings):
            return context
    for context, openings in LABEL_OPENINGS.items():
        if any(f"{spoken} ".startswith(f"{opening} ") and opening not in titled for opening in openings):
            return context
    return None


def is_filler_label(label: str, title: str) -> bool:
    """Whether a label is the title, alone or with words that only say whom it is for."""
    spoken, titled = " ".join(words(label)), " ".join(words(title))
    endings = ("", *(f" {ending}" for endings in LABEL_ENDINGS.values() for ending in endings))
    return bool(titled) and spoken.startswith(titled) and spoken[len(titled) :] in endings


def is_junk_tension(tension: str, title: str) -> bool:
    """Whether a tension lacks a side, or says no more than words of the title.

    "Coffee vs. Design" says nothing of a pattern called "Coffee House Design"; "Restoration vs.
    Recreation" says all of one that is called just that.
    """
    sides = [words(side) for side in _VERSUS.split(tension)]
    if not all(sides):
        return True
    spoken = {word for side in sides for word in side}
    if _VERSUS.search(title) and spoken == set(words(_VERSUS.sub(" ", title))):
        return False
    return len(sides) > 1 and spoken <= _parts(title) | {"a", "an", "the"}


def are_junk_keywords(keywords: Sequence[str], title: str, summary: str) -> bool:
    """Whether keywords were cut from the head of the document: title words, then the summary's first."""
    opening = list(dict.fromkeys(words(summary)))[: 3 * len(keywords) + 5]
    known = STOP_WORDS | _parts(title) | set(opening)
    empty = sum(set(words(keyword)) <= known for keyword in keywords)
    return bool(keywords) and empty >= JUNK_SHARE * len(keywords)


def _parts(title: str) -> set[str]:
    """Return the words of a title, possessives also without their ending."""
    return {part for word in words(title) for part in (word, *re.split(r"['’]", word))}
