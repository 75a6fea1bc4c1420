"""The text of a language model, cut into statements while it streams.

A statement is what one group of citations vouches for: a sentence, or the part of one up to a citation.
A citation stands in square brackets, ``[3: "the very words"]``; the writer's prompt asks for this form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from navigator.errors import LanguageModelError

LONGEST_STATEMENT = 4_000
"""Characters after which what comes is no prose."""

_OPEN, _CLOSE = "[\"“”„«»'‘’]", "[\"”“»«'’]"
_CITATION = re.compile(
    rf"\[\s*\d{{1,3}}\s*(?:[:,]?\s*{_OPEN}.{{0,900}}?{_CLOSE}\s*|:(?!\s*{_OPEN})[^\[\]]{{0,900}}|[\d,;\s]*)\]",
    re.S,
)
_BEGUN = re.compile(rf"\[\s*(?:\d{{1,3}}\s*(?:(?:[:,;]|{_OPEN}).{{0,900}})?)?\Z", re.S)
"""What may yet become a citation."""
_QUOTED = re.compile(rf"(\d{{1,3}})\s*[:,]?\s*{_OPEN}(.*?){_CLOSE}(?=\s*(?:[,;]\s*\d|\]))", re.S)
_BARE = re.compile(r"\d{1,3}")

_STOP = re.compile(r"\[|[.!?…]+[\"'”’»)]*|\n")
_AFTER = re.compile(r"[.!?…,;:)\"”’]*")
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|Mr|Mrs|Ms|Dr|Prof|St|No|Nos|Vol|Fig|approx|pp?)|^\W*\d{1,3})\.$", re.IGNORECASE
)
"""A full stop that never ends a sentence: after these words, or after the number of a list item."""
_MAY_END = re.compile(r"\b(?:etc|al|Jr|Sr|Inc|Ltd|Co|Corp|[A-Z])\.$")
"""One that ends a sentence only where the next begins with a capital letter."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes
    ----------
    lead
        What stands between it and the one before: nothing, a space, or the line ends of a new paragraph.
    text
        Its words, without citations and without the punctuation at its end.
    end
        That punctuation.
    quotes
        Pairs of a passage's number and the words quoted from it, empty where the model quoted none.
    """

    lead: str
    text: str
    end: str
    quotes: tuple[tuple[int, str], ...]


def statements(pieces: Iterable[str]) -> Iterator[Statement]:
    """Yield statements as soon as it is certain where they end.

    Raises
    ------
    LanguageModelError
        There is no end to a statement.
    """
    text = ""
    for piece in pieces:
        text += piece
        while cut := _first(text, whole=False):
            statement, length = cut
            text = text[length:]
            yield from _worded(statement)
        if len(text) > LONGEST_STATEMENT:
            raise LanguageModelError("The language model wrote something that is no prose.")
    while cut := _first(text, whole=True):
        statement, length = cut
        text = text[length:]
        yield from _worded(statement)


def _worded(statement: Statement) -> Iterator[Statement]:
    """Leave out what says nothing, such as the line between two paragraphs."""
    if any(character.isalnum() for character in statement.text):
        yield statement


def _first(text: str, *, whole: bool) -> tuple[Statement, int] | None:
    """Return the first statement of ``text`` and its length, None where that depends on what comes next.

    Parameters
    ----------
    whole
        Nothing comes next.
    """
    start = at = len(text) - len(text.lstrip())
    while stop := _STOP.search(text, at):
        at = stop.end()
        if stop[0] == "[":
            if _CITATION.match(text, stop.start()):
                return _cited(text, start, stop.start(), stop.start(), whole=whole)
            if not whole and _BEGUN.match(text, stop.start()):
                return None
        elif not whole and not text[at:].strip():
            return None
        elif _ends(text, start, stop):
            # A line end is left where it is, to lead the next statement.
            at = stop.start() if stop[0] == "\n" else stop.end()
            return _cited(text, start, stop.start(), at, whole=whole)
    return _cited(text, start, len(text), len(text), whole=True) if whole and start < len(text) else None


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Return whether a full stop, or the like, ends a sentence."""
    after = text[stop.end() :]
    if stop[0] == "\n" or not after:
        return True
    before = text[start : stop.start() + 1]
    if not after[0].isspace() or _NO_END.search(before):
        return False
    return not (_MAY_END.search(before) and after.lstrip()[:1].islower())


def _cited(text: str, start: int, end: int, at: int, *, whole: bool) -> tuple[Statement, int] | None:
    """Return the statement from ``start`` to ``end`` with the citations that follow on ``at``, if any."""
    stop, quotes = text[end:at], list[tuple[int, str]]()
    while citation := _CITATION.match(text, _skipped(text, at)):
        quotes += _quotes(citation[0])
        at = citation.end()
    following = _skipped(text, at)
    if not whole and (following == len(text) or _BEGUN.match(text, following)):
        return None
    if quotes and (after := _AFTER.match(text, at)):
        at, stop = after.end(), stop or after[0]
        if not whole and at == len(text):
            return None
    before = text[:start]
    lead = "\n\n" if "\n" in before else " " if before else ""
    return Statement(lead, text[start:end].strip(), stop, tuple(quotes)), at


def _skipped(text: str, at: int) -> int:
    """Return where the white space from ``at`` on ends."""
    return len(text) - len(text[at:].lstrip())


def _quotes(citation: str) -> list[tuple[int, str]]:
    quoted = [(int(number), quote) for number, quote in _QUOTED.findall(citation)]
    if quoted:
        return quoted
    number, colon, rest = citation.strip("[] \n").partition(":")
    return [(int(number), rest)] if colon else [(int(each), "") for each in _BARE.findall(citation)]
