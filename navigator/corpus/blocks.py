"""Body text into blocks: paragraphs, list items, quotes, tables, code and headings, with offsets.

A scanner of Markdown's block structure, one pass over the lines, as much of CommonMark as pattern
documents use. Every list item is a block of its own, nested ones too. Rules (``---``) and HTML
comments are nobody's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

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

_Role = BlockKind | Literal["continuation", "nothing"]
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}$")
_HEADING = re.compile(r"#{1,6}(?:[ \t\xa0]|$)|#{2,6}\w")
_FENCE = re.compile(r"(?:`{3,}|~{3,})")
_WRAPPER = re.compile(r"(?:`{3,}|~{3,})[ \t]*(?:markdown|md)?$", re.IGNORECASE)


def scan(text: str, start: int = 0, end: int | None = None) -> Iterator[RawBlock]:
    """Yield the blocks of ``text[start:end]`` in order, offsets counting from the start of ``text``."""
    for kind, first, last in _spans(text, start, len(text) if end is None else end):
        block = make_block(text, kind, first, last)
        if block is not None:
            yield block


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
    kind: BlockKind | None = None
    first = last = position
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        line = text[position:stop].strip()
        enclosure = _enclosure(text, line, position, stop, end)
        role = _role(line, kind)
        if enclosure is None and role == "continuation":
            last = stop
            position = stop + 1
            continue
        if kind is not None:
            yield kind, first, last
            kind = None
        if enclosure is not None:
            enclosed, stop = enclosure
            if enclosed is not None:
                yield enclosed, position, stop
        elif role == "heading":
            yield role, position, stop
        elif role not in {"nothing", "continuation"}:
            kind, first, last = role, position, stop
        position = stop + 1 if text[stop : stop + 1] in {"\n", ""} else stop
    if kind is not None:
        yield kind, first, last


def _role(line: str, kind: BlockKind | None) -> _Role:
    """Say what a stripped line does while a block of ``kind`` is open."""
    if not line or _RULE.match(line) or _WRAPPER.match(line):
        return "nothing"
    if line[0] == "#" and _HEADING.match(line):
        return "heading"
    if line[0] in ">|":
        marked: BlockKind = "quote" if line[0] == ">" else "table"
        return "continuation" if kind == marked else marked
    marker = MARKER.match(line)
    if marker and (kind != "paragraph" or marker["number"] in {None, "1"}):
        return "item"
    return "continuation" if kind in {"paragraph", "item", "quote"} else "paragraph"


def _enclosure(
    text: str, line: str, position: int, stop: int, end: int
) -> tuple[BlockKind | None, int] | None:
    """Return ``(kind, end)`` of what a line opens and a later one closes: code, a comment, an HTML table."""
    if line.startswith(("```", "~~~")) and not (_WRAPPER.match(line) and len(line.strip("`~ \t"))):
        fence = _FENCE.match(line)
        assert fence is not None
        closing = re.compile(rf"^[ \t]*{fence[0]}[`~]*[ \t]*$", re.MULTILINE).search(text, stop + 1, end)
        return ("code", closing.end()) if closing else None
    if line.startswith("<!--"):
        closed = text.find("-->", position, end)
        return (None, closed + 3) if closed >= 0 else None
    if line[:6].lower() == "<table":
        closed = text.lower().find("</table>", position, end)
        return ("table", closed + 8) if closed >= 0 else None
    return None
