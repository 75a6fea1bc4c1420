"""A conversation in a terminal, or over a pipe: one message a line. Only `cli` uses it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator

from navigator.answer import Answer, Length
from navigator.conversation import State
from navigator.errors import NavigatorError
from navigator.navigator import Navigator
from navigator.text import visible

HELP = """\
Say what is going on, then ask on: "and the risks?", "who has done it?", "we're a city department",
"no, not that", "the second one", "how do these differ?".

/context NAME   speak as corporate, government, activist, tech or your own; auto hears it in what you say
/new            begin anew
/quit           leave, as do Ctrl-D and the end of the input
"""

_AUTOMATIC = "auto"


def talk(
    navigator: Navigator,
    state: State,
    *,
    form: Length,
    as_json: bool,
    first: str | None,
    show: Callable[[Answer], None],
    say: Callable[[str], None],
) -> None:
    """Answer messages until there are no more.

    Parameters
    ----------
    first
        A message to begin with, before any is read.
    show
        Shows an answer.
    say
        Says a line to the person at the terminal.
    """
    begun = state
    messages = _messages(first, lambda: _prompt(state), echo=not as_json, say=say)
    for message in messages:
        command, _, argument = message.partition(" ")
        if command in {"/quit", "/exit"}:
            return
        if command == "/help":
            say(HELP)
        elif command == "/new":
            state = begun
            say("A new conversation.")
        elif command == "/context":
            wanted = argument.strip()
            state = state.speaking(None if wanted in {"", _AUTOMATIC} else wanted)
            say(f"From now on for {_prompt(state)}.")
        elif command.startswith("/"):
            say(f"There is no command {visible(command)}; /help lists them.")
        else:
            try:
                answer, state = navigator.converse(state, message, form=form)
            except NavigatorError as error:
                say(f"Error: {visible(str(error))}")
                continue
            show(answer)


def json_line(answer: Answer) -> str:
    """Return an answer as one line of JSON."""
    return json.dumps(answer.model_dump(mode="json"), ensure_ascii=False)


def _prompt(state: State) -> str:
    """Return whose words are spoken: chosen, heard, or nobody's."""
    return state.context or (f"{state.heard}, as heard" if state.heard else _AUTOMATIC)


def _messages(
    first: str | None, prompt: Callable[[], str], *, echo: bool, say: Callable[[str], None]
) -> Iterator[str]:
    """Yield what is typed, or piped in line by line; blank lines are passed over."""
    if first:
        yield first
    at_terminal = sys.stdin.isatty()
    while True:
        asked = f"[{visible(prompt())}] › "
        try:
            line = input(asked) if at_terminal else sys.stdin.buffer.readline().decode("utf-8", "replace")
        except (EOFError, KeyboardInterrupt):
            say("")
            return
        if not at_terminal and not line:
            return
        message = line.strip()
        if message:
            if echo and not at_terminal:
                say(f"\n{asked}{visible(message)}")
            yield message
