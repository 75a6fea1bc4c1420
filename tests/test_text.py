"""Markdown to plain text, and text to sentences: nothing lost, and every offset true."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.text import content_words, plain, refers_back, sentence_spans, slugify, stems, words

PROSE = st.text(alphabet="abcDEF .,!?…'’\"()[]*_`>#|-0123456789\n\tÄé€—", max_size=200)
WORDS = st.lists(st.from_regex(r"[A-Za-zäé][a-zäé]{0,8}", fullmatch=True), min_size=1, max_size=30)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Therefore, begin.** And *then* stop.", "Therefore, begin. And then stop."),
        ("__Bold__ and _slanted_ and `code`", "Bold and slanted and code"),
        ("A [handover note](https://example.org/a_b) helps.", "A handover note helps."),
        ("![a slate](slate.png) hangs there", "a slate hangs there"),
        ("see [the list](https://example.org/list_(old)), or not", "see the list, or not"),
        ("a [bracket] and [[a note](x)] stay", "a [bracket] and [a note] stay"),
        ("> **The core conflict is A vs. B.**\n> It lasts.", "The core conflict is A vs. B. It lasts."),
        ("> [!NOTE]\n> Confidence ★★", "Confidence ★★"),
        ("### Section 1: Context", "Section 1: Context"),
        ("- one\n* two\n+ three\n• four", "one two three four"),
        ("1. Mark it.\n\n2) Swap it.", "Mark it. Swap it."),
        ("| who | until |\n|-----|:-----:|\n| Ann | May |", "who until Ann May"),
        ("spread   over\n\n\nlines\t", "spread over lines"),
        ("snake_case, 2 * 3 * 4 and 5*6", "snake_case, 2 * 3 * 4 and 5*6"),
        ("call __init__ or my__name, and 2**10", "call init or my__name, and 2**10"),
        ("fast**er** than be**fore**", "faster than before"),
        ("The list grew to\n12. Then it shrank.", "The list grew to 12. Then it shrank."),
        ("", ""),
    ],
)
def test_plain_drops_marks_and_keeps_words(markdown: str, text: str):
    assert plain(markdown) == text


@given(
    WORDS, st.sampled_from(["**{}**", "*{}*", "__{}__", "_{}_", "`{}`", "[{}](a/b)", "> {}", "- {}", "## {}"])
)
def test_plain_keeps_every_word_inside_marks(spoken: list[str], marks: str):
    text = " ".join(spoken)
    assert plain(marks.format(text)) == text


@given(PROSE)
def test_plain_text_is_plain(text: str):
    once = plain(text)
    assert once == " ".join(once.split())
    assert (
        [character for character in once if character.isalpha()]
        == [character for character in text if character.isalpha()]
        or "](" in text
        or "[!" in text
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. We left!", ["It rained.", "We left!"]),
        ("Is it so? Yes… No.", ["Is it so?", "Yes…", "No."]),
        ("She said “Go.” Then she went.", ["She said “Go.”", "Then she went."]),
        ("Ask Dr. Who, e.g. on Monday. He knows.", ["Ask Dr. Who, e.g. on Monday.", "He knows."]),
        (
            "Go somewhere, e.g. Rome, i.e. Roma, cf. Paris.",
            ["Go somewhere, e.g. Rome, i.e. Roma, cf. Paris."],
        ),
        ("J. Smith et al. Agreed vs. Nobody.", ["J. Smith et al. Agreed vs. Nobody."]),
        ("U.S. firms did. In 2010. Then not.", ["U.S. firms did.", "In 2010.", "Then not."]),
        ("It cost 3.5 million. 40 left.", ["It cost 3.5 million.", "40 left."]),
        ("**Therefore, begin.** *Then* stop.", ["**Therefore, begin.**", "*Then* stop."]),
        ("> The first line.\n> The second line.", ["> The first line.", "> The second line."]),
        ("1. Mark each task. Swap it.", ["1. Mark each task.", "Swap it."]),
        ("> 12) Mark each task. Swap it.", ["> 12) Mark each task.", "Swap it."]),
        ("no stop at all", ["no stop at all"]),
        ("one\n\ntwo", ["one", "two"]),
        ("see 5 p.m. sharp", ["see 5 p.m. sharp"]),
        (" \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]):
    assert sentences(text) == expected


@given(PROSE | st.text(max_size=200))
def test_sentence_spans_are_in_order_with_white_space_between(text: str):
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize(
    "piece", ["[", "![", "[a](", "*", "__a", "`", "|", "> ", "- ", "e.g. A ", "1. A ", "! >", "-"]
)
def test_hostile_text_takes_no_longer_than_other_text(piece: str):
    text = piece * 100_000 + "x"
    started = time.process_time()
    assert plain(text)
    assert list(sentence_spans(text))
    assert time.process_time() - started < 5


def test_words_and_what_they_mean():
    assert words("Don’t ask—the Chef's café, twice") == ["don’t", "ask", "the", "chef's", "café", "twice"]
    assert (
        content_words("They were deciding") == content_words("decided the decides") != content_words("away")
    )
    assert content_words("we have the") == frozenset()


@given(st.text())
def test_any_text_has_stems_without_blanks(text: str):
    assert all(stem and not stem.isspace() for stem in stems(text))


@given(st.text(max_size=80))
def test_slugs_are_safe(text: str):
    slug = slugify(text)
    assert slug == "" or all(part.isalnum() and part.isascii() for part in slug.split("-"))
    assert slugify(slug) == slug


def test_slug_of_a_title():
    assert slugify("Früher & später: “Wer's weiß”") == "fruher-spater-wer-s-wei"


@pytest.mark.parametrize(
    "sentence",
    [
        "This means waiting.",
        "In tech contexts, this is acute.",
        "They log it.",
        "However, it fails.",
        "Not a rule.",
    ],
)
def test_a_sentence_that_only_the_one_before_explains(sentence: str):
    assert refers_back(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "This pattern waits.",
        "In a large system, such as a city, everyone waits.",
        "Instead of waiting, ask.",
        "Items wait.",
        "Thistles wait.",
        "Coherence decay: This happens when nobody looks.",
        "",
    ],
)
def test_a_sentence_that_stands_on_its_own(sentence: str):
    assert not refers_back(sentence)
