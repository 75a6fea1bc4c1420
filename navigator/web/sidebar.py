"""The sidebar: whose words to speak, a new start, and what the library holds."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from navigator.navigator import Navigator
from navigator.settings import Settings
from navigator.web.contexts import AUTOMATIC, context_choices, context_name
from navigator.web.conversation import Conversation
from navigator.web.markdown import escape_markdown

_CONTEXT = "context"
"""Key of the radio buttons."""


def show_sidebar(navigator: Navigator, conversation: Conversation) -> None:
    """Draw the sidebar; the context that is chosen there is the conversation's from then on."""
    # The conversation may have turned to another by itself; a widget takes its value before it is drawn.
    st.session_state[_CONTEXT] = conversation.context or AUTOMATIC
    with st.sidebar:
        st.radio(
            "In whose words?",
            context_choices(navigator.settings.context, conversation.context),
            format_func=context_name,
            key=_CONTEXT,
            help="Automatic hears it in what you write.",
            on_change=lambda: conversation.speak(st.session_state[_CONTEXT] or None),
        )
        st.button(
            "New conversation",
            key="new-conversation",
            icon=":material/restart_alt:",
            on_click=conversation.exchanges.clear,
            width="stretch",
        )
        st.caption(_holdings(navigator))
        st.caption(_privacy(navigator.settings))


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
