"""What a message wants: a new situation, a section of the pattern in focus, another context."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.answer import Turn
from navigator.pattern import SECTION_NAMES
from navigator.situation import CONTEXT_CHANGE, MAX_QUESTION_LENGTH, NEW, Situation, clean, understand

FOCUSED = (Turn(question="Everything waits for me", context="tech", focus="open-till"),)


def wants(question: str) -> str:
    return understand(question, context=None, history=FOCUSED).wants


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When does this come up?", "Context"),
        ("Why is this so hard?", "Problem"),
        ("And in one sentence?", "Solution"),
        ("What do we do on Monday?", "Implementation"),
        ("How do we start?", "Implementation"),
        ("And the risks?", "Consequences"),
        ("What could go wrong?", "Consequences"),
        ("Who has done this?", "Known Uses"),
        ("Is there a real-life example?", "Known Uses"),
        ("What about AI?", "Cognitive Era"),
        ("How can we tell whether it is still working?", "Vitality"),
        ("What are the signs of decay?", "Vitality"),
        ("What has to be in place before we begin?", "related:requires"),
        ("What comes next?", "related:enables"),
        ("Is there another way?", "related:alternatives"),
        ("What goes well with it?", "related:complementary"),
        ("How sure are you?", "confidence"),
        ("Where does this come from?", "provenance"),
        ("What licence is it under?", "provenance"),
        ("Can I have that as a handout?", "export"),
        ("We're a city department, say it for us", CONTEXT_CHANGE),
        ("Now for activists", CONTEXT_CHANGE),
        ("And in a ministry?", CONTEXT_CHANGE),
        ("What about a public agency?", CONTEXT_CHANGE),
        ("actually I work in local government", CONTEXT_CHANGE),
        ("We run a food bank.", CONTEXT_CHANGE),
        ("How would that look for organizers?", CONTEXT_CHANGE),
        ("A different question: our board has stopped talking to us", NEW),
        ("Our volunteers burn out every spring", NEW),
        ("Our agency is stuck", NEW),
        ("We're a charity and nobody decides", NEW),
        ("In our agency nothing moves", NEW),
        ("The same volunteers do everything", NEW),
    ],
)
def test_what_a_follow_up_wants(question: str, expected: str):
    understood = understand(question, context=None, history=FOCUSED)
    assert understood.wants == expected
    assert understood.focus == (None if expected == NEW else "open-till")


def test_every_section_can_be_asked_for():
    asked = {
        wants(question)
        for question in (
            "When does this come up?",
            "Why is this so hard?",
            "In short?",
            "First steps?",
            "Risks?",
            "Who has done this?",
            "And AI?",
            "Signs?",
        )
    }
    assert asked == set(SECTION_NAMES)


def test_without_a_pattern_in_focus_everything_is_new():
    declined = (Turn(question="Boil an egg?", context="tech", focus=None),)
    for history in ((), declined):
        assert understand("And the risks?", context=None, history=history).wants == NEW


def test_a_long_message_is_a_situation_of_its_own():
    story = (
        "We began with the best intentions, then two people left, the risks grew, nobody has done this "
        "before and I do not know how we start again."
    )
    assert wants(story) == NEW


@pytest.mark.parametrize(
    ("question", "given_context", "history", "expected"),
    [
        ("Our agency is stuck", "corporate", FOCUSED, "corporate"),  # chosen over heard
        ("Our government agency is stuck in a queue", None, FOCUSED, "government"),  # heard over inherited
        ("Everything is stuck and nobody dares to say so", None, FOCUSED, "tech"),  # inherited
        ("Everything is stuck and nobody dares to say so", None, (), None),
    ],
)
def test_where_the_context_comes_from(question, given_context, history, expected):
    assert understand(question, context=given_context, history=history).context == expected


def test_a_context_that_is_asked_for_replaces_the_chosen_one():
    understood = understand("We're a city department, say it for us", context="tech", history=FOCUSED)
    assert (understood.wants, understood.context) == (CONTEXT_CHANGE, "government")


def test_a_default_context_only_fills_a_gap():
    assert Situation("?", NEW, None, None).in_context("tech").context == "tech"
    assert Situation("?", NEW, "activist", None).in_context("tech").context == "activist"


def test_a_long_question_is_shortened_and_says_so():
    assert not understand("a" * MAX_QUESTION_LENGTH, context=None).shortened
    understood = understand("a" * (MAX_QUESTION_LENGTH + 1), context=None)
    assert understood.shortened
    assert len(understood.question) == MAX_QUESTION_LENGTH


@given(st.text(max_size=300))
def test_no_message_fails_and_no_control_character_passes(question: str):
    for history in ((), FOCUSED):
        understood = understand(question, context=None, history=history)
        assert understood.question.isprintable()
        assert understood.question == clean(understood.question)


def test_cleaning_keeps_what_people_write():
    assert clean(" Früh\x00er\n\tschon,  日本 🙂 \x1b[31mred \ud800") == "Früh er schon, 日本 🙂 [31mred"
