"""Licences: what their names mean, and which works may be handed on as one.

A handout picks and orders sentences, so it adapts its sources (CC BY-SA 4.0, section 1.a) and is one work:
what forbids adaptations cannot go into it, and what is to be shared alike decides for the whole. Only what is
known not to go together is refused; what is unknown is named and left to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from navigator.errors import LicenceError

_CREATIVE_COMMONS = re.compile(r"\bcc\b|creative[\s-]*commons", re.IGNORECASE)
_PUBLIC_DOMAIN = re.compile(
    r"\bcc[\s-]*(?:0|zero)\b|publicdomain/zero|public[\s-]*domain|\bunlicense\b", re.IGNORECASE
)
_TERMS = {
    "by": re.compile(r"\bby\b|attribution", re.IGNORECASE),
    "nc": re.compile(r"\bnc\b|non[\s-]*commercial", re.IGNORECASE),
    "sa": re.compile(r"\bsa\b|share[\s-]*alike", re.IGNORECASE),
    "nd": re.compile(r"\bnd\b|no[\s-]*deriv", re.IGNORECASE),
}
_VERSION = re.compile(r"\b(\d\.\d)\b")


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as far as it is understood.

    Attributes
    ----------
    name
        The SPDX name where it is a Creative Commons one, otherwise as it was written; empty for none.
    terms
        Which of ``by``, ``nc``, ``sa`` and ``nd`` it asks for; ``None`` where it is not understood.
    version
        Of a Creative Commons licence, such as ``4.0``; empty where none was given.
    """

    name: str
    terms: frozenset[str] | None = None
    version: str = ""

    @property
    def url(self) -> str:
        """Address of its text, for Creative Commons licences whose version is known."""
        if self.terms and self.version:
            return f"https://creativecommons.org/licenses/{'-'.join(_ordered(self.terms))}/{self.version}/"
        if self.name == "CC0-1.0":
            return "https://creativecommons.org/publicdomain/zero/1.0/"
        return ""

    @property
    def shares_alike(self) -> bool:
        """Whether what is made of the work must be under the same licence."""
        return self.terms is not None and "sa" in self.terms


def licence(text: str) -> Licence:
    """Return the licence that a line of front matter names.

    >>> licence("Creative Commons Attribution-ShareAlike 4.0 International").name
    'CC-BY-SA-4.0'
    """
    name = " ".join(text.split())
    read = name.replace("_", "-")
    if _PUBLIC_DOMAIN.search(read):
        return Licence("CC0-1.0" if re.search(r"cc|zero", read, re.IGNORECASE) else name, frozenset())
    terms = frozenset(term for term, pattern in _TERMS.items() if pattern.search(read))
    if not terms or not _CREATIVE_COMMONS.search(read):
        return Licence(name)
    version = _VERSION.search(read)
    number = version[1] if version else ""
    spdx = "-".join(filter(None, ["CC", *map(str.upper, _ordered(terms)), number]))
    return Licence(spdx, terms, number)


def joint_licence(works: Mapping[str, Licence]) -> Licence | None:
    """Return the licence of one handout made of several works, ``None`` where each must keep its own.

    Parameters
    ----------
    works
        The licence of each work, by the name that a message may call it.

    Raises
    ------
    LicenceError
        One of them allows no adaptation, or two cannot be shared as one work.
    """
    for work, its in works.items():
        if its.terms and "nd" in its.terms:
            raise LicenceError(
                f"{work} is under {its.name}, which allows no adaptation, and a handout picks and orders "
                "sentences. Leave it out; `navigator show` prints it whole."
            )
    alike = {work: its for work, its in works.items() if its.shares_alike}
    for work, its in alike.items():
        for other, its_other in works.items():
            if its.terms and its_other.terms and ("nc" in its_other.terms) > ("nc" in its.terms):
                raise LicenceError(
                    f"{work} is to be shared alike under {its.name}, but {other}, under {its_other.name}, "
                    "only without commerce; one handout cannot do both. Make one of each."
                )
    if len(set(works.values())) == 1:
        return next(iter(works.values()))
    if any(its.terms is None for its in works.values()):
        return None
    return max(works.values(), key=lambda its: (its.shares_alike, len(its.terms or ()), its.version))


def _ordered(terms: frozenset[str]) -> list[str]:
    """Return terms in the order in which Creative Commons names them: by-nc-nd, by-nc-sa."""
    return [term for term in ("by", "nc", "nd", "sa") if term in terms]
