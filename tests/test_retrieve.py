"""Fusing rankings: pure functions over scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.retrieve import confidence, fuse, kind_of, pool, rank, slug_of

SLUGS = st.sampled_from([f"pattern-{letter}" for letter in "abcdef"])
SECTIONS = st.sampled_from(["card.0", "context.0", "context.1", "solution.0", "situation.0"])
CHUNKS = st.builds(lambda slug, section: f"{slug}#{section}@0a", SLUGS, SECTIONS)
SCORES = st.floats(-1, 1)
DENSE = st.dictionaries(CHUNKS, SCORES, max_size=20).map(
    lambda found: sorted(found.items(), key=lambda item: -item[1])
)
LEXICAL = st.dictionaries(SLUGS, st.floats(0.1, 50), max_size=6).map(
    lambda found: sorted(found.items(), key=lambda item: -item[1])
)


def slugs(hits) -> list[str]:
    return [hit.slug for hit in hits]


def test_ids_say_whose_chunk_it_is_and_of_what_kind():
    assert slug_of("decision-log#known-uses.2@ab12") == "decision-log"
    assert kind_of("decision-log#known-uses.2@ab12") == "section"
    assert kind_of("decision-log#card.0@ab12") == "card"
    assert kind_of("decision-log#situation.3@ab12") == "situation"


def test_many_good_passages_beat_one():
    dense = [("a#x.0@1", 0.6), ("b#x.0@1", 0.6), ("b#y.0@1", 0.5), ("c#x.0@1", 0.2)]
    assert list(pool(dense)) == ["b", "a", "c"]


def test_no_more_than_three_passages_count():
    three = [("a#x.0@1", 0.5), ("a#x.1@1", 0.5), ("a#x.2@1", 0.5), ("b#x.0@1", 0.1)]
    assert pool([*three[:3], ("a#x.3@1", 0.5), three[3]])["a"] == pytest.approx(pool(three)["a"])


def test_a_card_counts_once_and_apart_from_passages():
    dense = [("a#x.0@1", 0.6), ("b#x.0@1", 0.6), ("b#card.0@1", 0.5), ("c#x.0@1", 0.1)]
    assert next(iter(pool(dense))) == "b"


def test_nothing_found_is_nothing():
    assert pool([]) == {}
    assert fuse({}, {}, 0.5) == {}
    assert rank([], [], k=5) == []


def test_both_retrievers_count_by_their_weight():
    dense, lexical = {"a": 0.9, "b": 0.1}, {"a": 1.0, "b": 9.0}
    assert max(fuse(dense, lexical, 0.7).items(), key=lambda item: item[1])[0] == "a"
    assert max(fuse(dense, lexical, 0.3).items(), key=lambda item: item[1])[0] == "b"
    assert fuse(dense, {}, 0.7) == pytest.approx({"a": 0.7, "b": -0.7})


@given(st.dictionaries(SLUGS, SCORES), st.dictionaries(SLUGS, SCORES), st.floats(0.1, 10), SCORES)
def test_fusion_does_not_depend_on_a_retriever_s_scale(first, second, scale, shift):
    stretched = {slug: scale * score + shift for slug, score in second.items()}
    one, other = fuse(first, second, 0.7), fuse(first, stretched, 0.7)
    if len({round(score, 6) for score in second.values()}) == len(second):
        assert other == pytest.approx(one, abs=1e-3)


@given(DENSE, LEXICAL, st.lists(SLUGS, unique=True, max_size=2), st.integers(1, 8))
def test_ranking_is_whole_and_explained(dense, lexical, named, k):
    dense = [pair for pair in dense if kind_of(pair[0]) != "situation"]
    hits = rank(dense, lexical, named, k=k)
    found = {slug_of(chunk) for chunk, _ in dense} | {slug for slug, _ in lexical} | set(named)
    assert len(hits) == min(k, len(found))
    assert len(set(slugs(hits))) == len(hits)
    assert set(slugs(hits)) <= found
    assert (
        set(slugs(hits[: len(named)])) == set(named[:k])
        if k >= len(named)
        else set(slugs(hits)) <= set(named)
    )
    rest = [hit.score for hit in hits if hit.slug not in named]
    assert rest == sorted(rest, reverse=True)
    for hit in hits:
        assert hit.evidence
        nearest = (chunk for chunk, _ in dense if slug_of(chunk) == hit.slug and kind_of(chunk) != "card")
        assert hit.chunk == next(nearest, None)
        by_retriever = {evidence.retriever: evidence for evidence in hit.evidence}
        assert ("lexical" in by_retriever) == (hit.slug in dict(lexical))
        assert ("name" in by_retriever) == (hit.slug in named)
        if "lexical" in by_retriever:
            place = by_retriever["lexical"].rank - 1
            assert lexical[place] == (hit.slug, by_retriever["lexical"].score)


@given(DENSE, LEXICAL)
def test_ranking_does_not_depend_on_the_order_of_equals(dense, lexical):
    turned = sorted(dense, key=lambda item: (-item[1], item[0]))
    assert slugs(rank(dense, lexical, k=9)) == slugs(rank(turned, lexical, k=9))


def test_a_passage_is_shown_rather_than_the_card():
    dense = [("a#card.0@1", 0.9), ("a#context.0@1", 0.4), ("a#problem.0@1", 0.3)]
    (hit,) = rank(dense, [], k=1)
    assert hit.chunk == "a#context.0@1"


def test_a_document_goes_first_by_its_name():
    dense = [("a#context.0@1", 0.9), ("b#context.0@1", 0.1)]
    hits = rank(dense, [("a", 5.0)], ["b"], k=2)
    assert slugs(hits) == ["b", "a"]
    assert hits[0].evidence[0].retriever == "name"


def test_a_situation_counts_only_if_it_is_close():
    passage, far, close = ("a#context.0@1", 0.5), ("b#situation.0@1", 0.55), ("b#situation.0@1", 0.65)
    assert slugs(rank([far, passage], [], k=9)) == ["a"]
    assert slugs(rank([close, passage], [], k=9)) == ["b", "a"]


def test_confidence_rises_with_the_similarity_of_the_nearest_passages():
    confidences = [
        confidence([(f"a#context.{n}@1", score) for n in range(30)], 1_911)
        for score in (-1, 0.2, 0.24, 0.28, 1)
    ]
    assert confidences == sorted(confidences)
    assert confidences[0] < 0.01 < confidences[1]
    assert confidences[2] == pytest.approx(0.5, abs=0.01)
    assert confidences[3] < 0.95 < 0.99 < confidences[4]


def test_one_passage_that_is_near_by_chance_makes_no_confidence():
    rest = [(f"a#context.{n}@1", 0.1) for n in range(19)]
    assert confidence([("b#context.0@1", 0.6), *rest], 1_911) < 0.01
    assert confidence([("b#situation.0@1", 1.0), *rest], 1_911) == confidence(rest, 1_911)
    assert confidence([], 1_911) == 0


def test_a_larger_library_must_come_nearer():
    passages = [(f"a#context.{n}@1", 0.27) for n in range(20)]
    assert confidence(passages, 1_611) > 0.8
    assert confidence(passages, 74_216) < 0.2
