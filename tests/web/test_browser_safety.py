"""Every page in a real browser: attacks of documents do nothing, and nothing leaves this machine."""

from __future__ import annotations

import base64
import http.client
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from attacks import ATTACKS, CONTEXTS, SLUGS, write_attacks
from browsing import HOSTILE, Site, answer, ask, settled, too_wide
from playwright.sync_api import Browser, Page, expect
from watching import reached, watched

from navigator.web import shell

pytestmark = [pytest.mark.browser, pytest.mark.model]

PATHS = ["", *(page.name for page in shell.PAGES[1:])]
"""Of all pages; the first is where one arrives."""

OURS = "attack-markup"

COMPLAINTS = r"""() => {
    const found = []
    if (window.attacked !== undefined) found.push(`ran: ${window.attacked}`)
    const app = document.querySelector('[data-testid="stApp"]') ?? document.body
    const leads = ["href", "src", "srcset", "action", "formaction", "data", "poster", "background", "ping",
        "xlink:href"]
    const unseen = /[\u202a-\u202e\u2066-\u2069]/
    for (const element of document.querySelectorAll("*")) {
        const tag = element.tagName.toLowerCase()
        for (const { name, value } of element.attributes) {
            const said = `${tag} ${name}="${value.slice(0, 80)}"`
            if (name.startsWith("on") || name === "srcdoc" || value === "refresh") found.push(said)
            if (name === "style" && value.includes("attacker")) found.push(said)
            if (["class", "id", "name"].includes(name) && /(^|\s)attacked/.test(value)) found.push(said)
            if (unseen.test(value)) found.push(said)
            if (leads.includes(name)) {
                const url = new URL(value, location.href)
                const drawn = ["data:", "blob:"].includes(url.protocol) && tag !== "a"
                const licence = tag === "a" && url.origin === "https://creativecommons.org"
                if (url.origin !== location.origin && !drawn && !licence) found.push(said)
            }
        }
        if (["iframe", "object", "embed", "base", "form", "math", "marquee"].includes(tag)
            && app.contains(element) && /attack/.test(element.outerHTML)) found.push(tag)
        if (tag === "iframe" && !element.closest(".st-key-preview")) found.push("a frame")
        // A handout has names of documents in strings of its style, where no dot is left as it is.
        if (tag === "style" && element.textContent.includes("attacker.example")) found.push(tag)
        if (tag === "script" && element.textContent.includes("attacked")) found.push(tag)
    }
    if (document.querySelector(".katex")) found.push("a formula")
    if (document.querySelector('[data-testid="stException"]')) found.push("an exception")
    if (document.querySelector('[role="dialog"]')) found.push("a dialog")
    const told = document.body.innerText
    if (/Traceback \(most recent|Error: |could not be drawn/.test(told)) found.push("an error")
    if (unseen.test(told + document.title)) found.push("turned text")
    return found
}"""
"""Script that names all that an attack has done to the page."""


@dataclass
class Visit:
    """A visitor, and all that the visit set in motion."""

    page: Page
    site: Site
    asked: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site.url}/{path}")
        settled(self.page)

    def elsewhere(self) -> set[str]:
        """Return every address asked for that is not the app's own."""
        own = urlsplit(self.site.url).netloc
        called = [url for url in [*self.asked, *self.sockets] if not url.startswith(("data:", "blob:"))]
        return {url for url in called if urlsplit(url).netloc != own}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """``navigator chat`` on the corpus of attacks."""
    home = tmp_path_factory.mktemp("attacked")
    documents = write_attacks(home / "documents")
    (home / "contexts.yaml").write_text(CONTEXTS, "utf-8")
    with watched(home, documents, NAVIGATOR_CONTEXTS=str(home / "contexts.yaml")) as served:
        assert {entry.slug for entry in served.navigator.catalogue()} == set(SLUGS)
        yield served
        assert not (home / "attacked").exists()
        assert "Traceback" not in (home / "server.log").read_text("utf-8")


@pytest.fixture(params=[1280])
def visit(browser: Browser, attacked: Site, request: pytest.FixtureRequest) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, reduced_motion="reduce", service_workers="block"
    )
    context.set_default_timeout(60_000)
    visiting = Visit(context.new_page(), attacked)
    page = visiting.page
    context.on("request", lambda asked: visiting.asked.append(asked.url))
    page.on("websocket", lambda socket: visiting.sockets.append(socket.url))
    page.on("pageerror", lambda error: visiting.complaints.append(str(error)))
    page.on("popup", lambda popup: visiting.complaints.append(f"opened {popup.url}"))
    page.on("dialog", lambda dialog: (visiting.complaints.append(dialog.message), dialog.dismiss()))
    yield visiting
    context.close()
    assert visiting.complaints == []
    assert visiting.elsewhere() == set()


def show_everything(page: Page) -> None:
    """Unfold what is folded."""
    for folded in page.get_by_test_id("stExpander").locator("summary").all():
        folded.click()
    settled(page)


def complaints(page: Page) -> list[str]:
    """Return all that an attack has done to the page, and to what is framed in it."""
    return [complaint for frame in page.frames for complaint in frame.evaluate(COMPLAINTS)]


@pytest.mark.parametrize("path", PATHS)
def test_attacks_do_nothing_on_any_page(visit: Visit, path: str) -> None:
    string, title = ",".join(f"attack-{kind}" for kind in ATTACKS), quote(" ".join(ATTACKS["markup"]))
    for context in ("", "government"):
        visit.go(f"{path}?pattern={OURS}&context={context}&string={string}&title={title}")
        show_everything(visit.page)
        # One page frames what it makes.
        expect(visit.page.locator("iframe")).to_have_count(1 if path == "handout" else 0)
        assert complaints(visit.page) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_attacks_do_nothing_in_a_pattern_and_in_an_answer_about_it(visit: Visit, slug: str) -> None:
    visit.go(f"pattern?pattern={slug}&context=government")
    show_everything(visit.page)
    assert complaints(visit.page) == []
    kind = slug.removeprefix("attack-")
    if kind in ATTACKS:
        shown = " ".join(visit.page.get_by_test_id("stMain").inner_text().replace("\u2060", "").split())
        assert ATTACKS[kind][0] in shown
    visit.page.get_by_role("button", name="Ask about this").click()
    answer(visit.page, 0)
    show_everything(visit.page)
    assert complaints(visit.page) == []


def test_attacks_do_nothing_in_answers_to_an_account_and_to_an_attack(visit: Visit) -> None:
    visit.go("")
    for number, question in enumerate(["Our xylophone quartet quarrels about markup and marks", HOSTILE]):
        ask(visit.page, question)
        answer(visit.page, number)
        show_everything(visit.page)
        assert complaints(visit.page) == []


@pytest.mark.parametrize("visit", [390], indirect=True)
def test_no_word_of_a_document_widens_a_page_on_a_phone(visit: Visit) -> None:
    for path in PATHS:
        visit.go(f"{path}?pattern=attack-shapes&context=government&string=attack-shapes")
        assert too_wide(visit.page) == [], path


@pytest.mark.parametrize("path", PATHS)
def test_an_attack_in_the_address_is_a_sentence_at_most(visit: Visit, path: str) -> None:
    attack = quote(" ".join(ATTACKS["markup"][:3] + ATTACKS["shapes"][:1]))
    for query in (
        f"pattern={attack}&context={attack}",
        f"pattern=a&pattern=b&context=%00%ff&{attack}={attack}",
    ):
        visit.go(f"{path}?{query}")
        assert complaints(visit.page) == []


def test_all_that_a_visit_to_every_page_asks_for_comes_from_the_app(visit: Visit) -> None:
    visit.go("")
    ask(visit.page, "Our xylophone quartet quarrels about quinces")
    answer(visit.page, 0)
    for path in PATHS:
        visit.go(f"{path}?pattern={OURS}&string={OURS}")
    assert len(visit.sockets) >= len(PATHS)
    assert {urlsplit(url).path for url in visit.sockets} == {"/_stcore/stream"}
    assert any("/static/" in url for url in visit.asked)
    assert visit.elsewhere() == set()
    assert reached(visit.site) == []


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("", "https://attacker.example"),
        ("", "null"),
        ("attacker.example:8501", "http://attacker.example:8501"),
    ],
)
def test_a_page_of_another_site_cannot_open_the_app(attacked: Site, host: str, origin: str) -> None:
    """And the server looks nowhere for who that may be; the second has its name led to this machine."""
    netloc = urlsplit(attacked.url).netloc
    assert handshake(netloc, netloc, attacked.url) == 101
    assert handshake(netloc, host or netloc, origin) == 403
    assert reached(attacked) == []


def handshake(netloc: str, host: str, origin: str) -> int:
    """Return the status with which the server meets a websocket."""
    connection = http.client.HTTPConnection(netloc, timeout=30)
    connection.putrequest("GET", "/_stcore/stream", skip_host=True)
    for name, value in {
        "Host": host,
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_note_to_print_shows_attacks_as_text(visit: Visit) -> None:
    visit.go(f"pattern?pattern={OURS}")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Note to print").click()
    assert re.fullmatch(r"[\w.-]+", download.value.suggested_filename)
    visit.page.set_content(Path(download.value.path()).read_text("utf-8"))
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Attack markup <script>")
    assert visit.page.evaluate("window.attacked") is None
    assert visit.page.locator("script, img, iframe, svg, form, link").count() == 0
