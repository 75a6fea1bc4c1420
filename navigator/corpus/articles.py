"""Articles: the text of a web page, furniture gone, as a :class:`~navigator.pattern.Reading`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from statistics import median

from navigator.corpus.blocks import RawBlock
from navigator.corpus.furniture import LONG, authors_of, date_of, is_furniture, is_wrapper, without_furniture

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*_]*$")
_NO_HEADING_END = re.compile(r"[,;:…]$")
_LONGEST_TITLE = 200
_LONGEST_HEADING = 110
_HEAD = 12
"""The title and its company stand among so many blocks at the top."""

_FORMAL = 400
"""Where paragraphs are this long by the median, a short sentence on its own line is a heading."""


@dataclass(frozen=True, slots=True)
class Article:
    """What was made out of a page.

    Attributes
    ----------
    title, summary, published, authors
        Empty where the page gives none.
    blocks
        The text, its headings marked as such.
    """

    title: str
    summary: str
    published: str
    authors: tuple[str, ...]
    blocks: tuple[RawBlock, ...]


def make_article(blocks: Sequence[RawBlock], title: str = "") -> Article:
    """Tell title, deck, date, headings and text of a page apart, and leave the rest out.

    Parameters
    ----------
    title
        Where it is known already.
    """
    head = _head(blocks)
    at = _index_of(title, blocks[:head]) if title else _title_index(blocks[:head])
    top = [block.text for block in blocks[: head + 3]]
    published = next(filter(None, map(date_of, top)), "")
    authors = next(filter(None, map(authors_of, top)), ())
    rest = list(blocks if at is None else blocks[at + 1 :])
    summary = rest.pop(0).text if at is not None and _is_deck(rest) else ""
    kept = without_furniture(rest)
    if at is not None and not kept:
        return Article(title, "", published, authors, tuple(without_furniture(blocks)))
    found = title if title or at is None else blocks[at].text.strip("# ")
    return Article(found, summary, published, authors, tuple(_with_headings(kept)))


def _head(blocks: Sequence[RawBlock]) -> int:
    """Return where the text begins: at the first sentence, list or JSON wrapper."""
    for index, block in enumerate(blocks[:_HEAD]):
        prose = len(block.text) > 60 and _SENTENCE_END.search(block.text) and not is_furniture(block.text)
        if prose or block.kind not in {"paragraph", "heading"} or is_wrapper(block.text):
            return index
    return min(len(blocks), _HEAD)


def _title_index(head: Sequence[RawBlock]) -> int | None:
    """Return which block is the title: a top heading, the first line in title case, or the first line."""
    tests: tuple[Callable[[RawBlock], bool], ...] = (
        lambda block: block.level == 1,
        lambda block: block.level > 1,
        lambda block: _is_title_case(block.text),
        lambda block: True,
    )
    lines = [index for index, block in enumerate(head) if _may_be_title(block)]
    return next((index for test in tests for index in lines if test(head[index])), None)


def _may_be_title(block: RawBlock) -> bool:
    if len(block.text) > _LONGEST_TITLE or is_furniture(block.text):
        return False
    return block.level > 0 or not block.text.endswith((".", ";", ",", ":"))


def _index_of(title: str, head: Sequence[RawBlock]) -> int | None:
    return next((index for index, block in enumerate(head) if block.text.strip("# ") == title), None)


def _is_title_case(text: str) -> bool:
    long_words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return len(long_words) > 1 and sum(word[0].isupper() for word in long_words) >= 0.7 * len(long_words)


def _is_deck(rest: Sequence[RawBlock]) -> bool:
    """Whether the first block is the summary under a title: a sentence with date or buttons below it."""
    if len(rest) < 3 or rest[0].kind != "paragraph" or is_furniture(rest[0].text):
        return False
    return len(rest[0].text) < 2 * _FORMAL and is_furniture(rest[1].text) and not is_wrapper(rest[1].text)


def _with_headings(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """Mark the lines that are headings, unless the text marks its own."""
    if any(block.level for block in blocks):
        return list(blocks)
    lengths = [
        len(block.text)
        for block in blocks
        if block.kind == "paragraph" and len(block.text) > _LONGEST_HEADING
    ]
    formal = bool(lengths) and median(lengths) >= _FORMAL
    return [
        replace(block, kind="heading", level=2) if _is_heading(block, following, formal) else block
        for block, following in zip_longest(blocks, blocks[1:])
    ]


def _is_heading(block: RawBlock, following: RawBlock | None, formal: bool) -> bool:
    """Whether a short line stands over a long one: no sentence, or one among formal paragraphs."""
    text = block.text
    if block.kind != "paragraph" or not 3 <= len(text) <= _LONGEST_HEADING or "\n" in text:
        return False
    if following is None:
        return _is_title_case(text) and not _SENTENCE_END.search(text)
    if _NO_HEADING_END.search(text) or not (text[0].isupper() or text[0].isdigit() or text[0] in "\"'“‘"):
        return False
    if _SENTENCE_END.search(text):
        one = len(re.findall(r"[.!?…](?:\s|$)", text)) == 1
        return formal and one and following.kind == "paragraph" and len(following.text) >= LONG
    return following.kind != "paragraph" or len(following.text) > len(text)
