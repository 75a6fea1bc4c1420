"""Talking on, through the façade: ten turns and more over a state that can be written down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from navigator.answer import Answer
from navigator.conversation import State
from navigator.embedding import SentenceTransformerEmbedder
from navigator.navigator import Navigator
from navigator.situation import ANOTHER, COMPARE, CONTEXT_CHANGE, COURTESY, NEW, PICK
from navigator.text import plain

pytestmark = pytest.mark.model

SITUATION = "Only one person knows how this works, and she has resigned"


class Talk:
    """A conversation that is written down and read again between any two messages."""

    def __init__(self, navigator: Navigator, state: State | None = None) -> None:
        self.navigator = navigator
        self.state = state or State()

    def __call__(self, message: str) -> Answer:
        answer, after = self.navigator.converse(self.state, message)
        again, same = self.navigator.converse(self.state, message)
        assert (again, same) == (answer, after), "the same from the same"
        self.state = State.model_validate_json(after.model_dump_json())
        assert self.state == after
        return answer


@pytest.fixture
def talk(navigator: Navigator) -> Talk:
    return Talk(navigator)


@pytest.fixture(scope="module")
def begun(navigator: Navigator) -> State:
    return navigator.converse(State(), SITUATION)[1]


def test_ten_turns(talk: Talk):
    hello = talk("Hello!")
    assert (hello.wants, hello.answered, hello.patterns) == (COURTESY, False, ())

    first = talk(SITUATION)
    assert (first.wants, first.focus, first.context) == (NEW, "rolling-handover", None)
    assert len(first.patterns) == 4

    risks = talk("And what could go wrong?")
    assert (risks.wants, risks.focus) == ("Consequences", "rolling-handover")

    ours = talk("we're a city department, by the way")
    assert (ours.wants, ours.label, ours.context_heard) == (CONTEXT_CHANGE, "Continuity of Post", True)
    assert any(part.kind == "why" for part in ours.parts)  # the situation is not forgotten

    signs = talk("How would we notice that it's dying?")
    assert (signs.wants, signs.context) == ("Vitality", "government")

    table = talk("How do these differ?")
    assert table.wants == COMPARE
    assert table.comparison is not None
    assert [column.slug for column in table.comparison.patterns] == [hit.slug for hit in first.patterns[:2]]

    second = talk("more the second")
    assert (second.wants, second.focus, second.context) == (PICK, first.patterns[1].slug, "government")

    other = talk("No, not that")
    assert other.wants == ANOTHER
    assert other.focus not in {None, second.focus}

    next_up = talk("what comes after this one?")
    assert next_up.wants == "related:enables"
    assert next_up.focus == other.focus

    new = talk("Different topic: people keep bad news from me until the newspapers have it")
    assert (new.wants, new.focus, new.context) == (NEW, "bad-news-first", "government")

    thanks = talk("Thanks, that helps a lot")
    assert thanks.wants == COURTESY
    assert talk.state.focus == "bad-news-first"


def test_a_situation_comes_with_three_other_readings(navigator: Navigator, begun: State):
    answer = navigator.ask(SITUATION)
    others = answer.patterns[1:]
    assert len(others) == 3
    assert all(hit.label and (hit.tension or hit.summary) for hit in others)
    assert any(hit.matched_words for hit in others)
    assert list(begun.listed) == [hit.slug for hit in answer.patterns]


@pytest.mark.parametrize(
    ("message", "place"),
    [("the second one", 1), ("2", 1), ("Rather the third", 2), ("the last one please", 3)],
)
def test_a_place_in_the_list_turns_to_that_one(navigator: Navigator, begun: State, message: str, place: int):
    answer, state = navigator.converse(begun, message)
    assert answer.focus == state.focus == begun.listed[place]
    assert answer.focus not in {hit.slug for hit in answer.patterns[1:]}
    assert len(answer.patterns) == 4
    assert answer.question == SITUATION  # which it is read as an answer to
    assert state.told == SITUATION


@pytest.mark.parametrize("message", ["quiet-mornings", "Protected Mornings", "tell me about Quiet Mornings"])
def test_a_name_turns_to_that_one_whether_listed_or_not(navigator: Navigator, begun: State, message: str):
    answer, _ = navigator.converse(begun, message)
    assert (answer.wants, answer.focus) == (PICK, "quiet-mornings")


def test_part_of_a_name_points_into_the_list(navigator: Navigator, begun: State):
    named = next(slug for slug in begun.listed[1:] if "-" in slug)
    answer, _ = navigator.converse(begun, f"more the {named.split('-')[0]} one")
    assert answer.focus == named


def test_an_article_is_never_turned_to(navigator: Navigator, begun: State):
    answer, _ = navigator.converse(begun, "Why we closed on Mondays")
    assert answer.focus != "why-we-closed-on-mondays"
    assert answer.wants != PICK


def test_what_was_refused_stays_refused(talk: Talk):
    first = talk(SITUATION).focus
    second = talk("no, not that").focus
    third = talk("something else").focus
    assert len({first, second, third}) == 3
    assert talk.state.refused == (first, second)
    again = talk(
        "Only one of us knows how this machine works and she has resigned last week, what can be done?"
    )
    assert again.wants == NEW
    assert not {first, second} & {hit.slug for hit in again.patterns}
    assert "set it aside" in again.message


def test_naming_what_was_refused_brings_it_back(talk: Talk):
    talk(SITUATION)
    talk("not that one")
    assert talk.state.refused == ("rolling-handover",)
    assert talk("Rolling Handover").focus == "rolling-handover"
    assert talk.state.refused == ()


def test_another_topic_begins_without_refusals(talk: Talk):
    talk(SITUATION)
    talk("no, something else")
    answer = talk(f"Different topic: {SITUATION}")
    assert answer.focus == "rolling-handover"
    assert answer.question == SITUATION
    assert talk.state.refused == ()


def test_a_topic_that_is_only_announced_is_waited_for(talk: Talk):
    talk(SITUATION)
    assert talk("different topic").message.startswith("Tell me what is going on")
    assert (talk.state.focus, talk.state.told, talk.state.listed) == (None, "", ())


def test_after_the_last_candidate_it_asks_for_other_words(talk: Talk):
    talk(SITUATION)
    answers = [talk("no, not that") for _ in range(7)]
    assert "in other words" in answers[-1].message
    assert not answers[-1].answered
    assert talk.state.focus is None


def test_where_nothing_fitted_the_nearest_can_be_picked_or_refused(navigator: Navigator):
    declined, state = navigator.converse(State(), "zxqv wvut 42")
    assert (declined.answered, state.focus) == (False, None)
    picked, _ = navigator.converse(state, "the second one")
    assert picked.focus == declined.patterns[1].slug
    refused, after = navigator.converse(state, "none of these")
    assert "in other words" in refused.message
    assert set(after.refused) == set(state.listed)


def test_a_comparison_is_made_of_sentences_with_their_places(navigator: Navigator, begun: State):
    answer, _ = navigator.converse(begun, "compare the first and the third")
    table = answer.comparison
    assert table is not None
    assert [column.slug for column in table.patterns] == [begun.listed[0], begun.listed[2]]
    headings = [row.heading for row in table.rows]
    assert {"What pulls apart", "Therefore", "What it costs", "Alive when"} <= set(headings)
    for row in table.rows:
        assert len(row.cells) == 2
        for column, cell in zip(table.patterns, row.cells, strict=True):
            for sentence in cell:
                assert sentence.source.slug == column.slug
                file = Path(sentence.source.path).read_text("utf-8")
                span = plain(file[sentence.source.start : sentence.source.end])
                assert re.sub(r"\W", "", sentence.text) in re.sub(r"\W", "", span)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("how is it different from Quiet Mornings", ["rolling-handover", "quiet-mornings"]),
        ("compare Open Till and Bad News First", ["open-till", "bad-news-first"]),
        ("how does the second differ?", ["rolling-handover", None]),
    ],
)
def test_what_is_compared_can_be_named(navigator: Navigator, begun: State, message: str, expected: list[str]):
    answer, _ = navigator.converse(begun, message)
    assert answer.comparison is not None
    named = [slug or begun.listed[1] for slug in expected]
    assert [column.slug for column in answer.comparison.patterns] == named


def test_places_count_in_what_was_listed_last(navigator: Navigator, begun: State):
    listed, state = navigator.converse(begun, "What goes well with it?")
    assert state.listed == tuple(neighbour.slug for neighbour in listed.related)
    answer, _ = navigator.converse(state, "the second one")
    assert answer.focus == listed.related[1].slug


def test_a_context_is_heard_shown_and_corrected(navigator: Navigator):
    message = "We're a software startup and the one developer who knew how the import works has left"
    heard, state = navigator.converse(State(), message)
    assert (heard.context, heard.context_heard, state.heard, state.context) == ("tech", True, "tech", None)
    corrected, _ = navigator.converse(State(context="activist"), message)
    assert (corrected.context, corrected.context_heard) == ("activist", False)


def test_what_is_said_takes_the_place_of_what_was_chosen(navigator: Navigator, begun: State):
    answer, state = navigator.converse(begun.speaking("tech"), "We're a city department, say it for us")
    assert (answer.context, state.context) == ("government", "government")


def test_a_context_that_is_not_understood_is_asked_for(navigator: Navigator, begun: State):
    answer, state = navigator.converse(begun, "could you put it in our words?")
    if answer.wants == CONTEXT_CHANGE:
        assert answer.message.startswith("In whose words?")
        assert state == begun


def test_a_choice_between_two_that_fit_equally(
    navigator: Navigator, monkeypatch: pytest.MonkeyPatch, embedder: SentenceTransformerEmbedder
):
    monkeypatch.setattr("navigator.ask.EQUAL_MARGIN", 99.0)
    answer, state = navigator.converse(State(), SITUATION)
    first, second = answer.patterns[:2]
    assert first.tension in answer.clarify
    assert second.tension in answer.clarify
    assert answer.focus == first.slug  # and is not kept waiting for it
    settled, after = navigator.converse(state, "the second")
    assert (settled.focus, settled.clarify) == (second.slug, "")
    assert after.focus == second.slug
    neither, after = navigator.converse(state, "neither of them")
    assert neither.focus not in {first.slug, second.slug}
    assert {first.slug, second.slug} <= set(after.refused)


def test_a_name_is_not_asked_about(navigator: Navigator, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("navigator.ask.EQUAL_MARGIN", 99.0)
    assert navigator.ask("Rolling Handover").clarify == ""


def test_where_one_fits_better_nothing_is_asked(navigator: Navigator, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("navigator.ask.EQUAL_MARGIN", 0.0)
    assert navigator.ask(SITUATION).clarify == ""


def test_courtesies_leave_everything_as_it_is(navigator: Navigator, begun: State):
    for message in ("thanks!", "good morning", "bye"):
        answer, state = navigator.converse(begun, message)
        assert (answer.wants, answer.parts, answer.patterns) == (COURTESY, (), ())
        assert answer.message
        assert state == begun


def test_asking_once_is_the_first_message_of_a_conversation(navigator: Navigator):
    answer, _ = navigator.converse(State(context="tech"), SITUATION)
    assert navigator.ask(SITUATION, context="tech") == answer


def test_questions_that_the_pattern_answers_are_offered_once(navigator: Navigator, begun: State):
    offered = navigator.follow_ups(begun)
    assert offered[:2] == ("What could go wrong?", "Who has done this?")
    assert offered[-1] == "How do these differ?"
    for question in offered:
        answer, _ = navigator.converse(begun, question)
        assert answer.parts or answer.related or answer.comparison, question
    assert "What could go wrong?" not in navigator.follow_ups(begun, asked={"Consequences", COMPARE})
    assert "How do these differ?" not in navigator.follow_ups(begun, asked={"Consequences", COMPARE})


def test_nothing_is_offered_where_nothing_is_in_focus(navigator: Navigator):
    assert navigator.follow_ups(State()) == ()
    assert navigator.follow_ups(State(focus="gone-since")) == ()
