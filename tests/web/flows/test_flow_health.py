"""A librarian looks the library over, and rebuilds it while others ask."""

from __future__ import annotations

import os
import signal
from collections import Counter

from browsing import Site, builder_of, go, heading
from playwright.sync_api import Browser, Page, expect
from talking import FLOW, Talk

pytestmark = FLOW

REBUILDING = 600_000
"""Milliseconds for a rebuild on a busy machine: the process loads a model of its own."""


def test_the_health_of_the_library_is_looked_over(visitor: Page, site: Site) -> None:
    go(visitor, site, "health")
    health = site.navigator.health()
    shown = visitor.locator(".st-key-findings")
    if health.findings:
        total = len(health.findings)
        code, number = Counter(found.code for found in health.findings).most_common()[-1]
        visitor.locator(".st-key-findings-rule").get_by_role("combobox").fill(code)
        visitor.get_by_role("option", name=f"{code} ({number:,})", exact=True).click()
        visitor.keyboard.press("Escape")
        expect(shown).to_contain_text(f"of {total:,} findings.")
        only = next(found for found in health.findings if found.code == code)
        expect(shown).to_contain_text(f"{only.path}:{only.line}")
        expect(shown).to_contain_text(only.message)
        visitor.get_by_placeholder("A file, a rule or a word").fill("xyzzy")
        expect(shown).to_contain_text("No finding is like this.")
        visitor.get_by_placeholder("A file, a rule or a word").fill("")
        expect(shown).to_contain_text(f"{only.path}:{only.line}")
    else:
        expect(shown).to_contain_text("Nothing is wrong with any document.")
    twins = visitor.locator(".st-key-twins")
    if health.twins:
        expect(twins).to_contain_text(f"{len(health.twins):,} pair")
        twins.get_by_role("button", name="Side by side").first.click()
        titles = [
            site.navigator.pattern(slug).title for slug in (health.twins[0].first, health.twins[0].second)
        ]
        expect(visitor.get_by_role("dialog").get_by_role("link")).to_have_text(titles)
        visitor.keyboard.press("Escape")
    else:
        expect(twins).to_contain_text("No two patterns say nearly the same.")
    by_people = health.skews[0]
    skew = visitor.locator(".st-key-skew-people")
    expect(skew).to_contain_text(f"{by_people.links:,} links to {by_people.linked:,} of")
    expect(skew).to_contain_text(f"Gini {by_people.gini:.2f}")
    expect(visitor.locator(".st-key-labels")).to_contain_text("Government")
    expect(visitor.locator(".st-key-index-facts")).to_contain_text(health.facts.generation)
    skew.get_by_role("link").first.click()
    expect(heading(visitor)).to_have_text(site.navigator.pattern(by_people.hubs[0].slug).title)


def test_a_rebuild_leaves_a_conversation_alone(talk: Talk, site: Site, browser: Browser) -> None:
    visitor, (one, other) = talk.visitor, site.navigator.examples()[:2]
    # A library of one's own has a document more since; the corpus that ships is as it was.
    added = site.home / "documents" / "added-later.md"
    grown = added.parent.is_dir()
    if grown:
        added.write_text("---\ntitle: Added Later\n---\n\nA jar of glass stands on the counter.\n", "utf-8")
    talk.say(one)
    librarian = browser.new_page()
    librarian.set_default_timeout(120_000)
    go(librarian, site, "health")
    librarian.get_by_role("button", name="Rebuild the index").click()
    expect(librarian.get_by_role("progressbar")).to_be_visible()
    builder = builder_of(site)
    os.kill(builder, signal.SIGSTOP)  # however fast the machine is, what follows happens in the middle of it
    try:
        talk.say(other)
        expect(visitor.get_by_text("The index is being rebuilt").first).to_be_attached()
        expect(librarian.get_by_text("answered from the old index")).to_be_visible()
    finally:
        os.kill(builder, signal.SIGCONT)
    told = "The new index answers" if grown else "the index was up to date"
    expect(librarian.get_by_text(told)).to_be_visible(timeout=REBUILDING)
    talk.say("What could go wrong?")
    if grown:
        go(librarian, site, "pattern?pattern=added-later")
        expect(heading(librarian)).to_have_text("Added Later")
        added.unlink()
    librarian.close()
