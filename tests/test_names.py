"""What documents go by, however it is typed."""

from __future__ import annotations

import string
import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.names import Name, Names

NAMES = Names(
    [
        Name("transparent-ledger", "Transparent Ledger", "title"),
        Name("transparent-ledger", "transparent-ledger", "slug"),
        Name("transparent-ledger", "Open Book Management", "label"),
        Name("open-book-management", "Open-Book Management", "title"),
        Name("distributed-lock", "Distributed Lock", "title"),
        Name("distributed-lock", "Mutex at Work", "alias"),
        Name("maori-council", "Māori Council", "title"),
        Name("maori-council", "Whānau & Friends", "alias"),
        Name("objectives", "Objectives and Key Results (OKR)", "title"),
        Name("objectives", "OKR", "alias"),
        Name("jigsaw", "Shared Ground", "alias"),
        Name("mosaic", "Shared Ground", "alias"),
        Name("nothing", "🙂 — ?!", "alias"),
    ]
)
LETTERS = st.sampled_from(string.ascii_lowercase)


def slugs(text: str) -> list[str]:
    return [name.slug for name in NAMES.find(text)]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Transparent Ledger", "transparent-ledger"),
        ("TRANSPARENT LEDGER", "transparent-ledger"),
        ("transparent-ledger", "transparent-ledger"),
        ("transparent_ledger", "transparent-ledger"),
        ("transparentledger ", "transparent-ledger"),
        ("“Transparent Ledger”.", "transparent-ledger"),
        ("maori council", "maori-council"),
        ("whanau and friends", "maori-council"),
        ("objectives & key results okr", "objectives"),
        ("okr", "objectives"),
    ],
)
def test_case_gaps_hyphens_accents_and_marks_do_not_matter(typed: str, slug: str):
    assert slugs(typed) == [slug]


@pytest.mark.parametrize(
    "typed", ["Transparnt Ledger", "Transparrent Ledger", "Transparemt Ledger", "Tranpsarent Ledger"]
)
def test_a_slip_is_forgiven(typed: str):
    assert slugs(typed) == ["transparent-ledger"]


def test_two_slips_are_forgiven_in_a_long_name_only():
    assert slugs("Tranparent Leger") == ["transparent-ledger"]
    assert slugs("Muttx at Wrk") == []
    assert slugs("Tranparnt Leger") == []


@pytest.mark.parametrize("typed", ["okra", "ok", "okt"])
def test_of_an_acronym_no_slip_is_forgiven(typed: str):
    assert slugs(typed) == []


def test_words_that_names_are_made_of_are_not_misspelled():
    assert slugs("distributed work") == []
    assert slugs("distributed lork") == ["distributed-lock"]
    assert slugs("distributed locks") == ["distributed-lock"]


def test_a_title_comes_before_what_others_are_also_called():
    assert slugs("open book management") == ["open-book-management"]
    assert slugs("open book managment") == ["open-book-management"]


def test_patterns_that_share_a_name_are_all_found():
    assert slugs("shared ground") == ["jigsaw", "mosaic"]


@pytest.mark.parametrize("text", ["", " ", "🙂", "?!", "\0", "\ud800", "日本語", "a" * 50_000])
def test_what_is_no_name_is_none(text: str):
    assert slugs(text) == []


def test_the_name_is_told_as_its_author_spells_it():
    assert NAMES.find("whanau & frends")[0].text == "Whānau & Friends"


def test_names_that_may_have_been_meant_are_suggested_once_for_each_document():
    assert NAMES.suggest("the ledger that is transparent", 3)[0].slug == "transparent-ledger"
    suggested = [name.slug for name in NAMES.suggest("open management", 9)]
    assert len(suggested) == len(set(suggested)) > 1
    assert NAMES.suggest("qqq", 3) == NAMES.suggest("", 3) == []


@given(
    st.sampled_from([name for name in NAMES if len(name.text) > 10 and "&" not in name.text]),
    st.integers(0, 30),
    LETTERS,
    st.sampled_from(["left out", "put in", "replaced", "swapped"]),
)
def test_any_one_slip_leads_to_the_same_pattern(name: Name, place: int, letter: str, slip: str):
    text, place = name.text, place % len(name.text)
    typed = {
        "left out": text[:place] + text[place + 1 :],
        "put in": text[:place] + letter + text[place:],
        "replaced": text[:place] + letter + text[place + 1 :],
        "swapped": text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :],
    }[slip]
    assert slugs(typed) == slugs(text)


@given(st.text())
def test_no_text_fails(text: str):
    assert all(isinstance(name, Name) for name in [*NAMES.find(text), *NAMES.suggest(text, 2)])


def test_a_look_up_is_quick():
    random = Random(0)
    syllables = ["ka", "lo", "mi", "ren", "sta", "tor", "vel", "wun"]
    terms = ["".join(random.choices(syllables, k=random.randint(1, 4))) for _ in range(3_000)]
    made = [" ".join(random.choices(terms, k=random.randint(2, 5))) for _ in range(17_000)]
    names = Names(Name(f"made-{n}", text, "title") for n, text in enumerate(made))
    typed = [f"{text[:4]}{text[5:]}" for text in made[:300]]
    names.find(typed[0])
    started = time.process_time()
    found = [names.find(text) for text in typed]
    assert (time.process_time() - started) / len(typed) < 0.005
    assert sum(map(bool, found)) > len(typed) * 0.9
