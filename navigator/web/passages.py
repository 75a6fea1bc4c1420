"""Passages: whom they speak to, and which of them an answer quotes. Knows nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from navigator.answer import Answer
from navigator.excerpts import marker
from navigator.pattern import Block, Document, Section
from navigator.text import plain

Voice = Literal["everyone", "chosen", "other"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring blocks of a section that speak to the same people.

    Attributes
    ----------
    contexts
        Whom they speak to; empty is everyone.
    voice
        How that sounds to whoever chose a context: to everyone, to them, or to others. Without a
        context nobody is another.
    """

    blocks: tuple[Block, ...]
    contexts: tuple[str, ...]
    voice: Voice

    def speaker(self, context: str | None) -> str | None:
        """Return the context whose colour the passage bears."""
        return context if context in self.contexts else next(iter(self.contexts), None)


def passages(section: Section, context: str | None) -> Iterator[Passage]:
    """Yield the passages of a section in order."""
    for contexts, blocks in groupby(section.blocks, key=lambda block: block.contexts):
        voice: Voice = "everyone"
        if contexts:
            voice = "chosen" if context is None or context in contexts else "other"
        yield Passage(tuple(blocks), contexts, voice)


Span = tuple[int, int]
"""Characters of a file, from the first up to the one after the last."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """What an answer takes from one section.

    Attributes
    ----------
    headings
        What the answer calls what it takes from there.
    spans
        Where it stands, in order; at least one.
    matched
        Whether it is the passage that the pattern was found by.
    matched_words
        The words of the question in that.
    """

    headings: str
    slug: str
    section: str
    path: str
    spans: tuple[Span, ...]
    matched: bool = False
    matched_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuotedBlock:
    """A block around a quotation: its list marker, and its sentences with whether they are quoted."""

    marker: str
    sentences: tuple[tuple[str, bool], ...]


def quotations(answer: Answer) -> list[Quotation]:
    """Return what an answer rests on: the passage that was matched, then section by section."""
    found = []
    for hit in answer.patterns[:1]:
        passage = hit.passage
        if hit.evidence and passage.end > passage.start:
            span = (passage.start, passage.end)
            headings = f"The passage that matched, in “{passage.section}”"
            found.append(
                Quotation(
                    headings,
                    hit.slug,
                    passage.section,
                    passage.path,
                    (span,),
                    matched=True,
                    matched_words=hit.matched_words,
                )
            )
    told = [(part.heading, sentence.source) for part in answer.parts for sentence in part.sentences]
    for place in dict.fromkeys((source.slug, source.section, source.path) for _, source in told):
        here = [(heading, s) for heading, s in told if (s.slug, s.section, s.path) == place]
        headings = ", ".join(dict.fromkeys(heading for heading, _ in here))
        found.append(Quotation(headings, *place, tuple(sorted({(s.start, s.end) for _, s in here}))))
    return found


def in_place(document: Document, spans: Sequence[Span]) -> list[QuotedBlock]:
    """Return the blocks that are quoted, with those between them and one on either side in the section."""
    for section in document.sections:
        blocks = [_quoted(block, spans) for block in section.blocks]
        places = [n for n, block in enumerate(blocks) if any(quoted for _, quoted in block.sentences)]
        if places:
            return blocks[max(0, places[0] - 1) : places[-1] + 2]
    return []


def _quoted(block: Block, spans: Sequence[Span]) -> QuotedBlock:
    sentences = []
    for start, end, _ in block.sentences:
        # Of a block that had to be cleaned, only the whole can be named.
        begin, stop = (block.start + start, block.start + end) if block.verbatim else (block.start, block.end)
        quoted = any(begin < last and first < stop for first, last in spans)
        if text := plain(block.text[start:end]):
            sentences.append((text, quoted))
    return QuotedBlock(marker(block), tuple(sentences))
