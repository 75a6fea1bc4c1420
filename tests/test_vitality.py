from __future__ import annotations

from datetime import date

import pytest
from places import DOCUMENTS

from navigator.corpus import load_corpus
from navigator.pattern import Pattern
from navigator.vitality import Reading, Signs, note_html, reading, signs_of

ON = date(2026, 11, 21)
SIGNS = Signs(
    life=("one", "two", "three", "four"), decay=("five", "six", "seven", "eight"), replant=("Now.",)
)


@pytest.fixture(scope="module")
def pattern() -> Pattern:
    patterns = load_corpus([DOCUMENTS]).patterns
    return next(pattern for pattern in patterns if pattern.slug == "rolling-handover")


@pytest.mark.parametrize(
    ("life", "decay", "expected"),
    [
        (0, 0, None),
        (2, 0, "alive"),
        (4, 1, "alive"),
        (4, 2, "watch"),
        (1, 0, "watch"),
        (1, 1, "watch"),
        (1, 2, "replant"),
        (0, 4, "replant"),
        (2, 4, "watch"),
    ],
)
def test_the_reading_weighs_what_was_seen(life: int, decay: int, expected: Reading | None) -> None:
    assert reading(SIGNS, range(life), range(decay)) == expected


def test_where_one_sort_of_signs_is_missing_the_other_speaks() -> None:
    assert reading(Signs(("one",), (), ()), [0], []) == "alive"
    assert reading(Signs((), ("one",), ()), [], [0]) == "replant"


def test_every_sign_of_the_author_is_one_to_tick(pattern: Pattern) -> None:
    section = pattern.section("Vitality")
    assert section is not None
    signs = signs_of(pattern)
    items = [block for block in section.blocks if block.kind == "item"]
    assert len(signs.life) + len(signs.decay) == len(items)
    assert signs.replant
    for sign in (*signs.life, *signs.decay):
        assert not sign.startswith(("-", "*", "**"))
        assert sign.split()[0] in section.text


def test_the_note_says_what_was_seen_and_where_it_comes_from(pattern: Pattern) -> None:
    signs = signs_of(pattern, "tech")
    note = note_html(pattern, signs, [0], [], context="tech", on=ON)
    assert "<h1>Bus Factor Pairing</h1>" in note
    assert "21 November 2026, Rolling Handover" in note
    assert note.count("☑") == 1
    assert note.count("☐") == len(signs.life) + len(signs.decay) - 1
    assert pattern.license in note
    assert pattern.attribution in note


def test_nothing_of_a_document_runs_in_the_note(pattern: Pattern) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    hostile = pattern.model_copy(update={"title": attack, "license": attack, "sources": (attack,)})
    note = note_html(hostile, Signs((attack,), (attack,), (attack,)), [0], [0], context=None, on=ON)
    assert "<script" not in note
    assert "<img" not in note
    assert "&lt;script&gt;" in note
