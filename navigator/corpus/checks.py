"""What is missing from, left over in, or broken off a body that could be read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from navigator.corpus.blocks import RawBlock
from navigator.corpus.cleaning import PLACEHOLDER, without_template_hint
from navigator.corpus.findings import Report
from navigator.pattern import SECTION_NAMES, Form, Section

EXPECTED: dict[Form, tuple[str, ...]] = {
    "v7.1": SECTION_NAMES,
    "v8.2": SECTION_NAMES,
    "page": SECTION_NAMES,
    "first": ("Context", "Solution", "Implementation"),
    "article": (),
}
"""Roles that a document of each form should have a section for."""

WORTH_TELLING = 200
"""Shorter runs of padding are collapsed and not reported."""

_PADDING = re.compile(rf"[ \t\xa0]{{{WORTH_TELLING},}}|-{{{WORTH_TELLING},}}")
_PLACEHOLDER_LINE = re.compile(rf"^{PLACEHOLDER.pattern}$", re.IGNORECASE | re.MULTILINE)
_BROKEN_OFF = re.compile(r"[\w,(–—-]$")
_ADDRESS = re.compile(r"(?:https?:|www\.|/|@)\S*$")


def check_text(text: str, start: int, blocks: Sequence[RawBlock], report: Report) -> None:
    """Report padding, placeholders and template hints in the body ``text[start:]``."""
    padding = _PADDING.search(text, start)
    if padding:
        dropped = sum(block.end - block.start - len(block.text) for block in blocks)
        message = f"Padding of {dropped:,} characters was collapsed."
        report.add("padding", message, line=_line(text, padding.start()))
    for placeholder in _PLACEHOLDER_LINE.finditer(text, start):
        message = f"{placeholder[0].strip()!r} stands where text should be."
        report.add("placeholder", message, line=_line(text, placeholder.start()))
    hinted = [block for block in blocks if block.level and _has_hint(text[block.start : block.end])]
    if hinted:
        message = (
            f"{len(hinted)} headings carry a hint of the template, such as {_heading(text, hinted[0])!r}."
        )
        report.add("template-hint", message, line=_line(text, hinted[0].start))


def check_sections(sections: Sequence[Section], form: Form, text: str, report: Report) -> None:
    """Report sections that the form asks for and the document lacks, and a text that breaks off."""
    roles = {section.role for section in sections}
    missing = [role for role in EXPECTED[form] if role not in roles]
    if not sections:
        report.add("no-text", "There is no text below the front matter.")
    elif missing:
        report.add("missing-section", f"There is no section {', '.join(missing)}.")
    if sections and _breaks_off(sections[-1]):
        last = sections[-1].blocks[-1]
        message = f"The text ends in the middle of a sentence: “…{last.text[-60:].lstrip()}”."
        report.add("cut-off", message, line=_line(text, last.end))


def _breaks_off(section: Section) -> bool:
    """Whether a section ends in mid-sentence; lists of references and of short items may end so."""
    last = section.blocks[-1]
    if (
        section.role is None
        or last.kind not in {"paragraph", "item", "quote"}
        or _ADDRESS.search(last.text[-300:])
    ):
        return False
    if last.kind == "item":
        items = [block.text for block in section.blocks if block.kind == "item"]
        finished = sum(not _BROKEN_OFF.search(item) for item in items)
        return bool(_BROKEN_OFF.search(last.text)) and finished >= len(items) / 2
    return bool(_BROKEN_OFF.search(last.text))


def _has_hint(heading: str) -> bool:
    return len(heading) < 1000 and without_template_hint(heading) != heading


def _heading(text: str, block: RawBlock) -> str:
    return text[block.start : block.end].lstrip("# ")[:80]


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
