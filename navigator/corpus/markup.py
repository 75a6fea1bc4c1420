"""HTML into blocks: what a page shows as text, with the character offsets of its source.

Nothing of a page is run or fetched. Elements that frame a page (navigation, footer, captions) are left
out; where a page says which part of it is the article, only that part is read. The scanner is our own
because it must be linear in whatever it is given (:class:`html.parser.HTMLParser` takes minutes over a
megabyte of ``<!--``) and needs no more of HTML than the names of its tags.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from navigator.corpus.blocks import RawBlock
from navigator.pattern import BlockKind

_LOOKS = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]{0,200}>\s*|<!--.{0,2000}?-->\s*)?"
    r"<(?P<tag>!doctype\s+html|html|head|body|article|main|section|header|div|h1|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_DOCUMENT = frozenset({"!doctype", "html", "head", "body"})
_MARKDOWN_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<comment><!--)|<[!?][^<>]*>"
    r"|<(?P<end>/?)(?P<tag>[a-z][a-z0-9-]*)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>",
    re.IGNORECASE,
)
_FRAME = frozenset(
    "noscript template head nav footer aside button select textarea svg figure figcaption iframe object"
    " canvas audio video dialog".split()
)
_CODE = frozenset({"script", "style"})
_MAIN = frozenset({"main", "article"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KINDS: dict[str, BlockKind] = {"li": "item", "blockquote": "quote", "pre": "code", "tr": "table"}
_KEPT = _FRAME | _MAIN | _HEADINGS | _KINDS.keys() | {"ul", "ol", "table", "header", "title"}
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
    first = _LOOKS.match(text, start)
    if first is None:
        return False
    return first["tag"].lower().split()[0] in _DOCUMENT or not _MARKDOWN_HEADING.search(text, start)


def parse_html(text: str, start: int = 0) -> HtmlPage:
    """Read the text that an HTML document shows."""
    page = _Page(text)
    lower = text.lower()
    position = start
    while token := _TOKEN.search(text, position):
        page.take(position, token.start())
        position = token.end()
        tag = (token["tag"] or "").lower()
        if token["comment"]:
            position = _after(lower, "-->", position)
        elif tag in _CODE and not token["end"]:
            position = _after(lower, f"</{tag}", position)
        elif token["end"]:
            page.close(tag, token.start())
        elif tag:
            page.open(tag, token.start())
    page.take(position, len(text))
    page.flush(len(text))
    return page.result()


def _after(text: str, mark: str, position: int) -> int:
    """Return the offset after the next ``mark``; without one, the end, as browsers have it."""
    found = text.find(mark, position)
    return len(text) if found < 0 else found + len(mark)


class _Page:
    """Collects blocks, each with whether it stands in a ``main`` or ``article`` element."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._title = ""
        self._blocks: list[tuple[RawBlock, bool]] = []
        self._open: list[str] = []
        self._parts: list[str] = []
        self._start = 0

    def open(self, tag: str, offset: int) -> None:
        """Open an element that begins at ``offset``."""
        if tag in _BREAKING:
            self.flush(offset)
        if tag == "body":
            self._open.clear()
        if self._parts and tag in {"br", "td", "th"}:
            self._parts.append("\n" if tag == "br" else " | ")
        if tag in _KEPT and len(self._open) < _DEEPEST:
            self._open.append(tag)

    def close(self, tag: str, offset: int) -> None:
        """Close an element at ``offset``, with those in it that were left open."""
        if tag in _BREAKING:
            self.flush(offset)
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def take(self, start: int, end: int) -> None:
        """Take in the text from ``start`` to ``end``."""
        text = self._text[start:end]
        if not self._parts:
            start += len(text) - len(text.lstrip())
            text = text.lstrip()
            self._start = start
        if text and ("title" in self._open or not self._is_framed()):
            self._parts.append(html.unescape(text))

    def flush(self, end: int) -> None:
        """Close the block that is open, at offset ``end`` at the latest.

        A single line break stays one: only what gets shorter may differ from the source.
        """
        text = "".join(self._parts).strip()
        self._parts.clear()
        if not text:
            return
        kind, level = self._kind()
        text = text if kind == "code" else re.sub(r"\s{2,}", " ", text)
        if "title" in self._open:
            self._title = self._title or text
        else:
            end = self._start + len(self._text[self._start : end].rstrip())
            block = RawBlock(kind, text, self._start, end, level)
            self._blocks.append((block, not _MAIN.isdisjoint(self._open)))

    def result(self) -> HtmlPage:
        """Return the page; of its blocks those of the article, where it marks one."""
        blocks = [block for block, in_main in self._blocks if in_main]
        if sum(len(block.text) for block in blocks) < _MAIN_ENOUGH:
            blocks = [block for block, _ in self._blocks]
        heading = next((block.text for block in blocks if block.level == 1), "")
        return HtmlPage(heading or self._title, tuple(blocks))

    def _kind(self) -> tuple[BlockKind, int]:
        for tag in reversed(self._open):
            if tag in _HEADINGS:
                return "heading", int(tag[1])
            if tag in _KINDS:
                return _KINDS[tag], 0
        return "paragraph", 0

    def _is_framed(self) -> bool:
        """Whether the text is in the frame of the page; a header in an article is part of it."""
        outside = _MAIN.isdisjoint(self._open)
        return any(tag in _FRAME or (outside and tag == "header") for tag in self._open)
