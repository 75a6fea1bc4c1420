"""From an account to the library's terms: what a language model would search for.

Real accounts share almost no words with the pattern that helps; a short call to a language model puts
them into the field's. On 22 real questions hit@5 rose from .41 to .77 (``benchmarks/README.md``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, ValidationError

from navigator.errors import LanguageModelError
from navigator.llm.models import Limits, stream
from navigator.prompts import Prompts
from navigator.text import one_line

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

REWRITING = Limits(seconds=6, tokens=400)
"""Somebody waits for the answer that comes after."""

LONGEST_TEXT = 600
"""Characters of each text that are searched for."""

MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A situation in other words, as a language model wrote it for the search.

    Attributes
    ----------
    core
        The trouble in one sentence.
    pattern_like
        What the title and summary of a fitting pattern would say.
    terms
        What a librarian would search for.
    """

    core: str
    pattern_like: str
    terms: str


class _Written(BaseModel):
    """The object that a model is asked for."""

    core: Annotated[str, Field(min_length=1)]
    pattern_like: Annotated[str, Field(min_length=1)]
    terms: Annotated[list[str], Field(min_length=1)]


def rewrite(question: str, model: BaseChatModel, prompts: Prompts) -> Rewriting:
    """Return a situation in other words, by one short call.

    Raises
    ------
    LanguageModelError
        The model failed, took too long, or wrote something else.
    """
    messages = prompts.messages("rewrite", question=question)
    text = "".join(stream(model, messages, seconds=REWRITING.seconds))
    try:
        # Some put the object between fences, or a word before it.
        written = _Written.model_validate(json.loads(text[text.find("{") : text.rfind("}") + 1]))
    except (ValueError, ValidationError, RecursionError):
        raise LanguageModelError("The language model did not write the rewriting it was asked for.") from None
    rewriting = Rewriting(
        core=_short(written.core),
        pattern_like=_short(written.pattern_like),
        terms=_short(" ".join(written.terms[:MOST_TERMS])),
    )
    if not (rewriting.core and rewriting.pattern_like and rewriting.terms):
        raise LanguageModelError("The language model did not write the rewriting it was asked for.")
    return rewriting


def _short(text: str) -> str:
    return one_line(text)[:LONGEST_TEXT]
