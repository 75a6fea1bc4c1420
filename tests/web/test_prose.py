"""Prose that comes slowly, fails or is stopped, without a page around it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from navigator.llm.citations import Claim
from navigator.llm.writing import Prose
from navigator.web import prose as shown


def claim(text: str) -> Claim:
    return Claim(text=text, lead=" ", citations=(), marked=False)


def test_the_page_can_heed_a_click_while_a_model_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "BEAT", 0.01)
    heard = Event()

    def write() -> Iterator[Claim]:
        yield claim("At once.")
        heard.wait(10)
        yield claim("Late.")

    came = []
    for each in shown._as_they_come(Prose(write())):
        came.append(each.text if each else None)
        if each is None:
            heard.set()
    assert came[0] == "At once."
    assert came[1] is None
    assert came[-1] == "Late."


def test_what_goes_wrong_elsewhere_is_raised_here() -> None:
    def write() -> Iterator[Claim]:
        yield claim("One.")
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        list(shown._as_they_come(Prose(write())))


def test_what_was_stopped_is_not_asked_for_again() -> None:
    prose = Prose(iter([claim("One."), claim("Two.")]))
    next(iter(prose))
    prose.stop()
    assert [each.text for each in shown._as_they_come(prose) if each] == ["One."]
