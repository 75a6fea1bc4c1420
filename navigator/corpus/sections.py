"""Blocks into sections: which headings open one, and which only divide the text inside of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from navigator.corpus.audiences import AUDIENCES, Audience
from navigator.corpus.blocks import RawBlock
from navigator.corpus.contexts import tag_blocks
from navigator.corpus.findings import Report
from navigator.corpus.headings import Heading, parse_heading
from navigator.corpus.hints import STOP_WORDS
from navigator.pattern import Block, Section
from navigator.text import words

PREAMBLE = "Summary"
"""Name of the section that holds what stands before the first heading."""

UNNAMED = "Text"
"""Name of a section whose heading does not tell what it holds."""

OUTLINE = 4
"""After so many empty headings in a row, the text under the next one is the text of them all."""

_STEM = 4
"""Words that begin with the same letters, so many of them, are taken for one."""

_RESTATED = 0.7
"""A text that has this share of its words in common with the summary is the summary again."""

_LONGEST_RESTATED = 60
"""A text of more words than this says more than a summary."""


def sections_of(
    blocks: Sequence[RawBlock],
    *,
    text: str,
    title: str,
    summary: str,
    report: Report,
    preamble: str = PREAMBLE,
    audiences: tuple[Audience, ...] = AUDIENCES,
) -> tuple[Section, ...]:
    """Group the blocks of a body into its sections; empty and repeated ones are reported and left out.

    Parameters
    ----------
    text
        The whole file, for line numbers.
    title, summary
        Of the document; a heading or a preamble that only repeats them is left out.
    preamble
        Name of the section for what stands before the first heading.
    audiences
        The contexts that its passages may be for.
    """
    sections: list[Section] = []
    empty: dict[str, int] = {}
    said: dict[str, str] = {}
    for heading, line, body in _grouped(blocks, text, title, summary, preamble):
        if not body:
            empty[heading.name] = line
            report.add("empty-section", f"The heading {heading.name!r} has no text under it.", line=line)
            continue
        outlined = len(empty) >= OUTLINE and heading.name not in empty
        name, role = (UNNAMED, None) if outlined else (heading.name, heading.role)
        made = [Block(kind=raw.kind, text=raw.text, start=raw.start, end=raw.end) for raw in body]
        section = Section(name=name, role=role, line=line, blocks=tag_blocks(name, made, audiences))
        empty = {}
        if section.text in said:
            message = f"{name!r} says the same as {said[section.text]!r} before; it was left out."
            report.add("repeated-section", message, line=line)
        else:
            said[section.text] = name
            sections.append(section)
    return tuple(sections)


def _grouped(
    blocks: Sequence[RawBlock], text: str, title: str, summary: str, preamble: str
) -> Iterator[tuple[Heading, int, list[RawBlock]]]:
    """Yield each section's heading, the line it stands on, and its blocks, the preamble first."""
    opening = _section_headings(blocks, title)
    starts = [*opening, len(blocks)]
    before = list(_preamble(blocks[: starts[0]], title, summary))
    if before:
        yield Heading(preamble), text.count("\n", 0, before[0].start) + 1, before
    line, position = 1, 0
    for index, stop in pairwise(starts):
        heading, block = opening[index], blocks[index]
        line += text.count("\n", position, block.start)
        position = block.start
        glued = [RawBlock("paragraph", heading.rest, block.start, block.end)] if heading.rest else []
        yield heading, line, [*glued, *blocks[index + 1 : stop]]


def _section_headings(blocks: Sequence[RawBlock], title: str) -> dict[int, Heading]:
    """Return the headings that open a section, by the index of their block.

    The level of sections is the one that most of the known names ("Context", "Overview", "Section 3:
    …") stand at; without any, the highest. Known names open a section there, and at any level where
    they carry a number. Other headings open one above that level, and at it unless they belong to a
    list of their own: unnumbered among numbered sections, or counting from below again.
    """
    headings = {index: parse_heading(block.text) for index, block in enumerate(blocks) if block.level}
    levels = {index: blocks[index].level for index in headings}
    first = next(iter(headings), None)
    if first is not None and _is_title(headings[first], title, levels):
        del headings[first]
    known = [index for index, heading in headings.items() if heading.known or heading.explicit]
    common = Counter(sorted(levels[index] for index in known)).most_common(1)
    base = common[0][0] if common else min((levels[index] for index in headings), default=0)
    numbered = sum(headings[index].number is not None for index in known) * 2 > len(known)
    opening: dict[int, Heading] = {}
    last = inner = 0
    for index, heading in headings.items():
        level, number = levels[index], heading.number
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


def _is_title(heading: Heading, title: str, levels: dict[int, int]) -> bool:
    """Whether the first heading is the document's title: it says so, or it stands above all others."""
    if heading.known or heading.explicit:
        return False
    level, *others = levels.values()
    above = all(other > level for other in others) if others else level == 1
    return above or words(title) == words(heading.name)


def _preamble(blocks: Iterable[RawBlock], title: str, summary: str) -> Iterator[RawBlock]:
    """Yield what is left of the text before the first section: no title, no callout, no summary again."""
    told = f"{title} {summary}"
    in_callout = False
    for block in blocks:
        in_callout = "[!" in block.text[:6] or (in_callout and block.kind == "quote")
        if not in_callout and not block.level and not _restates(block.text, told):
            yield block


def _restates(text: str, told: str) -> bool:
    """Whether a short text has no words, or most of them were told before, whatever their endings."""
    every = words(text)
    spoken = [word[:_STEM] for word in every if word not in STOP_WORDS]
    if len(spoken) > _LONGEST_RESTATED or (every and not spoken):
        return False
    known = {word[:_STEM] for word in words(told)}
    return sum(word in known for word in spoken) >= _RESTATED * len(spoken)
