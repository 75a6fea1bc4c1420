"""Figures of merit: pure functions from what was found and what should have been to numbers.

Rankings are measured with ir-measures, so that figures compare with those of other systems.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, Success, nDCG

Scores = npt.NDArray[np.float64]
"""One score for each question, 0 to 1, shape (n_questions,)."""

RESAMPLES = 1_000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one question ought to find.

    Attributes
    ----------
    gains
        What each judged document is worth, at least 0; nDCG's ideal is over all of them.
    hits
        The judged documents that count as having found it.
    """

    gains: Mapping[str, int]
    hits: frozenset[str]


def ranking_scores(
    rankings: Sequence[Sequence[str]], judgements: Sequence[Judgement], *, k: int = 10
) -> dict[str, Scores]:
    """Return the scores of each ranking, best first, against its judgement.

    Keys are ``hit@1`` and ``hit@5`` (is there a hit among the first?), ``mrr@k`` (reciprocal rank of the
    first hit, 0 beyond ``k``) and ``ndcg@k`` (gains over log2 of rank + 1, as a share of the best possible).
    """
    run = {
        str(question): {slug: -float(place) for place, slug in enumerate(ranking)}
        for question, ranking in enumerate(rankings)
    }
    gains = {str(question): dict(judgement.gains) for question, judgement in enumerate(judgements)}
    hits = {
        str(question): {slug: int(slug in judgement.hits) for slug in judgement.gains}
        for question, judgement in enumerate(judgements)
    }
    by_hits = {Success @ 1: "hit@1", Success @ 5: "hit@5", RR @ k: f"mrr@{k}"}
    by_gains = {nDCG @ k: f"ndcg@{k}"}
    scores = {name: np.zeros(len(judgements)) for name in [*by_hits.values(), *by_gains.values()]}
    for names, judged in ((by_hits, hits), (by_gains, gains)):
        for score in ir_measures.iter_calc(list(names), judged, run):
            scores[names[score.measure]][int(score.query_id)] = score.value
    return scores


def bootstrap_interval(scores: Scores, *, resamples: int = RESAMPLES) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean; the same scores give the same interval.

    Source: B. Efron and R. Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13.
    """
    random = np.random.default_rng(_SEED)
    drawn = random.integers(0, len(scores), size=(resamples, len(scores)))
    low, high = np.percentile(scores[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def area_under_roc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Return the chance that a positive scores higher than a negative, equals counting for half."""
    difference = np.subtract.outer(np.asarray(positives), np.asarray(negatives))
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))


def label_scores(found: Sequence[Set[str]], true: Sequence[Set[str]]) -> dict[str, float]:
    """Score the labels that were found against the true ones, thing by thing.

    ``precision``, ``recall`` and ``f1`` are micro-averaged over (thing, label) pairs; ``exact`` is the
    share of things whose set of labels is just right. Where no label was found none is wrong, and where
    there is none to find none was missed.
    """
    right = sum(len(ours & theirs) for ours, theirs in zip(found, true, strict=True))
    n_found, n_true = sum(map(len, found)), sum(map(len, true))
    return {
        "precision": right / n_found if n_found else 1.0,
        "recall": right / n_true if n_true else 1.0,
        "f1": 2 * right / (n_found + n_true) if n_found + n_true else 1.0,
        "exact": sum(ours == theirs for ours, theirs in zip(found, true, strict=True)) / len(true),
    }
