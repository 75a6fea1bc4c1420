"""Looking through the library, through the façade and on entries made up for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.browse import FACETS, Facet, browse, facet_values, facets, vitality_band
from navigator.navigator import Navigator
from navigator.pattern import Pattern
from navigator.store.records import CatalogueEntry


def slugs(entries: list[CatalogueEntry]) -> list[str]:
    return [entry.slug for entry in entries]


def test_with_nothing_typed_all_come_by_title(shelf: Navigator) -> None:
    assert shelf.browse() == shelf.catalogue()
    titles = [entry.title.lower() for entry in shelf.browse()]
    assert titles == sorted(titles)


@pytest.mark.parametrize(
    "typed", ["rolling", "Rolli", "nobody lea", "bus factor", "HANDOVER", "continuity of p"]
)
def test_titles_aliases_and_labels_are_found_while_they_are_typed(shelf: Navigator, typed: str) -> None:
    assert slugs(shelf.browse(typed))[0] == "rolling-handover"


def test_the_text_is_searched_too_and_comes_after_the_names(shelf: Navigator) -> None:
    entry = shelf.pattern("lent-hands")
    word = max(entry.sections[0].text.lower().replace(",", "").replace(".", "").split(), key=len)
    for typed in (word, word[:-1]):
        assert "lent-hands" in slugs(shelf.browse(typed))


def test_a_label_that_is_junk_finds_nothing(shelf: Navigator) -> None:
    pattern = shelf.pattern("open-till")
    assert isinstance(pattern, Pattern)
    assert "government" not in pattern.usable_labels
    assert "open-till" not in slugs(shelf.browse("Med"))


def test_words_that_nobody_wrote_find_nothing(shelf: Navigator) -> None:
    assert shelf.browse("zxqv") == []
    assert shelf.browse("rolling zxqv") == []


@pytest.mark.parametrize("typed", ["", "  ", "🙂", "the of", "-", "\0", "w " * 3000])
def test_odd_words_do_no_harm(shelf: Navigator, typed: str) -> None:
    assert isinstance(shelf.browse(typed), list)


def test_values_of_one_facet_add_and_those_of_two_narrow(shelf: Navigator) -> None:
    two_stars = slugs(shelf.browse(narrowed={"confidence": ["2"]}))
    more = slugs(shelf.browse(narrowed={"confidence": ["2", "3"]}))
    assert set(two_stars) < set(more)
    both = slugs(shelf.browse(narrowed={"confidence": ["2"], "domain": ["leadership"]}))
    assert "rolling-handover" in both
    assert set(both) < set(two_stars)


def test_the_counts_of_a_facet_are_what_choosing_it_finds(shelf: Navigator) -> None:
    found = shelf.facets()
    assert {"domain", "context", "confidence"} <= found.keys()
    for facet, values in found.items():
        for value in values:
            assert len(shelf.browse(narrowed={facet: [value.value]})) == value.count


def test_facets_with_an_order_of_their_own_keep_it(shelf: Navigator) -> None:
    found = shelf.facets()
    assert [value.value for value in found["context"]] == ["corporate", "government", "activist", "tech"]
    confidences = [value.value for value in found["confidence"]]
    assert confidences == sorted(confidences, reverse=True)


def test_what_all_have_alike_is_no_facet() -> None:
    alike = [entry(str(number), domain="one") for number in range(3)]
    assert "domain" not in facets(alike)
    assert "domain" in facets([*alike, entry("3")])


@pytest.mark.parametrize(
    ("score", "band"), [(5, "4 to 5"), (4, "4 to 5"), (3.99, "3 to 4"), (2, "2 to 3"), (0, "below 2")]
)
def test_a_band_of_vitality_holds_its_lower_bound(score: float, band: str) -> None:
    assert vitality_band(score) == band


def test_a_name_that_begins_so_comes_before_one_that_holds_it_and_before_text() -> None:
    entries = [
        entry("text"),
        entry("summary", summary="an open ledger"),
        entry("holds", title="The Ledger"),
        entry("begins", title="Ledger of Promises"),
    ]
    assert slugs(browse(entries, "ledg", ["text"], {})) == ["begins", "holds", "summary", "text"]


narrowings = st.dictionaries(
    st.sampled_from(FACETS), st.lists(st.sampled_from(["a", "1", "tech", "4 to 5"]), max_size=2)
)
entries_made_up = st.lists(
    st.builds(
        lambda domain, confidence, vitality: entry(
            "x", domain=domain, confidence=confidence, vitality=vitality
        ),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from([None, 1, 2]),
        st.sampled_from([None, 1.0, 4.5]),
    ),
    max_size=6,
)


@given(entries_made_up, narrowings)
def test_what_is_left_has_a_chosen_value_of_each_facet(
    entries: list[CatalogueEntry], narrowed: dict[Facet, list[str]]
) -> None:
    left = browse(entries, "", [], narrowed)
    for one in entries:
        fits = all(
            set(values) & set(facet_values(one, facet)) for facet, values in narrowed.items() if values
        )
        assert (one in left) == fits


def entry(slug: str, **fields: object) -> CatalogueEntry:
    known = {"slug": slug, "title": slug, "form": "v7.1", "path": f"shelf/{slug}.md", "is_pattern": True}
    return CatalogueEntry.model_validate(known | fields)


def test_the_collection_is_the_folder() -> None:
    assert entry("one").collection == "shelf"
    assert entry("two", path=str(Path("two.md"))).collection == ""
