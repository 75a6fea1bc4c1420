"""What all tests share: no network, no settings of whoever runs them, and one small index to ask."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from navigator.answer import Answer
from navigator.build import build_index
from navigator.embedding import SentenceTransformerEmbedder
from navigator.navigator import Navigator
from navigator.settings import Settings, load_settings

TESTS = Path(__file__).resolve().parent
REPOSITORY = TESTS.parent
DOCUMENTS = TESTS / "documents"
SHARED = REPOSITORY.parent / "shared"

_REACHING_OUT = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOKING_UP = {"socket.getaddrinfo", "socket.gethostbyname"}
_attempts: list[str] = []


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse whatever would leave this machine, and remember it: callers may swallow the refusal."""
    if event in _REACHING_OUT:
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None
    elif event in _LOOKING_UP:
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        _attempts.append(f"{event} {host!r}")
        raise OSError(f"Tests are offline, and this one tried {event} {host!r}.")


def _is_loopback(host: object) -> bool:
    name = host.decode("idna") if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse_network)
os.environ["HF_HUB_OFFLINE"] = "1"
for _name in [name for name in os.environ if name.startswith("NAVIGATOR_")]:
    del os.environ[_name]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test that tried to leave this machine, even where the attempt was caught."""
    _attempts.clear()
    yield
    if _attempts:
        pytest.fail(f"This test tried to leave the machine: {', '.join(_attempts)}", pytrace=False)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, where no ``navigator.toml`` of a developer has a say."""
    folder = tmp_path / "working-directory"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A copy of the test documents, to be changed at will."""
    return Path(shutil.copytree(DOCUMENTS, tmp_path / "documents"))


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """The real embedding model, loaded once."""
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder) -> Path:
    """Folder of an index of the test documents, built with the real model; not to be written to."""
    folder = tmp_path_factory.mktemp("index")
    build_index([DOCUMENTS], folder, embedder)
    return folder


@pytest.fixture(scope="session")
def settings(index: Path) -> Settings:
    """Settings that name the index of the test documents."""
    return load_settings(corpus=(DOCUMENTS,), index=index)


@pytest.fixture(scope="session")
def navigator(settings: Settings, embedder: SentenceTransformerEmbedder) -> Iterator[Navigator]:
    """The façade over the index of the test documents."""
    opened = Navigator(settings, embedder)
    yield opened
    opened.library.close()


@pytest.fixture(scope="session")
def answer(navigator: Navigator) -> Answer:
    """An answer with a part of every kind."""
    return navigator.ask("Only one person knows how this works, and she has resigned", context="government")
