"""Whom a passage speaks to."""

from __future__ import annotations

from collections.abc import Sequence

from navigator.pattern import Block


def tag_blocks(section_name: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with the contexts they speak to."""
    return tuple(blocks)
