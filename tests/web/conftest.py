"""The page served by the real ``navigator chat`` on an index that it builds itself, and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Site, hostile_document, visit
from playwright.sync_api import Browser, Page, sync_playwright
from served import ARGUMENTS, CHROMIUM, REPOSITORY
from visiting import Opens, open_page
from watching import watched

from navigator.navigator import Navigator
from navigator.web import shell


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """``navigator chat`` on the test documents and a hostile one, in a home of its own."""
    home = tmp_path_factory.mktemp("home")
    documents = Path(shutil.copytree(REPOSITORY / "tests" / "documents", home / "documents"))
    (documents / "hostile.md").write_text(hostile_document(), "utf-8")
    with watched(home, documents) as served:
        yield served


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """``navigator chat`` as a new user starts it."""
    with watched(tmp_path_factory.mktemp("bundled")) as served:
        yield served


@pytest.fixture(scope="session")
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


@pytest.fixture
def opens(shelf: Navigator, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Open a page on the index of the test documents, without a browser."""
    monkeypatch.setattr(shell, "open_navigator", lambda settings: shelf)
    return open_page
