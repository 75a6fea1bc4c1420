"""A pattern is read, checked, and asked about."""

from __future__ import annotations

import re
from pathlib import Path

from browsing import Site, answer, download, go, heading, said, settled
from playwright.sync_api import Page, expect
from talking import FLOW, pattern_with

from navigator.pattern import Pattern
from navigator.vitality import signs_of

pytestmark = FLOW


def test_a_pattern_is_read_checked_and_asked_about(visitor: Page, site: Site, tmp_path: Path) -> None:
    def is_rich(found: Pattern) -> object:
        spoken = {
            context for section in found.sections for block in section.blocks for context in block.contexts
        }
        signs = signs_of(found, "tech")
        return (
            len(spoken) > 1
            and "tech" in spoken
            and found.ontology.commons_assessment.vitality_reasoning
            and site.navigator.neighbours(found)
            and len(signs.life) > 1
            and len(signs.decay) > 1
            and found.label("tech") != found.title
        )

    found = pattern_with(site, is_rich)
    go(visitor, site, f"pattern?pattern={found.slug}&context=tech")
    expect(heading(visitor)).to_have_text(found.label("tech"))
    expect(visitor.locator(".st-key-byline-pattern")).to_contain_text(found.title)
    names = [section.role or section.name for section in found.sections]
    for number, name in enumerate(names):
        expect(
            visitor.locator(f".st-key-section-{number}").get_by_role("heading", level=3).first
        ).to_have_text(name)
    chosen, other = (
        visitor.locator(f'[class*="st-key-passage-{voice}-"]').first for voice in ("chosen", "other")
    )
    expect(chosen).to_contain_text("Tech")
    expect(chosen).to_have_css("border-left-width", "4px")
    colour = "element => getComputedStyle(element).color"
    assert chosen.locator("p, li").last.evaluate(colour) != other.locator("p, li").last.evaluate(colour)

    margin = visitor.locator(".st-key-margin")
    radar = margin.get_by_test_id("stVegaLiteChart").and_(
        visitor.get_by_label(re.compile("^Scores out of 5: .*Resilience"))
    )
    expect(radar).to_be_visible()
    reasons = found.ontology.commons_assessment.vitality_reasoning
    assert " ".join(reasons.split())[:60] in said(margin)

    check = visitor.locator(".st-key-check")
    signs = signs_of(found, "tech")
    for box in check.get_by_test_id("stCheckbox").all()[: len(signs.life)]:
        box.locator("label").click()
    expect(check).to_contain_text("Alive:")
    expect(check).to_contain_text(f"{len(signs.life)} of {len(signs.life)} signs of life")
    settled(visitor)
    note = download(visitor, "Note to print", tmp_path).read_text("utf-8")
    assert note.count("☑") == len(signs.life)
    assert note.count("☐") == len(signs.decay)
    assert "Alive:" in note

    visitor.get_by_role("button", name="Ask about this").click()
    expect(answer(visitor, 0).get_by_role("heading", level=2)).to_have_text(found.label("tech"))
    expect(visitor.get_by_role("radio", name="Tech", exact=True)).to_be_checked()


def test_a_click_in_the_graph_of_links_goes_there(visitor: Page, site: Site) -> None:
    found = pattern_with(site, site.navigator.neighbours)
    neighbours = site.navigator.neighbours(found)
    go(visitor, site, f"pattern?pattern={found.slug}")
    for neighbour in neighbours:
        link = visitor.locator(".st-key-links").get_by_role("link", name=neighbour.label, exact=True)
        expect(link.first).to_be_visible()
    ego = visitor.locator('[class*="st-key-ego-"]')
    ego.locator(f'path[aria-label*="Pattern: {neighbours[-1].label};"]').click()
    expect(heading(visitor)).to_have_text(neighbours[-1].label)
