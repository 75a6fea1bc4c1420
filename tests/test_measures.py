"""Figures of merit, checked against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.measures import Judgement, area_under_roc, bootstrap_interval, label_scores, ranking_scores

SLUGS = st.sampled_from("abcdef")
RANKINGS = st.lists(SLUGS, unique=True)
JUDGEMENTS = st.dictionaries(SLUGS, st.integers(0, 7), min_size=1).map(
    lambda gains: Judgement(gains, frozenset(slug for slug, gain in gains.items() if gain >= 3))
)


def known_item(slug: str, *also: str) -> Judgement:
    return Judgement({**dict.fromkeys(also, 1), slug: 2}, frozenset({slug, *also}))


def test_a_hit_is_counted_by_its_rank():
    rankings = [["a", "x"], ["x", "y", "a"], ["x", "y", "z", "v", "w", "a"], ["x", "y"], []]
    scores = ranking_scores(rankings, [known_item("a")] * 5)
    assert scores["hit@1"].tolist() == [1, 0, 0, 0, 0]
    assert scores["hit@5"].tolist() == [1, 1, 0, 0, 0]
    assert scores["mrr@10"].tolist() == pytest.approx([1, 1 / 3, 1 / 6, 0, 0])
    assert scores["ndcg@10"].tolist() == pytest.approx([1, 1 / 2, 1 / math.log2(7), 0, 0])


def test_the_ideal_is_over_all_judged_documents():
    scores = ranking_scores([["twin", "x", "meant"]], [known_item("meant", "twin", "unfound")])
    gained = 1 + 2 / math.log2(4)
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert scores["hit@1"].tolist() == [1]
    assert scores["ndcg@10"][0] == pytest.approx(gained / ideal)


def test_a_document_may_gain_without_being_a_hit():
    judgement = Judgement({"related": 1, "helpful": 3}, frozenset({"helpful"}))
    scores = ranking_scores([["related", "helpful"]], [judgement])
    assert (scores["hit@1"][0], scores["mrr@10"][0]) == (0, 1 / 2)
    assert scores["ndcg@10"][0] == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))


def test_what_comes_after_k_does_not_count():
    ranking = [*"uvwxyz", "a"]
    near, far = (ranking_scores([ranking], [known_item("a")], k=k) for k in (6, 7))
    assert list(near) == ["hit@1", "hit@5", "mrr@6", "ndcg@6"]
    assert near["mrr@6"][0] == near["ndcg@6"][0] == 0
    assert far["mrr@7"][0] == pytest.approx(1 / 7)


@given(st.lists(st.tuples(RANKINGS, JUDGEMENTS), min_size=1, max_size=5))
def test_scores_are_shares_and_do_not_depend_on_the_other_questions(pairs):
    together = ranking_scores(*map(list, zip(*pairs, strict=True)))
    for place, (ranking, judgement) in enumerate(pairs):
        for name, scores in ranking_scores([ranking], [judgement]).items():
            assert 0 <= scores[0] <= 1
            assert together[name][place] == scores[0]


def test_intervals_hold_the_mean_shrink_with_numbers_and_repeat():
    few, many = np.array([0.0, 1.0] * 10), np.array([0.0, 1.0] * 100)
    low, high = bootstrap_interval(many)
    assert low < 0.5 < high
    assert bootstrap_interval(many) == (low, high)
    # Of a share of .5 in 200 the standard error is .0354, and 1.96 of these are .069.
    assert (low, high) == pytest.approx((0.431, 0.569), abs=0.008)
    assert np.ptp(bootstrap_interval(few)) > 2 * (high - low)
    assert bootstrap_interval(np.ones(3)) == (1.0, 1.0)


def test_the_area_under_the_roc_is_the_share_of_pairs_in_order():
    assert area_under_roc([0.9, 0.8], [0.1, 0.2]) == 1
    assert area_under_roc([0.1], [0.9]) == 0
    assert area_under_roc([0.5, 0.9], [0.5, 0.5]) == 0.75
    assert area_under_roc([0.3, 0.6], [0.2, 0.5]) == 0.75


def test_labels_are_scored_pair_by_pair_and_set_by_set():
    found = [{"tech"}, {"tech", "activist"}, set(), {"tech"}]
    true = [{"tech"}, {"tech"}, {"corporate"}, {"tech", "activist"}]
    assert label_scores(found, true) == pytest.approx(
        {"precision": 3 / 4, "recall": 3 / 5, "f1": 2 * 3 / 9, "exact": 1 / 4}
    )


def test_no_label_found_where_there_is_none_is_right():
    assert label_scores([set()], [set()]) == {"precision": 1, "recall": 1, "f1": 1, "exact": 1}
    assert label_scores([set()], [{"tech"}])["recall"] == 0
