"""A shared app in a real browser: log in at a provider, read, or not, and log out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Site, settled
from identity import CLIENT, Provider
from playwright.sync_api import Browser, Page, expect
from secrets_files import SECRETS
from served import REPOSITORY, free_port
from watching import reached, watched

pytestmark = [pytest.mark.browser, pytest.mark.model]

READER = {"sub": "1", "email": "bo@example.org", "email_verified": True}
LIBRARIAN = {"sub": "2", "email": "ada@example.org", "email_verified": True}
STRANGER = {"sub": "3", "email": "<b>eve</b>@elsewhere.net", "email_verified": True}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    started = Provider()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def shared(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """``navigator chat`` with a login, on one document."""
    home, port = tmp_path_factory.mktemp("shared"), free_port()
    secrets = SECRETS.replace("https://patterns.example.org", f"http://127.0.0.1:{port}")
    secrets = secrets.replace("https://id.example.org", provider.url).replace('"navigator"', f'"{CLIENT}"')
    (home / ".streamlit").mkdir()
    (home / ".streamlit" / "secrets.toml").write_text(f'{secrets}readers = ["@example.org"]\n', "utf-8")
    documents = home / "documents"
    documents.mkdir()
    shutil.copy(REPOSITORY / "tests" / "documents" / "rolling-handover.md", documents)
    with watched(home, documents, port=port) as served:
        yield served


@pytest.fixture
def stranger(browser: Browser, shared: Site) -> Iterator[Page]:
    """A visitor who has not logged in."""
    context = browser.new_context()
    context.set_default_timeout(60_000)
    visitor = context.new_page()
    yield visitor
    context.close()


def log_in(visitor: Page) -> None:
    visitor.get_by_role("button", name="Log in", exact=True).click()


@pytest.mark.parametrize("path", ["", "library", "pattern?pattern=rolling-handover"])
def test_nothing_of_the_library_is_shown_before_one_logs_in(stranger: Page, shared: Site, path: str) -> None:
    received: list[str | bytes] = []
    stranger.on("websocket", lambda socket: socket.on("framereceived", lambda told: received.append(told)))
    stranger.goto(f"{shared.url}/{path}")
    expect(stranger.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    settled(stranger)
    page = stranger.locator("body").inner_text()
    assert "Rolling Handover" not in page
    assert "Library" not in page
    assert "not found" not in page.lower()
    assert received
    told = b"".join(each.encode() if isinstance(each, str) else each for each in received)
    assert b"olling" not in told
    assert str(shared.home).encode() not in told


def test_a_reader_logs_in_reads_and_logs_out(stranger: Page, shared: Site, provider: Provider) -> None:
    provider.claims = READER
    stranger.goto(shared.url)
    log_in(stranger)
    account = stranger.locator(".st-key-account")
    expect(account).to_contain_text(re.compile("Logged in as bo@.?example.org, reader"))
    stranger.get_by_role("link", name="Library").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Library")
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Library")
    account.get_by_role("button", name="Log out").click()
    expect(stranger.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    stranger.goto(f"{shared.url}/library")
    expect(stranger.get_by_role("button", name="Log in", exact=True)).to_be_visible()


def test_one_arrives_where_one_came_for(stranger: Page, shared: Site, provider: Provider) -> None:
    provider.claims = READER
    address = f"{shared.url}/pattern?pattern=rolling-handover&context=tech"
    stranger.goto(address)
    log_in(stranger)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Bus Factor Pairing")
    expect(stranger).to_have_url(address)
    stranger.goto(shared.url)
    settled(stranger)
    expect(stranger.locator(".st-key-account")).to_be_visible()
    expect(stranger).to_have_url(f"{shared.url}/")


def test_a_librarian_is_told_so(stranger: Page, shared: Site, provider: Provider) -> None:
    provider.claims = LIBRARIAN
    stranger.goto(shared.url)
    log_in(stranger)
    expect(stranger.locator(".st-key-account")).to_contain_text(re.compile("as ada@.?example.org, librarian"))


def test_who_is_not_on_the_list_reads_nothing(stranger: Page, shared: Site, provider: Provider) -> None:
    provider.claims = STRANGER
    stranger.goto(shared.url)
    log_in(stranger)
    expect(stranger.get_by_text("who may not read here")).to_contain_text("<b>eve</b>@")
    stranger.goto(f"{shared.url}/library")
    expect(stranger.get_by_text("who may not read here")).to_be_visible()
    stranger.get_by_role("button", name="Log out").click()
    expect(stranger.get_by_role("button", name="Log in", exact=True)).to_be_visible()


def test_a_cookie_that_nobody_signed_opens_no_door(stranger: Page, shared: Site) -> None:
    forged = '{"email": "ada@example.org", "is_logged_in": true}'
    stranger.context.add_cookies(
        [{"name": "_streamlit_user", "value": forged.encode().hex(), "url": shared.url}]
    )
    stranger.goto(shared.url)
    expect(stranger.get_by_role("button", name="Log in", exact=True)).to_be_visible()


def test_the_server_speaks_to_the_provider_alone(shared: Site) -> None:
    """Last, so that it judges all the visits above. The provider is on this machine."""
    assert reached(shared) == []


def test_the_command_said_where_to_log_in(shared: Site) -> None:
    log = (shared.home / "server.log").read_text("utf-8")
    assert f"Open {shared.url} to log in." in log
    assert "Streamlit app" not in log
    assert not Path(shared.home / "attempts").exists()
