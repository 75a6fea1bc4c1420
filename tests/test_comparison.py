"""Comparing two saved runs question by question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from navigator.comparison import compare
from navigator.errors import EvaluationError


def saved(file: Path, scores: dict[str, float], *, measure: str = "hit@1") -> Path:
    questions = [{"question": question, "scores": {measure: score}} for question, score in scores.items()]
    file.write_text(json.dumps({"n": len(questions), "questions": questions}), "utf-8")
    return file


def test_what_each_question_gained_counts(tmp_path: Path):
    a = saved(tmp_path / "a.json", {"one": 0.0, "two": 1.0, "three": 0.5, "four": 0.0})
    b = saved(tmp_path / "b.json", {"four": 1.0, "three": 0.5, "two": 0.75, "one": 1.0})
    comparison = compare(a, b)
    change = comparison.differences["hit@1"]
    assert (comparison.n, change.a, change.b) == (4, 0.375, 0.8125)
    assert change.difference == pytest.approx(change.b - change.a)
    assert (change.wins, change.losses) == (1 / 2, 1 / 4)
    assert -0.25 <= change.interval[0] < change.difference < change.interval[1] <= 1


def test_equal_gains_leave_nothing_to_chance(tmp_path: Path):
    """The runs differ by as much on every question, however much the questions differ."""
    a = saved(tmp_path / "a.json", {str(n): n / 20 for n in range(10)})
    b = saved(tmp_path / "b.json", {str(n): n / 20 + 0.25 for n in range(10)})
    assert compare(a, b).differences["hit@1"].interval == (pytest.approx(0.25), pytest.approx(0.25))


def test_a_question_that_was_asked_twice_counts_twice(tmp_path: Path):
    questions = [{"question": "same", "scores": {"mrr@10": score}} for score in (0, 1)]
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps({"questions": questions}))
    assert compare(tmp_path / "a.json", tmp_path / "b.json").n == 2
    (tmp_path / "b.json").write_text(json.dumps({"questions": questions[:1]}))
    with pytest.raises(EvaluationError, match=r"only .*a.json holds the question “same”"):
        compare(tmp_path / "a.json", tmp_path / "b.json")


def test_questions_and_measures_that_one_run_lacks_are_named(tmp_path: Path):
    some = saved(tmp_path / "some.json", {"one": 1.0})
    more = saved(tmp_path / "more.json", dict.fromkeys(("one", *"abcde"), 1.0))
    for pair in ((some, more), (more, some)):
        with pytest.raises(
            EvaluationError, match=r"only .*more.json holds the question “a”; “b”; “c” and 2 more"
        ):
            compare(*pair)
    other = saved(tmp_path / "other.json", {"one": 1.0}, measure="mrr@5")
    with pytest.raises(EvaluationError, match=r"only .*some.json holds the measure “hit@1”"):
        compare(some, other)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"n": 3, "hit@1": 0.5}', '{"questions": []}'])
def test_a_file_without_single_questions_is_named_with_the_command_that_saves_them(
    tmp_path: Path, content: str
):
    file = tmp_path / "run.json"
    file.write_text(content)
    with pytest.raises(
        EvaluationError, match=r"run.json holds no scores .*navigator eval FILE --json > run.json"
    ):
        compare(file, file)
    with pytest.raises(EvaluationError, match=r"gone.json cannot be read"):
        compare(file.with_name("gone.json"), file)
