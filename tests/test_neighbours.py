from __future__ import annotations

import pytest
from places import DOCUMENTS

from navigator.corpus import load_corpus
from navigator.neighbours import neighbours
from navigator.pattern import InferredLink, Link, Pattern
from navigator.store.records import CatalogueEntry

Catalogue = dict[str, CatalogueEntry]


@pytest.fixture(scope="module")
def patterns() -> dict[str, Pattern]:
    return {pattern.slug: pattern for pattern in load_corpus([DOCUMENTS]).patterns}


@pytest.fixture(scope="module")
def catalogue(patterns: dict[str, Pattern]) -> Catalogue:
    return {slug: CatalogueEntry.of(pattern) for slug, pattern in patterns.items()}


def test_each_neighbour_is_named_once_with_kind_weight_and_who_drew_the_link(
    patterns: dict[str, Pattern], catalogue: Catalogue
) -> None:
    found = neighbours(patterns["rolling-handover"], catalogue, "tech")
    assert [(n.slug, n.kind, n.weight, n.by) for n in found] == [
        ("lent-hands", "enables", 0.8, "people"),
        ("quiet-mornings", "requires", 0.4, "people"),
        ("open-till", "complementary", 0.7, "people"),
        ("bad-news-first", "complementary", 0.6, "people"),
    ]
    assert found[0].label == "Embedded Tour"
    assert found[0].title == "Lent Hands"


def test_links_of_machines_come_last_and_links_to_nowhere_not_at_all(
    patterns: dict[str, Pattern], catalogue: Catalogue
) -> None:
    pattern = patterns["rolling-handover"]
    garden = pattern.graph_garden.model_copy(
        update={
            "inferred_links": (
                InferredLink(
                    target="open-till", slug="open-till", type="shared_entity", confidence=7.0, reason="So."
                ),
                InferredLink(target="gone", slug=None, type="shared_entity"),
                InferredLink(target="rolling-handover", slug="rolling-handover"),
            )
        }
    )
    curated = {"requires": (Link(slug="lent-hands", target="lent-hands"),)}
    changed = pattern.model_copy(update={"graph_garden": garden, "relationships": curated})
    first, last = neighbours(changed, catalogue)
    assert (first.slug, first.weight, first.by) == ("lent-hands", None, "people")
    assert (last.slug, last.kind, last.weight, last.by) == ("open-till", "shared_entity", 1.0, "machine")
    assert last.reason == "So."
