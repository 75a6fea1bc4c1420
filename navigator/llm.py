"""The language-model writer: an answer said again in flowing prose, every claim with its source.

Optional, and never in the way: it is given the sentences of an extractive answer and may use nothing
else. What it writes without a valid source is marked, and when it fails the extractive answer stands.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from navigator.answer import Answer, Sentence
from navigator.errors import LanguageModelError, MissingDependencyError, SettingsError
from navigator.prompts import Prompt
from navigator.text import sentence_spans

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

NOT_IN_LIBRARY = "(not in the library)"
"""Put behind a sentence that cites no source, or one that does not exist."""

TIMEOUT = 30
"""Seconds that a language model may take."""

_PROVIDERS = {
    "openai": ("langchain_openai", "ChatOpenAI"),
    "anthropic": ("langchain_anthropic", "ChatAnthropic"),
    "ollama": ("langchain_ollama", "ChatOllama"),
}
_CITATION = re.compile(r"\s*\[(\d{1,3})\]")
_LATE_CITATION = re.compile(r"([.!?])\s*((?:\[\d{1,3}\]\s*)*\[\d{1,3}\])")
"""A citation behind the full stop that it belongs before."""


def chat_model(name: str, *, base_url: str | None = None) -> BaseChatModel:
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
    if provider not in _PROVIDERS or not model:
        raise SettingsError(
            f"The language model {name!r} cannot be used: write PROVIDER:MODEL, such as openai:gpt-4o-mini, "
            f"with one of the providers {', '.join(_PROVIDERS)}."
        )
    module, class_name = _PROVIDERS[provider]
    try:
        chat_class = getattr(importlib.import_module(module), class_name)
    except ImportError as error:
        raise MissingDependencyError(
            f"The language model {name} needs a package: run `pip install 'pattern-navigator[{provider}]'`."
        ) from error
    options: dict[str, Any] = {"model": model, "temperature": 0}
    if base_url:
        options["base_url"] = base_url
    if provider != "ollama":
        options |= {"timeout": TIMEOUT, "max_retries": 1}
    try:
        chat: BaseChatModel = chat_class(**options)
    except Exception as error:  # each provider has its own way to say that a key is missing
        raise SettingsError(f"The language model {name} cannot be used: {error}") from error
    return chat


def write(answer: Answer, model: BaseChatModel, prompt: Prompt) -> Iterator[str]:
    """Yield an answer as prose, sentence by sentence as the model writes them.

    Each sentence cites sentences of the answer by their numbers in `cited_sentences`, or bears the mark
    `NOT_IN_LIBRARY`.

    Raises
    ------
    LanguageModelError
        The model could not be reached, or wrote nothing.
    """
    sentences = cited_sentences(answer)
    messages = prompt.filled(
        question=answer.question,
        context=answer.context or "any",
        pattern=answer.label,
        sentences="\n".join(f"[{number}] {s.text}" for number, s in enumerate(sentences, start=1)),
    )
    written = False
    for sentence in _whole_sentences(_streamed(model, messages)):
        written = True
        yield _marked(sentence, len(sentences))
    if not written:
        raise LanguageModelError(
            "The language model wrote nothing; here is the answer in the authors' words."
        )


def cited_sentences(answer: Answer) -> tuple[Sentence, ...]:
    """Return the sentences that a model may cite; ``[1]`` is the first of them."""
    return tuple(sentence for part in answer.parts for sentence in part.sentences)


def citations(text: str, answer: Answer) -> dict[int, Sentence]:
    """Return the sentences that a text cites, by their numbers, in order."""
    sentences = dict(enumerate(cited_sentences(answer), start=1))
    cited = sorted({int(number) for number in _CITATION.findall(text)})
    return {number: sentences[number] for number in cited if number in sentences}


def _streamed(model: BaseChatModel, messages: Sequence[tuple[str, str]]) -> Iterator[str]:
    try:
        for piece in model.stream(list(messages)):
            yield str(piece.text)
    except Exception as error:  # clients raise their own, of httpx, openai, anthropic …
        raise LanguageModelError(
            f"The language model failed ({type(error).__name__}); here is the answer in the authors' words."
        ) from error


def _whole_sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Yield sentences as soon as the next one has begun."""
    text = ""
    for piece in pieces:
        text = _LATE_CITATION.sub(r" \2\1 ", text + piece)
        *whole, (start, _) = list(sentence_spans(text)) or [(0, 0)]
        if text[start:].startswith("["):
            continue  # perhaps the first half of a late citation
        for first, end in whole:
            yield text[first:end]
        text = text[start:]
    if text.strip():
        yield text.strip()


def _marked(sentence: str, count: int) -> str:
    numbers = [int(number) for number in _CITATION.findall(sentence)]
    grounded = numbers and all(1 <= number <= count for number in numbers)
    return sentence if grounded else f"{_CITATION.sub('', sentence)} {NOT_IN_LIBRARY}"
