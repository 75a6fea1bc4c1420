"""Blocks into sections: which headings open one, and which only divide the text inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from navigator.corpus.blocks import RawBlock
from navigator.corpus.contexts import tag_blocks
from navigator.corpus.headings import Heading, parse_heading
from navigator.pattern import Block, Section
from navigator.text import words

PREAMBLE = "Summary"
"""Name of the section that holds what stands before the first heading."""

UNNAMED = "Text"
"""Name of a section whose heading does not tell what it holds."""

OUTLINE = 4
"""After so many empty headings in a row, the text under the next one is the text of them all."""


def sections_of(blocks: Sequence[RawBlock], *, text: str, title: str, summary: str) -> tuple[Section, ...]:
    """Group the blocks of a body into its sections.

    Parameters
    ----------
    text
        The whole file, for line numbers.
    title, summary
        Of the document; a heading or a preamble that only repeats them is left out.
    """
    opening = _section_headings(blocks, title)
    sections: list[Section] = []
    first = next(iter(opening), len(blocks))
    preamble = list(_preamble(blocks[:first], title, summary))
    if preamble:
        sections.append(_section(PREAMBLE, None, _line(text, preamble[0].start), preamble))
    starts = list(opening)
    empty: list[str] = []
    for index, stop in zip(starts, [*starts[1:], len(blocks)], strict=True):
        heading, at = opening[index], blocks[index]
        body = [_rest(at, heading.rest)] if heading.rest else []
        body += blocks[index + 1 : stop]
        outlined = len(empty) >= OUTLINE and heading.name not in empty
        name, role = (UNNAMED, None) if outlined else (heading.name, heading.role)
        section = _section(name, role, _line(text, at.start), body)
        empty = [] if section.blocks else [*empty, heading.name]
        if section.blocks and not any(section.text == other.text for other in sections):
            sections.append(section)
    return tuple(sections)


def _section_headings(blocks: Sequence[RawBlock], title: str) -> dict[int, Heading]:
    """Return the headings that open a section, by the index of their block.

    The level of sections is the one most of the known names ("Context", "Overview", "Section 3: …")
    stand at; without any, the highest. Known names open a section there, and at any level where
    they carry a number. Other headings open one above that level, and at it unless they belong to
    a list of their own: unnumbered among numbered sections, or counting from below again.
    """
    headings = {index: parse_heading(block.text) for index, block in enumerate(blocks) if block.level}
    first = next(iter(headings), None)
    if first is not None and _is_title(headings[first], blocks[first], title, headings, blocks):
        del headings[first]
    known = [index for index, heading in headings.items() if heading.known or heading.explicit]
    levels = Counter(blocks[index].level for index in sorted(known, key=lambda index: blocks[index].level))
    base = levels.most_common(1)[0][0] if levels else min((blocks[i].level for i in headings), default=0)
    numbered = sum(headings[index].number is not None for index in known) * 2 > len(known)
    opening: dict[int, Heading] = {}
    last = inner = 0
    for index, heading in headings.items():
        level, number = blocks[index].level, heading.number
        if heading.known or heading.explicit:
            opens = level <= base or number is not None
        elif level != base or not numbered:
            opens = level <= base
        else:
            opens = number is not None and number > last and not (inner and number == inner + 1)
        if opens:
            opening[index] = heading
            last, inner = number or last, 0
        elif number is not None and level == base:
            inner = number
    return opening


def _is_title(
    heading: Heading, block: RawBlock, title: str, headings: dict[int, Heading], blocks: Sequence[RawBlock]
) -> bool:
    if heading.known or heading.explicit:
        return False
    alone = all(blocks[index].level > block.level for index in list(headings)[1:])
    return alone or words(title) == words(heading.name)


def _preamble(blocks: Iterable[RawBlock], title: str, summary: str) -> Iterator[RawBlock]:
    """Yield what is left of the text before the first section: no title, no callout, no summary again."""
    told = " ".join(words(f"{title} {summary}"))
    in_callout = False
    for block in blocks:
        if "[!" in block.text[:6] or (in_callout and block.kind == "quote"):
            in_callout = True
            continue
        in_callout = False
        if not block.level and " ".join(words(block.text)) not in told:
            yield block


def _rest(block: RawBlock, length: int) -> RawBlock:
    return RawBlock("paragraph", block.text[-length:].strip(" :\t"), block.start, block.end)


def _section(name: str, role: str | None, line: int, blocks: Sequence[RawBlock]) -> Section:
    made = [Block(kind=raw.kind, text=raw.text, start=raw.start, end=raw.end) for raw in blocks]
    return Section(name=name, role=role, line=line, blocks=tag_blocks(name, made))


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
