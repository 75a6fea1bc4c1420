"""The page in a real browser, served by the real ``navigator chat`` on an index that it builds itself."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from navigator.navigator import Navigator
from navigator.pattern import Pattern
from navigator.settings import load_settings
from navigator.web import page

expect.set_options(timeout=30_000)  # milliseconds; a machine that runs the gate is busy

pytestmark = [pytest.mark.browser, pytest.mark.model]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
REPOSITORY = Path(page.__file__).parents[2]
SITUATION = "Only one person knows how this works, and she has resigned"
HOSTILE = " ".join(
    [
        "Listen:",
        "<script>window.attacked = 1</script>",
        '<img src="https://attacker.example/a.png" onerror="window.attacked = 2">',
        "![home](https://attacker.example/b.png)",
        "[click](javascript:window.attacked=3)",
        '<iframe src="https://attacker.example/c"></iframe>',
        "https://attacker.example/d www.attacker.example",
        ":smile: $x^2$ :red[alarm] :material/home:",
        "`code` **bold** ~~gone~~ &lt;b&gt;",
    ]
)


@dataclass
class Site:
    """A served page.

    Attributes
    ----------
    url
        Where it is.
    navigator
        The façade over the same index, to compare with.
    data
        The user's data folder of the server.
    requests
        Address of every request that a browser made.
    """

    url: str
    navigator: Navigator
    data: Path
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """``navigator chat`` on the test documents and a hostile one, in a home of its own."""
    home = tmp_path_factory.mktemp("home")
    documents = Path(shutil.copytree(REPOSITORY / "tests" / "documents", home / "documents"))
    (documents / "hostile.md").write_text(hostile_document(), "utf-8")
    settings = {"NAVIGATOR_CORPUS": str(documents), "NAVIGATOR_INDEX": str(home / "index")}
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("NAVIGATOR_")},
        **settings,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "PYTHONPATH": str(REPOSITORY),
    }
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from navigator.cli import main; main()", "chat", "--no-browser"]
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--port", str(port)], cwd=home, env=environment, stdout=output, stderr=output
        )
    try:
        await_health(f"http://127.0.0.1:{port}/_stcore/health", server, log)
        opened = Navigator.open(load_settings(corpus=(documents,), index=home / "index"))
        yield Site(f"http://127.0.0.1:{port}", opened, home / "data" / "pattern-navigator")
        opened.library.close()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def hostile_document() -> str:
    return f"""---
slug: hostile
title: {json.dumps("Hostile " + HOSTILE)}
summary: {json.dumps(HOSTILE)}
context_labels: {{government: {json.dumps("Attack " + HOSTILE)}}}
lifecycle: {{confidence: 1}}
sources: [{json.dumps(HOSTILE)}]
license: {json.dumps(HOSTILE)}
attribution: {json.dumps(HOSTILE)}
---

### Section 1: Context

A xylophone quartet quarrels about quinces. {HOSTILE}

### Section 2: Problem

> **The core conflict is quinces vs. {HOSTILE}**

### Section 3: Solution

> **Therefore, {HOSTILE}**

### Section 4: Implementation

1. {HOSTILE}
2. Tune the xylophone.

### Section 8: Vitality

**Signs of life:**
- {HOSTILE}

**Signs of decay:**
- {HOSTILE}
"""


def await_health(url: str, server: subprocess.Popen[Any], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text("utf-8")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"The page was not served within two minutes:\n{log.read_text('utf-8')}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine; `apt-get install chromium` brings one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Page]:
    """A new visitor at a desk."""
    yield from visit(browser, site, width=1280, height=900)


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """A new visitor with a phone."""
    yield from visit(browser, site, width=390, height=844)


def visit(browser: Browser, site: Site, *, width: int, height: int) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    visitor = context.new_page()
    complaints: list[str] = []
    visitor.on("request", lambda request: site.requests.append(request.url))
    visitor.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.goto(site.url)
    expect(visitor.get_by_role("heading", name="Pattern Navigator")).to_be_visible(timeout=60_000)
    yield visitor
    context.close()
    assert not complaints


def ask(visitor: Page, question: str) -> None:
    visitor.get_by_placeholder("What is going on?").fill(question)
    visitor.get_by_placeholder("What is going on?").press("Enter")


def answer(visitor: Page, number: int) -> Locator:
    """Return an answer, from 0, once it has streamed to its end."""
    exchange = visitor.locator(f".st-key-exchange-{number}")
    expect(exchange.get_by_text("Did this help?")).to_be_visible(timeout=60_000)
    return exchange.get_by_label("Chat message from assistant")


def label(visitor: Page, number: int) -> Locator:
    return visitor.locator(f".st-key-exchange-{number}").get_by_role("heading", level=2)


def test_a_leader_asks_drills_down_and_turns_to_another_context(visitor: Page, site: Site) -> None:
    visitor.get_by_role("radio", name="Government").check(force=True)
    ask(visitor, SITUATION)
    expected = site.navigator.ask(SITUATION, context="government")
    first = answer(visitor, 0)
    expect(label(visitor, 0)).to_have_text(expected.label)
    expect(first).to_contain_text(expected.patterns[0].title)
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
    expect(first).to_contain_text(passage.text)
    expect(first).to_contain_text(f"characters {passage.start:,} to {passage.end:,}")


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


def tab_to(visitor: Page, name: str) -> None:
    """Press Tab until the focus is on what bears this name or placeholder."""
    focused = "document.activeElement.placeholder || document.activeElement.innerText || ''"
    for _ in range(60):
        visitor.keyboard.press("Tab")
        if visitor.evaluate(focused).strip() == name.strip():
            return
    pytest.fail(f"Sixty presses of Tab did not reach {name!r}.")


def test_a_phone_shows_it_all_without_scrolling_sideways(phone: Page) -> None:
    ask(phone, SITUATION)
    first = answer(phone, 0)
    first.get_by_text("Sources and licence").click()
    expect(first.get_by_text("The passage that matched")).to_be_visible()
    too_wide = """[...document.querySelectorAll('[data-testid="stMain"] *')].filter(
        (element) => element.getBoundingClientRect().right > innerWidth).length"""
    assert phone.evaluate(too_wide) == 0


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
    for selector in ("img", "iframe", "a", "script", ".katex", "code"):
        assert shown.locator(selector).count() == 0, selector


def test_a_hostile_question_is_shown_as_text(visitor: Page) -> None:
    ask(visitor, HOSTILE)
    answer(visitor, 0)
    question = visitor.locator(".st-key-exchange-0").get_by_label("Chat message from user")
    assert "![home](https://attacker.example/b.png)" in question.inner_text().replace("\u2060", "")
    assert question.locator("img, iframe, a, script, .katex, code").count() == 0
    assert visitor.evaluate("window.attacked") is None


def test_no_request_leaves_this_machine(visitor: Page, site: Site) -> None:
    """Last, so that it judges the requests of all the visits above too."""
    ask(visitor, SITUATION)
    answer(visitor, 0)
    hosts = {urlsplit(address).hostname for address in site.requests if not address.startswith("data:")}
    assert hosts == {"127.0.0.1"}
