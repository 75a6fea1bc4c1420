"""*Health* in a real browser: a rebuild that everybody sees and nobody waits for."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from browsing import SITUATION, Site, answer, ask, builder_of, settled, too_wide
from places import DOCUMENTS
from playwright.sync_api import Browser, Page, expect
from watching import watched

pytestmark = [pytest.mark.browser, pytest.mark.model]

PATIENCE = 240_000
"""Milliseconds for a rebuild on a busy machine: the process loads a model of its own."""


def test_a_question_is_answered_while_the_index_is_rebuilt(
    visitor: Page, browser: Browser, site: Site
) -> None:
    generation = site.navigator.library.generation.name
    documents = Path(site.navigator.settings.corpus[0])
    added = documents / "added-later.md"
    original = (documents / "open-till.md").read_text("utf-8")
    changed = original.replace("open-till", "added-later").replace("Open Till", "Added Later")
    added.write_text(
        changed.replace("Context", "Context\n\nA jar of glass stands on the counter.", 1), "utf-8"
    )
    try:
        ask(visitor, SITUATION)
        answer(visitor, 0)
        visitor.get_by_role("link", name="Health").click()
        settled(visitor)
        expect(visitor.get_by_text("Documents have changed since then")).to_be_visible()
        visitor.get_by_role("button", name="Rebuild the index").click()
        expect(visitor.get_by_role("progressbar")).to_be_visible()
        expect(visitor.get_by_text("answered from the old index")).to_be_visible()
        # However fast the machine is, what follows happens in the middle of it.
        builder = builder_of(site)
        os.kill(builder, signal.SIGSTOP)
        # Somebody else asks meanwhile, sees it, and is answered.
        other = browser.new_page()
        other.set_default_timeout(120_000)
        other.goto(site.url)
        ask(other, SITUATION)
        answer(other, 0)
        expect(other.get_by_text("The index is being rebuilt")).to_be_attached()
        assert site.navigator.library.generation.name == generation
        # It goes on while the one who began it is elsewhere.
        visitor.get_by_role("link", name="Library").click()
        settled(visitor)
        expect(visitor.get_by_text("The index is being rebuilt").first).to_be_attached()
        visitor.get_by_role("link", name="Health").click()
        expect(visitor.get_by_role("progressbar")).to_be_visible()
        os.kill(builder, signal.SIGCONT)
        expect(visitor.get_by_text("The new index answers")).to_be_visible(timeout=PATIENCE)
        settled(visitor)
        expect(visitor.get_by_text("The documents are as they were then")).to_be_visible()
        assert site.navigator.library.generation.name != generation
        expect(other.get_by_text("The index has been rebuilt")).to_be_attached()
        other.goto(f"{site.url}/pattern?pattern=added-later")
        expect(other.get_by_role("heading", level=1)).to_have_text("Added Later")
        other.close()
    finally:
        added.unlink()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_health_fits_a_phone_and_leads_to_the_patterns(browser: Browser, site: Site, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    phone = context.new_page()
    phone.goto(f"{site.url}/health")
    settled(phone)
    expect(phone.get_by_role("heading", name="The index", exact=True)).to_be_visible()
    assert too_wide(phone) == []
    finding = site.navigator.health().findings[0]
    expect(phone.get_by_text(f"{finding.path}:{finding.line}", exact=True).first).to_be_visible()
    phone.locator('[class*="st-key-whole-hub-people-"]').first.get_by_role("link").click()
    hub = site.navigator.health().skews[0].hubs[0]
    expect(phone.get_by_role("heading", level=1)).to_have_text(site.navigator.pattern(hub.slug).title)
    context.close()


def test_two_patterns_that_say_nearly_the_same_are_read_side_by_side(
    browser: Browser, tmp_path: Path
) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    told = (DOCUMENTS / "open-till.md").read_text("utf-8")
    (documents / "open-till.md").write_text(told, "utf-8")
    again = told.replace("slug: open-till", "slug: open-drawer").replace("Open Till", "Open Drawer")
    (documents / "open-drawer.md").write_text(again, "utf-8")
    with watched(tmp_path, documents) as served:
        librarian = browser.new_page()
        librarian.goto(f"{served.url}/health")
        settled(librarian)
        librarian.locator(".st-key-twins").get_by_role("button", name="Side by side").click()
        beside = librarian.get_by_role("dialog")
        for slug, title in (("open-till", "Open Till"), ("open-drawer", "Open Drawer")):
            column = beside.locator(f".st-key-whole-beside-{slug}")
            expect(column.get_by_role("link", name=title, exact=True)).to_be_visible()
            expect(column.get_by_role("heading", name="Context")).to_be_visible()
        beside.get_by_role("link", name="Open Drawer", exact=True).click()
        expect(librarian.get_by_role("heading", level=1)).to_have_text("Open Drawer")
        librarian.close()
