"""Language models by name, and each way in which one can fail, over the real client."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
import traceback
from collections.abc import Iterator

import pytest
from chat_server import (
    KEY,
    Script,
    Server,
    chunk,
    drops_the_line,
    is_silent,
    refuses,
    says,
    sends_body,
    streams,
)
from langchain_core.language_models import BaseChatModel

from navigator.errors import LanguageModelError, MissingDependencyError, SettingsError
from navigator.llm.models import Limits, chat_model, stream

LIMITS = Limits(5, 500)
ASKED = [("system", "Be brief."), ("human", "What now?")]


def written(model: BaseChatModel, *, seconds: float = 5) -> str:
    return "".join(stream(model, ASKED, seconds=seconds))


def test_what_is_written_comes_piece_by_piece(server: Server, model: BaseChatModel):
    server.script = says("Be", "gin", ".")
    assert list(stream(model, ASKED, seconds=5)) == ["Be", "gin", "."]
    (request,) = server.requests
    assert [message["content"] for message in request["messages"]] == ["Be brief.", "What now?"]
    assert request["model"] == "scripted"
    assert request["stream"]
    assert request["max_completion_tokens"] == LIMITS.tokens
    assert server.keys == [f"Bearer {KEY}"]


FAILURES: dict[str, tuple[Script, str]] = {
    "401": (refuses(401), "did not accept the key (401)"),
    "403": (refuses(403), "does not let this key use the model (403)"),
    "404": (refuses(404), "knows no such model (404)"),
    "429": (refuses(429, headers={"Retry-After": "30"}), "is busy, or its quota is used up (429)"),
    "500": (refuses(500), "had a failure of its own (500)"),
    "418": (refuses(418), "refused the request (418)"),
    "context overflow": (refuses(400, code="context_length_exceeded"), "cannot take that much text at once"),
    "cut by the server": (says("Begin.", finish=None), "broke off in the middle"),
    "cut without a sign": (streams(json.dumps(chunk("Begin."))), "broke off in the middle"),
    "cut by its limit": (says("Begin", finish="length"), "wrote more than it may"),
    "dead line": (drops_the_line, "cannot be reached"),
    "no JSON": (streams("{not json"), "answered something that cannot be read"),
    "no choices": (streams('{"choices": null}'), "broke off in the middle"),
    "an error in the stream": (
        streams(json.dumps({"error": {"message": f"{KEY} expired"}})),
        "failed (APIError)",
    ),
    "no end": (streams(*[json.dumps(chunk("on and "))] * 40, pause=0.05), "took longer than 0.5 seconds"),
}


@pytest.mark.parametrize(("script", "reason"), FAILURES.values(), ids=FAILURES)
def test_each_failure_is_a_sentence_that_keeps_the_key(
    server: Server, model: BaseChatModel, script: Script, reason: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    server.script = script
    begun = time.monotonic()
    with pytest.raises(LanguageModelError) as caught:
        written(model, seconds=0.5)
    assert time.monotonic() - begun < 20  # nobody waits for the half minute that a 429 asks for
    assert str(caught.value).startswith("The language model ")
    assert reason in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in "\n".join(record.getMessage() for record in caplog.records)
    assert len(server.requests) == 1


def test_silence_ends_with_the_time_limit(server: Server, key: None):
    done = threading.Event()
    server.script = is_silent(done)
    model = chat_model("openai:scripted", base_url=server.url, limits=Limits(0.3, 500))
    with pytest.raises(LanguageModelError, match=r"took longer than 0\.3 seconds"):
        written(model, seconds=0.3)
    done.set()


def test_a_server_that_is_not_there(key: None):
    model = chat_model("openai:scripted", base_url="http://127.0.0.1:9/v1", limits=LIMITS)
    with pytest.raises(LanguageModelError, match="cannot be reached"):
        written(model)


def test_nothing_is_traced_whatever_the_environment_says(
    server: Server, model: BaseChatModel, monkeypatch: pytest.MonkeyPatch
):
    from langchain_core.tracers.langchain import LangChainTracer
    from langsmith.utils import get_env_var

    traced: list[object] = []
    monkeypatch.setattr(LangChainTracer, "on_chat_model_start", lambda *given, **_: traced.append(given))
    monkeypatch.setattr(LangChainTracer, "on_llm_end", lambda *_, **__: None)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    get_env_var.cache_clear()
    server.script = says("Begin.")
    assert written(model) == "Begin."
    get_env_var.cache_clear()
    assert traced == []


def test_a_key_that_is_missing_is_said_to_be(key: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(SettingsError, match="set its key as OPENAI_API_KEY in the environment"):
        chat_model("openai:gpt-4o-mini", limits=LIMITS)


def test_a_server_of_ones_own_needs_no_key(server: Server, key: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    server.script = says("Begin.")
    assert written(chat_model("openai:mine", base_url=server.url, limits=LIMITS)) == "Begin."


@pytest.mark.parametrize("name", ["gpt-4o-mini", "openai:", "nobody:model", ""])
def test_a_name_that_is_none_is_refused(name: str):
    with pytest.raises(SettingsError, match="PROVIDER:MODEL"):
        chat_model(name, limits=LIMITS)


@pytest.mark.parametrize("provider", ["openai", "anthropic", "ollama"])
def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, provider: str):
    monkeypatch.setitem(sys.modules, f"langchain_{provider}", None)
    with pytest.raises(MissingDependencyError, match=rf"pip install 'pattern-navigator\[{provider}\]'"):
        chat_model(f"{provider}:some-model", limits=LIMITS)


@pytest.fixture
def settings_seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """What a provider's class is built with."""
    seen: dict[str, object] = {}

    class Chat:
        def __init__(self, **options: object) -> None:
            seen.update(options)

    for provider, name in {"anthropic": "ChatAnthropic", "ollama": "ChatOllama"}.items():
        module = type(sys)(f"langchain_{provider}")
        setattr(module, name, Chat)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return seen


def test_the_other_providers_get_their_limits(
    settings_seen: dict[str, object], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    chat_model("anthropic:claude", limits=LIMITS)
    assert settings_seen == {"model": "claude", "max_tokens": 500, "timeout": 5, "max_retries": 0}
    settings_seen.clear()
    chat_model("ollama:llama3:8b", limits=LIMITS)
    assert settings_seen["model"] == "llama3:8b"
    assert settings_seen["num_predict"] == 500
    assert settings_seen["client_kwargs"] == {"timeout": 5}


def test_a_class_that_refuses_its_settings_repeats_nothing(
    settings_seen: dict[str, object], monkeypatch: pytest.MonkeyPatch
):
    class Broken:
        def __init__(self, **options: object) -> None:
            raise ValueError(f"bad key {KEY}")

    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setattr(sys.modules["langchain_anthropic"], "ChatAnthropic", Broken)
    with pytest.raises(SettingsError) as caught:
        chat_model("anthropic:claude", limits=LIMITS)
    assert KEY not in "".join(traceback.format_exception(caught.value))


# The real clients of the other providers, where they are installed

ANTHROPIC = [
    {
        "type": "message_start",
        "message": {
            "id": "1",
            "type": "message",
            "role": "assistant",
            "content": [],
            "model": "m",
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        },
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Begin."}},
    {"type": "content_block_stop", "index": 0},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn", "stop_sequence": None},
        "usage": {"output_tokens": 2},
    },
    {"type": "message_stop"},
]
OLLAMA = [
    {"model": "m", "message": {"role": "assistant", "content": "Begin."}, "done": False},
    {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"},
]


@pytest.mark.parametrize(
    ("provider", "form", "lines"),
    [("anthropic", "event: {type}\ndata: {line}\n\n", ANTHROPIC), ("ollama", "{line}\n", OLLAMA)],
)
def test_other_providers_stream_break_off_and_refuse(
    server: Server, monkeypatch: pytest.MonkeyPatch, provider: str, form: str, lines: list[dict[str, object]]
):
    pytest.importorskip(f"langchain_{provider}", reason=f"pip install 'pattern-navigator[{provider}]'")
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    model = chat_model(f"{provider}:m", base_url=server.url.removesuffix("/v1"), limits=LIMITS)

    def sends(count: int) -> Script:
        body = "".join(form.format(type=line.get("type"), line=json.dumps(line)) for line in lines[:count])
        return sends_body(body.encode(), "text/event-stream" if "event" in form else "application/x-ndjson")

    server.script = sends(len(lines))
    assert written(model) == "Begin."
    server.script = sends(len(lines) // 2)
    with pytest.raises(LanguageModelError, match="broke off in the middle"):
        written(model)
    server.script = refuses(401)
    with pytest.raises(LanguageModelError, match=r"did not accept the key \(401\)") as caught:
        written(model)
    assert KEY not in str(caught.value)
