"""Communities of patterns, by the links that people drew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from navigator.communities import FEWEST, communities
from navigator.pattern import Link, Pattern

GATE = {"gate": ["latch", "hinge", "bell"], "latch": ["hinge"]}
BELL = {"oven": ["bread", "salt"], "bread": ["salt", "oven"]}


def pattern(slug: str, links: Sequence[str], weight: float | None = 0.8) -> Pattern:
    linked = tuple(Link(target=other, slug=other, weight=weight) for other in links)
    return Pattern(slug=slug, title=slug, path=f"{slug}.md", form="v7.1", relationships={"enables": linked})


def language(links: Mapping[str, Sequence[str]]) -> list[Pattern]:
    slugs = dict.fromkeys([*links, *(other for linked in links.values() for other in linked)])
    return [pattern(slug, links.get(slug, ())) for slug in slugs]


def test_what_is_linked_is_together_around_the_best_linked() -> None:
    found = communities(language(GATE | BELL))
    assert found == dict.fromkeys(["gate", "latch", "hinge", "bell"], "gate") | dict.fromkeys(
        ["bread", "salt", "oven"], "bread"
    )


def test_pairs_loners_and_links_that_lead_nowhere_are_in_none() -> None:
    assert communities(language({"one": ["other"]})) == {}
    assert communities([pattern("alone", ["alone", "gone"])]) == {}
    assert communities([]) == {}
    assert communities([pattern(slug, ["a", "b", "c"], weight=0.0) for slug in "abc"]) == {}


@given(st.dictionaries(st.sampled_from("abcdefghij"), st.lists(st.sampled_from("abcdefghij"), max_size=4)))
def test_communities_are_the_same_in_any_order_and_never_too_small(links: dict[str, list[str]]) -> None:
    patterns = language(links)
    found = communities(patterns)
    assert communities(patterns[::-1]) == found
    for middle in set(found.values()):
        members = [slug for slug, around in found.items() if around == middle]
        assert len(members) >= FEWEST
        assert middle in members
