"""Sentences out of a section: who hears them, how close they are to a question, what they stand on.

A sentence that opens with "This means …" says nothing without the one before it; `grounded` puts that
one back, or leaves both out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from navigator.pattern import Block, Pattern, Section
from navigator.text import content_words, plain, refers_back

PROSE = frozenset({"paragraph", "item", "quote"})
"""Kinds of block that sentences are quoted from."""

LONGEST_TITLE = 160
"""Characters of a block in bold that may be the title of what follows."""

LONGEST_CHAIN = 2
"""So many sentences are put before one that refers back; where they still do, it is left out."""

LONGEST_QUOTATION = 4
"""Sentences that the end of a quotation is looked for in."""

FARTHEST_TITLE = 8
"""So many blocks up, a title still says what a passage is about."""

_BOLD = re.compile(r"[\s>]*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?(?:\*\*|__)(?=\S)")
_NAME = re.compile(_BOLD.pattern + r"(?:(?!\*\*|__).)+(?:\*\*|__)")
_MARKER = re.compile(r"\s*(?:(\d{1,3})[.)]|[-*+•])\s")


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """One sentence: the characters ``start`` to ``end`` of a block's text.

    Attributes
    ----------
    contexts
        Whom it speaks to; empty is everyone.
    text
        The sentence without Markdown marks.
    """

    section: Section
    block: Block
    start: int
    end: int
    contexts: tuple[str, ...]
    text: str

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the document, for telling it from any other."""
        return self.block.start, self.end

    @property
    def quotes(self) -> bool:
        """Whether a quotation that began here, or before, goes on in the next sentence."""
        text = self.block.text[: self.end]
        return text.count("“") > text.count("”") or text.count('"') % 2 == 1

    @property
    def opens_block(self) -> bool:
        """Whether it is the first sentence of its block."""
        return not self.block.text[: self.start].strip()


def sections_of(pattern: Pattern, role: str) -> list[Section]:
    """Return all sections of a pattern that play a role, one of ``SECTION_NAMES``."""
    return [section for section in pattern.sections if section.role == role]


def heard(section: Section, block: Block, context: str | None, *, after: int = 0) -> list[Excerpt]:
    """Return the sentences of a block that speak to the context or to everyone.

    Parameters
    ----------
    context
        None hears all of them.
    after
        Characters of the block's text that are passed over: its lead-in.
    """
    excerpts = []
    for start, end, contexts in block.sentences:
        begin = max(start, after)
        text = plain(block.text[begin:end]) if end > begin else ""
        if text and (context is None or not contexts or context in contexts):
            begin += len(block.text[begin:end]) - len(block.text[begin:end].lstrip())
            excerpts.append(Excerpt(section, block, begin, end, contexts, text))
    return excerpts


def is_title(block: Block) -> bool:
    """Whether a block is nothing but the title of what follows it."""
    text = block.text.strip()
    bold = text.startswith("**") and text.rstrip(":").endswith("**") and len(text) < LONGEST_TITLE
    return block.kind == "heading" or (bold and text.count("**") == 2)


def is_name(excerpt: Excerpt) -> bool:
    """Whether a sentence is nothing but the bold name that its block opens with."""
    bold = _NAME.match(excerpt.block.text)
    return excerpt.opens_block and bold is not None and excerpt.end <= bold.end()


def marker(block: Block) -> str:
    """Return ``"-"`` or ``"1."`` for a list item, nothing for any other block."""
    match = _MARKER.match(block.text) if block.kind == "item" else None
    if match is None:
        return ""
    return f"{match[1]}." if match[1] else "-"


def closest(excerpts: Sequence[Excerpt], asked: frozenset[str], count: int) -> list[Excerpt]:
    """Return the ``count`` sentences that share most words with a question, in their own order.

    Parameters
    ----------
    asked
        The stems of the question's words; where nothing is shared, the earlier sentence counts as closer.
    """
    best = sorted(excerpts, key=lambda excerpt: -len(asked & content_words(excerpt.text)))[:count]
    places = {excerpt.place for excerpt in best}
    return [excerpt for excerpt in excerpts if excerpt.place in places]


def grounded(chosen: Iterable[Excerpt], context: str | None, *, keep: bool = False) -> list[Excerpt]:
    """Return sentences with what they refer back to in front of them, each once.

    One that refers to something that cannot be shown is left out.

    Parameters
    ----------
    keep
        Leave nothing out that was written for the context.
    """
    given: list[Excerpt] = []
    shown: set[tuple[int, int]] = set()
    for excerpt in chosen:
        if excerpt.place in shown:
            continue
        needed = _antecedents(excerpt, given, shown, context)
        if needed is None:
            if not keep or context not in excerpt.contexts:
                continue
            needed = []
        added = [*needed, excerpt, *_rest_of_quotation(excerpt)]
        given += added
        shown |= {each.place for each in added}
    return given


def _rest_of_quotation(excerpt: Excerpt) -> list[Excerpt]:
    """Return the sentences that end the quotation a sentence leaves open, none where it is never ended."""
    rest: list[Excerpt] = []
    if excerpt.quotes:
        for each in heard(excerpt.section, excerpt.block, None):
            if each.start < excerpt.end:
                continue
            if each.contexts != excerpt.contexts or len(rest) == LONGEST_QUOTATION:
                break
            rest.append(each)
            if not each.quotes:
                return rest
    return []


def _antecedents(
    excerpt: Excerpt,
    given: Sequence[Excerpt],
    shown: set[tuple[int, int]],
    context: str | None,
    depth: int = 0,
) -> list[Excerpt] | None:
    """Return what must stand before a sentence, None where there is nothing that could."""
    if not refers_back(excerpt.text):
        return []
    before = _before(excerpt, context)
    if before is None or (given and given[-1].place == before.place):
        return []
    if depth == LONGEST_CHAIN:
        return None
    needed = _antecedents(before, given, shown, context, depth + 1)
    return None if needed is None else [*needed, *([] if before.place in shown else [before])]


def _before(excerpt: Excerpt, context: str | None) -> Excerpt | None:
    """Return the sentence that one refers to; None where it opens a section, a list item or a labelled part.

    The sentence before it in the block, else what the block stands under, else how the block before it
    ends; those for other contexts don't count.
    """
    section, block = excerpt.section, excerpt.block
    earlier = [each for each in heard(section, block, context) if each.end <= excerpt.start]
    if earlier:
        return earlier[-1]
    labelled = block.text[: excerpt.start].strip() and block.sentences[0].start < excerpt.start
    if (labelled and block.sentences[0].end == excerpt.end) or block.kind == "item":
        return None
    above = list(_above(section, block, context))
    if not above or _introduces(above[0][0].block):
        return None
    title = next((each[0] for each in above[:FARTHEST_TITLE] if is_title(each[0].block)), None)
    if title is not None:
        return title
    first, last = above[0][0], above[0][-1]
    return first if _BOLD.match(first.block.text) and first.opens_block else last


def _above(section: Section, block: Block, context: str | None) -> Iterator[list[Excerpt]]:
    """Yield the sentences of each block above one, the nearest first, those for other contexts left out."""
    place = next(number for number, each in enumerate(section.blocks) if each.start == block.start)
    for each in reversed(section.blocks[:place]):
        if each.kind not in {"table", "code"} and (spoken := heard(section, each, context)):
            yield spoken


def _introduces(block: Block) -> bool:
    """Whether a block only introduces what follows: a title, or a line that ends with a colon."""
    return is_title(block) or block.text.rstrip("*_ \n").endswith(":")
