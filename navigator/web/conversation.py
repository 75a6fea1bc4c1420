"""What was asked and answered in one browser session, and what comes next. Knows nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from navigator.answer import Answer
from navigator.llm.writing import Prose
from navigator.navigator import Navigator


@dataclass(frozen=True, slots=True)
class Request:
    """What someone wants: the words they typed, or a pattern that they picked.

    Attributes
    ----------
    text
        What they said, as the page repeats it.
    slug
        The pattern they picked; None where they typed.
    """

    text: str
    slug: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its answer.

    Attributes
    ----------
    context
        The one chosen on the page; None to hear it in the words.
    prose
        The answer as a language model put it; empty where none is configured, or was interrupted.
    """

    request: Request
    context: str | None
    answer: Answer
    prose: Prose = field(default_factory=Prose)


class Conversation:
    """The exchanges so far, oldest first; the last one is always in the context that is chosen."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def ask(self, navigator: Navigator, request: Request, context: str | None) -> Exchange:
        """Answer a request and remember both."""
        exchange = _exchange(navigator, request, context, self.exchanges)
        self.exchanges.append(exchange)
        return exchange

    def keep_prose(self, prose: Prose) -> None:
        """Remember how a language model put the last answer."""
        self.exchanges[-1] = replace(self.exchanges[-1], prose=prose)

    def turn_to(self, navigator: Navigator, context: str | None) -> None:
        """Say the last answer again where another context has been chosen since."""
        if self.exchanges and self.exchanges[-1].context != context:
            *before, last = self.exchanges
            self.exchanges[-1] = _exchange(navigator, last.request, context, before)


def _exchange(
    navigator: Navigator, request: Request, context: str | None, before: Sequence[Exchange]
) -> Exchange:
    if request.slug is not None:
        heard = before[-1].answer.context if before else None
        answer = navigator.translate(request.slug, context=context or heard)
    else:
        history = [exchange.answer.turn for exchange in before]
        answer = navigator.ask(request.text, context=context, history=history)
    return Exchange(request, context, answer)
