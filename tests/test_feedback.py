"""Ratings of answers: kept in a file, seen, deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from navigator.answer import Answer
from navigator.errors import FeedbackError
from navigator.feedback import LONGEST_COMMENT, Rating, forget, keep, kept

ANSWER = Answer(question="My secret trouble", answered=False, confidence=0.2, context="tech")


def test_what_is_kept_is_read_again_the_latest_first(tmp_path: Path) -> None:
    file = tmp_path / "new" / "feedback.jsonl"
    given = [Rating.of(ANSWER, "up"), Rating.of(ANSWER, "down", "a\n <b>comment</b>")]
    for rating in given:
        keep(file, rating)
    assert kept(file) == given[::-1]
    assert kept(file)[0].comment == "a <b>comment</b>"
    assert "secret" not in file.read_text("utf-8")


def test_a_line_that_is_no_rating_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    keep(file, Rating.of(ANSWER, "up"))
    with file.open("ab") as stream:
        stream.write(b'\xff\n{"rating": "sideways", "time": ""}\n[]\n\n')
    assert [rating.rating for rating in kept(file)] == ["up"]


def test_what_is_deleted_is_gone_and_may_be_deleted_again(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    keep(file, Rating.of(ANSWER, "up"))
    forget(file)
    forget(file)
    assert not file.exists()
    assert kept(file) == []


def test_a_comment_has_an_end() -> None:
    assert len(Rating.of(ANSWER, "up", "x" * 10_000).comment) == LONGEST_COMMENT


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    for attempt in (lambda: keep(tmp_path, Rating.of(ANSWER, "up")), lambda: kept(tmp_path)):
        with pytest.raises(FeedbackError, match=str(tmp_path)):
            attempt()
    with pytest.raises(FeedbackError, match="cannot be deleted"):
        forget(tmp_path)
