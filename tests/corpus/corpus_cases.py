"""Reading cases out of Markdown fixtures: a title, an input and what is expected, set off by lone dots.

::

    Title of the case
    .
    input
    .
    expected
    .
"""

from __future__ import annotations

from pathlib import Path

import pytest

from navigator.corpus.blocks import RawBlock
from navigator.corpus.documents import read_document
from navigator.corpus.findings import Report
from navigator.pattern import Block, Reading

FIXTURES = Path(__file__).parent / "fixtures"


def cases(name: str) -> list[object]:
    """Return the cases of a fixture file as parameters ``(input, expected)``, named by their titles."""
    lines = (FIXTURES / name).read_text("utf-8").split("\n")
    found: list[object] = []
    while "." in lines:
        parts = []
        for _ in range(3):
            dot = lines.index(".")
            parts.append("\n".join(lines[:dot]))
            lines = lines[dot + 1 :]
        title, given, expected = parts
        found.append(pytest.param(given + "\n", expected, id=title.strip().split("\n")[-1]))
    return found


def shown_block(block: Block | RawBlock) -> str:
    """Return a block in one line: its kind, and its text with ``⏎`` for line breaks."""
    return f"{block.kind}: " + block.text.replace("\n", "⏎")


def shown_document(text: str, path: str = "a-file.md") -> str:
    """Return what was read from a text, one thing a line."""
    report = Report(path)
    read = read_document(text, report)
    lines = []
    if read is not None:
        document = read.document
        lines.append(f"{document.form} {document.slug} | {document.title}")
        lines += [f"summary: {document.summary}"] if document.summary else []
        if isinstance(document, Reading) and document.published:
            lines.append(f"published: {document.published}")
        for section in document.sections:
            lines.append(f"## {section.name} ({section.role or '-'})")
            lines += [shown_block(block) for block in section.blocks]
    lines += [f"! {finding.line} {finding.code}" for finding in report.findings]
    return "\n".join(lines)
