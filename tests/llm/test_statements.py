"""Cutting a stream into statements: no claim borrows another one's citation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.errors import LanguageModelError
from navigator.llm.statements import LONGEST_STATEMENT, statements


def cut(text: str) -> list[tuple[str, list[int]]]:
    """Return the words of each statement with the numbers that it cites."""
    return [(s.text + s.end, [number for number, _ in s.quotes]) for s in statements([text])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Begin [1: "a b c"]. Swap [2: "d e f"].', [("Begin.", [1]), ("Swap.", [2])]),
        ('Begin. [1: "a b c"] Swap. [2: "d e f"]', [("Begin.", [1]), ("Swap.", [2])]),
        ('Begin.[1: "a b c"] Swap.[2: "d e f"]', [("Begin.", [1]), ("Swap.", [2])]),
        ('Begin [1: "a b c"][2: "d e f"].', [("Begin.", [1, 2])]),
        ('Begin [1: "a b c"; 2: "d e f"].', [("Begin.", [1, 2])]),
        ("Begin [1: “a b c”]. Swap [2: 'don't do it'].", [("Begin.", [1]), ("Swap.", [2])]),
        ('Begin [1: "a. B! [c] d?"]. Swap.', [("Begin.", [1]), ("Swap.", [])]),
        ('Begin [1, "a b c"]. Swap [ 2 "d e f" ].', [("Begin.", [1]), ("Swap.", [2])]),
        ("Begin [1]. Swap [2, 3].", [("Begin.", [1]), ("Swap.", [2, 3])]),
        # Nothing is borrowed: not by what goes before, in whatever case it goes on, nor by what follows.
        ('It never fails. swap [2: "d e f"].', [("It never fails.", []), ("swap.", [2])]),
        ('It never fails! Swap [2: "d e f"].', [("It never fails!", []), ("Swap.", [2])]),
        ('It never fails\nSwap [2: "d e f"].', [("It never fails", []), ("Swap.", [2])]),
        ('It costs nothing etc. Swap [2: "d e f"].', [("It costs nothing etc.", []), ("Swap.", [2])]),
        ('Swap [2: "d e f"], and fire them all.', [("Swap,", [2]), ("and fire them all.", [])]),
        ('Swap [2: "d e f"] and fire them all.', [("Swap", [2]), ("and fire them all.", [])]),
        # What looks like an end and is none.
        ('Ask Dr. Lee, e.g. by 3.5 p.m. at U.S. desks [1: "a b c"].', [
            ("Ask Dr. Lee, e.g. by 3.5 p.m.", []), ("at U.S. desks.", [1])]),
        ('1. Begin [1: "a b c"].\n2. Swap [2: "d e f"].', [("1. Begin.", [1]), ("2. Swap.", [2])]),
        ('Use brackets [sic] and [x] so [1: "a b c"].', [("Use brackets [sic] and [x] so.", [1])]),
        ('Half of [12 of 24 teams] did [1: "a b c"].', [("Half of [12 of 24 teams] did.", [1])]),
        ("Begin [1: \"a b c", [("Begin [1: \"a b c", [])]),
        (" \n\n -- \n", []),
        ("", []),
    ],
)  # fmt: skip
def test_statements_and_what_they_cite(text: str, expected: list[tuple[str, list[int]]]):
    assert cut(text) == expected


def test_quotes_are_kept_as_they_were_written():
    (statement,) = statements(['Begin [7: "a “b” c, 5\' tall [x]"].'])
    assert statement.quotes == ((7, "a “b” c, 5' tall [x]"),)


def test_paragraphs_are_kept():
    leads = [s.lead for s in statements(['One [1: "a b c"], two. Three.\n\nFour.'])]
    assert leads == ["", " ", " ", "\n\n"]


PIECES = st.lists(
    st.sampled_from(
        ["Begin", "swap", " ", ".", "!", "\n", "[", "]", "1", ': "a b c"', "[2: “d e f”]", "e.g.", ",", '"']
    ),
    max_size=14,
)


@given(PIECES, st.integers(1, 5))
def test_however_it_is_streamed_the_statements_are_the_same(words: list[str], size: int):
    text = "".join(words)
    streamed = [text[start : start + size] for start in range(0, len(text), size)]
    assert list(statements(streamed)) == list(statements([text]))


@given(PIECES.map(lambda words: ["Begin", *(word for word in words if word not in {"[", "1"})]))
def test_no_word_is_lost(words: list[str]):
    text = "".join(words)
    kept = "".join(s.text + s.end + "".join(quote for _, quote in s.quotes) for s in statements([text]))
    for word in ("Begin", "swap"):
        assert kept.count(word) == text.count(word)


def test_a_statement_comes_as_soon_as_it_is_whole():
    def pieces():
        yield 'Begin [1: "a b c"]. S'
        pytest.fail("it was certain before")

    assert next(statements(pieces())).text == "Begin"


def test_what_has_no_end_is_given_up():
    with pytest.raises(LanguageModelError, match="no prose"):
        list(statements("word " for _ in range(LONGEST_STATEMENT)))
