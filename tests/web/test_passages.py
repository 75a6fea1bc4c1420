from __future__ import annotations

import pytest

from navigator.pattern import Block, Section
from navigator.web.passages import passages


def section(*contexts: tuple[str, ...]) -> Section:
    blocks = tuple(
        Block(kind="paragraph", text=f"Text {n}", start=n * 10, end=n * 10 + 6, contexts=spoken)
        for n, spoken in enumerate(contexts)
    )
    return Section(name="Implementation", role="Implementation", line=1, blocks=blocks)


WRITTEN = section((), (), ("tech",), ("tech", "government"), (), ("activist",))


@pytest.mark.parametrize(
    ("context", "voices"),
    [
        (None, ["everyone", "chosen", "chosen", "everyone", "chosen"]),
        ("tech", ["everyone", "chosen", "chosen", "everyone", "other"]),
        ("government", ["everyone", "other", "chosen", "everyone", "other"]),
        ("corporate", ["everyone", "other", "other", "everyone", "other"]),
    ],
)
def test_passages_sound_as_they_concern_the_reader(context: str | None, voices: list[str]) -> None:
    assert [passage.voice for passage in passages(WRITTEN, context)] == voices


def test_no_block_is_lost_and_the_order_stays() -> None:
    assert tuple(block for passage in passages(WRITTEN, "tech") for block in passage.blocks) == WRITTEN.blocks


def test_a_passage_bears_the_colour_of_the_context_chosen() -> None:
    shared = list(passages(WRITTEN, "government"))[2]
    assert shared.speaker("government") == "government"
    assert shared.speaker("activist") == "tech"
    assert next(iter(passages(WRITTEN, None))).speaker("tech") is None
