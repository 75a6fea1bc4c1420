from __future__ import annotations

import pytest

from navigator.pattern import Block, Pattern, Section
from navigator.web.passages import in_place, passages


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


def test_what_is_quoted_is_marked_with_a_block_on_either_side() -> None:
    text = "One is said. Two is quoted. Three is not."
    start = text.index("Two")
    blocks = (
        Block(kind="paragraph", text="Far before.", start=0, end=11),
        Block(kind="item", text="- Before it.", start=20, end=32),
        Block(kind="paragraph", text=text, start=100, end=100 + len(text)),
        Block(kind="paragraph", text="After it.", start=200, end=209),
        Block(kind="paragraph", text="Far after.", start=300, end=310),
    )
    other = Section(name="Other", role=None, line=1, blocks=(blocks[4],))
    document = Pattern(
        slug="one",
        title="One",
        path="one.md",
        form="v8.2",
        sections=(other, Section(name="Its", role=None, line=9, blocks=blocks)),
    )
    shown = in_place(document, [(100 + start, 100 + start + len("Two is quoted."))])
    assert [block.marker for block in shown] == ["-", "", ""]
    assert [block.sentences for block in shown] == [
        (("Before it.", False),),
        (("One is said.", False), ("Two is quoted.", True), ("Three is not.", False)),
        (("After it.", False),),
    ]
    assert in_place(document, [(5_000, 5_001)]) == []
