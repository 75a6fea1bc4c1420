"""Body text into blocks: paragraphs, list items, quotes, tables, code and headings, with offsets.

A scanner of Markdown's block structure, one pass over the lines, as much of CommonMark as pattern
documents use. Every list item is a block of its own, nested ones too. Rules (``---``) and HTML
comments are nobody's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from navigator.corpus.cleaning import PLACEHOLDER, clean
from navigator.pattern import BlockKind


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block before it has found its section.

    Attributes
    ----------
    kind, text, start, end
        As in :class:`navigator.pattern.Block`.
    level
        1 to 6 for a heading, else 0.
    """

    kind: BlockKind
    text: str
    start: int
    end: int
    level: int = 0


MARKER = re.compile(r"(?:[-*+•‣▪◦]|(?P<number>\d{1,3})[.)])(?:[ \t\xa0]+|$)")
"""What opens a list item."""

_RULE = re.compile(r"([-*_=])(?:[ \t]*\1){2,}$")
_HEADING = re.compile(r"#{1,6}(?:[ \t\xa0]|$)|#{2,6}\w")
_WRAPPER = re.compile(r"(?:```|~~~)(?:markdown|md)?$", re.IGNORECASE)
"""A fence around a whole document, or one that is never closed; between two fences is code."""

_FENCE = re.compile(r"(?:`{3,}|~{3,})(?!markdown$|md$)")
_CLOSING: dict[str, tuple[BlockKind | None, re.Pattern[str]]] = {
    "<!--": (None, re.compile("-->")),
    "<table": ("table", re.compile("</table>", re.IGNORECASE)),
}
_LINE_END = re.compile(r"\n|\\n(?![a-z])")


def scan(text: str, start: int = 0, end: int | None = None) -> Iterator[RawBlock]:
    """Yield the blocks of ``text[start:end]`` in order, offsets counting from the start of ``text``."""
    for kind, first, last in _spans(text, start, len(text) if end is None else end):
        block = make_block(text, kind, first, last)
        if block is not None:
            yield block


def scan_lines(text: str, start: int = 0) -> Iterator[RawBlock]:
    r"""Yield every line of ``text[start:]`` as a block of its own, as the text of a web page has them.

    A literal ``\n``, left over from a string of JSON, ends a line too.
    """
    while start < len(text):
        end = _LINE_END.search(text, start)
        stop, following = end.span() if end else (len(text), len(text))
        kind = _kind(text[start:stop].strip())
        block = make_block(text, kind, start, stop) if kind else None
        if block is not None:
            yield block
        start = following


def make_block(text: str, kind: BlockKind, start: int, end: int) -> RawBlock | None:
    """Return the block of ``text[start:end]``, stripped and cleaned, or None where nothing is left."""
    raw = text[start:end]
    stripped = raw.strip()
    cleaned = clean(stripped, kind)
    if not cleaned or PLACEHOLDER.fullmatch(cleaned) or (kind == "item" and MARKER.fullmatch(cleaned)):
        return None
    start += len(raw) - len(raw.lstrip())
    level = len(cleaned) - len(cleaned.lstrip("#")) if kind == "heading" else 0
    return RawBlock(kind, cleaned, start, start + len(stripped), level)


def _spans(text: str, position: int, end: int) -> Iterator[tuple[BlockKind, int, int]]:
    """Yield ``(kind, start, end)`` of each block."""
    opened: BlockKind | None = None
    first = last = position
    never_closed: set[str] = set()
    while position < end:
        newline = text.find("\n", position, end)
        stop = end if newline < 0 else newline
        line = text[position:stop].strip()
        enclosure = _enclosure(text, line, position, end, never_closed)
        if enclosure is None and _continues(line, opened):
            last = stop
        else:
            if opened is not None:
                yield opened, first, last
            kind, stop = enclosure or (_kind(line), stop)
            complete = enclosure is not None or kind == "heading"
            if complete and kind is not None:
                yield kind, position, stop
            opened, first, last = (None if complete else kind), position, stop
        position = stop + 1 if text[stop : stop + 1] == "\n" else max(stop, position + 1)
    if opened is not None:
        yield opened, first, last


def _kind(line: str) -> BlockKind | None:
    """Return the kind of block that a stripped line opens, None where it is blank or a rule."""
    if not line or _RULE.match(line) or _WRAPPER.match(line):
        return None
    if line[0] == "#" and _HEADING.match(line):
        return "heading"
    if line[0] == ">":
        return "quote"
    if line[0] == "|":
        return "table"
    return "item" if MARKER.match(line) else "paragraph"


def _continues(line: str, opened: BlockKind | None) -> bool:
    """Whether a stripped line belongs to the block that is open.

    As in CommonMark, a number at the head of a line in a paragraph is a list item only if it is 1.
    """
    if opened is None:
        return False
    kind = _kind(line)
    if kind == "item" and opened == "paragraph":
        marker = MARKER.match(line)
        return marker is not None and marker["number"] not in {None, "1"}
    return (kind == "paragraph" and opened != "table") or (kind == opened and kind in {"quote", "table"})


def _enclosure(
    text: str, line: str, position: int, end: int, never_closed: set[str]
) -> tuple[BlockKind | None, int] | None:
    """Return kind and end of what a line opens and a later one closes: code, a comment, an HTML table.

    ``never_closed`` remembers what has no closing mark in the rest of the text: looking for it once
    is enough.
    """
    fence = _FENCE.match(line)
    mark = fence[0] if fence else next((mark for mark in _CLOSING if line[: len(mark)].lower() == mark), None)
    if mark is None or mark in never_closed:
        return None
    kind: BlockKind | None = "code"
    closing = re.compile(rf"\n[ \t]*{mark}[ \t]*(?=\n|\Z)")
    if not fence:
        kind, closing = _CLOSING[mark]
    closed = closing.search(text, position, end)
    if closed is None:
        never_closed.add(mark)
        return None
    return kind, closed.end()
