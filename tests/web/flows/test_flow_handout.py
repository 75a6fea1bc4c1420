"""A facilitator puts three patterns together for people of every context."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from browsing import Site, download, go, settled
from playwright.sync_api import expect
from pypdf import PdfReader
from talking import FLOW, Talk, question

from navigator.pattern import Pattern
from navigator.store.records import CatalogueEntry

pytestmark = FLOW


def test_three_patterns_are_handed_out_to_every_context(talk: Talk, site: Site, tmp_path: Path) -> None:
    visitor, navigator = talk.visitor, site.navigator
    told = question(site)
    focus = navigator.ask(told).focus
    needs, needed = out_of_order(site)
    go(visitor, site, f"pattern?pattern={needs.slug}")
    visitor.get_by_role("button", name="Add to a handout").click()
    expect(visitor.get_by_role("link", name="Your handout: 1 pattern")).to_be_visible()
    visitor.get_by_role("link", name="Ask", exact=True).click()
    talk.say(told)
    visitor.get_by_role("button", name="Add to a handout").click()
    visitor.get_by_role("link", name="Your handout: 2 patterns").click()
    visitor.get_by_label("Add another pattern").press_sequentially(needed.title, delay=20)
    visitor.locator(".st-key-finding").get_by_role("button", name=needed.title, exact=True).click()
    slugs = [needs.slug, focus, needed.slug]
    listed = visitor.locator(".st-key-order a p")
    titles = {entry.slug: entry.title for entry in navigator.catalogue()}
    expect(listed).to_have_text([f"{n}. {titles[slug]}" for n, slug in enumerate(slugs, 1)])
    suggested = navigator.suggested_order(slugs)
    assert list(suggested) != slugs
    visitor.get_by_role("button", name="Suggested order").click()
    expect(listed).to_have_text([f"{n}. {titles[slug]}" for n, slug in enumerate(suggested, 1)])

    form = visitor.locator(".st-key-handout-form-of")
    form.get_by_text("Each context has its say").click()
    form.get_by_role("radio", name="Brief").click()
    expect(form.get_by_role("radio", name="Brief")).to_have_attribute("aria-checked", "true")
    settled(visitor)
    form.get_by_role("radio", name="Full").click()
    expect(form.get_by_role("radio", name="Full")).to_have_attribute("aria-checked", "true")
    visitor.get_by_label("Title").fill("Monday & after")
    visitor.get_by_label("Title").press("Enter")
    page = visitor.frame_locator('iframe[title="Preview of the handout"]')
    expect(page.get_by_role("heading", level=1)).to_have_text("Monday & after")
    made = navigator.compose(suggested, context="all", form="full", title="Monday & after")
    labels = [sheet.label for sheet in made.sheets]
    expect(page.get_by_role("heading", level=2)).to_have_text(labels)
    expect(visitor.locator(".st-key-terms")).to_contain_text(made.terms)
    settled(visitor)

    files = {name: download(visitor, name, tmp_path) for name in ("PDF", "Word", "Web page", "Markdown")}
    assert {file.name for file in files.values()} == {
        f"monday-after.{to}" for to in ("pdf", "docx", "html", "md")
    }
    pdf = PdfReader(files["PDF"])
    marks = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert marks[:1] + marks[1:4] == ["Monday & after", *labels]
    printed = " ".join(page.extract_text() for page in pdf.pages)
    word = docx.Document(str(files["Word"]))
    assert [p.text for p in word.paragraphs if p.style.name == "Heading 1"] == labels
    texts = {
        "PDF": printed,
        "Word": "\n".join(
            [*(p.text for p in word.paragraphs), *(c.text for t in word.tables for c in t._cells)]
        ),
        "Web page": files["Web page"].read_text("utf-8"),
        "Markdown": files["Markdown"].read_text("utf-8"),
    }
    for name, text in texts.items():
        missing = [context for context in navigator.contexts if context not in text.lower()]
        assert not missing, f"{name} says nothing for {missing}"


def out_of_order(site: Site) -> tuple[CatalogueEntry, CatalogueEntry]:
    """Return a pattern, and one that it needs and that is suggested before it."""
    catalogue = {entry.slug: entry for entry in site.navigator.catalogue()}
    taken = site.navigator.ask(question(site)).focus
    for entry in catalogue.values():
        found = site.navigator.pattern(entry.slug)
        for neighbour in site.navigator.neighbours(found) if isinstance(found, Pattern) else ():
            pair = [entry.slug, neighbour.slug]
            if taken not in pair and list(site.navigator.suggested_order(pair)) != pair:
                return entry, catalogue[neighbour.slug]
    pytest.fail("No pattern of this library needs another.")
