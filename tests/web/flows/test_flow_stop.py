"""A language model writes, and is stopped."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from browsing import Site, answer, ask, label, said, settled, visit, wait_until
from chat_server import KEY, Script, Server, by_task, chunk, is_silent, says, streams
from playwright.sync_api import Browser, Page, expect
from talking import BUILDING, DEPARTMENT, FLOW
from watching import watched

from navigator.answer import Answer
from navigator.conversation import State
from navigator.llm.citations import passages
from navigator.settings import load_settings

pytestmark = FLOW

OPENING = 240_000
"""Milliseconds in which the first answer is begun: the server is loading its model on a busy machine."""


@pytest.fixture(scope="session")
def model() -> Iterator[Server]:
    """A language model that says what it is told to, as fast as it is told to."""
    pytest.importorskip("langchain_openai", reason="pip install 'pattern-navigator[openai]'")
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def written_site(site: Site, model: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """``navigator chat`` on the same index, with the language model."""
    given = {"NAVIGATOR_LLM": "openai:scripted", "NAVIGATOR_LLM_BASE_URL": model.url, "OPENAI_API_KEY": KEY}
    settings = site.navigator.settings
    documents = settings.corpus[0] if settings.corpus != load_settings().corpus else None
    home = tmp_path_factory.mktemp("written")
    with watched(home, documents, index=settings.index, NAVIGATOR_LLM_TIMEOUT="120", **given) as served:
        yield served


@pytest.fixture
def writer(written_site: Site, browser: Browser) -> Iterator[Page]:
    """A new visitor where a language model writes."""
    yield from visit(browser, written_site, width=1280, height=900)


@pytest.fixture
def let_go() -> Iterator[threading.Event]:
    """What a model that is slow waits for; set in the end, for the server to be rid of it."""
    event = threading.Event()
    yield event
    event.set()


def sentences(expected: Answer) -> list[str]:
    """Return what a model may say of an answer: two statements, each with its quote."""
    therefore = next(n for n, given in enumerate(passages(expected), 1) if given.heading == "Therefore")
    quote = " ".join(re.findall(r"[\w'’-]+", passages(expected)[therefore - 1].text)[1:4])
    return [f'{opening} [{therefore}: "{quote}"]. ' for opening in ("Begin with this", "Then go on")]


def begins(text: str, until: threading.Event) -> Script:
    """Stream a text, and say no more until then."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        streams(json.dumps(chunk(text)), whole=False)(handler)
        until.wait(BUILDING)

    return script


def test_what_is_being_written_is_stopped(
    writer: Page, site: Site, model: Server, let_go: threading.Event
) -> None:
    one, other = site.navigator.examples()[:2]
    expected, after = site.navigator.converse(State(), one)
    plainly = says("None.")
    text = "".join(sentences(expected))
    model.script = by_task(rewriting=plainly, prose=begins(f"{text}And so", let_go))
    ask(writer, one)
    exchange = writer.locator(".st-key-exchange-0")
    expect(exchange).to_contain_text("Then go on", timeout=OPENING)
    exchange.get_by_role("button", name="Stop").click()
    shown = answer(writer, 0)
    expect(shown.get_by_text("It was stopped here.")).to_have_count(1)
    expect(shown).to_contain_text("Begin with this")
    expect(label(writer, 0)).to_have_text(expected.label)
    expect(shown).to_contain_text("Therefore")
    expect(exchange.get_by_role("button", name="Stop")).to_have_count(0)

    following, _ = site.navigator.converse(after, other)
    model.script = by_task(rewriting=plainly, prose=says("".join(sentences(following))))
    ask(writer, other)
    expect(answer(writer, 1)).to_contain_text("Then go on")
    expect(label(writer, 1)).to_have_text(following.label)
    expect(writer.get_by_text("It was stopped here.")).to_have_count(1)


@pytest.mark.parametrize("button", ["Stop", "New conversation"])
def test_what_is_being_put_in_other_words_is_stopped(
    writer: Page, site: Site, model: Server, let_go: threading.Event, button: str
) -> None:
    one, other = site.navigator.examples()[:2]
    model.script = is_silent(let_go)
    already = len(model.requests)
    ask(writer, f"{DEPARTMENT} {one}")
    expect(writer.get_by_role("button", name="Stop")).to_be_visible()
    wait_until(lambda: len(model.requests) > already)
    writer.get_by_role("button", name=button).click()
    expect(writer.get_by_text("Say what is going on, as you would say it")).to_be_visible()
    expected, _ = site.navigator.converse(State(), other)
    model.script = by_task(rewriting=says("None."), prose=says("".join(sentences(expected))))
    ask(writer, other)
    expect(answer(writer, 0)).to_contain_text("Then go on")
    let_go.set()
    expect(label(writer, 0)).to_have_text(expected.label)
    expect(writer.locator(".st-key-exchange-1")).to_have_count(0)
    assert "department" not in said(writer.get_by_test_id("stApp"))
    # What comes of the silence at last changes nothing.
    writer.get_by_role("link", name="Library").click()
    settled(writer)
    writer.get_by_role("link", name="Ask", exact=True).click()
    expect(label(writer, 0)).to_have_text(expected.label)
    expect(writer.locator(".st-key-exchange-1")).to_have_count(0)
    expect(writer.get_by_role("radio", name=re.compile("^Automatic"))).to_be_checked()
