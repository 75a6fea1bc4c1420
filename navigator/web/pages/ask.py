"""The page *Ask*: what stands where, and in which order it appears."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from navigator.navigator import Navigator
from navigator.web.answers import show_answer, show_prose
from navigator.web.conversation import Request
from navigator.web.heard import show_context
from navigator.web.links import REQUEST, ask_for
from navigator.web.markdown import escape_markdown
from navigator.web.visit import OPENING, Visit

_SCROLL = Path(__file__).parents[1] / "scroll.js"
_WRITING = "Saying it in your words…"

LONGEST_QUESTION = 50_000
"""Characters that the input takes; the navigator says how many of them it reads."""


def show_ask(visit: Visit, warming: Future[None]) -> None:
    """Draw the page of conversations."""
    st.title("Pattern Navigator", anchor=False)
    navigator, conversation = visit.navigator, visit.conversation
    with visit.beside:
        st.button(
            "New conversation",
            key="new-conversation",
            icon=":material/restart_alt:",
            on_click=conversation.exchanges.clear,
            width="stretch",
        )
    with st.bottom:
        typed = st.chat_input("What is going on?", key="question", max_chars=LONGEST_QUESTION)
    request = Request(typed) if typed else st.session_state.pop(REQUEST, None)
    # What an empty slot held is gone at once; anything else lingers, greyed, until the run ends.
    welcome = st.empty()
    if not conversation.exchanges and request is None:
        with welcome.container(key="welcome"):
            _show_welcome(navigator, conversation.context)
        return
    conversation.turn_to_context(navigator)
    _scroll_to(len(conversation.exchanges) - (request is None))
    with st.container(key="conversation"):
        for number, exchange in enumerate(conversation.exchanges):
            with _place_of_answer(exchange.request, number):
                st.empty()
                show_context(exchange.answer, conversation, navigator.contexts, number)
                st.empty()
                show_prose(exchange.prose)
                show_answer(exchange.answer, number, conversation.context, streaming=False)
        if request is None:
            return
        number, chosen = len(conversation.exchanges), conversation.context
        with _place_of_answer(request, number):
            with st.empty(), st.spinner(OPENING):
                warming.result()
            # Remembered before it streams, so that whatever interrupts the stream loses nothing.
            exchange = conversation.ask(navigator, request)
            show_context(exchange.answer, conversation, navigator.contexts, number)
            prose = navigator.prose(exchange.answer)
            with st.spinner(_WRITING):
                show_prose(prose)
            conversation.keep_prose(prose)
            show_answer(exchange.answer, number, conversation.context, streaming=True)
    if conversation.context != chosen:
        st.rerun()  # for the sidebar to show it


def _show_welcome(navigator: Navigator, context: str | None) -> None:
    st.markdown(
        "Say what is going on, as you would say it to a colleague. You get the pattern that fits, in the "
        "words of your world: why it fits, what to do, what can go wrong, and who has done it."
    )
    examples = navigator.examples(context)
    if examples:
        st.header("Others began like this", anchor=False)
    with st.container(key="examples"):
        for number, example in enumerate(examples):
            st.button(
                escape_markdown(example),
                key=f"example-{number}",
                width="stretch",
                on_click=ask_for,
                args=(Request(example),),
            )


@contextmanager
def _place_of_answer(request: Request, number: int) -> Iterator[None]:
    """Show a request and open the place under it, where its answer goes."""
    with st.container(key=f"exchange-{number}"):
        with st.chat_message("user"):
            st.markdown(escape_markdown(request.text))
        with st.chat_message("assistant"):
            yield


def _scroll_to(number: int) -> None:
    """Bring an exchange to the top of the window; the browser does it once for each ``number``."""
    script = _SCROLL.read_text("utf-8").replace("NUMBER", str(number))
    with st.container(key="scroll"):
        # The first one stays where it is, under the title.
        st.html(f"<script>{script}</script>" if number else "<p></p>", unsafe_allow_javascript=True)
