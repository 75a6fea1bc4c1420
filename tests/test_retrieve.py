"""Ranking: pure functions over scores."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.pattern import Account
from navigator.retrieve import (
    ACCOUNT_SPREAD,
    ACCOUNT_WEIGHT,
    ACCOUNT_WORDS,
    CLOSE_ACCOUNT,
    CLOSE_SITUATION,
    DOUBT,
    LEAST_SHARE,
    LEXICAL_CANDIDATES,
    by_kind,
    candidates,
    confidence,
    helped,
    kind_of,
    pool,
    rank,
    slug_of,
)

SLUGS = st.sampled_from([f"pattern-{letter}" for letter in "abcdef"])
SECTIONS = st.sampled_from(["card.0", "context.0", "context.1", "solution.0", "situation.0"])
SCORES = st.floats(-1, 1)
CHUNKS = st.dictionaries(SLUGS, st.dictionaries(SECTIONS, SCORES, min_size=1), max_size=6).map(
    lambda documents: {
        slug: sorted(
            ((f"{slug}#{section}@0a", score) for section, score in sections.items()),
            key=lambda pair: -pair[1],
        )
        for slug, sections in documents.items()
    }
)
LEXICAL = st.dictionaries(SLUGS, st.floats(0.1, 9), max_size=6)


def slugs(hits) -> list[str]:
    return [hit.slug for hit in hits]


def test_ids_say_whose_chunk_it_is_and_of_what_kind():
    assert slug_of("decision-log#known-uses.2@ab12") == "decision-log"
    assert kind_of("decision-log#known-uses.2@ab12") == "section"
    assert kind_of("decision-log#card.0@ab12") == "card"
    assert kind_of("decision-log#situation.3@ab12") == "situation"


def test_many_good_passages_beat_one():
    assert pool(by_kind([("b#x.0@1", 0.6), ("b#y.0@1", 0.6)])) > pool(
        by_kind([("a#x.0@1", 0.6), ("a#y.0@1", 0.2)])
    )


def test_no_more_than_three_passages_count():
    passages = [(f"a#x.{n}@1", 0.5 - n / 10) for n in range(5)]
    assert pool(by_kind(passages)) == pytest.approx(pool(by_kind(passages[:3])))


def test_a_short_document_is_no_worse_for_that():
    assert pool(by_kind([("a#x.0@1", 0.5)])) == pytest.approx(0.5)
    assert pool(by_kind([("a#card.0@1", 0.5)])) == pytest.approx(0.5)
    assert pool(by_kind([(f"a#x.{n}@1", 0.5) for n in range(9)])) == pytest.approx(0.5)


def test_a_card_counts_beside_the_passages_and_a_situation_apart():
    passages = [("a#x.0@1", 0.6), ("a#y.0@1", 0.6)]
    assert pool(by_kind([*passages, ("a#card.0@1", 0.3)])) == pytest.approx(0.5)
    assert pool(by_kind([("a#situation.0@1", 0.9), *passages])) == pytest.approx(0.6)


def test_candidates_are_what_either_retriever_found_and_what_was_named():
    lexical = {f"w-{n}": 1.0 for n in range(LEXICAL_CANDIDATES + 5)}
    found = candidates([("a#x.0@1", 0.5), ("a#y.0@1", 0.4), ("w-0#x.0@1", 0.4)], lexical, ["n"])
    assert found[:3] == ["n", "a", "w-0"]
    assert len(found) == LEXICAL_CANDIDATES + 2


def test_nothing_found_is_nothing():
    assert candidates([], {}) == []
    assert rank({}, {}, k=5) == []


def test_vectors_and_words_both_count():
    chunks = {"a": [("a#x.0@1", 0.5)], "b": [("b#x.0@1", 0.3)]}
    assert slugs(rank(chunks, {"b": 0.4}, k=2)) == ["a", "b"]
    assert slugs(rank(chunks, {"b": 0.6}, k=2)) == ["b", "a"]


@given(CHUNKS, LEXICAL, st.data(), st.integers(1, 8))
def test_ranking_is_whole_and_explained(chunks, lexical, data, k):
    named = data.draw(st.lists(st.sampled_from(sorted(chunks)), unique=True, max_size=2)) if chunks else []
    hits = rank(chunks, lexical, {}, named, k=k)
    assert len(hits) == min(k, len(chunks))
    assert len(set(slugs(hits))) == len(hits)
    assert {slug in named for slug in slugs(hits[: len(named)])} <= {True}
    rest = [hit.score for hit in hits if hit.slug not in named]
    assert rest == sorted(rest, reverse=True)
    for hit in hits:
        nearest = (chunk for chunk, _ in chunks[hit.slug] if kind_of(chunk) != "card")
        assert hit.chunk == next(nearest, None)
        by_retriever = {evidence.retriever: evidence for evidence in hit.evidence}
        assert by_retriever["dense"].score == pool(by_kind(chunks[hit.slug]))
        assert ("lexical" in by_retriever) == (hit.slug in lexical)
        assert ("name" in by_retriever) == (hit.slug in named)
        if "lexical" in by_retriever:
            better = [slug for slug in chunks if lexical.get(slug, 0) > lexical[hit.slug]]
            assert by_retriever["lexical"].rank >= len(better) + 1


@given(CHUNKS, LEXICAL)
def test_ranking_does_not_depend_on_the_order_of_candidates(chunks, lexical):
    turned = dict(reversed(chunks.items()))
    assert slugs(rank(chunks, lexical, k=9)) == slugs(rank(turned, lexical, k=9))


def test_a_passage_is_shown_rather_than_the_card():
    (hit,) = rank({"a": [("a#card.0@1", 0.9), ("a#context.0@1", 0.4), ("a#problem.0@1", 0.3)]}, {}, k=1)
    assert hit.chunk == "a#context.0@1"


def test_a_document_goes_first_by_its_name():
    chunks = {"a": [("a#context.0@1", 0.9)], "b": [("b#context.0@1", 0.1)]}
    hits = rank(chunks, {"a": 5.0}, {}, ["b"], k=2)
    assert slugs(hits) == ["b", "a"]
    assert hits[0].evidence[0].retriever == "name"


def test_words_of_a_situation_count_where_its_meaning_is_near():
    def first(similarity: float, words: float) -> str:
        chunks = {
            "a": [("a#x.0@1", 0.5)],
            "b": [("b#situation.0@1", similarity), ("b#x.0@1", 0.4)],
        }
        return rank(chunks, {}, {"b#situation.0@1": words}, k=1)[0].slug

    near = CLOSE_SITUATION + 0.2
    assert (first(near, words=0.0), first(near, words=0.1), first(near, words=0.3)) == ("a", "a", "b")
    assert (first(CLOSE_SITUATION, words=9.0), first(near + 0.4, words=0.1)) == ("a", "b")


def test_one_of_many_situations_counts_for_less_than_the_only_one():
    chunks = {
        "one": [("one#situation.0@1", 0.9), ("one#x.0@1", 0.3)],
        "many": [(f"many#situation.{n}@1", 0.9 - n / 10) for n in range(4)] + [("many#x.0@1", 0.3)],
    }
    found = {"one#situation.0@1": 0.4, "many#situation.0@1": 0.4}
    scores = {hit.slug: hit.score - 0.3 for hit in rank(chunks, {}, found, k=2)}
    assert scores["many"] == pytest.approx(scores["one"] / 2)


def test_confidence_rises_with_the_similarity_of_the_nearest_passages():
    confidences = [
        confidence([(f"a#context.{n}@1", score) for n in range(30)], 1_911)
        for score in (-1, 0.2, 0.245, 0.29, 1)
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
    assert confidence(passages, 1_000) > 0.8
    assert confidence(passages, 34_000) < 0.2


def account(name: str, **grades: int) -> Account:
    return Account(text=name, grades=grades)


def test_what_helped_in_the_nearest_accounts_is_weighed_by_grade_and_nearness():
    told = [(account("near", a=3, b=1), CLOSE_ACCOUNT), (account("far", b=3), CLOSE_ACCOUNT - ACCOUNT_SPREAD)]
    found = helped(told, ACCOUNT_WORDS)
    near, far = 1, 1 / math.e
    assert found["a"] == pytest.approx(near / (near + far + DOUBT))
    assert found["b"] == pytest.approx((near / 7 + far) / (near + far + DOUBT))
    assert helped([], ACCOUNT_WORDS) == {}


def test_many_close_accounts_are_believed_and_one_or_distant_ones_hardly():
    def share(count: int, similarity: float) -> float:
        return helped([(account(str(n), a=3), similarity) for n in range(count)], ACCOUNT_WORDS)["a"]

    assert share(40, CLOSE_ACCOUNT) > 0.9
    assert share(1, CLOSE_ACCOUNT) < 0.4
    assert share(40, CLOSE_ACCOUNT - 0.3) < 0.1
    assert share(1, 1.0) > 0.9


def test_accounts_count_less_for_who_asks_to_the_point():
    told = [(account("alone", a=3), 0.5)]
    whole = helped(told, ACCOUNT_WORDS)["a"]
    assert helped(told, ACCOUNT_WORDS * 3 // 4)["a"] == pytest.approx(whole * 3 / 4)
    assert helped(told, 1)["a"] == pytest.approx(whole * LEAST_SHARE)
    assert helped(told, 10 * ACCOUNT_WORDS)["a"] == whole


def test_what_helped_is_a_candidate_and_counts_beside_the_rest():
    assert candidates([], {}, aid={"a": 0.1}) == ["a"]
    chunks = {
        "a": [("a#x.0@1", 0.3)],
        "b": [("b#situation.0@1", 1.0), ("b#x.0@1", 0.3)],
        "c": [("c#x.0@1", 0.3)],
    }
    told = [(account("one", a=3, b=2, c=1), CLOSE_ACCOUNT)]
    alike = {"a": 1.0, "b": 0.5}
    situations = {"b#situation.0@1": 1.0}
    hits = {hit.slug: hit for hit in rank(chunks, {}, situations, (), told, alike, k=3)}
    assert hits["a"].score == pytest.approx(0.3 + ACCOUNT_WEIGHT)
    (alone,) = rank({"b": chunks["b"]}, {}, situations, k=1)
    assert hits["b"].score == pytest.approx(alone.score + ACCOUNT_WEIGHT / 2)
    assert [retriever for retriever, *_ in hits["a"].evidence] == ["dense", "account"]
    assert hits["a"].account == hits["b"].account == told[0][0]
    assert hits["c"].account is None  # merely related


def test_an_account_that_is_not_near_is_no_reason_to_name():
    told = [(account("one", a=3), CLOSE_ACCOUNT - 0.01)]
    (hit,) = rank({"a": [("a#x.0@1", 0.3)]}, {}, {}, (), told, helped(told, 99), k=1)
    assert hit.account is None
