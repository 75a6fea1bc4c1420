"""Conversations in a real browser."""

from __future__ import annotations

import json
from typing import Literal
from urllib.parse import urlsplit

import pytest
from browsing import HOSTILE, SITUATION, Site, answer, ask, label, settled, tab_to, too_wide
from playwright.sync_api import Browser, Page, expect
from watching import reached

from navigator.pattern import Pattern

pytestmark = [pytest.mark.browser, pytest.mark.model]


def test_a_leader_asks_drills_down_and_turns_to_another_context(visitor: Page, site: Site) -> None:
    visitor.get_by_role("radio", name="Government").check(force=True)
    ask(visitor, SITUATION)
    expected = site.navigator.ask(SITUATION, context="government")
    first = answer(visitor, 0)
    expect(label(visitor, 0)).to_have_text(expected.label)
    expect(first).to_contain_text(expected.patterns[0].title)
    first.get_by_role("button", name="More").click()
    expect(first.get_by_role("button", name="Less")).to_be_visible()
    for part in expected.parts:
        expect(first.get_by_role("heading", name=part.heading, level=3, exact=True)).to_be_attached()
        expect(first).to_contain_text(part.sentences[0].text)

    related = expected.related[0]
    first.get_by_role("button", name=f": {related.label}").click()
    answer(visitor, 1)
    expect(label(visitor, 1)).to_have_text(related.label)

    visitor.get_by_role("radio", name="Tech").check(force=True)
    pattern = site.navigator.pattern(related.slug)
    assert isinstance(pattern, Pattern)
    expect(label(visitor, 1)).to_have_text(pattern.label("tech"))
    expect(label(visitor, 0)).to_have_text(expected.label)


def test_the_newest_question_stands_at_the_top_of_the_window(visitor: Page) -> None:
    ask(visitor, SITUATION)
    answer(visitor, 0)
    ask(visitor, "What could go wrong?")
    answer(visitor, 1)
    question = visitor.locator(".st-key-exchange-1").get_by_label("Chat message from user")
    expect(question).to_be_in_viewport()
    box = question.bounding_box()
    assert box is not None
    assert box["y"] < 160


def test_the_sources_open_in_place(visitor: Page, site: Site) -> None:
    ask(visitor, SITUATION)
    passage = site.navigator.ask(SITUATION).patterns[0].passage
    first = answer(visitor, 0)
    first.get_by_text("Sources and licence").click()
    expect(first.get_by_text("The passage that matched")).to_be_visible()
    expect(first).to_contain_text(passage.text[-60:])
    expect(first).to_contain_text(f"characters {passage.start:,} to {passage.end:,}")
    risks = next(part for part in site.navigator.ask(SITUATION).parts if part.kind == "risks")
    quoted = risks.sentences[0]
    first.get_by_test_id("stButtonGroup").get_by_text(quoted.source.section, exact=True).click()
    marked = first.locator('[class*="st-key-in-place-"] span', has_text=quoted.text).first
    expect(marked).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_a_thumb_on_an_old_answer_leaves_a_running_stream_alone(visitor: Page, site: Site) -> None:
    ask(visitor, SITUATION)
    old = answer(visitor, 0)
    ask(visitor, "Bad news never reaches the top until it is too late")
    label(visitor, 1).wait_for()
    old.get_by_role("radio", name="Thumbs down").dispatch_event("click")
    new = answer(visitor, 1)
    expect(new.get_by_text("Sources and licence")).to_be_visible()
    expect(old).to_contain_text("without your question")
    lines = (site.data / "feedback.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[-1])["rating"] == "down"
    assert "resigned" not in lines[-1]


def test_everything_can_be_done_from_the_keyboard(visitor: Page) -> None:
    expect(visitor.get_by_placeholder("What is going on?")).to_be_visible()
    tab_to(visitor, "What is going on?")
    visitor.keyboard.type(SITUATION)
    visitor.keyboard.press("Enter")
    first = answer(visitor, 0)
    expect(first.get_by_text("Related patterns")).to_be_visible()
    target = visitor.locator(".st-key-related-0-0").get_by_role("button")
    tab_to(visitor, target.inner_text())
    visitor.keyboard.press("Enter")
    answer(visitor, 1)


def test_a_phone_shows_it_all_without_scrolling_sideways(phone: Page) -> None:
    ask(phone, SITUATION)
    first = answer(phone, 0)
    first.get_by_text("Sources and licence").click()
    expect(first.get_by_text("The passage that matched")).to_be_visible()
    assert too_wide(phone) == []
    for context in ("Tech", "Activist"):
        phone.locator('[data-testid="stRadioOption"]', has_text=context).click()
        chosen = phone.locator('[data-testid="stRadioOption"]:has(:checked)')
        expect(chosen).to_have_text(context)
        expect(chosen).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(251, 249, 244)"), ("dark", "rgb(27, 26, 23)")])
def test_the_page_has_its_own_look_by_day_and_by_night(
    browser: Browser, site: Site, scheme: Literal["light", "dark"], paper: str
) -> None:
    visitor = browser.new_page(color_scheme=scheme)
    visitor.goto(site.url)
    expect(visitor.get_by_role("heading", name="Pattern Navigator")).to_have_css(
        "font-family", '"Source Serif", serif'
    )
    expect(visitor.get_by_test_id("stApp")).to_have_css("background-color", paper)
    visitor.close()


def test_a_hostile_document_is_shown_as_text(visitor: Page, site: Site) -> None:
    ask(visitor, "hostile")
    expected = site.navigator.ask("hostile")
    shown = answer(visitor, 0)
    shown.get_by_role("button", name="More").click()
    expect(shown.get_by_role("button", name="Less")).to_be_visible()
    shown.get_by_text("Sources and licence").click()
    expect(shown.get_by_text("The passage that matched")).to_be_visible()
    text = " ".join(shown.inner_text().replace("\u2060", "").split())
    assert expected.label in text
    assert expected.provenance is not None
    assert HOSTILE in expected.provenance.license
    for said in (
        expected.patterns[0].passage.text,
        expected.provenance.license,
        expected.provenance.sources[0],
    ):
        assert said in text
    for part in expected.parts:
        assert " ".join(sentence.text for sentence in part.sentences[:1]) in text
    assert visitor.evaluate("window.attacked") is None
    own_link = '[data-testid="stPageLink-NavLink"]'
    for selector in ("img", "iframe", f"a:not({own_link})", "script", ".katex", "code"):
        assert shown.locator(selector).count() == 0, selector


def test_a_hostile_question_is_shown_as_text(visitor: Page) -> None:
    ask(visitor, HOSTILE)
    answer(visitor, 0)
    question = visitor.locator(".st-key-exchange-0").get_by_label("Chat message from user")
    assert "![home](https://attacker.example/b.png)" in question.inner_text().replace("\u2060", "")
    assert question.locator("img, iframe, a, script, .katex, code").count() == 0
    assert visitor.evaluate("window.attacked") is None


def test_a_question_typed_over_another_is_answered_after_it(visitor: Page) -> None:
    other = "Bad news never reaches the top until it is too late"
    ask(visitor, SITUATION)
    ask(visitor, other)
    answer(visitor, 0)
    answer(visitor, 1)
    for number, question in enumerate((SITUATION, other)):
        said = visitor.locator(f".st-key-exchange-{number}").get_by_label("Chat message from user")
        expect(said).to_contain_text(question)


WATCH = """() => {
    window.places = {};
    window.jumps = [];
    const watch = () => {
        const exchange = document.querySelector(".st-key-exchange-1");
        for (const heading of exchange ? exchange.querySelectorAll("h2, h3") : []) {
            const name = heading.innerText, fade = heading.closest('[data-stale="true"]');
            const place = heading.getBoundingClientRect().top - exchange.getBoundingClientRect().top;
            if (fade) continue;
            if (name in window.places && Math.abs(window.places[name] - place) > 1)
                window.jumps.push([name, window.places[name], place]);
            window.places[name] = place;
        }
        requestAnimationFrame(watch);
    };
    watch();
}"""
"""Script that notes frame by frame where each heading of the second answer stands, and which moved."""


def test_nothing_moves_while_an_answer_streams(visitor: Page) -> None:
    ask(visitor, SITUATION)
    answer(visitor, 0)
    visitor.evaluate(WATCH)
    ask(visitor, "Bad news never reaches the top until it is too late")
    answer(visitor, 1)
    settled(visitor)
    assert len(visitor.evaluate("Object.keys(window.places)")) > 3
    assert visitor.evaluate("window.jumps") == []


def test_an_answer_is_copied_and_its_link_restores_pattern_and_context_only(
    visitor: Page, site: Site
) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    visitor.get_by_role("radio", name="Tech").check(force=True)
    ask(visitor, SITUATION)
    expected = site.navigator.ask(SITUATION, context="tech")
    first = answer(visitor, 0)
    first.get_by_role("button", name="Copy", exact=True).click()
    expect(first.get_by_role("button", name="Copied")).to_be_visible()
    assert f"## {expected.label}" in visitor.evaluate("navigator.clipboard.readText()")
    first.get_by_role("button", name="Copy link").click()
    expect(first.get_by_role("button", name="Link copied")).to_be_visible()
    link = visitor.evaluate("navigator.clipboard.readText()")
    assert link == f"{site.url}/pattern?pattern={expected.focus}&context=tech"
    for address in (link, visitor.url):
        assert "resigned" not in address
        visitor.goto(address)
        expect(visitor.get_by_role("heading", name=expected.label).first).to_be_visible(timeout=60_000)


def test_a_conversation_is_edited_and_downloaded(visitor: Page) -> None:
    ask(visitor, SITUATION)
    answer(visitor, 0)
    visitor.locator(".st-key-edit-0").get_by_role("button").click()
    editor = visitor.locator(".st-key-exchange-0").get_by_role("textbox")
    expect(editor).to_have_value(SITUATION)
    editor.fill("Bad news never reaches the top until it is too late")
    visitor.get_by_role("button", name="Ask again").click()
    expect(label(visitor, 0)).to_have_text("Bad News First")
    with visitor.expect_download() as download:
        visitor.get_by_role("button", name="Download it").click()
    written = download.value.path().read_text("utf-8")
    assert download.value.suggested_filename.endswith(".md")
    assert "> Bad news never reaches the top" in written
    assert "resigned" not in written


def test_no_request_leaves_this_machine(visitor: Page, site: Site) -> None:
    """Last, so that it judges the requests of all the visits above too."""
    ask(visitor, SITUATION)
    answer(visitor, 0)
    asked = [address for address in site.requests if not address.startswith(("data:", "blob:"))]
    assert {urlsplit(address).hostname for address in asked} == {"127.0.0.1"}
    assert reached(site) == []
