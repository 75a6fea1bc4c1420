"""A leader asks, drills down, goes on, takes it home, and says what it was worth."""

from __future__ import annotations

import re
from pathlib import Path

from browsing import Site, answer, download, label, said, settled
from playwright.sync_api import Browser, expect
from talking import DEPARTMENT, FLOW, Talk, question

from navigator.conversation import State

pytestmark = FLOW

LENGTHS = """() => {
    window.lengths = new Set();
    const watch = () => {
        window.lengths.add(document.querySelector(".st-key-exchange-0")?.innerText.length ?? 0);
        requestAnimationFrame(watch);
    };
    watch();
}"""
"""Script that notes how long the first answer was in each frame."""


def test_a_situation_is_answered_opened_and_followed_to_its_sources(talk: Talk, site: Site) -> None:
    visitor = talk.visitor
    visitor.evaluate(LENGTHS)
    first = talk.say(question(site))
    expected = talk.expected
    assert len(visitor.evaluate("[...window.lengths]")) > 3, "it did not come bit by bit"
    marked = first.locator(".st-key-part-why-0 .stMarkdownColoredBackground")
    assert expected.patterns[0].matched_words
    expect(marked.first).to_be_visible()
    assert len(said(first).split()) < 450
    first.get_by_role("button", name="More").click()
    expect(first.get_by_role("button", name="Less")).to_be_visible()
    for part in expected.parts:
        expect(first.get_by_role("heading", name=part.heading, level=3, exact=True)).to_be_attached()
    text = said(first)
    assert all(" ".join(part.sentences[-1].text.split()) in text for part in expected.parts)

    first.get_by_text("Sources and licence").click()
    place = first.locator(".st-key-in-place-0")
    passage = expected.patterns[0].passage
    expect(place).to_contain_text("The passage that matched")
    expect(place).to_contain_text(f"characters {passage.start:,} to {passage.end:,}")
    sentence = next(part for part in expected.parts if part.kind == "therefore").sentences[0]
    first.get_by_test_id("stButtonGroup").get_by_text(sentence.source.section, exact=True).click()
    expect(place.locator(".stMarkdownColoredBackground").first).to_be_visible()
    expect(place).to_contain_text("Therefore")
    expect(first).to_contain_text(expected.provenance.license if expected.provenance else "")


def test_a_conversation_goes_on_by_what_is_offered(talk: Talk, site: Site) -> None:
    visitor, told = talk.visitor, f"{DEPARTMENT} {question(site)}"
    first = talk.say(told)
    assert talk.expected.context == "government"
    expect(visitor.locator(".st-key-heard-0")).to_contain_text("Heard: Government")
    expect(visitor.get_by_role("radio", name="Automatic: Government")).to_be_checked()
    talk.speak("tech", told, visitor.locator(".st-key-speak-0-tech").get_by_role("button"))
    assert talk.expected.context == "tech"
    expect(visitor.get_by_role("radio", name="Tech", exact=True)).to_be_checked()
    expect(visitor.locator(".st-key-heard-0")).to_have_count(0)

    # Other readings of it are there by their number, and one tap away.
    _, second, third = talk.expected.patterns[:3]
    expect(first.get_by_role("heading", name="Or is it rather")).to_be_visible()
    talk.say("Tell me more about the second one")
    assert talk.after.focus == second.slug
    talk.say(third.slug, first.get_by_role("button", name=f"3. {third.label}"))
    assert talk.after.focus == third.slug

    chips = visitor.locator(f'[class*="st-key-follow-up-{talk.number}-"]').get_by_role("button")
    expect(chips).to_have_text(list(site.navigator.follow_ups(talk.after, asked={talk.expected.wants})))
    chip = chips.first.inner_text()
    shown = talk.say(chip, chips.first)
    assert talk.after.focus == third.slug
    assert talk.expected.wants not in ("", "new")
    expect(shown).to_contain_text(talk.expected.parts[0].sentences[0].text)


def test_a_question_is_put_in_other_words_shared_and_taken_home(
    talk: Talk, site: Site, browser: Browser, tmp_path: Path
) -> None:
    visitor, (one, other) = talk.visitor, site.navigator.examples()[:2]
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    visitor.get_by_role("radio", name="Activist").check(force=True)
    talk.after = State(context="activist")
    talk.say(one)
    visitor.locator(".st-key-edit-0").get_by_role("button").click()
    editor = visitor.locator(".st-key-exchange-0").get_by_role("textbox")
    expect(editor).to_have_value(one)
    editor.fill(other)
    expected, after = site.navigator.converse(State(context="activist"), other)
    visitor.get_by_role("button", name="Ask again").click()
    expect(label(visitor, 0)).to_have_text(expected.label)
    talk.after = after
    shown = answer(visitor, 0)
    talk.say("What could go wrong?")

    written = download(visitor, "Download it", tmp_path).read_text("utf-8")
    assert re.findall("^> .*", written, re.M)[0] == f"> {other}"
    assert "> What could go wrong?" in written
    assert one not in written
    assert f"## {expected.label}" in written
    assert (expected.provenance.license if expected.provenance else "") in written

    shown.get_by_role("button", name="Copy link").click()
    expect(shown.get_by_role("button", name="Link copied")).to_be_visible()
    link = visitor.evaluate("navigator.clipboard.readText()")
    for address in (link, visitor.url):
        fresh = browser.new_context()
        stranger = fresh.new_page()
        stranger.goto(address)
        expect(stranger.get_by_role("heading", name=expected.label, exact=True).first).to_be_visible()
        expect(stranger.get_by_role("radio", name="Activist")).to_be_checked()
        settled(stranger)
        assert other not in said(stranger.get_by_test_id("stApp"))
        fresh.close()


def test_a_rating_is_kept_seen_and_deleted(talk: Talk, site: Site) -> None:
    visitor, kept = talk.visitor, site.data / "feedback.jsonl"
    shown = talk.say(question(site))
    shown.get_by_role("radio", name="Thumbs up").check(force=True)
    shown.get_by_role("button", name="Say why").click()
    visitor.get_by_label("What helped, or what was missing?").fill("We tried it on Monday")
    visitor.get_by_role("button", name="Keep", exact=True).click()
    visitor.keyboard.press("Escape")
    visitor.get_by_role("button", name="Your ratings").click()
    listed = visitor.get_by_test_id("stPopoverBody")
    expect(listed).to_contain_text("We tried it on Monday")
    expect(listed).to_contain_text(talk.expected.label)
    line = kept.read_text("utf-8").splitlines()[-1]
    assert "We tried it on Monday" in line
    assert question(site)[:40] not in line
    visitor.get_by_role("button", name="Delete all").click()
    expect(listed).to_contain_text("Nothing is kept")
    assert not kept.exists() or not kept.read_text("utf-8")
