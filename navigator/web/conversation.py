"""What was asked and answered in one browser session, and what comes next. Knows nothing of Streamlit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from navigator.answer import Answer
from navigator.conversation import State
from navigator.export import conversation_markdown
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
        The answer as a language model put it; empty where none is configured.
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
    waiting
        What was asked and is not answered yet, in order.
    streamed
        How many of the exchanges were shown to their end.
    opened
        Places of the answers of which all is shown, not the brief form alone.
    editing
        Place of the question that is being put in other words.
    """

    def __init__(self, context: str | None = None) -> None:
        self.context = context
        self.exchanges: list[Exchange] = []
        self.waiting: list[Request] = []
        self.streamed = 0
        self.opened: set[int] = set()
        self.editing: int | None = None

    @property
    def heard(self) -> str | None:
        """The context that was heard in what was said last, while none is chosen."""
        return self.exchanges[-1].after.heard if self.exchanges and self.context is None else None

    def is_newest(self, number: int) -> bool:
        """Whether an exchange is the last one, and nothing was asked since."""
        return number == len(self.exchanges) - 1 and not self.waiting

    def want(self, request: Request) -> None:
        """Have a request answered after those that wait already."""
        self.waiting.append(request)

    def stop(self) -> None:
        """Let go of what waits, and leave what is being written at that."""
        self.waiting.clear()
        if self.exchanges:
            self.exchanges[-1].prose.stop()

    def go_back_to(self, number: int) -> None:
        """Forget an exchange and all that came after it, and what waits; 0 begins anew."""
        self.stop()
        del self.exchanges[number:]
        self.streamed = min(self.streamed, number)
        self.opened = {place for place in self.opened if place < number}
        self.editing = None

    def ask_instead(self, number: int, text: str) -> None:
        """Go back to an exchange and ask something else there."""
        self.go_back_to(number)
        self.want(Request(text))

    def edit(self, number: int | None) -> None:
        """Begin to put a question in other words; None leaves it as it is."""
        self.editing = number

    def toggle(self, number: int) -> None:
        """Open all of an answer, or leave it at the brief form again."""
        self.opened ^= {number}

    def answer_next(self, navigator: Navigator) -> Exchange:
        """Answer what waits longest and remember both; one that cannot be answered waits no longer."""
        request = self.waiting[0]
        state = self.exchanges[-1].after if self.exchanges else State()
        try:
            exchange = _exchange(navigator, request, state.speaking(self.context))
        except Exception:
            self.waiting.remove(request)
            raise
        exchange = replace(exchange, prose=navigator.prose(exchange.answer))
        self.exchanges.append(exchange)
        self.waiting.remove(request)
        # "We're a city department" takes the place of what was chosen before.
        self.context = exchange.after.context
        return exchange

    def speak(self, context: str | None) -> None:
        """Choose a context; None is the one that is heard."""
        self.context = context

    def turn_to_context(self, navigator: Navigator) -> None:
        """Say the last answer again where another context has been chosen since."""
        if not self.exchanges or self.exchanges[-1].after.context == self.context:
            return
        last = self.exchanges[-1]
        last.prose.stop()
        if last.answer.wants == CONTEXT_CHANGE and last.answer.focus is not None:
            context = self.context or last.after.heard
            answer = navigator.translate(last.answer.focus, context=context)
            self.exchanges[-1] = Exchange(
                last.request, last.before, last.after.speaking(self.context), answer
            )
        else:
            self.exchanges[-1] = _exchange(navigator, last.request, last.before.speaking(self.context))

    def follow_ups(self, navigator: Navigator) -> tuple[str, ...]:
        """Return what fits to be asked next, and was not yet asked of the pattern in focus."""
        if not self.exchanges:
            return ()
        state = self.exchanges[-1].after
        asked = {each.answer.wants for each in self.exchanges if each.after.focus == state.focus}
        return navigator.follow_ups(state, asked=asked)

    def markdown(self) -> str:
        """Return what was said and answered, to be handed on."""
        return conversation_markdown((each.request.text, each.answer) for each in self.exchanges)


def _exchange(navigator: Navigator, request: Request, before: State) -> Exchange:
    answer, after = navigator.converse(before, request.slug or request.text)
    return Exchange(request, before, after, answer)
