"""The page served by the real ``navigator chat`` on an index that it builds itself, and a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import ARGUMENTS, CHROMIUM, REPOSITORY, Site, await_health, hostile_document, visit
from playwright.sync_api import Browser, Page, sync_playwright

from navigator.navigator import Navigator
from navigator.settings import load_settings


@pytest.fixture(scope="session")
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
        server.wait(60)


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
