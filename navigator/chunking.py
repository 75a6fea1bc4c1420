"""Cutting documents into chunks that an embedding model can take in whole.

A section becomes as many parts as its length asks for, cut between paragraphs where possible,
between sentences where a paragraph is too long, between words where a sentence is. The parts of a
section, one after the other, are the section: nothing is lost and nothing repeated (overlap: none).

What is embedded is a part with a short heading in front (title, section, tension, keywords); what
is stored and shown is the author's text alone. Each pattern also has one *card*, its names, summary,
tension and keywords in one short text, and one chunk for each situation its author wrote down.

Of a pattern's section only the opening part is embedded. What comes later is found by its words, and
quoted; embedded it would give a long pattern more chances to lie near a question by accident
(``docs/decisions/0005-ranking.md``). An article has no card to be found by: all of it is embedded.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from navigator.pattern import Block, Document, Pattern, Section
from navigator.text import plain, sentence_spans, slugify

CHUNKER_VERSION = 2
"""Raise it when the same documents would give other chunks; an index of another version is rebuilt."""

HEADING_SHARE = 3
"""The heading of a chunk takes at most one part in this many of the model's window."""

CountTokens = Callable[[Sequence[str]], list[int]]
ChunkKind = Literal["card", "situation", "section"]

_GAP = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document: what is found, and what is quoted.

    Attributes
    ----------
    slug
        Slug of the document.
    kind
        What it is a piece of.
    section
        Name of the section; "Card" and "Situation" for the other two kinds.
    part
        0-based number of the part among the document's chunks of that section name.
    text
        The author's text, Markdown marks kept; for a card its lines.
    embedded_text
        What the embedding model is given: the heading, then the text without marks. Empty for a chunk
        that has no vector.
    contexts
        Whom the text speaks to, the union over its blocks; empty where any of them speaks to everyone.
    start, end
        Character span in the file; 0 and 0 for a card or a situation, which come from the front matter.
    """

    slug: str
    kind: ChunkKind
    section: str
    part: int
    text: str
    embedded_text: str
    contexts: tuple[str, ...] = ()
    start: int = 0
    end: int = 0

    @property
    def id(self) -> str:
        """``slug#section.part@hash``: readable, and a new one whenever the text is new."""
        digest = hashlib.sha256(f"{self.text}\0{self.embedded_text}".encode()).hexdigest()[:12]
        name = slugify(self.section)
        if self.kind == "section" and name in {"card", "situation"}:
            name += "-section"  # the bare names are those of the other two kinds
        return f"{self.slug}#{name}.{self.part}@{digest}"


def chunk_document(document: Document, *, max_tokens: int, count_tokens: CountTokens) -> list[Chunk]:
    """Cut one document into chunks: a pattern's card and situations, then the sections in order.

    Parameters
    ----------
    max_tokens
        Longest embedded text in tokens, the model's special tokens not counted.
    count_tokens
        Maps texts to their numbers of tokens; additive over words.
    """
    chunks: list[Chunk] = []
    if isinstance(document, Pattern):
        chunks.append(_card(document, max_tokens, count_tokens))
        chunks += _situations(document, max_tokens, count_tokens)
    parts_so_far: Counter[str] = Counter()
    for section in document.sections:
        key = slugify(section.name)
        for chunk in _section_chunks(document, section, parts_so_far[key], max_tokens, count_tokens):
            chunks.append(chunk)
            parts_so_far[key] += 1
    return chunks


def _card(pattern: Pattern, max_tokens: int, count_tokens: CountTokens) -> Chunk:
    names = dict.fromkeys([pattern.title, *pattern.aliases, *pattern.usable_labels.values()])
    summary = pattern.summary or _opening(pattern)
    hints = [summary, pattern.usable_tension, ", ".join(pattern.usable_keywords)]
    text = "\n".join(line for line in [*names, *hints] if line)
    return Chunk(
        pattern.slug,
        "card",
        "Card",
        0,
        text,
        fit("\n".join(map(plain, text.splitlines())), max_tokens, count_tokens),
    )


def _opening(pattern: Pattern) -> str:
    """Return the first paragraph, which says what a pattern without a summary is about."""
    paragraphs = (b.text for section in pattern.sections for b in section.blocks if b.kind == "paragraph")
    return " ".join(next(paragraphs, "").split())


def _situations(pattern: Pattern, max_tokens: int, count_tokens: CountTokens) -> Iterator[Chunk]:
    for part, situation in enumerate(pattern.ontology.search_hints.situations):
        contexts = (situation.context,) if situation.context else ()
        embedded = fit(plain(situation.text), max_tokens, count_tokens)
        yield Chunk(pattern.slug, "situation", "Situation", part, situation.text, embedded, contexts)


def _section_chunks(
    document: Document, section: Section, first_part: int, max_tokens: int, count_tokens: CountTokens
) -> Iterator[Chunk]:
    heading = _heading(document, section, max_tokens // HEADING_SHARE, count_tokens)
    budget = max_tokens - count_tokens([heading])[0]
    groups = _groups(_pieces(section.blocks, budget, count_tokens), budget)
    everything = not isinstance(document, Pattern)
    for number, group in enumerate(groups):
        text = "\n".join([heading, *(plain(block.text) for block in group)])
        yield Chunk(
            slug=document.slug,
            kind="section",
            section=section.name,
            part=first_part + number,
            text="\n\n".join(block.text for block in group),
            embedded_text=text if everything or number == 0 else "",
            contexts=_union(group),
            start=group[0].start,
            end=group[-1].end,
        )


def _heading(document: Document, section: Section, max_tokens: int, count_tokens: CountTokens) -> str:
    hints: list[str] = []
    if isinstance(document, Pattern):
        hints = [document.usable_tension, ", ".join(document.usable_keywords)]
    text = ". ".join(filter(None, [f"{document.title}: {section.name}", *hints]))
    return fit(plain(text), max_tokens, count_tokens)


def _union(blocks: Sequence[Block]) -> tuple[str, ...]:
    if not all(block.contexts for block in blocks):
        return ()
    return tuple(sorted({context for block in blocks for context in block.contexts}))


def _pieces(blocks: Sequence[Block], budget: int, count_tokens: CountTokens) -> list[tuple[Block, int]]:
    """Pair each block with its number of tokens, those longer than ``budget`` cut into slices."""
    pieces: list[tuple[Block, int]] = []
    for block, tokens in zip(blocks, count_tokens([plain(b.text) for b in blocks]), strict=True):
        if tokens <= budget:
            pieces.append((block, tokens))
        else:
            pieces += _cut(block, budget, count_tokens)
    return pieces


def _groups(pieces: Sequence[tuple[Block, int]], budget: int) -> Iterator[list[Block]]:
    """Fill parts with whole pieces; a heading moves on with what it heads."""
    group: list[tuple[Block, int]] = []
    for piece in pieces:
        if group and sum(tokens for _, tokens in group) + piece[1] > budget:
            carried = [group.pop()] if len(group) > 1 and group[-1][0].kind == "heading" else []
            if sum(tokens for _, tokens in carried) + piece[1] > budget:
                group, carried = [*group, *carried], []
            yield [block for block, _ in group]
            group = carried
        group.append(piece)
    if group:
        yield [block for block, _ in group]


def _cut(block: Block, budget: int, count_tokens: CountTokens) -> list[tuple[Block, int]]:
    """Cut a block into slices of at most ``budget`` tokens, between sentences where that can be done."""
    atoms = [
        atom
        for start, end in sentence_spans(block.text)
        for atom in _word_spans(block.text, start, end, budget, count_tokens)
    ]
    slices: list[tuple[int, int]] = []
    for start, end in atoms:
        if slices and count_tokens([plain(block.text[slices[-1][0] : end])])[0] <= budget:
            slices[-1] = (slices[-1][0], end)
        else:
            slices.append((start, end))
    tokens = count_tokens([plain(block.text[start:end]) for start, end in slices])
    return [(_slice(block, *span), n) for span, n in zip(slices, tokens, strict=True)]


def _word_spans(
    text: str, start: int, end: int, budget: int, count_tokens: CountTokens
) -> Iterator[tuple[int, int]]:
    """Halve a span at white space (or anywhere, in a word without end) until each half fits."""
    if count_tokens([plain(text[start:end])])[0] <= budget or end - start < 2:
        yield start, end
        return
    middle = (start + end) // 2
    gaps = (gap.span() for gap in _GAP.finditer(text, start, end))
    left, right = min(gaps, key=lambda gap: abs(gap[0] - middle), default=(middle, middle))
    yield from _word_spans(text, start, left, budget, count_tokens)
    yield from _word_spans(text, right, end, budget, count_tokens)


def _slice(block: Block, start: int, end: int) -> Block:
    """Return part of a block; one that is not verbatim keeps the span of the whole block."""
    update: dict[str, object] = {"text": block.text[start:end]}
    if block.verbatim:
        update |= {"start": block.start + start, "end": block.start + end}
    return block.model_copy(update=update)


def fit(text: str, max_tokens: int, count_tokens: CountTokens) -> str:
    """Return as many leading words of ``text`` as fit into ``max_tokens``."""
    if count_tokens([text])[0] <= max_tokens:
        return text
    kept, room = [], max_tokens
    pieces = text.split()
    for piece, tokens in zip(pieces, count_tokens(pieces), strict=True):
        room -= tokens
        if room < 0:
            break
        kept.append(piece)
    return " ".join(kept)
