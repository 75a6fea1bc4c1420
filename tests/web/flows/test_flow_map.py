"""The map: what is searched on it, and where a question falls."""

from __future__ import annotations

from browsing import Site, canvas, heading, open_map, ring, settled
from playwright.sync_api import expect
from talking import FLOW, Talk, entry_with, question

pytestmark = FLOW


def test_the_map_shows_what_is_searched_and_where_a_question_falls(talk: Talk, site: Site) -> None:
    visitor, told = talk.visitor, question(site)
    talk.say(told)
    open_map(visitor)
    expect(visitor.get_by_label("Where does this fall?")).to_have_value(told)
    placed = site.navigator.place(told)
    assert placed is not None
    lists = visitor.locator(".st-key-map-lists")
    for number, point in enumerate(placed.neighbours, start=1):
        expect(lists.locator(f".st-key-on-map-near-{number}")).to_contain_text(f"{number}. {point.label}")
    visitor.get_by_label("Where does this fall?").fill("")
    visitor.get_by_label("Where does this fall?").press("Enter")
    expect(lists).to_contain_text(f"{len(site.navigator.map()):,} documents by")

    sought = entry_with(site, lambda entry: site.navigator.browse(entry.title) == [entry])
    visitor.get_by_label("Search").press_sequentially(sought.title, delay=20)
    expect(lists).to_contain_text(f"1 of {len(site.navigator.map()):,} found", ignore_case=True)
    settled(visitor)
    visitor.mouse.move(*ring(visitor))
    expect(visitor.locator("#vg-tooltip-element")).to_contain_text(sought.title)
    visitor.mouse.click(*ring(visitor))
    expect(heading(visitor)).to_have_text(sought.title)
    settled(visitor)
    visitor.go_back()
    expect(visitor.get_by_label("Search")).to_have_value(sought.title)
    expect(canvas(visitor)).to_be_visible()
