"""The scripted server, and all that is asked through it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chat_server import KEY, Server
from langchain_core.language_models import BaseChatModel

from navigator.llm.models import Limits, chat_model
from navigator.navigator import Navigator
from navigator.prompts import Prompts, load_prompts
from navigator.settings import data_folder


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def prompts() -> Prompts:
    return load_prompts(data_folder("prompts"))


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a key for OpenAI's client, which must be installed."""
    pytest.importorskip("langchain_openai", reason="pip install 'pattern-navigator[openai]'")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture
def model(server: Server, key: None) -> BaseChatModel:
    """The chat model of the scripted server."""
    return chat_model("openai:scripted", base_url=server.url, limits=Limits(5, 500))


@pytest.fixture
def writing(navigator: Navigator, server: Server, key: None) -> Iterator[Navigator]:
    """The navigator of the test documents, with the scripted server as its language model."""
    changed = {"llm": "openai:scripted", "llm_base_url": server.url, "llm_timeout": 2.0}
    opened = Navigator(navigator.settings.model_copy(update=changed), navigator.embedder)
    yield opened
    opened.library.close()
