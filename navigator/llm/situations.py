"""What people say when they need a pattern, as a language model imagines it: one call for each pattern."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, ValidationError

from navigator.errors import LanguageModelError
from navigator.llm.models import Limits, stream
from navigator.pattern import CONTEXTS, Pattern, Situation
from navigator.prompts import Prompts
from navigator.text import content_words, one_line, words

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

WRITING_SITUATIONS = Limits(seconds=120, tokens=4_000)
"""Nobody waits, and models that think aloud need most of the tokens for that."""

LONGEST_TEXT = 4_000
"""Characters of a pattern's Context and Problem that a model is given."""

WORDS = range(8, 121)
"""Words of a situation; what is shorter says too little to be found by, what is longer too much."""


class _Told(BaseModel):
    world: str = ""
    text: str


class _Written(BaseModel):
    """The object that a model is asked for."""

    situations: Annotated[list[_Told], Field(min_length=1)]


def situations_request(pattern: Pattern, count: int, prompts: Prompts) -> list[tuple[str, str]]:
    """Return the messages that ask for so many situations, for worlds that have the fewest so far."""
    hints = pattern.ontology.search_hints
    parts = [section.text for section in map(pattern.section, ("Context", "Problem")) if section is not None]
    return prompts.messages(
        "situations",
        title=pattern.title,
        summary=pattern.summary or "(none)",
        tension=pattern.usable_tension or "(none)",
        text="\n\n".join(parts)[:LONGEST_TEXT] or "(nothing)",
        worlds="\n".join(_worlds(pattern, count)),
        known="\n".join(f"- {situation.text}" for situation in hints.situations) or "(none yet)",
    )


def write_situations(pattern: Pattern, count: int, model: BaseChatModel, prompts: Prompts) -> list[Situation]:
    """Return at most ``count`` new situations of a pattern, by one call.

    Those that give its title away, say too little or too much, or are there already are left out.

    Raises
    ------
    LanguageModelError
        The model failed, or wrote none that can be used.
    """
    messages = situations_request(pattern, count, prompts)
    text = "".join(stream(model, messages, seconds=WRITING_SITUATIONS.seconds))
    try:
        # Some put the object between fences, or a word before it.
        written = _Written.model_validate(json.loads(text[text.find("{") : text.rfind("}") + 1]))
    except (ValueError, ValidationError, RecursionError):
        written = None
    kept = _usable(written.situations, pattern)[:count] if written else []
    if not kept:
        raise LanguageModelError("The language model wrote no situation that can be used.")
    return kept


def _worlds(pattern: Pattern, count: int) -> list[str]:
    """Return a context for each situation wanted, those with the fewest first."""
    told = [situation.context for situation in pattern.ontology.search_hints.situations]
    fewest = {context: told.count(context) for context in (*CONTEXTS, *pattern.context_labels)}
    wanted: list[str] = []
    for _ in range(count):
        context = min(fewest, key=lambda each: fewest[each])
        fewest[context] += 1
        wanted.append(context)
    return wanted


def _usable(told: Sequence[_Told], pattern: Pattern) -> list[Situation]:
    known = {tuple(words(each.text)) for each in pattern.ontology.search_hints.situations}
    title, contexts = content_words(pattern.title), {*CONTEXTS, *pattern.context_labels}
    usable: list[Situation] = []
    for each in told:
        text = one_line(each.text)
        key = tuple(words(text))
        if len(key) in WORDS and key not in known and not (title and title <= content_words(text)):
            known.add(key)
            context = each.world.strip().lower()
            usable.append(
                Situation(text=text, context=context if context in contexts else None, author="model")
            )
    return usable
