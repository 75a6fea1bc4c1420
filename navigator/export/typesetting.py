"""Pages of a PDF: paragraphs of whole lines in Source Serif and Source Sans, and where a page may end.

The fonts come with the packages ``font-source-serif-pro`` and ``font-source-sans-pro`` (SIL Open Font
License), so a page looks the same on every machine. They hold Latin, Greek and Cyrillic.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self, cast

from font_source_sans_pro import font_files_ttf as sans_files
from font_source_serif_pro import font_files_ttf as serif_files
from fpdf import FPDF
from fpdf.fonts import TTFFont
from fpdf.output import OutputProducer, PDFInfo

POINT = 25.4 / 72
"""Millimetres."""

MISSING = "◊"
"""Stands for a character that the fonts lack."""

INK = (38, 35, 30)
ACCENT = (36, 80, 74)
QUIET = (111, 106, 95)
_RULE = (221, 214, 199)
_TINT = (242, 238, 228)

LEFT, TOP, BOTTOM = 28.0, 22.0, 29.0
"""Margins in millimetres; the right one is as the left."""

_PADDING = 4.0
"""Millimetres between a box and what stands in it."""

_SHORT = 3
"""Lines of a paragraph that is not divided."""

_FONTS = {
    ("serif", ""): serif_files["SourceSerifPro"],
    ("serif", "I"): serif_files["SourceSerifProIt"],
    ("serif", "B"): serif_files["SourceSerifProSemibold"],
    ("sans", ""): sans_files["SourceSansPro"],
    ("sans", "B"): sans_files["SourceSansProSemibold"],
}
_STAND_INS = {"★": "*", "☆": "", "\u2010": "-", "\u2011": "-", "\u2007": " ", "\u2009": " ", "\u202f": " "}


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set: its sizes, and the space before and after it, in points.

    ``boxed`` says that it stands in a tinted box.
    """

    family: str
    cut: str
    size: float
    leading: float
    before: float = 0.0
    after: float = 0.0
    colour: tuple[int, int, int] = INK
    boxed: bool = False

    @property
    def height(self) -> float:
        """Height of a line in millimetres."""
        return self.leading * POINT

    def scaled(self, scale: float) -> Style:
        """Return the style with all its sizes and spaces larger or smaller."""
        sizes = {name: getattr(self, name) * scale for name in ("size", "leading", "before", "after")}
        return replace(self, **sizes)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text in a style.

    ``hang`` stands before its first line, which begins ``indent`` millimetres in, ``tail`` at the end of it;
    ``bookmark`` is the level of its bookmark, from 0.
    """

    text: str
    style: Style
    indent: float = 0.0
    hang: str = ""
    tail: str = ""
    link: str | int | None = None
    bookmark: int | None = None


@dataclass(frozen=True, slots=True)
class Breaks:
    """What was found out about paragraphs so far, shared by all pages of one size.

    Attributes
    ----------
    lines
        Those of every paragraph.
    missing
        The characters that cannot be set.
    """

    lines: dict[Paragraph, list[str]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


class _Undated(OutputProducer):
    """Writes a file without its date, so that the same handout is the same file."""

    def _add_info(self) -> PDFInfo:
        about = super()._add_info()
        del about.creation_date
        return about


class Pages(FPDF):
    """Pages in the making; as a context manager it closes the files of its fonts in the end.

    Parameters
    ----------
    size
        Width and height of a page in millimetres.
    count
        How many pages there will be, for their feet. With ``None`` nothing is drawn and only the room is
        measured that it would take.
    breaks
        What was found out so far, to be known to other pages of this size.

    Attributes
    ----------
    foot
        The two lines that stand at the foot of the pages from here on.
    """

    def __init__(self, size: tuple[float, float], count: int | None, breaks: Breaks) -> None:
        super().__init__(format=size)
        self.foot = ("", "")
        self._count = count
        self.breaks = breaks
        self._space = 0.0
        self.alias_nb_pages("")  # or a document could name it, and would be written into
        for (family, cut), file in _FONTS.items():
            self.add_font(family, cut, file)
        self._coverage = frozenset(cast("TTFFont", self.fonts["sans"]).cmap)
        self.set_fallback_fonts(["sans"], exact_match=False)
        self.set_text_shaping(True)
        self.set_margins(LEFT, TOP, LEFT)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.set_line_width(0.2)
        self.set_draw_color(*_RULE)
        self.set_fill_color(*_TINT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for font in self.fonts.values():
            cast("TTFFont", font).ttfont.close()

    def turn(self) -> None:
        """Begin a new page."""
        self.add_page()
        self._space = 0.0

    def add(self, paragraphs: Sequence[Paragraph]) -> None:
        """Set paragraphs on one page: all of them, but of the last only the beginning must be there."""
        broken = [(paragraph, self._broken(paragraph)) for paragraph in paragraphs]
        broken = [(paragraph, lines) for paragraph, lines in broken if lines]
        space = self._space
        needed = 0.0
        for number, (paragraph, lines) in enumerate(broken, start=1):
            style = paragraph.style
            whole = number < len(broken) or style.boxed or len(lines) <= _SHORT
            together = lines if whole else lines[:2]
            needed += max(space, style.before) * POINT + len(together) * style.height
            needed += 2 * _PADDING if style.boxed else 0
            space = style.after
        if needed > self._room and self.get_y() > TOP:
            self.turn()
        for paragraph, lines in broken:
            if self.get_y() > TOP:
                self.set_y(self.get_y() + max(self._space, paragraph.style.before) * POINT)
            self._set(paragraph, lines)
            self._space = paragraph.style.after

    def covered(self, text: str) -> str:
        """Return a text in characters that the fonts have; what they lack is noted in `breaks`."""
        text = unicodedata.normalize("NFC", text)
        return "".join(
            character if ord(character) in self._coverage else self._stand_in(character) for character in text
        )

    def dress(self, style: Style) -> None:
        """Set what follows in a style."""
        self.set_font(style.family, style.cut, style.size)
        self.set_text_color(*style.colour)

    def footer(self) -> None:
        """Set the two lines at the foot of a page, and its number."""
        if self._count is None:
            return
        style = Style("sans", "", 8, 10.5, colour=QUIET)
        self.dress(style)
        top = self.h - BOTTOM + 11
        self.line(LEFT, top - 2.5, self.w - LEFT, top - 2.5)
        for row, text in enumerate(self.foot):
            self.set_xy(LEFT, top + row * style.height)
            self.cell(self.epw - 20, style.height, self._shortened(self.covered(text), self.epw - 20))
        self.set_xy(self.w - LEFT - 20, top)
        self.cell(20, style.height, f"{self.page} / {self._count}", align="R")

    def file_id(self) -> None:
        """Leave out what is made of the date."""

    def content(self) -> bytes:
        """Return the file."""
        return bytes(self.output(output_producer_class=_Undated))

    @property
    def filled(self) -> float:
        """How much of the page is filled, 0 to 1."""
        return (self.get_y() - TOP) / (self.h - BOTTOM - TOP)

    @property
    def _room(self) -> float:
        """Millimetres that are left on the page."""
        return self.h - BOTTOM - self.get_y()

    def _broken(self, paragraph: Paragraph) -> list[str]:
        """Return the lines of a paragraph."""
        if paragraph in self.breaks.lines:
            return self.breaks.lines[paragraph]
        self.dress(paragraph.style)
        width = self.epw - paragraph.indent - (2 * _PADDING if paragraph.style.boxed else 0)
        width -= self.get_string_width(f"{paragraph.tail}  ") if paragraph.tail else 0
        text = self.covered(paragraph.text)
        lines = self.multi_cell(width, paragraph.style.height, text, align="L", dry_run=True, output="LINES")
        return self.breaks.lines.setdefault(paragraph, cast("list[str]", lines) if text else [])

    def _set(self, paragraph: Paragraph, lines: Sequence[str]) -> None:
        """Set lines, as many on each page as fit; never one alone at the head or foot of a page."""
        style = paragraph.style
        padding = _PADDING if style.boxed else 0.0
        if paragraph.bookmark is not None:
            self.start_section(self.covered(paragraph.text), paragraph.bookmark)
        first = True
        while lines:
            room = int((self._room - 2 * padding) / style.height + 0.01)
            fits = len(lines)
            if fits > room:
                fits = max(room - (len(lines) - room == 1), 1)
            self._box(paragraph, lines[:fits], padding, first=first)
            lines = lines[fits:]
            first = False
            if lines:
                self.turn()

    def _box(self, paragraph: Paragraph, lines: Sequence[str], padding: float, *, first: bool) -> None:
        """Set lines that are on one page, the first ones of their paragraph with what stands beside them."""
        style = paragraph.style
        top = self.get_y()
        height = len(lines) * style.height + 2 * padding
        if self._count is None:
            self.set_y(top + height)
            return
        if style.boxed:
            self.rect(LEFT, top, self.epw, height, style="F")
            with self.local_context(fill_color=ACCENT):
                self.rect(LEFT, top, 1.2, height, style="F")
        self.dress(style)
        link = paragraph.link or ""
        width = self.epw - paragraph.indent - 2 * padding
        if first and paragraph.hang:
            self.set_xy(LEFT, top)
            self.cell(paragraph.indent, style.height, self.covered(paragraph.hang), link=link)
        for row, line in enumerate(lines):
            self.set_xy(LEFT + paragraph.indent + padding, top + padding + row * style.height)
            self.cell(width, style.height, line, link=link)
            if first and not row and paragraph.tail:
                self.set_xy(LEFT, top)
                self.cell(self.epw, style.height, self.covered(paragraph.tail), align="R", link=link)
        self.set_xy(LEFT, top + height)

    def _shortened(self, text: str, width: float) -> str:
        """Return as much of a text as goes into a width."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def _stand_in(self, character: str) -> str:
        """Return what comes nearest to a character that the fonts lack: ``Ａ`` as ``A``, ``⑴`` as ``(1)``."""
        if character in _STAND_INS:
            return _STAND_INS[character]
        if unicodedata.category(character) in {"Mn", "Cf"}:
            return ""
        plain = unicodedata.normalize("NFKD", character)
        kept = "".join(c for c in plain if ord(c) in self._coverage)
        if kept.strip():
            return kept
        if character.isspace():
            return " "
        self.breaks.missing.add(character)
        return MISSING
