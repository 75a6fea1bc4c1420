"""A handout as a Word document: Word's own styles, real headings and lists, and fields in the footers.

Whoever edits it changes a style and not a hundred paragraphs, and the navigation pane shows the headings.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from navigator.export.outline import PAPERS, Leaf, Line, Outline, Paper, Role, runs

_SERIF, _SANS = "Cambria", "Calibri"
"""Come with Word; other programs have fonts of the same widths for them."""

_INK, _ACCENT, _QUIET, _TINT = "26231E", "24504A", "6F6A5F", "F2EEE4"
_MARGIN, _LABELS = Mm(28), Mm(24)

_ROLES: dict[Role, str] = {
    "eyebrow": "Eyebrow",
    "name": "Heading 1",
    "byname": "Subtitle",
    "transition": "Transition",
    "note": "Note",
    "part": "Heading 2",
    "voice": "Heading 3",
    "therefore": "Intense Quote",
    "case": "Case",
    "body": "Body Text",
    "credits": "Credits Heading",
    "credit": "Credit",
}
"""The paragraph style of each role; items have List Bullet and List Number."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a style is set to: sizes and spaces in points, colours as in ``26231E``."""

    font: str = _SERIF
    size: float = 11
    before: float = 0
    after: float = 6
    line: float = 1.3
    bold: bool = False
    italic: bool = False
    colour: str = _INK
    leads: bool = False
    base: str = "Normal"


_LOOKS = {
    "Normal": _Look(),
    "Body Text": _Look(),
    "List Bullet": _Look(after=4),
    "List Number": _Look(after=4),
    "Title": _Look(_SANS, 32, before=120, after=8, line=1.1, bold=True, colour=_ACCENT, leads=True),
    "Subtitle": _Look(size=13, after=6, italic=True, leads=True),
    "Heading 1": _Look(_SANS, 23, after=3, line=1.1, bold=True, colour=_ACCENT, leads=True),
    "Heading 2": _Look(_SANS, 13, before=16, after=3, line=1.1, bold=True, leads=True),
    "Heading 3": _Look(_SANS, 11, before=8, after=2, line=1.1, bold=True, colour=_ACCENT, leads=True),
    "Intense Quote": _Look(size=12.5, before=14, after=18),
    "Eyebrow": _Look(_SANS, 9, after=4, colour=_QUIET, leads=True),
    "Transition": _Look(before=6, italic=True),
    "Note": _Look(size=10, italic=True, colour=_QUIET),
    "Case": _Look(before=4, after=0, bold=True, leads=True),
    "Credits Heading": _Look(_SANS, 11, before=24, after=4, bold=True, leads=True, base="Heading 2"),
    "Credit": _Look(_SANS, 9, after=2, line=1.15),
    "Place": _Look(_SANS, 12.5, before=12, after=1, bold=True, leads=True, base="List Number"),
    "Place Note": _Look(italic=True),
    "Footer": _Look(_SANS, 8, after=0, line=1.1, colour=_QUIET),
}


def word(handout: Outline, paper: Paper) -> bytes:
    """Return a handout as the content of a Word file."""
    writer = _Writer(paper)
    writer.describe(handout)
    if handout.has_title_page:
        writer.title_page(handout)
    for leaf in handout.leaves:
        writer.leaf(leaf)
    file = BytesIO()
    writer.document.save(file)
    return _undated(file)


def _undated(document: BytesIO) -> bytes:
    """Return a Word file without the time of its making, so that the same handout is the same file."""
    file = BytesIO()
    with ZipFile(document) as dated, ZipFile(file, "w", ZIP_DEFLATED) as undated:
        for name in dated.namelist():
            undated.writestr(ZipInfo(name), dated.read(name), ZIP_DEFLATED)
    return file.getvalue()


class _Writer:
    """A Word document in the making."""

    def __init__(self, paper: Paper) -> None:
        self.document = Document()
        self._paper = paper
        self._begun = False
        for name, look in _LOOKS.items():
            self._style(name, look)
        box = self.document.styles["Intense Quote"].element.get_or_add_pPr()
        rim = {"val": "single", "sz": "4", "space": "8", "color": _TINT}
        left = _element("w:left", val="single", sz="24", space="10", color=_ACCENT)
        _insert(box, _element("w:pBdr", _element("w:top", **rim), left, _element("w:bottom", **rim)))
        _insert(box, _element("w:shd", val="clear", color="auto", fill=_TINT))

    def describe(self, handout: Outline) -> None:
        """Set what Word shows about the file."""
        about = self.document.core_properties
        about.title, about.author = handout.title[:255], handout.authors[:255]
        about.subject, about.comments = handout.terms[:255], ""
        about.language, about.last_modified_by = "en", "Pattern Navigator"
        for date in about._element.xpath("dcterms:created | dcterms:modified"):
            date.getparent().remove(date)  # those of the template

    def title_page(self, handout: Outline) -> None:
        """Write the title, the patterns with links to where they begin, and the terms."""
        self._begin(handout.footer)
        self._add(handout.title, "Title")
        if handout.subtitle:
            self._add(handout.subtitle, "Subtitle")
        numbering = self._numbering(1)
        for leaf in handout.leaves:
            place = self._add("", "Place", numbering)
            place._p.append(_element("w:hyperlink", _run(leaf.name), anchor=leaf.anchor))
            if leaf.transition:
                self._add(leaf.transition, "Place Note")
        self._add(handout.terms, "Credit").paragraph_format.space_before = Pt(30)

    def leaf(self, leaf: Leaf) -> None:
        """Write one pattern, in a section of its own."""
        self._begin(leaf.footer)
        for run in runs(leaf.lines):
            number = run[0].marker[:-1]
            numbering = self._numbering(int(number)) if number else None
            for line in run:
                if line.role == "item":
                    self._add(line.text, "List Number" if number else "List Bullet", numbering)
                elif line.role == "credit":
                    self._credit(line)
                else:
                    written = self._add(line.text, _ROLES[line.role])
                    if line.role == "name":
                        _bookmark(written, leaf.anchor)

    def _add(self, text: str, style: str, numbering: int | None = None) -> Paragraph:
        paragraph: Paragraph = self.document.add_paragraph(text, style)
        if numbering is not None:
            numbers = _element(
                "w:numPr", _element("w:ilvl", val="0"), _element("w:numId", val=str(numbering))
            )
            _insert(paragraph._p.get_or_add_pPr(), numbers)
        return paragraph

    def _credit(self, line: Line) -> None:
        paragraph = self._add("", "Credit")
        paragraph.add_run(f"{line.label}\t").font.color.rgb = RGBColor.from_string(_QUIET)
        if line.url:
            key = self.document.part.relate_to(line.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link = _element("w:hyperlink", _run(f"{line.text}, {line.url}"))
            link.set(qn("r:id"), key)
            paragraph._p.append(link)
        else:
            paragraph.add_run(line.text)

    def _begin(self, footer: tuple[str, str]) -> None:
        """Begin a section on a new page, with a footer of its own."""
        if self._begun:
            self._end_section()
        self._begun = True
        section = self.document.sections[-1]
        width, height = PAPERS[self._paper]
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.left_margin = section.right_margin = _MARGIN
        section.top_margin, section.bottom_margin, section.footer_distance = Mm(24), Mm(30), Mm(13)
        section.footer.is_linked_to_previous = False
        first = section.footer.paragraphs[0]
        first.style = "Footer"
        first.paragraph_format.tab_stops.add_tab_stop(Mm(width) - 2 * _MARGIN, WD_TAB_ALIGNMENT.RIGHT)
        first.add_run(f"{footer[0]}\t")
        for piece in (_field("PAGE"), _run(" / "), _field("NUMPAGES")):
            first._p.append(piece)
        section.footer.add_paragraph(footer[1], "Footer")

    def _end_section(self) -> None:
        """End the section in its last paragraph; in one of its own it could begin an empty page."""
        last = self.document.paragraphs[-1]
        self.document.add_section(WD_SECTION.NEW_PAGE)
        ending = self.document.paragraphs[-1]
        last._p.get_or_add_pPr().append(ending._p.get_or_add_pPr().sectPr)
        ending._p.getparent().remove(ending._p)

    def _numbering(self, start: int) -> int:
        """Return the id of a new numbered list that looks like List Number and begins with ``start``."""
        numbered = self.document.styles["List Number"].element.pPr.numPr.numId.val
        numbering = self.document.part.numbering_part.element
        number = numbering.add_num(numbering.num_having_numId(numbered).abstractNumId.val)
        number.add_lvlOverride(0).add_startOverride(start)
        return int(number.numId)

    def _style(self, name: str, look: _Look) -> None:
        """Set a style of the template to a look, or make it; what the template had for its looks goes."""
        styles = self.document.styles
        if name not in styles:
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style = styles[name]
        style.base_style = None if name == "Normal" else styles[look.base]
        element = style.element
        element._remove_rPr()
        for child in list(element.get_or_add_pPr()):
            if child.tag in _LOOKS_OF_TEMPLATE:
                element.pPr.remove(child)
        font, space = style.font, style.paragraph_format
        font.name, font.size = look.font, Pt(look.size)
        font.bold, font.italic = look.bold, look.italic
        font.color.rgb = RGBColor.from_string(look.colour)
        space.space_before, space.space_after, space.line_spacing = Pt(look.before), Pt(look.after), look.line
        space.keep_with_next, space.widow_control = look.leads, True
        style.quick_style, style.hidden = True, False
        if name == "Credit":
            space.left_indent, space.first_line_indent = _LABELS, -_LABELS
            space.tab_stops.add_tab_stop(_LABELS)
        if name in {"Intense Quote", "Place Note"}:
            space.left_indent = Pt(18)


_LOOKS_OF_TEMPLATE = {qn(f"w:{tag}") for tag in ("pBdr", "spacing", "contextualSpacing", "ind", "tabs")}


def _element(tag: str, *children: Any, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    element.extend(children)
    return element


def _insert(properties: Any, element: Any) -> None:
    """Put an element into the properties of a paragraph, where Word expects it."""
    order = (
        "w:numPr",
        "w:pBdr",
        "w:shd",
        "w:tabs",
        "w:spacing",
        "w:ind",
        "w:contextualSpacing",
        "w:jc",
        "w:outlineLvl",
    )
    tag = next(tag for tag in order if qn(tag) == element.tag)
    properties.insert_element_before(element, *order[order.index(tag) + 1 :], "w:rPr", "w:sectPr")


def _run(text: str) -> Any:
    written = _element("w:t")
    written.text = text
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return _element("w:r", written)


def _field(instruction: str) -> Any:
    """Return a field that Word fills in, such as the number of the page."""
    return _element("w:fldSimple", _run("1"), instr=instruction)


def _bookmark(paragraph: Paragraph, name: str) -> None:
    """Make a paragraph the target of links to a name."""
    number = name.rpartition("-")[2]
    paragraph._p.insert_element_before(_element("w:bookmarkStart", id=number, name=name), "w:r")
    paragraph._p.append(_element("w:bookmarkEnd", id=number))
