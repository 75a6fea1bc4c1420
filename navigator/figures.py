"""The figures of many rankings: means with their intervals, over all questions, in parts, and one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from navigator.measures import Judgement, Scores, bootstrap_interval, ranking_scores

NO_CONTEXT = "unspecified"
"""What questions without a context are counted under."""

NO_FORM = "not in the index"
"""What questions are counted under if the index holds no pattern that answers them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over ``n`` questions by measure, see `ranking_scores`, with their 95 % bootstrap intervals."""

    n: int
    means: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]

    @classmethod
    def of(cls, scores: Mapping[str, Scores], chosen: Sequence[int]) -> Figures:
        """Return the figures of the chosen questions, given as positions."""
        return cls(
            n=len(chosen),
            means={name: float(values[chosen].mean()) for name, values in scores.items()},
            intervals={name: bootstrap_interval(values[chosen]) for name, values in scores.items()},
        )

    def as_json(self) -> dict[str, Any]:
        """Return the figures as JSON has them."""
        return {"n": self.n, **self.means, "intervals": dict(self.intervals)}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was measured: its scores, see `ranking_scores`, and what it is counted under.

    Attributes
    ----------
    form
        Form of the document that answers it best.
    """

    question: str
    context: str
    form: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RankingReport:
    """How well rankings fit their judgements: over all questions, in parts, and one by one."""

    overall: Figures
    by_context: Mapping[str, Figures]
    by_form: Mapping[str, Figures]
    questions: tuple[Asked, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it: the overall figures at the top level."""
        return {
            **self.overall.as_json(),
            "by_context": {context: figures.as_json() for context, figures in self.by_context.items()},
            "by_form": {form: figures.as_json() for form, figures in self.by_form.items()},
            "questions": [asdict(asked) for asked in self.questions],
        }


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a question found, slugs best first, and how that is judged."""

    question: str
    ranking: Sequence[str]
    judgement: Judgement
    context: str | None


def ranking_report(ranked: Sequence[Ranked], forms: Mapping[str, str], *, k: int) -> RankingReport:
    """Sum up rankings.

    Parameters
    ----------
    forms
        The form of each document of the index, by slug.
    """
    scores = ranking_scores([each.ranking for each in ranked], [each.judgement for each in ranked], k=k)
    asked = tuple(
        Asked(
            question=each.question,
            context=each.context or NO_CONTEXT,
            form=_form_of_best(each.judgement, forms),
            scores={name: float(values[place]) for name, values in scores.items()},
        )
        for place, each in enumerate(ranked)
    )
    return RankingReport(
        overall=Figures.of(scores, range(len(ranked))),
        by_context=_figures_by(scores, [each.context for each in asked]),
        by_form=_figures_by(scores, [each.form for each in asked]),
        questions=asked,
    )


def _figures_by(scores: Mapping[str, Scores], kinds: Sequence[str]) -> dict[str, Figures]:
    """Return the figures of the questions of each kind, kinds in order of their name."""
    return {
        kind: Figures.of(scores, [place for place, each in enumerate(kinds) if each == kind])
        for kind in sorted(set(kinds))
    }


def _form_of_best(judgement: Judgement, forms: Mapping[str, str]) -> str:
    """Return the form of the document worth most that there is, the first of equals."""
    held = [slug for slug in judgement.gains if slug in forms]
    return forms[max(held, key=lambda slug: judgement.gains[slug])] if held else NO_FORM
