"""The sidebar of every page: whose words to speak, and what the library holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from navigator.navigator import Navigator
from navigator.settings import Settings
from navigator.web.contexts import AUTOMATIC, context_choices, context_name
from navigator.web.conversation import Conversation
from navigator.web.markdown import escape_markdown
from navigator.web.visit import CONTEXT

_IN_ADDRESS = "context-in-address"
"""Key of the session state that holds the context which this session last put into the address."""


def show_sidebar(navigator: Navigator, conversation: Conversation) -> DeltaGenerator:
    """Draw the sidebar; the context that is chosen there is the conversation's from then on.

    Returns
    -------
    DeltaGenerator
        A place for what is the page's own.
    """
    choices = context_choices(*navigator.contexts, navigator.settings.context, conversation.context)
    _take_from_address(conversation, choices)
    # The conversation may have turned to another by itself; a widget takes its value before it is drawn.
    st.session_state[CONTEXT] = conversation.context or AUTOMATIC
    with st.sidebar:
        st.radio(
            "In whose words?",
            choices,
            format_func=context_name,
            key=CONTEXT,
            help="Automatic hears it in what you write.",
            on_change=lambda: conversation.speak(st.session_state[CONTEXT] or None),
        )
        beside = st.container(key="beside")
        st.caption(_holdings(navigator))
        st.caption(_privacy(navigator.settings))
    _show_in_address(conversation.context)
    return beside


def _take_from_address(conversation: Conversation, choices: Collection[str]) -> None:
    """Choose the context that the address names, where somebody came by a link; a click comes before it."""
    named = st.query_params.get(CONTEXT)
    if named and named in choices and named != st.session_state.get(_IN_ADDRESS):
        conversation.speak(named)


def _show_in_address(context: str | None) -> None:
    st.session_state[_IN_ADDRESS] = context
    if context:
        st.query_params[CONTEXT] = context
    else:
        st.query_params.pop(CONTEXT, None)


def _holdings(navigator: Navigator) -> str:
    catalogue = navigator.catalogue()
    patterns = [entry for entry in catalogue if entry.is_pattern]
    readings = len(catalogue) - len(patterns)
    stars = Counter(entry.confidence for entry in patterns)
    rated = " · ".join(f"{'★' * n}{'☆' * (3 - n)} {stars[n]:,}" for n in (3, 2, 1) if stars[n])
    held = " and ".join(
        _counted(n, noun) for n, noun in ((len(patterns), "pattern"), (readings, "article")) if n
    )
    return f":material/menu_book: {held} in the library.  \n{rated}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _privacy(settings: Settings) -> str:
    if settings.llm is None:
        return ":material/lock: Nothing you type leaves this machine."
    return f":material/cloud: Questions go to the language model {escape_markdown(settings.llm)}."
