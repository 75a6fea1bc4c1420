"""What was asked and answered in one browser session, and what comes next. Knows nothing of Streamlit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from navigator.answer import Answer
from navigator.conversation import State
from navigator.llm.writing import Prose
from navigator.navigator import Navigator
from navigator.situation import CONTEXT_CHANGE


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
    before, after
        What was remembered of the conversation.
    prose
        The answer as a language model put it; empty where none is configured, or was interrupted.
    """

    request: Request
    before: State
    after: State
    answer: Answer
    prose: Prose = field(default_factory=Prose)


class Conversation:
    """The exchanges so far, oldest first; the last one is always in the context that is chosen.

    Attributes
    ----------
    context
        The context that is chosen; None to hear it in what is said.
    """

    def __init__(self, context: str | None = None) -> None:
        self.context = context
        self.exchanges: list[Exchange] = []

    def ask(self, navigator: Navigator, request: Request) -> Exchange:
        """Answer a request and remember both."""
        state = self.exchanges[-1].after if self.exchanges else State()
        exchange = _exchange(navigator, request, state.speaking(self.context))
        self.exchanges.append(exchange)
        # "We're a city department" takes the place of what was chosen before.
        self.context = exchange.after.context
        return exchange

    def keep_prose(self, prose: Prose) -> None:
        """Remember how a language model put the last answer."""
        self.exchanges[-1] = replace(self.exchanges[-1], prose=prose)

    def speak(self, context: str | None) -> None:
        """Choose a context; None is the one that is heard."""
        self.context = context

    def turn_to_context(self, navigator: Navigator) -> None:
        """Say the last answer again where another context has been chosen since."""
        if not self.exchanges or self.exchanges[-1].after.context == self.context:
            return
        last = self.exchanges[-1]
        if last.answer.wants == CONTEXT_CHANGE and last.answer.focus is not None:
            context = self.context or last.after.heard
            answer = navigator.translate(last.answer.focus, context=context)
            self.exchanges[-1] = Exchange(
                last.request, last.before, last.after.speaking(self.context), answer
            )
        else:
            self.exchanges[-1] = _exchange(navigator, last.request, last.before.speaking(self.context))


def _exchange(navigator: Navigator, request: Request, before: State) -> Exchange:
    answer, after = navigator.converse(before, request.slug or request.text)
    return Exchange(request, before, after, answer)
