"""The conversation of one visit, while Streamlit runs the page a second time before the first run is over."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import pytest

from navigator.answer import Answer
from navigator.conversation import State
from navigator.navigator import Navigator
from navigator.web.conversation import Conversation, Exchange, Request

SITUATION = "Only one person knows how this works, and she has resigned"
OTHER = "Bad news never reaches the top until it is too late"


@dataclass(frozen=True)
class Slow:
    """A navigator that answers when it is let, and how often it began."""

    navigator: Navigator
    began: Event
    may_answer: Event
    asked: list[str]

    def answering(self, conversation: Conversation, pool: ThreadPoolExecutor) -> Future[Exchange]:
        """Return what a run of the page makes of the first turn."""
        return pool.submit(conversation.answer, conversation.turns[0], self.navigator)


@pytest.fixture
def slow(shelf: Navigator, monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow, converse = Slow(shelf, Event(), Event(), []), shelf.converse

    def wait_and_converse(state: State, message: str) -> tuple[Answer, State]:
        slow.asked.append(message)
        slow.began.set()
        assert slow.may_answer.wait(30)
        return converse(state, message)

    monkeypatch.setattr(shelf, "converse", wait_and_converse)
    return slow


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def test_a_second_run_waits_for_the_answer_that_the_first_is_at(slow: Slow, pool: ThreadPoolExecutor) -> None:
    conversation = Conversation()
    conversation.want(Request(SITUATION))
    first = slow.answering(conversation, pool)
    assert slow.began.wait(30)
    conversation.want(Request(OTHER))
    second = slow.answering(conversation, pool)
    slow.may_answer.set()
    assert first.result() is second.result()
    assert slow.asked == [SITUATION]
    assert not conversation.is_newest(0)
    conversation.answer(conversation.turns[1], slow.navigator)
    assert [exchange.request.text for exchange in conversation.exchanges] == [SITUATION, OTHER]


def test_what_is_stopped_while_it_is_answered_is_not_remembered(slow: Slow, pool: ThreadPoolExecutor) -> None:
    conversation = Conversation()
    conversation.want(Request("We are a city department: only one person knows how this works"))
    answering = slow.answering(conversation, pool)
    assert slow.began.wait(30)
    conversation.stop()
    slow.may_answer.set()
    answering.result()
    assert conversation.turns == []
    assert conversation.context is None


def test_a_context_chosen_while_an_answer_is_made_is_its_context(
    slow: Slow, pool: ThreadPoolExecutor
) -> None:
    conversation = Conversation()
    conversation.want(Request(SITUATION))
    answering = slow.answering(conversation, pool)
    assert slow.began.wait(30)
    conversation.speak("government")
    slow.may_answer.set()
    assert answering.result().answer.context == "government"
    assert conversation.context == "government"


def test_one_that_cannot_be_answered_waits_no_longer(
    shelf: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(shelf, "converse", fail)
    conversation = Conversation()
    for text in (SITUATION, OTHER):
        conversation.want(Request(text))
    with pytest.raises(RuntimeError, match="broken"):
        conversation.answer(conversation.turns[0], shelf)
    assert [turn.request.text for turn in conversation.turns] == [OTHER]


def test_stopping_lets_go_of_what_waits() -> None:
    conversation = Conversation()
    conversation.want(Request("One"))
    conversation.want(Request("Two"))
    conversation.stop()
    assert conversation.turns == []
