"""The order in which a handout is suggested to be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.errors import PatternNotFoundError
from navigator.navigator import Navigator
from navigator.ordering import Tie, suggested_order

SLUGS = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)
TIES = st.lists(
    st.builds(
        Tie, st.sampled_from("abcdefghij"), st.sampled_from("abcdefghij"), st.sampled_from([0, 0.2, 0.5, 1])
    )
)


def respected(order: tuple[str, ...], tie: Tie) -> bool:
    return order.index(tie.before) < order.index(tie.after)


@given(SLUGS, TIES)
def test_it_is_a_permutation_that_is_suggested_again(slugs: list[str], ties: list[Tie]):
    order = suggested_order(slugs, ties)
    assert sorted(order) == sorted(slugs)
    assert suggested_order(order, ties) == order
    assert suggested_order(slugs, ties[::-1]) == order


@given(SLUGS)
def test_what_nothing_is_said_of_stays_where_it_is(slugs: list[str]):
    assert suggested_order(slugs, []) == tuple(slugs)


@given(st.permutations("abcdefgh"), SLUGS, TIES)
def test_ties_without_a_circle_all_hold(seniority: list[str], slugs: list[str], ties: list[Tie]):
    place = {slug: number for number, slug in enumerate(seniority)}
    open_ended = [
        tie
        for tie in ties
        if tie.before in slugs and tie.after in slugs and place[tie.before] < place[tie.after]
    ]
    order = suggested_order(slugs, open_ended)
    assert all(respected(order, tie) for tie in open_ended)


@given(st.permutations("abcdefgh"), TIES)
def test_an_order_that_is_right_already_stays(slugs: list[str], ties: list[Tie]):
    kept = [tie for tie in ties if {tie.before, tie.after} <= set(slugs) and respected(tuple(slugs), tie)]
    assert suggested_order(slugs, kept) == tuple(slugs)


@given(SLUGS, TIES)
def test_the_heaviest_tie_holds_whatever_the_others_say(slugs: list[str], ties: list[Tie]):
    inner = [tie for tie in ties if tie.before in slugs and tie.after in slugs and tie.before != tie.after]
    weights = sorted((tie.weight for tie in inner), reverse=True)
    if weights and weights[1:2] != weights[:1]:
        heaviest = max(inner, key=lambda tie: tie.weight)
        assert respected(suggested_order(slugs, inner), heaviest)


def test_a_circle_is_broken_at_its_lightest_tie():
    circle = [Tie("a", "b", 0.9), Tie("b", "c", 0.2), Tie("c", "a", 0.7)]
    assert suggested_order("abc", circle) == ("c", "a", "b")


def test_what_is_needed_comes_right_before_what_needs_it():
    assert suggested_order(["x", "late", "y", "early"], [Tie("early", "late")]) == ("x", "early", "late", "y")


def test_the_library_is_asked_by_any_names(shelf: Navigator):
    # Open Till requires Bad News First; that both go with Rolling Handover says nothing of the order.
    names = ["Open Till", "rolling-handover", "bad-news-first"]
    order = shelf.suggested_order(names)
    assert order == ("bad-news-first", "open-till", "rolling-handover")
    assert shelf.suggested_order([*names, "open-till"]) == order
    assert shelf.suggested_order([]) == ()
    with pytest.raises(PatternNotFoundError, match="is an article"):
        shelf.suggested_order(["why-we-closed-on-mondays"])
