"""*Handout* in a real browser: a facilitator chooses, orders, looks, and takes files home."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pytest
from browsing import HOSTILE, Site, ask, download, go, settled, too_wide
from playwright.sync_api import Page, expect
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.model]

STRING = ("rolling-handover", "bad-news-first", "open-till")


def names(site: Site, *slugs: str, context: str | None = None) -> list[str]:
    """Return the patterns as the page numbers them."""
    labels = [site.navigator.library.catalogue[slug].label(context) for slug in slugs]
    return [f"{number}. {label}" for number, label in enumerate(labels, start=1)]


def test_a_facilitator_chooses_three_orders_them_and_takes_files_home(
    visitor: Page, site: Site, tmp_path: Path
) -> None:
    listed = visitor.locator(".st-key-order a p")
    # One from its page, one from an answer, one by name.
    go(visitor, site, "pattern?pattern=open-till&context=government")
    visitor.get_by_role("button", name="Add to a handout").click()
    expect(visitor.get_by_role("link", name="Your handout: 1 pattern")).to_be_visible()
    visitor.get_by_role("link", name="Ask", exact=True).click()
    ask(visitor, "rolling-handover")
    visitor.get_by_role("button", name="Add to a handout").click()
    visitor.get_by_role("link", name="Your handout: 2 patterns").click()
    expect(listed).to_have_text(names(site, "open-till", "rolling-handover", context="government"))
    visitor.get_by_label("Add another pattern").press_sequentially("bad news fi", delay=20)
    visitor.locator(".st-key-found-0").get_by_role("button").click()
    expect(listed).to_have_count(3)

    visitor.get_by_role("button", name="Suggested order").click()
    suggested = site.navigator.suggested_order(["open-till", "rolling-handover", "bad-news-first"])
    expect(listed).to_have_text(names(site, *suggested, context="government"))
    visitor.locator(".st-key-first-2").get_by_role("button").click()
    expect(listed).to_have_text(names(site, *STRING, context="government"))
    visitor.get_by_label("Title").fill("Monday & after")
    visitor.get_by_label("Title").press("Enter")
    page = visitor.frame_locator('iframe[title="Preview of the handout"]')
    expect(page.get_by_role("heading", level=1)).to_have_text("Monday & after")
    labels = [site.navigator.translate(slug, context="government").label for slug in STRING]
    expect(page.get_by_role("heading", level=2)).to_have_text(labels)
    expect(visitor.locator(".st-key-terms")).to_contain_text("This handout is under CC0-1.0")

    pdf, word = download(visitor, "PDF", tmp_path), download(visitor, "Word", tmp_path)
    assert (pdf.name, word.name) == ("monday-after.pdf", "monday-after.docx")
    read = PdfReader(pdf)
    marks = [entry.title for entry in read.outline if not isinstance(entry, list)]
    assert marks == ["Monday & after", *labels]
    document = docx.Document(str(word))
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == labels
    made = site.navigator.handout(STRING, to="docx", context="government", title="Monday & after")
    assert word.read_bytes() == made
    markdown, html = download(visitor, "Markdown", tmp_path), download(visitor, "Web page", tmp_path)
    assert markdown.read_text("utf-8").startswith("# Monday & after\n")
    assert labels[2] in html.read_text("utf-8")

    address = visitor.url
    assert re.search("string=rolling-handover(,|%2C)bad-news-first(,|%2C)open-till", address)
    visitor.get_by_role("link", name="Library").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Library")
    visitor.goto(address)
    expect(listed).to_have_text(names(site, *STRING, context="government"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Monday & after")


def test_the_keyboard_orders_and_back_undoes_it(visitor: Page, site: Site) -> None:
    go(visitor, site, f"handout?string={','.join(STRING)}")
    listed = visitor.locator(".st-key-order a p")
    expect(listed).to_have_text(names(site, *STRING))
    steps = visitor.evaluate("history.length")
    last_up = visitor.locator(".st-key-up-2").get_by_role("button")
    last_up.focus()
    visitor.keyboard.press("Enter")
    expect(listed).to_have_text(names(site, "rolling-handover", "open-till", "bad-news-first"))
    settled(visitor)
    expect(last_up).to_be_focused()
    assert visitor.evaluate("history.length") == steps + 1
    visitor.evaluate("history.back()")
    expect(listed).to_have_text(names(site, *STRING))
    settled(visitor)
    pdf = visitor.locator(".st-key-download-pdf").get_by_role("button")
    for _ in range(30):
        visitor.keyboard.press("Tab")
        if pdf.evaluate("button => button === document.activeElement"):
            break
    with visitor.expect_download():
        visitor.keyboard.press("Enter")


def test_a_hostile_pattern_in_the_preview_does_nothing_and_reaches_nothing(visitor: Page, site: Site) -> None:
    title = "%3Cscript%3Eattacked%3D1%3C/script%3E"
    go(visitor, site, f"handout?string=hostile,open-till&for=all&title={title}")
    expect(visitor.frame_locator("iframe").get_by_role("heading", level=1)).to_contain_text("<script>")
    frame = next(frame for frame in visitor.frames if frame.url.startswith("data:"))
    assert HOSTILE[:40] in frame.locator("body").inner_text()
    assert frame.locator("img, iframe, script, object, form").count() == 0
    assert frame.evaluate("window.attacked") is None
    assert visitor.evaluate("window.attacked") is None
    assert frame.evaluate("origin") == "null"
    for link in frame.locator("a").all():
        assert re.match("#pattern-|https://creativecommons.org/", link.get_attribute("href") or "")
    assert not [address for address in site.requests if "attacker" in address]


@pytest.mark.parametrize("path", ["handout", f"handout?string={','.join(STRING)}&for=all"])
def test_a_phone_shows_the_page_without_scrolling_sideways(phone: Page, site: Site, path: str) -> None:
    go(phone, site, path)
    assert too_wide(phone) == []
