"""The page *Ask*: what stands where, and in which order it appears."""

from __future__ import annotations

from concurrent.futures import wait
from datetime import date
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from navigator.errors import PatternNotFoundError
from navigator.pattern import Pattern
from navigator.web.answers import show_answer
from navigator.web.conversation import Conversation, Request, Turn
from navigator.web.heard import show_context
from navigator.web.markdown import escape_markdown, escape_message
from navigator.web.prose import BEAT, show_prose
from navigator.web.rating import show_ratings
from navigator.web.visit import OPENING, PATTERN, Visit, errors_as_sentences

_SCROLL = Path(__file__).parents[1] / "scroll.js"
_TRANSIENT = ("stop", "spinner", "beat")
"""What stands above an answer until it is there: as many empty slots stand above an old one."""

_WRITING = "Saying it in your words…"

LONGEST_QUESTION = 50_000
"""Characters that the input takes; the navigator says how many of them it reads."""


def show_ask(visit: Visit) -> None:
    """Draw the page of conversations."""
    st.title("Pattern Navigator", anchor=False)
    navigator, conversation = visit.navigator, visit.conversation
    with st.bottom:
        st.chat_input(
            "What is going on?",
            key="question",
            max_chars=LONGEST_QUESTION,
            on_submit=_take_typed,
            args=(conversation,),
        )
    _take_from_address(visit)
    with visit.beside:
        _show_beside(conversation)
    # What an empty slot held is gone at once; anything else lingers, greyed, until the run ends.
    welcome = st.empty()
    if not conversation.turns:
        with welcome.container(key="welcome"):
            _show_welcome(visit)
        return
    conversation.turn_to_context(navigator)
    turns = list(enumerate(conversation.turns))
    told = [(number, turn.exchange) for number, turn in turns if turn.exchange]
    asked = turns[len(told) :]
    _scroll_to(len(told) - (not asked))
    with st.container(key="conversation"):
        for number, exchange in told:
            exchange.prose.stop()
            with _place_of_answer(exchange.request, number, conversation):
                for _ in _TRANSIENT:
                    st.empty()
                show_context(exchange.answer, conversation, navigator.contexts, number)
                st.empty()
                show_prose(exchange.prose)
                show_answer(exchange, number, visit)
        spoken = conversation.context, conversation.heard
        places = [_place_of_answer(turn.request, number, conversation) for number, turn in asked]
        for (number, turn), place in zip(asked, places, strict=True):
            with place:
                answered = _answer(turn, number, visit)
            if not answered:
                break
    _show_in_address(conversation)
    if (conversation.context, conversation.heard) != spoken:
        st.rerun()  # for the choice of contexts to show it


def _take_typed(conversation: Conversation) -> None:
    """Remember what was typed, before anything is drawn that the next click could interrupt."""
    conversation.want(Request(st.session_state["question"]))


def _answer(turn: Turn, number: int, visit: Visit) -> bool:
    """Answer what was asked; where that fails, say why, offer to try again, and return False."""
    conversation, navigator = visit.conversation, visit.navigator
    with errors_as_sentences():
        stop, spinner, beat = (st.empty() for _ in _TRANSIENT)
        if not visit.warming.done() or navigator.settings.llm is not None:
            stop.button("Stop", key=f"stop-{number}", icon=":material/stop:", on_click=conversation.stop)
        with spinner, st.spinner(OPENING):
            while not visit.warming.done():
                wait([visit.warming], timeout=BEAT)
                beat.empty()  # Streamlit heeds a click whenever something is drawn
            visit.warming.result()
        # Remembered before it streams, so that whatever interrupts the stream loses nothing.
        exchange = conversation.answer(turn, navigator)
        show_context(exchange.answer, conversation, navigator.contexts, number)
        with st.spinner(_WRITING):
            show_prose(exchange.prose)
        stop.empty()
        show_answer(exchange, number, visit)
        return True
    st.button("Ask it again", key=f"again-{number}", on_click=conversation.want, args=(turn.request,))
    return False


def _take_from_address(visit: Visit) -> None:
    """Begin with the pattern that the address names, where somebody came by a link or loads the page anew."""
    name, conversation = st.query_params.get(PATTERN), visit.conversation
    if not name or conversation.turns:
        return
    try:
        document = visit.navigator.pattern(name)
    except PatternNotFoundError as error:
        st.query_params.pop(PATTERN, None)
        st.info(escape_message(str(error)), icon=":material/info:")
        return
    if isinstance(document, Pattern):
        conversation.want(Request(document.label(conversation.context), document.slug))


def _show_in_address(conversation: Conversation) -> None:
    """Name the pattern that is talked of, and never what was asked; the page of patterns opens it too."""
    focus = conversation.last.after.focus if conversation.last else None
    if focus:
        st.query_params[PATTERN] = st.session_state[PATTERN] = focus
    else:
        st.query_params.pop(PATTERN, None)


def _show_beside(conversation: Conversation) -> None:
    st.button(
        "New conversation",
        key="new-conversation",
        icon=":material/restart_alt:",
        on_click=_begin_anew,
        args=(conversation,),
        width="stretch",
    )
    if conversation.turns:
        st.download_button(
            "Download it",
            conversation.markdown,
            file_name=f"conversation-{date.today():%Y-%m-%d}.md",
            mime="text/markdown",
            key="download-conversation",
            icon=":material/download:",
            help="This conversation as Markdown, with sources and licences",
            on_click="ignore",
            width="stretch",
        )
    show_ratings()


def _begin_anew(conversation: Conversation) -> None:
    conversation.go_back_to(0)
    st.query_params.pop(PATTERN, None)


def _show_welcome(visit: Visit) -> None:
    st.markdown(
        "Say what is going on, as you would say it to a colleague. You get the pattern that fits, in the "
        "words of your world: why it fits, what to do, what can go wrong, and who has done it."
    )
    examples = visit.navigator.examples(visit.context)
    if examples:
        st.header("Others began like this", anchor=False)
    with st.container(key="examples"):
        for number, example in enumerate(examples):
            st.button(
                escape_markdown(example),
                key=f"example-{number}",
                width="stretch",
                on_click=visit.conversation.want,
                args=(Request(example),),
            )


def _place_of_answer(request: Request, number: int, conversation: Conversation) -> DeltaGenerator:
    """Show a request, and return the place under it where its answer goes."""
    with st.container(key=f"exchange-{number}"):
        with st.chat_message("user"):
            if conversation.editing == number:
                _show_editor(request, number, conversation)
            else:
                _show_request(request, number, conversation)
        return st.chat_message("assistant")


def _show_request(request: Request, number: int, conversation: Conversation) -> None:
    st.markdown(escape_markdown(request.text))
    if request.slug is None:
        st.button(
            "Edit",
            key=f"edit-{number}",
            type="tertiary",
            icon=":material/edit:",
            help="Put it in other words and ask again; what came after it goes",
            on_click=conversation.edit,
            args=(number,),
        )


def _show_editor(request: Request, number: int, conversation: Conversation) -> None:
    key = f"edited-{number}"
    with st.form(f"edit-form-{number}", border=False):
        st.text_area(
            "What is going on?",
            request.text,
            key=key,
            max_chars=LONGEST_QUESTION,
            label_visibility="collapsed",
        )
        with st.container(horizontal=True):
            st.form_submit_button(
                "Ask again",
                type="primary",
                key=f"ask-again-{number}",
                on_click=_ask_again,
                args=(conversation, number),
            )
            st.form_submit_button("Leave it", key=f"leave-{number}", on_click=conversation.edit, args=(None,))


def _ask_again(conversation: Conversation, number: int) -> None:
    text = st.session_state[f"edited-{number}"]
    if text.strip():
        conversation.ask_instead(number, text)


def _scroll_to(number: int) -> None:
    """Bring an exchange to the top of the window; the browser does it once for each ``number``."""
    script = _SCROLL.read_text("utf-8").replace("NUMBER", str(number))
    with st.container(key="scroll"):
        # The first one stays where it is, under the title.
        st.html(f"<script>{script}</script>" if number else "<p></p>", unsafe_allow_javascript=True)
