"""Headings: their number, their name, and which of the eight sections they open."""

from __future__ import annotations

import re
from dataclasses import dataclass

from navigator.corpus.cleaning import without_template_hint
from navigator.pattern import SECTION_NAMES

ROLES: dict[str, str | None] = {
    **{name.lower(): name for name in SECTION_NAMES},
    "overview": "Context",
    "introduction": "Context",
    "application context": "Context",
    "when to use": "Context",
    "the problem": "Problem",
    "the solution": "Solution",
    "core principles": "Solution",
    "key practices": "Implementation",
    "evidence & impact": "Known Uses",
    "evidence and impact": "Known Uses",
    "examples": "Known Uses",
    "anti-patterns": "Consequences",
    "anti-patterns & gotchas": "Consequences",
    "anti-patterns and gotchas": "Consequences",
    "cognitive era considerations": "Cognitive Era",
    "commons alignment assessment": None,
    "7 pillars assessment": None,
    "seven pillars assessment": None,
    "pillars assessment": None,
    "related patterns": None,
    "references": None,
    "resources": None,
    "resources & references": None,
    "resources and references": None,
}
"""Names of sections, in lower case, and the one of the eight each plays the part of.

Those of spec v7.1 stand for themselves, those of the first spec for what comes nearest.
"""

_NUMBER = re.compile(
    r"(?P<section>section[ \t]+)(?P<named>\d{1,2})[ \t]*[:.)–—-]*[ \t]*"
    r"|(?P<number>\d{1,2})(?:[.):](?!\d)|[ \t]+[–—-](?=[ \t]))[ \t]*"
    r"|(?:\d{1,2}\.)+\d{1,2}\.?[ \t]+",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_VERSION = r"[ \t]*\(v[\d.]+\)"
_KNOWN = re.compile(
    rf"(?P<name>{'|'.join(sorted(map(re.escape, ROLES), key=len, reverse=True))})(?:{_VERSION})?"
    r"(?=[ \t]*(?:$|[:(–—]|--|(?<=\))))",
    re.IGNORECASE,
)
_GLUED = 40
"""A heading that goes on for more characters after a known name has running text glued to it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading taken apart.

    Attributes
    ----------
    name
        Without number, marks and template hints.
    number
        Its number, None where it has none.
    explicit
        Whether it says "Section" before its number.
    rest
        Running text that was glued to a known name.
    """

    name: str
    number: int | None = None
    explicit: bool = False
    rest: str = ""

    @property
    def known(self) -> bool:
        """Whether the name is one of :data:`ROLES`."""
        return _key(self.name) in ROLES

    @property
    def role(self) -> str | None:
        """The one of the eight sections that it opens, if any."""
        return ROLES.get(_key(self.name))


def parse_heading(text: str) -> Heading:
    """Take the text of a heading apart, with or without its ``#`` marks."""
    name = _MARKS.sub("", without_template_hint(text.strip().strip("#"))).strip()
    number = _NUMBER.match(name)
    if number:
        name = name[number.end() :].strip() or name
    known = _KNOWN.match(name)
    rest = name[known.end() :] if known and len(name) > known.end() + _GLUED else ""
    digits = (number["named"] or number["number"]) if number else None
    return Heading(
        name=name[: len(name) - len(rest)].rstrip(": \t") or text.strip(),
        number=int(digits) if digits else None,
        explicit=bool(number and number["section"]),
        rest=rest.strip(" :\t"),
    )


def _key(name: str) -> str:
    known = _KNOWN.match(name)
    return (known["name"] if known else name).lower()
