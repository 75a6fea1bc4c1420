"""A document or an answer as Markdown that can be handed on, or as JSON that programs may lean on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from navigator.answer import Answer, Provenance
from navigator.pattern import Document, Pattern, Section

PATTERN_SCHEMA = "navigator.pattern/1"


def document_json(document: Document) -> dict[str, Any]:
    """Return the whole record, versioned by its ``schema`` key."""
    return {"schema": PATTERN_SCHEMA, **document.model_dump(mode="json")}


def document_markdown(document: Document, *, context: str | None = None) -> str:
    """Return a document as Markdown, with confidence, sources and licence at the foot.

    With a context, the document's name there becomes its title, and blocks written for other contexts
    are left out.
    """
    label = document.label(context) if isinstance(document, Pattern) else document.title
    lines = [f"# {label}"]
    if label != document.title:
        lines.append(f"*{document.title}*")
    if document.summary:
        lines.append(document.summary)
    for section in document.sections:
        lines += _section(section, context)
    if isinstance(document, Pattern):
        lines += _credits(Provenance.of(document))
    return "\n\n".join(lines) + "\n"


def answer_markdown(answer: Answer) -> str:
    """Return an answer as Markdown, laid out as the author laid out the sentences."""
    lines = [f"> {answer.question}"]
    if answer.label:
        title = answer.patterns[0].title
        lines.append(f"## {answer.label}" + (f" ({title})" if title != answer.label else ""))
    if answer.message:
        lines.append(answer.message)
    for part in answer.parts:
        lines.append(f"### {part.heading}")
        for sentences in part.blocks:
            marker = f"{sentences[0].marker} " if sentences[0].marker else ""
            lines.append(marker + " ".join(sentence.text for sentence in sentences))
    if answer.related:
        neighbours = [f"- {neighbour.label} ({neighbour.kind})" for neighbour in answer.related]
        lines += ["### Read next", "\n".join(neighbours)]
    if answer.provenance is not None:
        lines += _credits(answer.provenance)
    return "\n\n".join(lines) + "\n"


def _section(section: Section, context: str | None) -> Iterator[str]:
    blocks = [b for b in section.blocks if context is None or not b.contexts or context in b.contexts]
    if blocks:
        yield f"## {section.name}"
        yield from (block.text for block in blocks)


def _credits(provenance: Provenance) -> Iterator[str]:
    yield "---"
    if provenance.confidence is not None:
        yield f"Confidence: {provenance.stars}"
    if provenance.sources:
        yield "Sources: " + "; ".join(provenance.sources)
    rights = ". ".join(filter(None, [provenance.attribution, provenance.license]))
    if rights:
        yield rights
