"""Saying a pattern in a context's words, with the author's own sentences.

The extractive writer: from one pattern, one context and the passage that matched it composes the parts
of an answer. It takes the passages written for that context before the general ones, and none that were
written for another. Every sentence is the author's, with the place where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from navigator.answer import Part, PartKind, Sentence, Source
from navigator.chunking import Chunk
from navigator.corpus.contexts import sentence_contexts
from navigator.pattern import Block, Pattern, Section
from navigator.text import content_words, plain, sentence_spans

HEADINGS: dict[PartKind, str] = {
    "tension": "What pulls apart",
    "why": "Why this one",
    "therefore": "Therefore",
    "actions": "What to do",
    "risks": "What can go wrong",
    "known_uses": "Who has done it",
    "signs_of_life": "Signs of life",
    "signs_of_decay": "Signs of decay",
    "replant": "When to replant",
}

_CORE_CONFLICT = re.compile(r"core conflict is", re.IGNORECASE)
_THEREFORE = re.compile(r"therefore\b", re.IGNORECASE)
_MARKER = re.compile(r"\s*(?:(\d{1,3})[.)]|[-*+•])\s")
_LEADS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"[\s>*_#-]*(?:{lead})[\s*_]*(?::[\s*_]*|$)", re.IGNORECASE)
    for name, lead in {
        "flourishes": r"what flourishes",
        "risks": r"what risks emerge|risks",
        "signs_of_life": r"signs of (?:life|vitality)",
        "signs_of_decay": r"signs of decay",
        "replant": r"when to replant",
    }.items()
}
"""The lead-ins that divide Consequences and Vitality, alone in a block or opening one."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One sentence: the characters ``start`` to ``end`` of a block's text."""

    section: Section
    block: Block
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence without Markdown marks."""
        return plain(self.block.text[self.start : self.end])


def compose(
    pattern: Pattern, chunks: Sequence[Chunk], *, context: str | None, question: str, matched: Chunk | None
) -> tuple[Part, ...]:
    """Return the parts of an answer; a part with nothing to say is left out.

    Parameters
    ----------
    chunks
        All chunks of the pattern, to name the one that each sentence stands in.
    context
        The context to write for; with ``None`` the passages for every context are taken.
    matched
        The chunk that matched the question, as the reason why this pattern is offered.
    """
    chosen: list[tuple[PartKind, Iterable[Excerpt]]] = [
        ("tension", _tension(pattern)),
        ("why", _why(pattern, matched, question, context)),
        ("therefore", _therefore(pattern)),
        ("actions", _actions(pattern, context)),
        ("risks", _under(pattern, "Consequences", "risks", context, limit=6)),
        ("known_uses", _known_uses(pattern, context)),
        ("signs_of_life", _under(pattern, "Vitality", "signs_of_life", context, limit=6)),
        ("signs_of_decay", _under(pattern, "Vitality", "signs_of_decay", context, limit=6)),
        ("replant", _under(pattern, "Vitality", "replant", context, limit=3)),
    ]
    parts = [_part(pattern, chunks, kind, HEADINGS[kind], excerpts) for kind, excerpts in chosen]
    return tuple(part for part in parts if part.sentences)


def compose_section(
    pattern: Pattern, chunks: Sequence[Chunk], *, context: str | None, role: str
) -> tuple[Part, ...]:
    """Return one section whole, less the passages written for other contexts."""
    section = pattern.section(role)
    if section is None:
        return ()
    excerpts = [excerpt for block in section.blocks for excerpt in _spoken_to(section, block, context)]
    part = _part(pattern, chunks, "section", role, excerpts)
    return (part,) if part.sentences else ()


def speaks_to(pattern: Pattern, context: str) -> bool:
    """Return whether any passage of the pattern was written for ``context``."""
    return any(context in block.contexts for section in pattern.sections for block in section.blocks)


def _part(
    pattern: Pattern, chunks: Sequence[Chunk], kind: PartKind, heading: str, excerpts: Iterable[Excerpt]
) -> Part:
    sentences: list[Sentence] = []
    previous: Block | None = None
    number = -1
    for excerpt in excerpts:
        text = excerpt.text
        if not text:
            continue
        opens_block = excerpt.block is not previous
        number += opens_block
        previous = excerpt.block
        sentences.append(
            Sentence(
                text=text,
                source=_source(pattern, chunks, excerpt),
                contexts=excerpt.block.contexts,
                block=number,
                marker=_marker(excerpt.block) if opens_block else "",
            )
        )
    return Part(kind=kind, heading=heading, sentences=tuple(sentences))


def _source(pattern: Pattern, chunks: Sequence[Chunk], excerpt: Excerpt) -> Source:
    block = excerpt.block
    start, end = block.start, block.end
    if block.verbatim:
        start, end = block.start + excerpt.start, block.start + excerpt.end
    holder = next((c.id for c in chunks if c.kind == "section" and c.start <= start < c.end), "")
    return Source(
        slug=pattern.slug, section=excerpt.section.name, path=pattern.path, start=start, end=end, chunk=holder
    )


def _marker(block: Block) -> str:
    match = _MARKER.match(block.text) if block.kind == "item" else None
    if match is None:
        return ""
    return f"{match[1]}." if match[1] else "-"


def _tension(pattern: Pattern) -> Iterator[Excerpt]:
    section = pattern.section("Problem")
    if section is not None and "primary_tension" not in pattern.junk:
        conflicts = (
            e for b in section.blocks for e in _sentences(section, b) if _CORE_CONFLICT.search(e.text)
        )
        yield from islice(conflicts, 1)


def _therefore(pattern: Pattern) -> Iterator[Excerpt]:
    section = pattern.section("Solution")
    if section is None:
        return
    sentences = [e for block in section.blocks if block.kind != "heading" for e in _sentences(section, block)]
    yield from [e for e in sentences if _THEREFORE.match(e.text)][:1] or sentences[:1]


def _why(pattern: Pattern, matched: Chunk | None, question: str, context: str | None) -> list[Excerpt]:
    """Pick the two sentences of the matched chunk that share most words with the question, in order."""
    if matched is None or matched.kind != "section":
        section = pattern.section("Context")
        blocks = section.blocks[:1] if section else ()
    else:
        section = next((s for s in pattern.sections if s.name == matched.section), None)
        inside = section.blocks if section else ()
        blocks = tuple(b for b in inside if b.start < matched.end and b.end > matched.start)
    if section is None:
        return []
    asked = content_words(question)
    prose = [block for block in blocks if block.kind in {"paragraph", "item", "quote"}]
    sentences = [e for block in prose for e in _spoken_to(section, block, context)]
    best = sorted(sentences, key=lambda excerpt: -len(asked & content_words(excerpt.text)))[:2]
    return [excerpt for excerpt in sentences if excerpt in best]


def _actions(pattern: Pattern, context: str | None, *, own: int = 14, general: int = 8) -> Iterator[Excerpt]:
    """Yield what was written for the context, then the openings of what speaks to everyone."""
    section = pattern.section("Implementation")
    if section is None:
        return
    if context is None:
        yield from islice(_openings(section, section.blocks, context), own)
        return
    for_context = [block for block in section.blocks if context in block.contexts]
    yield from islice((e for block in for_context for e in _spoken_to(section, block, context)), own)
    yield from islice(_openings(section, [b for b in section.blocks if not b.contexts], context), general)


def _openings(section: Section, blocks: Iterable[Block], context: str | None) -> Iterator[Excerpt]:
    """Yield the first two sentences of each block."""
    for block in blocks:
        if block.kind in {"paragraph", "item", "quote"}:
            yield from islice(_spoken_to(section, block, context), 2)


def _known_uses(
    pattern: Pattern, context: str | None, *, cases: int = 3, sentences: int = 4
) -> list[Excerpt]:
    """Return the openings of the cases, those of the context's own world first."""
    section = pattern.section("Known Uses")
    if section is None:
        return []
    found = [[e for block in case for e in _spoken_to(section, block, context)] for case in _cases(section)]
    found = [case for case in found if any(not _is_title(excerpt.block) for excerpt in case)]
    found.sort(key=lambda case: context not in case[-1].block.contexts)
    return [excerpt for case in found[:cases] for excerpt in case[: sentences + _is_title(case[0].block)]]


def _cases(section: Section) -> list[list[Block]]:
    """Group blocks into cases: a title opens one; without titles every block is one."""
    titled = any(_is_title(block) for block in section.blocks)
    cases: list[list[Block]] = []
    for block in section.blocks:
        if not titled or _is_title(block) or not cases:
            cases.append([])
        cases[-1].append(block)
    return cases


def _is_title(block: Block) -> bool:
    text = block.text.strip()
    return block.kind == "heading" or (text.startswith("**") and text.endswith("**") and len(text) < 160)


def _under(pattern: Pattern, role: str, lead: str, context: str | None, *, limit: int) -> Iterator[Excerpt]:
    """Yield what stands under one lead-in of a section, at most two sentences of each list item."""
    section = pattern.section(role)
    return iter(()) if section is None else islice(_led(section, lead, context), limit)


def _led(section: Section, lead: str, context: str | None) -> Iterator[Excerpt]:
    under = False
    for block in section.blocks:
        opened = next(((name, m) for name, p in _LEADS.items() if (m := p.match(block.text))), None)
        if opened is not None:
            under = opened[0] == lead
        if under and block.kind != "table":
            after = opened[1].end() if opened else 0
            alone = opened is None or len(block.text) - after > 0
            spoken = (e for e in _spoken_to(section, block, context, after=after) if alone)
            yield from islice(spoken, 2) if block.kind == "item" else spoken


def _spoken_to(section: Section, block: Block, context: str | None, *, after: int = 0) -> Iterator[Excerpt]:
    """Yield the sentences of a block that speak to the context or to everyone."""
    if context is None or not block.contexts:
        yield from _sentences(section, block, after)
    elif context in block.contexts:
        for excerpt in _sentences(section, block, after):
            contexts = sentence_contexts(excerpt.text) if len(block.contexts) > 1 else ()
            if not contexts or context in contexts:
                yield excerpt


def _sentences(section: Section, block: Block, after: int = 0) -> Iterator[Excerpt]:
    for start, end in sentence_spans(block.text[after:]):
        yield Excerpt(section, block, after + start, after + end)
