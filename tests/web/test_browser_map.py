"""*Map* in a real browser: hover, click, search and question."""

from __future__ import annotations

import re

import pytest
from browsing import HOSTILE, SITUATION, Site, answer, ask, canvas, open_map, ring, settled, too_wide
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]


def test_what_is_searched_is_ringed_told_at_a_hover_and_opened_at_a_click(visitor: Page, site: Site) -> None:
    open_map(visitor)
    visitor.get_by_label("Search").press_sequentially("nobody leaves tw", delay=20)
    listed = visitor.locator(".st-key-map-lists")
    expect(listed).to_contain_text(f"1 of {len(site.navigator.map())} found", ignore_case=True)
    expect(listed.get_by_role("link", name="Rolling Handover")).to_be_visible()
    settled(visitor)
    visitor.mouse.move(*ring(visitor))
    expect(visitor.locator("#vg-tooltip-element")).to_contain_text("Rolling Handover")
    visitor.mouse.click(*ring(visitor))
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Rolling Handover")
    visitor.go_back()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Map")
    expect(visitor.get_by_label("Search")).to_have_value("nobody leaves tw")


def test_the_question_of_the_conversation_is_on_the_map(visitor: Page, site: Site) -> None:
    ask(visitor, SITUATION)
    answer(visitor, 0)
    open_map(visitor)
    expect(visitor.get_by_label("Where does this fall?")).to_have_value(SITUATION)
    placed = site.navigator.place(SITUATION)
    assert placed is not None
    links = visitor.locator(".st-key-map-lists").get_by_role("link")
    names = [f"{number}. {near.label}" for number, near in enumerate(placed.neighbours, start=1)]
    for number, name in enumerate(names[:3]):
        expect(links.nth(number)).to_have_accessible_name(name)
    assert "resigned" not in visitor.url
    visitor.get_by_label("Where does this fall?").fill("Nobody decides anything until headquarters nods")
    visitor.get_by_label("Where does this fall?").press("Enter")
    expect(links.nth(0)).not_to_have_accessible_name(names[0])
    links.nth(0).focus()
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(re.compile("/pattern.*pattern="))


def test_a_hostile_title_is_text_on_the_map_too(visitor: Page) -> None:
    open_map(visitor)
    visitor.get_by_label("Search").press_sequentially("hostile xylophone")
    expect(visitor.locator(".st-key-map-lists")).to_contain_text("1 of")
    settled(visitor)
    visitor.mouse.move(*ring(visitor))
    tooltip = visitor.locator("#vg-tooltip-element")
    expect(tooltip).to_contain_text(HOSTILE[:40])
    assert visitor.evaluate("window.attacked") is None
    for part in (tooltip, visitor.locator(".st-key-map-lists")):
        for selector in ("img", "iframe", "script", "code", 'a[href^="javascript"]'):
            assert part.locator(selector).count() == 0, selector


def test_the_map_fills_a_phone_and_the_list_is_below(phone: Page, site: Site) -> None:
    phone.goto(f"{site.url}/map")
    settled(phone)
    expect(canvas(phone)).to_be_visible()
    picture, listed = canvas(phone).bounding_box(), phone.locator(".st-key-map-lists").bounding_box()
    assert picture is not None
    assert listed is not None
    assert picture["width"] > 340
    assert listed["y"] > picture["y"] + picture["height"]
    assert too_wide(phone) == []
