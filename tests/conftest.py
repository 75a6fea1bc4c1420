"""What all tests share: no network, no settings of whoever runs them, and one small index to ask."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import offline
import pytest
from embedders import HashingEmbedder
from places import DOCUMENTS

from navigator.answer import Answer
from navigator.build import build_index
from navigator.embedding import SentenceTransformerEmbedder
from navigator.navigator import Navigator
from navigator.settings import Settings, load_settings

sys.addaudithook(offline.refuse_network)
# A busy machine is no failure, and the gate says the same of the same commit twice; a search for new
# examples is `pytest --hypothesis-profile=search`.
hypothesis.settings.register_profile("search", deadline=None)
hypothesis.settings.register_profile("gate", deadline=None, derandomize=True)
hypothesis.settings.load_profile("gate")
os.environ["HF_HUB_OFFLINE"] = "1"
for _name in [name for name in os.environ if name.startswith("NAVIGATOR_")]:
    del os.environ[_name]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test that tried to leave this machine, even where the attempt was caught."""
    offline.attempts.clear()
    yield
    if offline.attempts:
        pytest.fail(f"This test tried to leave the machine: {', '.join(offline.attempts)}", pytrace=False)


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
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Navigator]:
    """The façade over the test documents on an index that needs no real model: it is there at once."""
    folder, embedder = tmp_path_factory.mktemp("shelf"), HashingEmbedder()
    build_index([DOCUMENTS], folder, embedder)
    navigator = Navigator(load_settings(corpus=(DOCUMENTS,), index=folder), embedder)
    yield navigator
    navigator.library.close()


@pytest.fixture(scope="session")
def answer(navigator: Navigator) -> Answer:
    """An answer with a part of every kind."""
    return navigator.ask("Only one person knows how this works, and she has resigned", context="government")
