"""A librarian looks through all there is."""

from __future__ import annotations

import re

from browsing import Site, go, heading, settled
from playwright.sync_api import Page, expect
from talking import FLOW, entry_with, pattern_with

from navigator.answer import stars
from navigator.browse import Facet
from navigator.pattern import Pattern
from navigator.web.contexts import context_name
from navigator.web.pages.library import CARDS

pytestmark = FLOW


def typed(visitor: Page, text: str) -> None:
    visitor.get_by_placeholder("Search the library").fill(text)


def count(visitor: Page, site: Site, found: int) -> None:
    total = len(site.navigator.catalogue())
    shown = f"{total:,} documents" if found == total else f"{found:,} of {total:,} documents"
    expect(visitor.locator(".st-key-library-bar")).to_contain_text(re.compile(rf"(^|\s){shown}"))


def test_the_library_is_searched_while_one_types(visitor: Page, site: Site) -> None:
    go(visitor, site, "library")
    catalogue, browse = site.navigator.catalogue(), site.navigator.browse
    first = visitor.locator(".st-key-card-0").get_by_role("link")
    titled = catalogue[len(catalogue) // 2].title
    visitor.get_by_placeholder("Search the library").press_sequentially(titled[:-1], delay=20)
    expect(first).to_have_accessible_name(browse(titled[:-1])[0].title)
    count(visitor, site, len(browse(titled[:-1])))
    by_alias = entry_with(site, lambda entry: entry.aliases)
    by_label = entry_with(site, lambda entry: entry.labels.get("government", entry.title) != entry.title)
    words = " ".join(question_words(pattern_with(site, lambda found: found.usable_tension)))
    for text in (by_alias.aliases[0], by_label.labels["government"], words):
        typed(visitor, text)
        found = browse(text)
        assert found
        expect(first).to_have_accessible_name(found[0].title)
        count(visitor, site, len(found))
    assert by_alias in browse(by_alias.aliases[0])[:3]
    assert by_label in browse(by_label.labels["government"])[:3]

    # To the pattern and back: the search is as it was left.
    first.click()
    expect(heading(visitor)).to_have_text(found[0].title)
    settled(visitor)
    visitor.go_back()
    expect(visitor.get_by_placeholder("Search the library")).to_have_value(words)
    count(visitor, site, len(found))
    expect(first).to_have_accessible_name(found[0].title)
    typed(visitor, "xyzzy plugh")
    expect(visitor.get_by_text("Nothing here bears these words")).to_be_visible()


def question_words(found: Pattern) -> list[str]:
    """Return words of the text of a pattern, as somebody remembers them."""
    return re.findall(r"[a-z]{5,}", found.usable_tension.lower())[:3]


def test_the_library_is_narrowed_by_every_facet(visitor: Page, site: Site) -> None:
    go(visitor, site, "library")
    facets = site.navigator.facets()
    assert {"context", "confidence", "vitality"} <= set(facets)
    for facet, values in facets.items():
        rarest = min(values, key=lambda value: value.count)
        name = value_name(facet, rarest.value)
        box = visitor.locator(f".st-key-facet-{facet}").get_by_role("combobox")
        box.click()
        box.fill(name)
        visitor.get_by_role("option", name=f"{name} ({rarest.count:,})", exact=True).click()
        visitor.keyboard.press("Escape")
        count(visitor, site, rarest.count)
        settled(visitor)
        visitor.locator(f".st-key-facet-{facet}").get_by_role("button", name="Clear all").click()
        count(visitor, site, len(site.navigator.catalogue()))


def value_name(facet: Facet, value: str) -> str:
    if facet == "confidence":
        return stars(int(value))
    return context_name(value) if facet == "context" else value.replace("-", " ").replace("_", " ")


def test_the_library_is_turned_over_page_by_page_and_as_a_table(visitor: Page, site: Site) -> None:
    go(visitor, site, "library")
    catalogue = site.navigator.catalogue()
    cards, pages = visitor.locator(".st-key-cards"), visitor.get_by_role("navigation", name="Pagination")
    last = -(-len(catalogue) // CARDS)
    expect(cards.get_by_role("link")).to_have_count(CARDS)
    for number in (2, last):
        pages.get_by_role("button", name=f"Page {number}", exact=True).click()
        there = catalogue[(number - 1) * CARDS : number * CARDS]
        expect(cards.get_by_role("link")).to_have_count(len(there))
        expect(cards.get_by_role("link").first).to_have_accessible_name(there[0].title)
    visitor.locator(".st-key-library-view").get_by_role("radio", name="Table").click()
    table = visitor.get_by_test_id("stDataFrame")
    # What screen readers are told of the rows in sight; the rest is paint.
    expect(table.locator('[role="gridcell"]', has_text=catalogue[1].title).first).to_be_attached()
    expect(table.locator('[role="grid"]')).to_have_attribute("aria-rowcount", str(len(catalogue) + 1))
    settled(visitor)
    box = table.locator("canvas").first.bounding_box()
    assert box is not None
    visitor.mouse.click(box["x"] + 16, box["y"] + 35 + 35 + 17)
    expect(heading(visitor)).to_have_text(catalogue[1].title)
