"""A document or an answer as Markdown that can be handed on, or as JSON that programs may lean on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from navigator.answer import Answer, Comparison, Part, Provenance, aligned, is_shared
from navigator.pattern import Block, Document, Pattern, Section

PATTERN_SCHEMA = "navigator.pattern/1"


def document_json(document: Document) -> dict[str, Any]:
    """Return the whole record, versioned by its ``schema`` key."""
    return {"schema": PATTERN_SCHEMA, **document.model_dump(mode="json")}


def document_markdown(document: Document, *, context: str | None = None) -> str:
    """Return a document as Markdown, with confidence, sources and licence at the foot.

    With a context, the document's name there becomes its title, and blocks written for other contexts
    are left out, as are such sentences of the others.
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
        lines += filter(None, [answer.label_note])
    if answer.message:
        lines.append(answer.message)
    if answer.comparison is not None:
        lines.append(_comparison(answer.comparison))
    for part in answer.parts:
        lines.append(f"### {part.heading}")
        lines += _blocks(part)
    if answer.related:
        lines += ["### Read next", "\n".join(_next(answer))]
    if answer.provenance is not None:
        lines += _credits(answer.provenance, sources=answer.form == "full")
    return "\n\n".join(lines) + "\n"


def conversation_markdown(exchanges: Iterable[tuple[str, Answer]]) -> str:
    """Return a conversation, each thing said with the answer to it, in order."""
    told = (
        answer_markdown(answer.model_copy(update={"question": " ".join(said.split())}))
        for said, answer in exchanges
    )
    return "\n---\n\n".join(["# A conversation with Pattern Navigator\n", *told])


def side_by_side_markdown(answers: Sequence[Answer]) -> str:
    """Return answers about one pattern in several contexts as one table, a column for each.

    What all of them say stands above it, once.
    """
    first = answers[0]
    lines = [f"# {first.patterns[0].title if first.patterns else first.label}"]
    rows = aligned(answers)
    for heading, cells in rows:
        if is_shared(cells):
            lines += [f"### {heading}", *(block for part in cells[0] for block in _blocks(part))]
    table = [["", *(answer.context or "" for answer in answers)], ["---"] * (len(answers) + 1)]
    table.append(["Called", *(answer.label for answer in answers)])
    for heading, cells in rows:
        if not is_shared(cells):
            table.append([heading, *("<br>".join(_cell(cell)) for cell in cells)])
    if any(answer.related for answer in answers):
        table.append(["Read next", *("<br>".join(_next(answer)) for answer in answers)])
    lines.append("\n".join(_row(cells) for cells in table))
    if first.provenance is not None:
        lines += _credits(first.provenance)
    return "\n\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _cell(parts: Sequence[Part]) -> Iterator[str]:
    """Yield the lines of one cell; a part that stands in the place of another says so."""
    for part in parts:
        if part.kind.endswith("_elsewhere"):
            yield f"*{part.heading}:*"
        yield from _blocks(part)


def _comparison(comparison: Comparison) -> str:
    table = [["", *(pattern.label for pattern in comparison.patterns)]]
    table.append(["---"] * len(table[0]))
    for row in comparison.rows:
        cells = (" ".join(sentence.text for sentence in cell) or "—" for cell in row.cells)
        table.append([row.heading, *cells])
    return "\n".join(map(_row, table))


def _blocks(part: Part) -> Iterator[str]:
    """Yield the paragraphs and list items of a part."""
    for sentences in part.blocks:
        marker = f"{sentences[0].marker} " if sentences[0].marker else ""
        yield marker + " ".join(sentence.text for sentence in sentences)


def _next(answer: Answer) -> Iterator[str]:
    """Yield a line for each kind of related pattern."""
    for heading, neighbours in answer.next:
        yield f"- {heading}: {', '.join(neighbour.label for neighbour in neighbours)}"


def _section(section: Section, context: str | None) -> Iterator[str]:
    told = [text for block in section.blocks if (text := _heard(block, context))]
    if told:
        yield f"## {section.name}"
        yield from told


def _heard(block: Block, context: str | None) -> str:
    """Return the text of a block without the sentences that were written for other contexts."""
    sentences = block.sentences
    heard = [block.text[each.start : each.end] for each in sentences if each.speaks_to(context)]
    return block.text if len(heard) == len(sentences) else " ".join(heard)


def _credits(provenance: Provenance, *, sources: bool = True) -> Iterator[str]:
    yield "---"
    if provenance.confidence is not None:
        yield f"Confidence: {provenance.stars}"
    if sources and provenance.sources:
        yield "Sources: " + "; ".join(provenance.sources)
    rights = ". ".join(filter(None, [provenance.attribution, provenance.license]))
    if rights:
        yield rights
