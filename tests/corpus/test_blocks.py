from __future__ import annotations

import pytest
from corpus_cases import cases, shown_block
from hypothesis import given
from hypothesis import strategies as st

from navigator.corpus.blocks import scan, scan_lines

MARKS = [
    "#",
    "##",
    "-",
    "*",
    "1.",
    "12)",
    ">",
    "|",
    "```",
    "~~~",
    "---",
    "***",
    "<!--",
    "-->",
    "<table>",
    "</table>",
]
LINES = st.lists(
    st.builds(
        lambda indent, mark, words: " " * indent + " ".join([mark, *words]),
        st.integers(0, 5),
        st.sampled_from(["", *MARKS]),
        st.lists(
            st.sampled_from(["alpha", "beta", "**gamma**", "delta.", "&amp;", "<b>", "\\n", "\x00", " " * 9])
        ),
    )
)
MARKDOWN = st.one_of(st.text(), LINES.map("\n".join))


@pytest.mark.parametrize(("text", "expected"), cases("blocks.md"))
def test_blocks(text: str, expected: str):
    assert "\n".join(map(shown_block, scan(text))) == expected


@pytest.mark.parametrize("scanner", [scan, scan_lines])
@given(text=MARKDOWN)
def test_spans_are_in_order_and_inside_and_hold_what_is_verbatim(scanner, text: str):
    last = 0
    for block in scanner(text):
        assert last <= block.start < block.end <= len(text)
        last = block.end
        assert block.text == block.text.strip() != ""
        assert len(block.text) <= block.end - block.start
        if len(block.text) == block.end - block.start:
            assert block.text == text[block.start : block.end]


@given(
    lines=st.lists(
        st.builds(
            lambda mark, words: mark + " ".join(words),
            st.sampled_from(["", "# ", "- ", "  - ", "1. ", "> ", "| ", "```", "  "]),
            st.lists(st.sampled_from(["one", "two", "three,", "four.", "**five**"]), min_size=1),
        )
    )
)
def test_no_word_is_lost_or_told_twice(lines: list[str]):
    text = "\n".join(lines)
    kept = " ".join(block.text for block in scan(text))
    assert [word for word in kept.split() if word.isalpha()] == [
        word for word in text.split() if word.isalpha()
    ]


def test_a_part_of_a_text_keeps_the_offsets_of_the_whole():
    text = "Before.\n\nInside.\n\nAfter."
    (block,) = scan(text, 9, 17)
    assert (block.text, text[block.start : block.end]) == ("Inside.", "Inside.")


def test_a_hundred_thousand_blanks_of_padding_are_one():
    (block,) = scan("| Trust" + " " * 100_000 + "| 3 |")
    assert block.text == "| Trust | 3 |"


@pytest.mark.parametrize(
    "text",
    [
        "```x\n",
        "<!--\n",
        "<table\n",
        "# (1",
        "- ",
        "|\n",
        "<a ",
        "&",
        "\\n",
        "> a\n",
        "* ",
        "1.",
        "(",
        "\t",
        "\x0c",
    ],
)
def test_no_repeated_mark_takes_more_than_linear_time(text: str):
    # Half a million characters take a tenth of a second; a quadratic scanner takes many minutes.
    for scanner in (scan, scan_lines):
        for _ in scanner(text * (500_000 // len(text))):
            pass
