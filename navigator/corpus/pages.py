"""Pattern pages: a pattern as the text of its rendered web page, without front matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from navigator.corpus.blocks import RawBlock
from navigator.corpus.furniture import without_furniture
from navigator.corpus.headings import parse_heading

_ALIASES = re.compile(r"(?:also known as|aliases|aka)\s*:\s*(?P<aliases>.*)$", re.IGNORECASE | re.DOTALL)
_DOMAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_STARS = re.compile(r"confidence(?: rating)?[^\w★]*(?P<stars>★+)", re.IGNORECASE)
_SOURCES = re.compile(r"draws on (?P<sources>.+?)\.?$", re.IGNORECASE)
_LONGEST_HEADING = 120


@dataclass(frozen=True, slots=True)
class Page:
    """What was made out of the page of a pattern.

    Attributes
    ----------
    title
        Empty where the page gives none.
    data
        What stands above the sections, in the shape of front matter.
    blocks
        The sections, their headings marked as such.
    """

    title: str
    data: dict[str, Any] = field(default_factory=dict)
    blocks: tuple[RawBlock, ...] = ()


def is_section_line(block: RawBlock) -> bool:
    """Whether a block is a heading "Section 3: Solution", marked as one or not."""
    if block.kind not in {"paragraph", "heading"} or len(block.text) > _LONGEST_HEADING:
        return False
    return parse_heading(block.text).explicit


def make_page(blocks: Sequence[RawBlock], title: str = "") -> Page:
    """Tell what stands above the sections of a pattern page, and the sections, apart.

    Parameters
    ----------
    title
        Where it is known already.
    """
    headings = [index for index, block in enumerate(blocks) if is_section_line(block)]
    first = headings[0] if headings else len(blocks)
    head, data = without_furniture(blocks[:first]), dict[str, Any]()
    found = title
    sentences: list[str] = []
    for block in head:
        text = block.text.strip("#> ")
        aliases, stars, sources = _ALIASES.match(text), _STARS.search(text), _SOURCES.search(text)
        if aliases:
            data["aliases"] = [
                alias.strip() for alias in re.split(r"[,;\n]", aliases["aliases"]) if alias.strip()
            ]
        elif stars or text.startswith("[!"):
            data |= {"lifecycle": {"confidence": min(len(stars["stars"]), 3)}} if stars else {}
            data |= {"sources": [sources["sources"]]} if sources else {}
        elif _DOMAIN.fullmatch(text) and not found and "ontology" not in data:
            data["ontology"] = {"domain": text}
        elif not found:
            found = text
        elif text != found:
            sentences.append(text)
    data["summary"] = max(sentences, key=len, default="")
    sections: list[RawBlock] = []
    for start, stop in pairwise([*headings, len(blocks)]):
        sections.append(replace(blocks[start], kind="heading", level=blocks[start].level or 2))
        sections += without_furniture(blocks[start + 1 : stop])
    return Page(found, data, tuple(sections))
