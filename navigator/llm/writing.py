"""The language-model writer: an answer said again in flowing prose, every claim with its quote.

It is given the passages of one extractive answer and nothing else, no earlier turn either, and what it
writes is held against them. When it fails, a line says why, and the extractive answer stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from navigator.answer import Answer, Part
from navigator.errors import LanguageModelError, NavigatorError
from navigator.llm.citations import Checker, Citation, Claim, passages
from navigator.llm.models import stream
from navigator.llm.statements import statements
from navigator.prompts import Prompts
from navigator.text import one_line, plain

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

WRITING_TOKENS = 2_000
"""Tokens that a model may write; those that think aloud need most of them for that."""

MOST_STRAYS = 2
"""Claims in a row that may lack a quote; at one more, the model has left the library or obeys a document."""

LONGEST_QUESTION = 400
"""Characters of a question back to the reader."""

_NOTHING_TO_ASK = re.compile(r"\W*none\W*", re.IGNORECASE)
_ONE_QUESTION = re.compile(r"[^.?!\n]+(?:\.\w[^.?!\n]*)*\?")


class Prose:
    """What a language model makes of an answer: claims as they come, and what became of it all.

    Never raises what a person can do nothing about halfway through an answer: where the model fails, the
    claims end and `failure` says why. Iterate as often as you like; each claim is asked for once.

    Attributes
    ----------
    claims
        Those that came so far.
    over
        Whether no more will come.
    """

    def __init__(self, claims: Iterable[Claim] = (), *, authors_follow: bool = True) -> None:
        self.claims: list[Claim] = []
        self.failure = ""
        self._coming = iter(claims)
        self._authors_follow = authors_follow
        self.over = False

    def __iter__(self) -> Iterator[Claim]:
        yield from self.claims
        try:
            for claim in self._coming:
                if self.over:
                    return
                self.claims.append(claim)
                yield claim
            self.over = True
        except NavigatorError as error:
            self.failure = (
                f"{error} Here is the answer in the authors' words." if self._authors_follow else str(error)
            )
            self.over = True

    def stop(self) -> None:
        """Leave it at the claims so far; where it was not at its end, `failure` says that it was stopped."""
        if not self.over:
            self.over, self._coming = True, iter(())
            self.failure = "It was stopped here." if self.claims else ""

    @property
    def citations(self) -> list[Citation]:
        """What the claims so far rest on, by number; nothing that is not cited."""
        cited = {(c.number, c.quote): c for claim in self.claims for c in claim.citations}
        return [cited[key] for key in sorted(cited, key=lambda key: key[0])]

    @property
    def marked(self) -> int:
        """Number of the claims so far that no quote from the library stands behind."""
        return sum(claim.marked for claim in self.claims)

    @property
    def note(self) -> str:
        """One line to the reader: why the prose ends where it does, or how much of it is marked."""
        if self.failure or not self.marked:
            return self.failure
        verb = "is" if self.marked == 1 else "are"
        return f"{self.marked} of {len(self.claims)} statements above {verb} not in the library."


def write(answer: Answer, model: BaseChatModel, prompts: Prompts, *, seconds: float) -> Iterator[Claim]:
    """Yield an answer as prose, claim by claim as the model writes them.

    For an answer without parts, yield the one question that might tell which of its patterns fits. What
    strays from the library is held back until the model has come back to it.

    Raises
    ------
    LanguageModelError
        The model could not be reached, broke off, or wrote nothing that the library holds.
    """
    told = {"question": answer.question, "context": answer.context or "any"}
    if not answer.parts:
        candidates = "\n".join(
            one_line(f"- {hit.label}: {hit.tension or hit.summary}") for hit in answer.patterns
        )
        messages = prompts.messages("clarify", **told, candidates=candidates)
        yield from _question("".join(stream(model, messages, seconds=seconds)))
        return
    given, told["pattern"] = passages(answer), answer.label
    numbered = "\n".join(
        f"[{number}] {passage.heading}: {passage.text}" for number, passage in enumerate(given, 1)
    )
    messages = prompts.messages(_prompt_for(answer.parts), **told, passages=numbered)
    checker = Checker(given, told=" ".join(told.values()))
    yield from _kept(
        checker.claim(statement) for statement in statements(stream(model, messages, seconds=seconds))
    )


def worth_writing(answer: Answer) -> bool:
    """Return whether there is anything that a model could say about an answer."""
    return bool(answer.parts) or (not answer.answered and bool(answer.patterns))


def _prompt_for(parts: Iterable[Part]) -> str:
    return "follow-up" if all(part.kind == "section" for part in parts) else "translate"


def _kept(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield claims, the marked ones among them only where one from the library comes before or after."""
    held: list[Claim] = []
    wrote = founded = False
    for claim in claims:
        wrote = True
        held.append(claim)
        if not claim.marked:
            founded = True
            yield from held
            held.clear()
        elif len(held) > MOST_STRAYS:
            raise LanguageModelError("The language model left the library, and was stopped.")
    if not wrote:
        raise LanguageModelError("The language model wrote nothing.")
    if not founded:
        raise LanguageModelError("The language model wrote nothing that is in the library.")
    yield from held


def _question(written: str) -> Iterator[Claim]:
    """Yield what was written if it is one question and no more."""
    question = plain(one_line(written))
    if _NOTHING_TO_ASK.fullmatch(question):
        return
    if len(question) > LONGEST_QUESTION or not _ONE_QUESTION.fullmatch(question):
        raise LanguageModelError("The language model had no question to ask.")
    yield Claim(text=question)
