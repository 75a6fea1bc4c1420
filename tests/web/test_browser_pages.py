"""*Library* and *Pattern* in a real browser, and the way between the pages."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsing import HOSTILE, SITUATION, Site, answer, ask, go, heading, tab_to, too_wide
from playwright.sync_api import Browser, Page, expect

from navigator.navigator import Navigator
from navigator.pattern import Pattern

pytestmark = [pytest.mark.browser, pytest.mark.model]

SLUG = "rolling-handover"


def pattern(navigator: Navigator, slug: str = SLUG) -> Pattern:
    found = navigator.pattern(slug)
    assert isinstance(found, Pattern)
    return found


def test_a_librarian_searches_while_typing_narrows_and_opens(visitor: Page, site: Site) -> None:
    visitor.get_by_role("link", name="Library").click()
    expect(heading(visitor)).to_have_text("Library")
    cards = visitor.locator(".st-key-cards").get_by_role("link")
    expect(cards).to_have_count(len(site.navigator.catalogue()))
    # No key but letters: the search answers while they are typed.
    visitor.get_by_placeholder("Search the library").press_sequentially("nobody leaves tw", delay=20)
    expect(cards).to_have_count(1)
    expect(cards).to_have_accessible_name("Rolling Handover")
    visitor.get_by_placeholder("Search the library").fill("")
    expect(cards).to_have_count(len(site.navigator.catalogue()))
    visitor.locator(".st-key-facet-confidence").get_by_role("combobox").click()
    visitor.get_by_role("option", name="★★☆").click()
    visitor.keyboard.press("Escape")
    expect(cards).to_have_count(len(site.navigator.browse(narrowed={"confidence": ["2"]})))
    visitor.locator(".st-key-cards").get_by_role("link", name="Rolling Handover").click()
    expect(heading(visitor)).to_have_text("Rolling Handover")
    visitor.go_back()
    expect(heading(visitor)).to_have_text("Library")
    expect(cards).to_have_count(len(site.navigator.browse(narrowed={"confidence": ["2"]})))


def test_the_address_restores_pattern_and_context(visitor: Page, site: Site) -> None:
    go(visitor, site, f"pattern?pattern={SLUG}&context=tech")
    found = pattern(site.navigator)
    expect(heading(visitor)).to_have_text(found.label("tech"))
    expect(visitor).to_have_title(f"{found.label('tech')} · Pattern Navigator")
    visitor.locator(".st-key-name-activist").get_by_role("button").click()
    expect(heading(visitor)).to_have_text(found.label("activist"))
    expect(visitor).to_have_url(re.compile("context=activist"))
    visitor.reload()
    expect(heading(visitor)).to_have_text(found.label("activist"))


def test_the_passages_of_the_context_are_marked_and_the_others_dimmed(visitor: Page, site: Site) -> None:
    go(visitor, site, f"pattern?pattern={SLUG}&context=tech")
    chosen, other = (
        visitor.locator(f'[class*="st-key-passage-{voice}-"]').first for voice in ("chosen", "other")
    )
    expect(chosen).to_contain_text("Tech")
    expect(chosen).to_have_css("border-left-width", "4px")
    colour = "element => getComputedStyle(element).color"
    assert chosen.locator("p").last.evaluate(colour) != other.locator("p").last.evaluate(colour)


def test_a_link_leads_on_and_back_leads_back(visitor: Page, site: Site) -> None:
    go(visitor, site, f"pattern?pattern={SLUG}&context=tech")
    neighbour = site.navigator.neighbours(pattern(site.navigator), context="tech")[0]
    visitor.locator(".st-key-links").get_by_role("link", name=neighbour.label).click()
    expect(heading(visitor)).to_have_text(neighbour.label)
    visitor.go_back()
    expect(heading(visitor)).to_have_text(pattern(site.navigator).label("tech"))


def test_a_click_in_the_graph_leads_on(visitor: Page, site: Site) -> None:
    go(visitor, site, f"pattern?pattern={SLUG}")
    names = [neighbour.label for neighbour in site.navigator.neighbours(pattern(site.navigator))]
    chart = (
        visitor.locator('[class*="st-key-ego-"]')
        .get_by_test_id("stVegaLiteChart")
        .locator("canvas, svg")
        .last
    )
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    # Four neighbours: the first stands to the upper right, an eighth of a turn from the top.
    assert len(names) == 4
    reach_x, reach_y = box["width"] / 2 / 2.0, box["height"] / 2 / 1.4
    middle_x, middle_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.mouse.click(middle_x + 0.7071 * reach_x, middle_y - 0.7071 * reach_y)
    expect(heading(visitor)).to_have_text(names[0])


def test_a_facilitator_checks_the_vitality_and_takes_a_note(
    visitor: Page, site: Site, tmp_path: Path
) -> None:
    go(visitor, site, f"pattern?pattern={SLUG}")
    expect(visitor.get_by_role("button", name="Note to print")).to_be_visible()
    signs = visitor.locator(".st-key-check label")
    for number in range(signs.count() // 2, signs.count()):
        signs.nth(number).click()
    expect(visitor.locator(".st-key-check")).to_contain_text("Replant:")
    with visitor.expect_download() as download:
        visitor.get_by_role("button", name="Note to print").click()
    note = tmp_path / "note.html"
    download.value.save_as(note)
    assert download.value.suggested_filename == f"vitality-check-{SLUG}.html"
    assert "Replant:" in note.read_text("utf-8")
    assert "☑" in note.read_text("utf-8")


def test_ask_about_this_and_back_from_the_answer_to_the_pattern(visitor: Page, site: Site) -> None:
    go(visitor, site, f"pattern?pattern={SLUG}&context=tech")
    visitor.get_by_role("button", name="Ask about this").click()
    shown = answer(visitor, 0)
    name = pattern(site.navigator).label("tech")
    expect(shown.get_by_role("heading", level=2)).to_have_text(name)
    shown.get_by_role("link", name="Read the whole pattern").click()
    expect(heading(visitor)).to_have_text(name)
    visitor.get_by_role("link", name="Ask", exact=True).click()
    expect(answer(visitor, 0).get_by_role("heading", level=2)).to_have_text(name)


def test_the_question_is_never_in_the_address(visitor: Page) -> None:
    ask(visitor, SITUATION)
    answer(visitor, 0)
    assert "resigned" not in visitor.url
    visitor.get_by_role("link", name="Library").click()
    visitor.get_by_placeholder("Search the library").press_sequentially("secret")
    expect(visitor.get_by_text("Nothing here bears these words")).to_be_visible()
    assert "secret" not in visitor.url


def test_the_keyboard_reaches_a_card(visitor: Page, site: Site) -> None:
    go(visitor, site, "library")
    expect(visitor.locator(".st-key-card-0")).to_be_visible()
    first = site.navigator.catalogue()[0].title
    tab_to(visitor, first)
    visitor.keyboard.press("Enter")
    expect(heading(visitor)).to_have_text(first)


@pytest.mark.parametrize(
    "path", ["library", f"pattern?pattern={SLUG}&context=government", "pattern?pattern=hostile"]
)
def test_a_phone_shows_every_page_without_scrolling_sideways(phone: Page, site: Site, path: str) -> None:
    go(phone, site, path)
    assert too_wide(phone) == []


def test_the_sidebar_is_there_where_it_has_something_to_say(visitor: Page, site: Site) -> None:
    sidebar = visitor.get_by_test_id("stSidebar")
    expect(sidebar.get_by_role("button", name="New conversation")).to_be_visible()
    go(visitor, site, "library")
    expect(sidebar).to_be_hidden()
    go(visitor, site, f"pattern?pattern={SLUG}")
    sections = [section.role or section.name for section in pattern(site.navigator).sections]
    assert sidebar.get_by_role("link").all_inner_texts()[: len(sections)] == sections
    last = visitor.get_by_role("heading", name=sections[-1], exact=True)
    expect(last).not_to_be_in_viewport()
    sidebar.get_by_role("link", name=sections[-1], exact=True).click()
    expect(last).to_be_in_viewport()


def test_a_hostile_pattern_is_shown_as_text(visitor: Page, site: Site) -> None:
    found = pattern(site.navigator, "hostile")
    for context in ("", "&context=government"):
        go(visitor, site, f"pattern?pattern=hostile{context}")
        main = visitor.get_by_test_id("stMain")
        expect(main.get_by_text("Vitality check").last).to_be_visible()
        text = " ".join(main.inner_text().replace("\u2060", "").split())
        for said in (found.license, found.sources[0], found.attribution, found.summary):
            assert said in text
        assert visitor.evaluate("window.attacked") is None
        for selector in ("img", "iframe", "script:not([src])", ".katex", "code", 'a[href^="javascript"]'):
            assert main.locator(selector).count() == 0, selector
        for link in main.get_by_role("link").all():
            assert "attacker" not in (link.get_attribute("href") or "")
    go(visitor, site, "library")
    visitor.get_by_placeholder("Search the library").press_sequentially("hostile")
    card = visitor.locator(".st-key-card-0")
    expect(card).to_contain_text("Hostile")
    assert HOSTILE[:40] in card.inner_text().replace("\u2060", "")
    for selector in ("img", "iframe", "script", "code"):
        assert card.locator(selector).count() == 0, selector


def test_the_name_of_the_first_page_is_an_address_too(visitor: Page, site: Site) -> None:
    go(visitor, site, f"ask?pattern={SLUG}&context=tech")
    expect(answer(visitor, 0).get_by_role("heading", level=2)).to_have_text(
        pattern(site.navigator).label("tech")
    )
    expect(visitor).to_have_url(f"{site.url}/?pattern={SLUG}&context=tech")
    expect(visitor.get_by_role("dialog")).to_have_count(0)
    expect(visitor.get_by_test_id("stTopNavLinkContainer").get_by_text("Ask", exact=True)).to_have_count(1)


def test_a_chart_turns_with_the_theme_at_once(browser: Browser, site: Site) -> None:
    visitor = browser.new_page(color_scheme="light", reduced_motion="reduce")
    go(visitor, site, f"pattern?pattern={SLUG}")
    radar = visitor.get_by_test_id("stVegaLiteChart").first
    expect(radar).to_have_accessible_name(re.compile("Scores out of 5: .*Resilience 5"))
    label = radar.locator("text").first
    expect(label).to_have_attribute("fill", "#26231e")
    visitor.emulate_media(color_scheme="dark")
    expect(label).to_have_attribute("fill", "#ece7dc")
    visitor.close()


def test_no_page_asks_anybody_else(visitor: Page, site: Site) -> None:
    """Last, so that it judges the requests of all the visits above too."""
    go(visitor, site, f"pattern?pattern={SLUG}")
    asked = [address for address in site.requests if not address.startswith(("data:", "blob:"))]
    assert {urlsplit(address).hostname for address in asked} == {"127.0.0.1"}
