"""HTML into blocks: what a page shows as text, with the character offsets of its source.

Nothing of a page is run or fetched. Elements that frame a page (navigation, header, footer, forms,
captions) are left out; where a page says which part of it is the article, only that part is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from navigator.corpus.blocks import RawBlock
from navigator.pattern import BlockKind

_LOOKS = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]{0,200}>\s*|<!--.{0,2000}?-->\s*)?"
    r"<(?:!doctype\s+html|html|head|body|article|main|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRAME = frozenset(
    "script style noscript template head nav footer aside button select textarea svg figure figcaption iframe"
    " object canvas audio video dialog".split()
)
_MAIN = frozenset({"main", "article"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KINDS: dict[str, BlockKind] = {"li": "item", "blockquote": "quote", "pre": "code", "tr": "table"}
_KEPT = _FRAME | _MAIN | _HEADINGS | _KINDS.keys() | {"ul", "ol", "table", "header"}
_BREAKING = (_KEPT - {"button"}) | set(
    "address body dd details div dl dt fieldset form hr html p section summary tbody".split()
)
_DEEPEST = 200
"""Elements nested deeper are read as if they were not."""

_MAIN_ENOUGH = 200
"""Where ``main`` and ``article`` elements hold fewer characters, they are not the page's text."""


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What an HTML document shows.

    Attributes
    ----------
    title
        Text of its first ``h1``, else of its ``title`` element.
    blocks
        Its text, with the spans of its HTML source.
    """

    title: str
    blocks: tuple[RawBlock, ...]


def is_html(text: str, start: int = 0) -> bool:
    """Whether ``text`` is HTML from ``start`` on, and not Markdown with a few tags."""
    return _LOOKS.match(text, start) is not None


def parse_html(text: str, start: int = 0) -> HtmlPage:
    """Read the text that an HTML document shows."""
    parser = _Parser(text, start)
    parser.feed(text[start:])
    parser.close()
    parser.flush(len(text))
    inside = [block for block, in_main in parser.blocks if in_main]
    if sum(len(block.text) for block in inside) < _MAIN_ENOUGH:
        inside = [block for block, _ in parser.blocks]
    heading = next((block.text for block in inside if block.level == 1), "")
    return HtmlPage(heading or " ".join(parser.title.split()), tuple(inside))


class _Parser(HTMLParser):
    """Collects blocks, each with whether it stands in a ``main`` or ``article`` element."""

    def __init__(self, text: str, start: int) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[RawBlock, bool]] = []
        self.title = ""
        self._text = text
        self._lines = [start, *(match.end() for match in re.compile("\n").finditer(text, start))]
        self._open: list[str] = []
        self._parts: list[str] = []
        self._start = start

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in _BREAKING:
            self.flush(self._offset())
        if tag == "body":
            self._open.clear()
        if tag == "br" and self._parts:
            self._parts.append("\n")
        if tag in {"td", "th"} and self._parts:
            self._parts.append(" | ")
        if tag == "title" or (tag in _KEPT and len(self._open) < _DEEPEST):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those in it that were left open."""
        if tag in _BREAKING:
            self.flush(self._offset())
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Take in text."""
        if self._open and self._open[-1] == "title":
            self.title += data
        elif not self._is_framed() and (self._parts or data.strip()):
            if not self._parts:
                self._start = self._offset() + len(data) - len(data.lstrip())
                data = data.lstrip()
            self._parts.append(data)

    def flush(self, end: int) -> None:
        """Close the block that is open, at offset ``end`` at the latest."""
        kind, level = self._kind()
        text = "".join(self._parts).strip()
        self._parts.clear()
        if text:
            end = self._start + len(self._text[self._start : end].rstrip())
            text = text if kind == "code" else re.sub(r"\s{2,}", " ", text)
            self.blocks.append(
                (RawBlock(kind, text, self._start, end, level), not _MAIN.isdisjoint(self._open))
            )

    def _kind(self) -> tuple[BlockKind, int]:
        for tag in reversed(self._open):
            if tag in _HEADINGS:
                return "heading", int(tag[1])
            if tag in _KINDS:
                return _KINDS[tag], 0
        return "paragraph", 0

    def _is_framed(self) -> bool:
        """Whether the text is in the frame of the page; a header in an article is part of it."""
        return any(tag in _FRAME or (tag == "header" and _MAIN.isdisjoint(self._open)) for tag in self._open)

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
