"""What a message wants, as far as its wording tells; what is told by likeness is in ``test_phrases.py``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.situation import (
    ANOTHER,
    COMPARE,
    CONTEXT_CHANGE,
    COURTESY,
    LAST,
    MAX_QUESTION_LENGTH,
    NEW,
    PICK,
    Situation,
    clean,
    read,
    understand,
)


def told(message: str, *, focused: bool = True, listed: int = 4, like: str = "Context") -> Situation:
    """Understand a message where, if wording does not tell, it is like ``like``."""
    return understand(message, focused=focused, listed=listed, likeness=lambda text: [(like, 1.0)])


@pytest.mark.parametrize(
    ("message", "places"),
    [
        ("the second one", (1,)),
        ("more the second", (1,)),
        ("Rather the third, please.", (2,)),
        ("no, the last one", (LAST,)),
        ("number two", (1,)),
        ("option 3", (2,)),
        ("#4", (3,)),
        ("2", (1,)),
        ("second", (1,)),
        ("Let's look at the second", (1,)),
        ("the first fits better", (0,)),
        ("tell me more about the 3rd", (2,)),
    ],
)
def test_naming_a_place_picks_it(message: str, places: tuple[int, ...]):
    understood = told(message)
    assert (understood.wants, understood.places) == (PICK, places)


@pytest.mark.parametrize(
    "message",
    [
        "What do we do first?",
        "What's the first step?",
        "second thoughts about our hiring plan",
        "Give me the first two steps",
        "the first thing to do?",
        "the seventh",
    ],
)
def test_an_ordinal_alone_picks_nothing(message: str):
    assert told(message).wants == "Context"


def test_nothing_is_picked_that_was_not_listed():
    assert told("the fourth one", listed=2).wants != PICK
    assert told("the second one", listed=0).wants != PICK
    assert told("the second one", listed=0, focused=False).wants == NEW


@pytest.mark.parametrize(
    ("message", "places"),
    [
        ("How do these differ?", ()),
        ("compare the first two", ()),
        ("compare the first and the third", (0, 2)),
        ("what's the difference between 1 and 3?", (0, 2)),
        ("How does the second differ from the last?", (1, LAST)),
        ("which is better, the first or the second?", (0, 1)),
        ("put them side by side", ()),
        ("the difference?", ()),
        ("1 vs 2", (0, 1)),
    ],
)
def test_comparing(message: str, places: tuple[int, ...]):
    understood = told(message)
    assert (understood.wants, understood.places) == (COMPARE, places)


def test_a_difference_of_something_else_is_no_comparison():
    assert told("Does it make a difference in small teams?").wants == "Context"


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("A different question: our board has stopped talking", "our board has stopped talking"),
        ("Totally different topic. We can't hire anyone", "We can't hire anyone"),
        ("now to another matter: vacation requests", "vacation requests"),
        ("Something else: the founders are splitting up", "the founders are splitting up"),
        ("I have a new problem, our treasurer has left", "our treasurer has left"),
        ("Forget that. We can't fill the night shifts", "We can't fill the night shifts"),
        ("different topic", ""),
    ],
)
def test_another_topic_is_announced(message: str, left: str):
    understood = told(message)
    assert (understood.wants, understood.afresh, understood.question) == (NEW, True, left)


@pytest.mark.parametrize(
    "message", ["something else", "Show me another pattern", "Is there a different way?"]
)
def test_another_pattern_is_no_other_topic(message: str):
    assert not told(message).afresh


def test_another_question_may_be_about_the_same():
    assert told("Another question: who has done this?", like="Known Uses").wants == "Known Uses"


@pytest.mark.parametrize(
    "message", ["thanks", "Thank you so much!", "hi", "Good morning!", "ok thanks a lot", "cheers, bye"]
)
def test_courtesies_want_nothing(message: str):
    for focused in (True, False):
        assert told(message, focused=focused, listed=0).wants == COURTESY


@pytest.mark.parametrize("message", ["thanks to the merger nobody talks", "Hi, our volunteers burn out"])
def test_a_courteous_beginning_is_not_all(message: str):
    assert told(message, focused=False, listed=0).wants == NEW


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ("We're a city department, say it for us", "government"),
        ("Now for activists", "activist"),
        ("And in a ministry?", "government"),
        ("What about a public agency?", "government"),
        ("actually I work in local government", "government"),
        ("We run a food bank.", "activist"),
        ("How would that look for organizers?", "activist"),
    ],
)
def test_another_context_in_passing(message: str, context: str):
    understood = told(message)
    assert (understood.wants, understood.context) == (CONTEXT_CHANGE, context)


@pytest.mark.parametrize("message", ["We're a charity and nobody decides", "In our agency nothing moves"])
def test_a_context_that_is_mentioned_in_a_situation(message: str):
    assert told(message, like=NEW).wants == NEW


def test_without_a_pattern_in_focus_everything_is_new():
    assert told("And the risks?", focused=False, listed=0, like="Consequences").wants == NEW
    assert told("And the risks?", focused=False, listed=3, like="Consequences").wants == NEW
    assert told("none of these", focused=False, listed=3, like=ANOTHER).wants == ANOTHER


def test_a_long_message_is_a_situation_of_its_own():
    story = (
        "We began with the best intentions, then two people left, the risks grew, nobody has done this "
        "before and I do not know how we start again."
    )
    assert told(story).wants == NEW


def test_a_long_question_is_shortened_and_says_so():
    assert not read("a" * MAX_QUESTION_LENGTH).shortened
    understood = read("a" * (MAX_QUESTION_LENGTH + 1))
    assert understood.shortened
    assert len(understood.question) == MAX_QUESTION_LENGTH


@given(st.text(max_size=300), st.booleans(), st.integers(0, 4))
def test_no_message_fails_and_no_control_character_passes(message: str, focused: bool, listed: int):
    understood = told(message, focused=focused, listed=listed)
    assert understood.question.isprintable()
    assert all(place == LAST or place < listed for place in understood.places)


def test_cleaning_keeps_what_people_write():
    assert clean(" Früh\x00er\n\tschon,  日本 🙂 \x1b[31mred \ud800") == "Früh er schon, 日本 🙂 [31mred"
