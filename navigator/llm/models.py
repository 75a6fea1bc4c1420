"""Language models by name, and their words as a stream; whatever goes wrong there in one line of ours.

What a provider says about an error is never passed on: it may repeat the key, or the question.
"""

from __future__ import annotations

import importlib
import os
import re
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from navigator.errors import LanguageModelError, MissingDependencyError, SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class Provider(NamedTuple):
    """Where langchain has a provider, and the variable that holds the key to it."""

    module: str
    class_name: str
    key: str | None


class Limits(NamedTuple):
    """What one call may take: seconds from the question to the last word, and tokens written."""

    seconds: float
    tokens: int


PROVIDERS = {
    "openai": Provider("langchain_openai", "ChatOpenAI", "OPENAI_API_KEY"),
    "anthropic": Provider("langchain_anthropic", "ChatAnthropic", "ANTHROPIC_API_KEY"),
    "ollama": Provider("langchain_ollama", "ChatOllama", None),
}

OLLAMA_CONTEXT = 16_384
"""Tokens that Ollama is asked to read; by itself it cuts a prompt at a few thousand and says nothing."""

_NO_KEY = "none"
"""Sent to a server of one's own, which may want none, where the environment holds no key."""

_STOPPED = ("finish_reason", "stop_reason", "done_reason")
"""What the providers call the reason why a stream ended; without one, it was cut."""

_TOO_LONG = {"length", "max_tokens"}

_BY_STATUS = {
    401: "did not accept the key (401)",
    402: "wants to be paid first (402)",
    403: "does not let this key use the model (403)",
    404: "knows no such model (404)",
    413: "cannot take that much text at once (413)",
    429: "is busy, or its quota is used up (429)",
}


_OVERFLOW = re.compile(r"context.{0,20}(?:length|window|size)|(?:too long|too many tokens)", re.IGNORECASE)
"""How servers call a prompt that is longer than the model takes; each has its own words."""


def chat_model(name: str, *, base_url: str | None = None, limits: Limits) -> BaseChatModel:
    """Return the chat model that a setting such as ``openai:gpt-4o-mini`` names.

    Parameters
    ----------
    base_url
        Address of another server that speaks the provider's protocol. Keys come from the environment.

    Raises
    ------
    SettingsError
        There is no such provider, or it lacks its key.
    MissingDependencyError
        Its package is not installed; the message has the command.
    """
    provider, _, model = name.partition(":")
    if provider not in PROVIDERS or not model:
        raise SettingsError(
            f"The language model {name!r} cannot be used: write PROVIDER:MODEL, such as openai:gpt-4o-mini, "
            f"with one of the providers {', '.join(PROVIDERS)}."
        )
    module, class_name, key = PROVIDERS[provider]
    try:
        chat_class = getattr(importlib.import_module(module), class_name)
    except ImportError as error:
        raise MissingDependencyError(
            f"The language model {name} needs a package: run `pip install 'pattern-navigator[{provider}]'`."
        ) from error
    options: dict[str, Any] = {"model": model}
    if base_url:
        options["base_url"] = base_url
    if key is None:
        options |= {
            "num_predict": limits.tokens,
            "num_ctx": OLLAMA_CONTEXT,
            "client_kwargs": {"timeout": limits.seconds},
        }
    else:
        if not os.environ.get(key) and not base_url:
            raise SettingsError(
                f"The language model {name} cannot be used: set its key as {key} in the environment."
            )
        # Whoever is to wait has the authors' words to read, so nothing is tried twice.
        options |= {"max_tokens": limits.tokens, "timeout": limits.seconds, "max_retries": 0}
        if not os.environ.get(key):
            options["api_key"] = _NO_KEY
    if key is None or base_url:
        options["temperature"] = 0  # some of the hosted models refuse any
    try:
        chat: BaseChatModel = chat_class(**options)
    except Exception as error:  # what a provider's class makes of a setting is its own affair
        raise SettingsError(
            f"The language model {name} cannot be used: {class_name} refused it ({type(error).__name__})."
        ) from None
    return chat


def stream(model: BaseChatModel, messages: Sequence[tuple[str, str]], *, seconds: float) -> Iterator[str]:
    """Yield what a model writes, piece by piece.

    Parameters
    ----------
    messages
        Pairs of role, ``"system"`` or ``"human"``, and text.
    seconds
        The whole stream may take so long; checked with each piece, so that silence is left to the
        time limit of the model itself.

    Raises
    ------
    LanguageModelError
        With the reason as a sentence that names neither key nor question.
    """
    late = time.monotonic() + seconds
    begun, stopped = False, ""
    pieces = _untraced(model, messages)
    while True:
        try:
            piece = next(pieces, None)
        except Exception as error:  # clients raise their own, of httpx, openai, anthropic …
            raise LanguageModelError(f"The language model {_reason(error, seconds, begun=begun)}.") from None
        if piece is None:
            break
        text, reason = piece
        begun, stopped = begun or bool(text), reason or stopped
        if text:
            yield text
        if time.monotonic() > late:
            raise LanguageModelError(f"The language model {_too_slow(seconds)}.")
    if not stopped:
        raise LanguageModelError("The language model broke off in the middle.")
    if stopped in _TOO_LONG:
        raise LanguageModelError("The language model wrote more than it may, and was stopped.")


def _untraced(model: BaseChatModel, messages: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each piece with the reason to stop, if it is the last; nothing is reported to LangSmith.

    Langchain looks whether to trace when the first piece is asked for, and variables of the environment
    that were set for another program would have it send every question away.
    """
    from langsmith import tracing_context

    chunks = model.stream(list(messages))
    with tracing_context(enabled=False):
        chunk = next(chunks, None)
    while chunk is not None:
        found = chunk.response_metadata
        yield str(chunk.text), next((str(found[name]) for name in _STOPPED if found.get(name)), "")
        chunk = next(chunks, None)


def _reason(error: Exception, seconds: float, *, begun: bool) -> str:
    """Return what a client's error comes down to, in words that go on from "The language model"."""
    from langchain_core.exceptions import ContextOverflowError

    kinds = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, ContextOverflowError) or _OVERFLOW.search(f"{getattr(error, 'code', '')} {error}"):
        return "cannot take that much text at once"
    if any("Timeout" in kind for kind in kinds):
        return _too_slow(seconds)
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:
        failed = "had a failure of its own" if status >= 500 else "refused the request"
        return _BY_STATUS.get(status, f"{failed} ({status})")
    if any(
        kind.endswith(("ConnectionError", "ConnectError", "ProtocolError", "ReadError")) for kind in kinds
    ):
        return "broke off in the middle" if begun else "cannot be reached"
    if isinstance(error, ValueError | TypeError | LookupError | AttributeError):
        return f"answered something that cannot be read ({type(error).__name__})"
    return f"failed ({type(error).__name__})"


def _too_slow(seconds: float) -> str:
    return f"took longer than {seconds:g} seconds"
