"""One document: its form recognised, its front matter and its body put together."""

from __future__ import annotations

from pathlib import PurePath

from navigator.corpus.blocks import RawBlock, scan
from navigator.corpus.fields import Fields
from navigator.corpus.findings import finding
from navigator.corpus.forms import form_of
from navigator.corpus.frontmatter import FrontMatter, read_front_matter, read_mapping
from navigator.corpus.leaks import leaked_spans
from navigator.corpus.patterns import make_pattern, slug_of
from navigator.corpus.sections import sections_of
from navigator.pattern import Document, Finding


def read_document(text: str, path: str) -> tuple[Document | None, list[Finding]]:
    """Read one document from its text; ``path`` names it in findings and, if need be, its title."""
    front, findings = read_front_matter(text, path)
    form = form_of(front.data if front else None, text[front.end if front else 0 :])
    if form in {"page", "article"}:
        return None, findings
    return _read_pattern(text, path, front or FrontMatter(), findings, form), findings


def _read_pattern(text: str, path: str, front: FrontMatter, findings: list[Finding], form) -> Document:
    blocks: list[RawBlock] = []
    data = dict(front.data)
    position = front.end
    for start, stop in leaked_spans(text, front.end):
        leaked, _ = read_mapping(text[start:stop].strip("- \t\n"))
        data = {**leaked, **{key: value for key, value in data.items() if value not in (None, "", [], {})}}
        line = text.count("\n", 0, start) + 1
        findings.append(
            finding(
                path,
                line,
                "front-matter-leaked",
                "Front matter stands in the body; it was kept out of the text.",
            )
        )
        blocks += scan(text, position, start)
        position = stop
    blocks += scan(text, position)
    fields = Fields(data, path, front.line, findings)
    title = fields.text("title")
    if not title:
        title = next((block.text.lstrip("# ") for block in blocks if block.level == 1), "")
        title = title or PurePath(path).stem.replace("-", " ").title()
        fields.report("missing-title", f"The document has no title; {title!r} stands for it.")
    summary = fields.text("summary") or fields.text("description")
    sections = sections_of(blocks, text=text, title=title, summary=summary)
    slug = slug_of(fields, path, title)
    return make_pattern(
        fields, form=form, path=path, slug=slug, title=title, summary=summary, sections=sections
    )
