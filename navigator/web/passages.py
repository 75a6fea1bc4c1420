"""The sections of a document, cut where they begin to speak to somebody else. Knows nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from navigator.pattern import Block, Section

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
