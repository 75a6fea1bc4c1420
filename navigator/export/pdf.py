"""A handout as PDF, with bookmarks, links, and source, licence and number at the foot of every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from navigator.export.outline import PAPERS, Leaf, Line, Outline, Paper, Role, runs
from navigator.export.typesetting import ACCENT, MISSING, QUIET, Breaks, Pages, Paragraph, Style

_STYLES: dict[Role, Style] = {
    "eyebrow": Style("sans", "", 9, 12, after=5, colour=QUIET),
    "name": Style("sans", "B", 23, 27, after=3, colour=ACCENT),
    "byname": Style("serif", "I", 13, 17, after=4),
    "transition": Style("serif", "I", 10.5, 14.5, before=4, after=4),
    "note": Style("serif", "I", 10, 14, after=5, colour=QUIET),
    "part": Style("sans", "B", 12.5, 16, before=13, after=3),
    "voice": Style("sans", "B", 10.5, 14, before=7, after=2, colour=ACCENT),
    "therefore": Style("serif", "", 12, 16.5, before=11, after=6, boxed=True),
    "case": Style("serif", "B", 10.5, 14.5, before=3),
    "body": Style("serif", "", 10.5, 14.5, after=5),
    "item": Style("serif", "", 10.5, 14.5, after=3),
    "credits": Style("sans", "B", 10.5, 14, before=18, after=3),
    "credit": Style("sans", "", 8.5, 11.5, after=2),
}
_TITLE = Style("sans", "B", 32, 37, after=8, colour=ACCENT)
_SUBTITLE = Style("serif", "I", 15, 20, after=34)
_ENTRY = Style("sans", "B", 12.5, 16, after=1, before=11)
_WHY = Style("serif", "I", 11, 15, after=11)
_TERMS = Style("sans", "", 9, 12.5, before=24, colour=QUIET)

_TITLE_TOP = 58.0
"""Millimetres above the title on its page."""

_ITEMS, _ENTRIES, _LABELS = 6.5, 8.0, 24.0
"""Millimetres by which items, the patterns on the title page, and credits are set in."""

_SCALES = (0.97, 0.94, 0.91)
"""What may be made of the sizes of a pattern so that no scrap of it stands alone on a last page."""

_SCRAP = 0.33
"""Share of a page."""

_LEVELS: dict[Role, int] = {"name": 0, "part": 1, "credits": 1, "voice": 2}
"""Of bookmarks."""

_ON_ONE_PAGE: frozenset[Role] = frozenset(
    {"eyebrow", "name", "byname", "part", "voice", "case", "credits", "credit"}
)
"""Stay with what comes after them."""


def pdf(handout: Outline, paper: Paper) -> bytes:
    """Return a handout as the content of a PDF file."""
    # Set twice: the first time tells how many pages there are, and on which each pattern begins.
    size, breaks = PAPERS[paper], Breaks()
    with Pages(size, None, breaks) as scratch:
        scales = [_scale(scratch, leaf) for leaf in handout.leaves]
    with Pages(size, None, breaks) as draft:
        places = _set(draft, handout, scales, {})
    with Pages(size, draft.page, breaks) as final:
        _set(final, handout, scales, places)
        return final.content()


def _scale(scratch: Pages, leaf: Leaf) -> float:
    """Return at which scale a pattern is set: 1, or the next smaller one that saves a scrap of a page."""
    length = _length(scratch, leaf, 1.0)
    if length > 1 and scratch.filled < _SCRAP:
        return next((scale for scale in _SCALES if _length(scratch, leaf, scale) < length), 1.0)
    return 1.0


def _length(scratch: Pages, leaf: Leaf, scale: float) -> int:
    """Return how many pages a pattern takes."""
    before = scratch.page
    scratch.turn()
    _leaf(scratch, leaf, scale)
    return scratch.page - before


def _set(
    pages: Pages, handout: Outline, scales: Sequence[float], places: Mapping[str, int]
) -> dict[str, int]:
    """Set a handout, and return by its anchor the page on which each pattern begins."""
    pages.set_lang("en")
    pages.set_title(handout.title)
    pages.set_author(handout.authors)
    pages.set_subject(handout.terms)
    pages.set_creator("Pattern Navigator")
    links = _title_page(pages, handout, places) if handout.has_title_page else {}
    begun = {}
    for leaf, scale in zip(handout.leaves, scales, strict=True):
        pages.turn()
        pages.foot = leaf.footer
        begun[leaf.anchor] = pages.page
        if leaf.anchor in links:
            pages.set_link(links[leaf.anchor], page=pages.page)
        _leaf(pages, leaf, scale)
    if pages.breaks.missing:
        count = len(pages.breaks.missing)
        lacking = "a character" if count == 1 else f"{count} characters"
        note = f"{MISSING} stands for {lacking} that these fonts lack; the Word and HTML forms have all."
        pages.add([Paragraph(note, _TERMS)])
    return begun


def _title_page(pages: Pages, handout: Outline, places: Mapping[str, int]) -> dict[str, int]:
    """Set the title page, and return by anchor the links that have to be led to the patterns."""
    pages.turn()
    pages.foot = handout.footer
    pages.set_y(_TITLE_TOP)
    pages.add([Paragraph(handout.title, _TITLE, bookmark=0)])
    pages.add([Paragraph(handout.subtitle, _SUBTITLE)])
    links = {}
    for number, leaf in enumerate(handout.leaves, start=1):
        link = links[leaf.anchor] = pages.add_link()
        page = str(places.get(leaf.anchor, ""))
        name = Paragraph(leaf.name, _ENTRY, _ENTRIES, str(number), page, link=link)
        pages.add([name, Paragraph(leaf.transition, _WHY, _ENTRIES)])
    pages.add([Paragraph(handout.terms, _TERMS)])
    return links


def _leaf(pages: Pages, leaf: Leaf, scale: float) -> None:
    """Set a pattern, headings with what they head, its credits as one, and no item of a list alone."""
    together: list[Paragraph] = []
    for run in runs(leaf.lines):
        for number, line in enumerate(run, start=1):
            together.append(_paragraph(line, _STYLES[line.role].scaled(scale)))
            item_would_be_alone = number < len(run) and number in {1, len(run) - 1}
            if line.role not in _ON_ONE_PAGE and not item_would_be_alone:
                pages.add(together)
                together = []
    pages.add(together)


def _paragraph(line: Line, style: Style) -> Paragraph:
    if line.role == "item":
        return Paragraph(line.text, style, _ITEMS, "•" if line.marker == "-" else line.marker)
    if line.role == "credit":
        text = f"{line.text}, {line.url}" if line.url else line.text
        return Paragraph(text.lstrip("★☆ "), style, _LABELS, line.label, link=line.url or None)
    return Paragraph(line.text, style, bookmark=_LEVELS.get(line.role))
