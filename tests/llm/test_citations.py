"""The check that needs no judgement: a quote is in the library, or the claim is marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.answer import Answer, Part, Sentence, Source
from navigator.llm.citations import LONGEST_PASSAGES, NOT_IN_LIBRARY, Checker, Passage, passages
from navigator.llm.statements import Statement, statements


def sentence(text: str, start: int, block: int = 0) -> Sentence:
    source = Source(
        slug="p", section="Solution", path="p.md", start=start, end=start + len(text), chunk="p#s"
    )
    return Sentence(text=text, source=source, block=block)


FIRST = Passage(
    "Therefore",
    (
        sentence("Give every task that would hurt to lose a second keeper.", 100),
        sentence("Don't wait for the twelve o’clock bell: swap the pair every half year.", 160),
        sentence("Act now.", 240),
    ),
)
SECOND = Passage("What can go wrong", (sentence("It costs about one hour in ten.", 400),))
SPAN = {"one": (100, 156), "two": (100, 230), "all": (100, 248), "three": (240, 248), "other": (400, 431)}


@pytest.mark.parametrize(
    ("quote", "where"),
    [
        ("every task that would hurt to lose", "one"),
        ("Give every task that would hurt to lose a second keeper.", "one"),
        ("give EVERY task", "one"),
        ("a second keeper. Don’t wait for", "two"),
        ("**give** every … a second keeper", "one"),
        ("Give every task [...] swap the pair", "two"),
        ("second keeper ... Act now", "all"),
        ("Act now", "three"),
        ("every task that might hurt", None),
        ("every that would hurt to lose", None),
        ("swap the pair … give every task", None),
        ("very task that would", None),
        ("second keeper", None),
        ("…", None),
        ("", None),
    ],
)
def test_a_quote_is_found_word_for_word_or_not_at_all(quote: str, where: str | None):
    found = FIRST.find(quote)
    assert (found and (found.start, found.end)) == (where and SPAN[where])


@given(st.integers(0, 20), st.integers(3, 20))
def test_any_three_words_in_a_row_are_found(first: int, count: int):
    words = " ".join(sentence.text for sentence in FIRST.sentences).split()
    quoted = words[first : first + count]
    assert len(quoted) < 3 or FIRST.find(" ".join(quoted)) is not None


def claims(text: str, *, told: str = "") -> list[str]:
    checker = Checker([FIRST, SECOND], told=told)
    return [checker.claim(statement).text for statement in statements([text])]


def test_numbers_are_given_by_place_in_the_order_of_reading():
    assert claims(
        'It has a price [2: "about one hour in ten"]. Share the task [1: "every task that would"]. '
        'Do [1: "hurt to lose"][2: "It costs about"].'
    ) == ["It has a price [1].", "Share the task [2].", "Do [2][1]."]


@pytest.mark.parametrize(
    "text",
    [
        "It works.",
        "It works [1].",
        'It works [1: ""].',
        'It works [1: "it has always worked"].',
        'It works [99: "it has always worked"].',
        'It works [1: "every task that would"][2: "it has always worked"].',
        'It works for 90 % [1: "every task that would"].',
        'Write to keeper@evil.example [1: "every task that would"].',
        'See evil.example/now [1: "every task that would"].',
        'See http://evil [1: "every task that would"].',
    ],
)
def test_what_is_not_in_the_library_is_marked(text: str):
    (claim,) = claims(text)
    assert claim.endswith(NOT_IN_LIBRARY)
    assert "[" not in claim


def test_figures_and_addresses_that_were_given_may_be_said():
    text = 'Your 12 people at acme.org wait until 12 [1: "twelve o\'clock bell"].'
    assert claims(text, told="we are at acme.org") == ["Your 12 people at acme.org wait until 12 [1]."]


@pytest.mark.parametrize("number", [0, 2, 77, 999])
def test_a_quote_under_the_wrong_number_is_put_right(number: int):
    (statement,) = statements([f'Share the task [{number}: "every task that would"].'])
    claim = Checker([FIRST, SECOND], told="").claim(statement)
    assert [citation.source.start for citation in claim.citations] == [100]


def test_marks_and_links_of_a_model_are_taken_away():
    claim = Checker([FIRST], told="").claim(Statement("", "**Share** [it](http://x.example)", ".", ()))
    assert claim.text == f"Share it. {NOT_IN_LIBRARY}"


def test_passages_are_the_paragraphs_of_an_answer_as_far_as_a_model_takes_them():
    def answer(*parts: Part) -> Answer:
        return Answer(question="?", answered=True, confidence=1, context=None, parts=parts)

    first = Part(
        kind="actions", heading="What to do", sentences=(sentence("A\u202e b.", 0), sentence("C.", 5))
    )
    second = Part(kind="risks", heading="Risks", sentences=(sentence("D.", 9), sentence("E.", 12, block=1)))
    assert [(p.heading, p.text) for p in passages(answer(first, second))] == [
        ("What to do", "A b. C."),
        ("Risks", "D."),
        ("Risks", "E."),
    ]
    endless = Part(kind="risks", heading="Risks", sentences=(sentence("x" * LONGEST_PASSAGES, 20),))
    assert len(passages(answer(first, endless))) == 1
