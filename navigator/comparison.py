"""Comparing two runs of `navigator eval FILE --json`, question by question.

The same questions were asked twice, of two indexes or under two settings, so what each gained or lost says
far more than the distance of the two means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from navigator.errors import EvaluationError
from navigator.measures import bootstrap_interval

SCHEMA: Literal["navigator.comparison/1"] = "navigator.comparison/1"

NAMED_QUESTIONS = 3
"""How many of the questions that only one run holds are named."""


class _AskedOnce(BaseModel):
    """A question of a saved run with its scores, by measure."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    scores: Mapping[str, float]


class SavedRun(BaseModel):
    """What is read of the JSON that `navigator eval FILE --json` printed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    questions: tuple[_AskedOnce, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """How one measure changed from run A to run B.

    Attributes
    ----------
    a, b
        The means.
    difference
        Mean of B minus A over the questions.
    interval
        Its 95 % bootstrap interval, questions drawn in pairs; where it spans 0, chance explains it.
    wins, losses
        Shares of the questions where B scores higher, or lower, than A.
    """

    a: float
    b: float
    difference: float
    interval: tuple[float, float]
    wins: float
    losses: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two runs over the same ``n`` questions differ, by measure."""

    n: int
    differences: Mapping[str, Difference]

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as JSON has it."""
        differences = {measure: asdict(difference) for measure, difference in self.differences.items()}
        return {"schema": SCHEMA, "n": self.n, "differences": differences}


def compare(a: Path, b: Path) -> Comparison:
    """Compare two saved runs; the order of their questions does not matter.

    Raises
    ------
    EvaluationError
        Naming the file that holds no run, or the questions or measures that only one of them holds.
    """
    first, second = _scores_by_question(a), _scores_by_question(b)
    for here, there, file in ((first, second, a), (second, first, b)):
        alone = [question for question, _ in here.keys() - there.keys()]
        if alone:
            raise EvaluationError(_only_in(file, "question", sorted(alone)))
    measures = {
        file: {m for scores in run.values() for m in scores} for file, run in ((a, first), (b, second))
    }
    for file, other in ((a, b), (b, a)):
        alone = sorted(measures[file] - measures[other])
        if alone:
            raise EvaluationError(_only_in(file, "measure", alone))
    return Comparison(
        n=len(first),
        differences={
            measure: _difference(
                [scores[measure] for scores in first.values()],
                [second[question][measure] for question in first],
            )
            for measure in next(iter(first.values()))
        },
    )


def _difference(a: Sequence[float], b: Sequence[float]) -> Difference:
    gained = np.subtract(b, a)
    return Difference(
        a=float(np.mean(a)),
        b=float(np.mean(b)),
        difference=float(gained.mean()),
        interval=bootstrap_interval(gained),
        wins=float(np.mean(gained > 0)),
        losses=float(np.mean(gained < 0)),
    )


def _scores_by_question(file: Path) -> dict[tuple[str, int], Mapping[str, float]]:
    """Return the scores of a saved run by question, and by how often it was asked before."""
    try:
        run = SavedRun.model_validate_json(file.read_bytes())
    except OSError as error:
        raise EvaluationError(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise EvaluationError(
            f"{file} holds no scores of single questions. Save a run with "
            f"`navigator eval FILE --json > {file.name}`."
        ) from error
    scores: dict[tuple[str, int], Mapping[str, float]] = {}
    for asked in run.questions:
        times = sum(question == asked.question for question, _ in scores)
        scores[asked.question, times] = asked.scores
    return scores


def _only_in(file: Path, what: str, alone: Sequence[str]) -> str:
    named = "; ".join(f"“{each}”" for each in alone[:NAMED_QUESTIONS])
    more = f" and {len(alone) - NAMED_QUESTIONS:,} more" if len(alone) > NAMED_QUESTIONS else ""
    return f"The two runs cannot be compared: only {file} holds the {what} {named}{more}."
