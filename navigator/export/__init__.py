"""What leaves the house as a file: whole documents, and handouts in each of their forms."""

from __future__ import annotations

import json
from typing import Literal

from navigator.export.documents import (
    answer_markdown,
    conversation_markdown,
    document_json,
    document_markdown,
    side_by_side_markdown,
)
from navigator.export.outline import Paper, outline
from navigator.handout import Handout

__all__ = [
    "Format",
    "Paper",
    "answer_markdown",
    "conversation_markdown",
    "document_json",
    "document_markdown",
    "render",
    "side_by_side_markdown",
]

Format = Literal["md", "html", "docx", "pdf", "json"]


def render(handout: Handout, to: Format, *, paper: Paper = "a4") -> bytes:
    """Return a handout as the content of a file.

    Parameters
    ----------
    to
        ``md`` Markdown, ``html`` a page that needs nothing else, ``docx`` Word, ``pdf``, or ``json`` with
        every sentence and the place where it stands.
    paper
        Size of the pages, for the forms that have any.
    """
    # Each writer is loaded where it is wanted: Word and PDF bring half a second of libraries with them.
    if to == "json":
        return (json.dumps(handout.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n").encode()
    planned = outline(handout)
    if to == "md":
        from navigator.export.markdown import markdown

        return markdown(planned).encode()
    if to == "html":
        from navigator.export.webpage import webpage

        return webpage(planned, paper).encode()
    if to == "docx":
        from navigator.export.word import word

        return word(planned, paper)
    from navigator.export.pdf import pdf

    return pdf(planned, paper)
