"""What was asked and answered in one browser session, and what comes next. Knows nothing of Streamlit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Lock

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


@dataclass(eq=False, slots=True)
class Turn:
    """A request, and its answer as soon as there is one.

    Streamlit begins a new run of the page while the old one is still at work on its answer, and both see the
    same turn: the one that comes second waits for the first, and nothing is answered twice.
    """

    request: Request
    exchange: Exchange | None = None
    answering: Lock = field(default_factory=Lock, repr=False)


class Conversation:
    """The turns so far, oldest first; the last answer is always in the context that is chosen.

    Attributes
    ----------
    context
        The context that is chosen; None to hear it in what is said.
    turns
        What was asked, in order: first what is answered, then what waits.
    streamed
        How many of the exchanges were shown to their end.
    opened
        Places of the answers of which all is shown, not the brief form alone.
    editing
        Place of the question that is being put in other words.
    """

    def __init__(self, context: str | None = None) -> None:
        self.context = context
        self.turns: list[Turn] = []
        self.streamed = 0
        self.opened: set[int] = set()
        self.editing: int | None = None

    @property
    def exchanges(self) -> list[Exchange]:
        """What was answered, oldest first."""
        return [turn.exchange for turn in self.turns if turn.exchange]

    @property
    def last(self) -> Exchange | None:
        """What was answered last."""
        return next(iter(self.exchanges[::-1]), None)

    @property
    def heard(self) -> str | None:
        """The context that was heard in what was said last, while none is chosen."""
        return self.last.after.heard if self.last and self.context is None else None

    def is_newest(self, number: int) -> bool:
        """Whether nothing was asked since that turn."""
        return number == len(self.turns) - 1

    def want(self, request: Request) -> None:
        """Have a request answered after those that wait already."""
        self.turns.append(Turn(request))

    def stop(self) -> None:
        """Let go of what waits, even where it is being answered, and leave what is being written at that."""
        self.turns[:] = [turn for turn in self.turns if turn.exchange]
        if self.last:
            self.last.prose.stop()

    def go_back_to(self, number: int) -> None:
        """Forget a turn and all that came after it, and what waits; 0 begins anew."""
        self.stop()
        del self.turns[number:]
        self.streamed = min(self.streamed, number)
        self.opened = {place for place in self.opened if place < number}
        self.editing = None

    def ask_instead(self, number: int, text: str) -> None:
        """Go back to a turn and ask something else there."""
        self.go_back_to(number)
        self.want(Request(text))

    def edit(self, number: int | None) -> None:
        """Begin to put a question in other words; None leaves it as it is."""
        self.editing = number

    def toggle(self, number: int) -> None:
        """Open all of an answer, or leave it at the brief form again."""
        self.opened ^= {number}

    def answer(self, turn: Turn, navigator: Navigator) -> Exchange:
        """Return the answer of a turn, and remember it; one that cannot be answered waits no longer."""
        with turn.answering:
            turn.exchange = turn.exchange or self._answer(turn, navigator)
        self.turn_to_context(navigator)
        return turn.exchange

    def _answer(self, turn: Turn, navigator: Navigator) -> Exchange:
        chosen = self.context
        state = self.last.after if self.last else State()
        try:
            exchange = _exchange(navigator, turn.request, state.speaking(chosen))
        except Exception:
            self.turns[:] = [each for each in self.turns if each is not turn]
            raise
        # "We're a city department" takes the place of what was chosen before, and of nothing chosen since.
        if turn in self.turns and self.context == chosen:
            self.context = exchange.after.context
        return replace(exchange, prose=navigator.prose(exchange.answer))

    def speak(self, context: str | None) -> None:
        """Choose a context; None is the one that is heard."""
        self.context = context

    def turn_to_context(self, navigator: Navigator) -> None:
        """Say the last answer again where another context has been chosen since."""
        turn = next((turn for turn in reversed(self.turns) if turn.exchange), None)
        if turn is None or turn.exchange is None or turn.exchange.after.context == self.context:
            return
        last = turn.exchange
        last.prose.stop()
        if last.answer.wants == CONTEXT_CHANGE and last.answer.focus is not None:
            context = self.context or last.after.heard
            answer = navigator.translate(last.answer.focus, context=context)
            turn.exchange = Exchange(last.request, last.before, last.after.speaking(self.context), answer)
        else:
            turn.exchange = _exchange(navigator, last.request, last.before.speaking(self.context))

    def follow_ups(self, navigator: Navigator) -> tuple[str, ...]:
        """Return what fits to be asked next, and was not yet asked of the pattern in focus."""
        if self.last is None:
            return ()
        state = self.last.after
        asked = {each.answer.wants for each in self.exchanges if each.after.focus == state.focus}
        return navigator.follow_ups(state, asked=asked)

    def markdown(self) -> str:
        """Return what was said and answered, to be handed on."""
        return conversation_markdown((each.request.text, each.answer) for each in self.exchanges)


def _exchange(navigator: Navigator, request: Request, before: State) -> Exchange:
    answer, after = navigator.converse(before, request.slug or request.text)
    return Exchange(request, before, after, answer)
