"""Whose words to speak: the contexts to choose from on every page, with the one that was heard."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from navigator.navigator import Navigator
from navigator.web.contexts import AUTOMATIC, context_choices, context_name
from navigator.web.conversation import Conversation
from navigator.web.markdown import escape_markdown
from navigator.web.visit import CONTEXT

_IN_ADDRESS = "context-in-address"
"""Key of the session state that holds the context which this session last put into the address."""


def show_contexts(navigator: Navigator, conversation: Conversation, heard: str | None = None) -> None:
    """Draw the contexts; the one that is chosen there is the conversation's from then on.

    Parameters
    ----------
    heard
        The context that was heard, to be shown beside *Automatic*.
    """
    choices = context_choices(*navigator.contexts, navigator.settings.context, conversation.context)
    _take_from_address(conversation, choices)

    def name(context: str) -> str:
        told = f": {context_name(heard)}" if heard and context == AUTOMATIC else ""
        return escape_markdown(context_name(context) + told)

    # The conversation may have turned to another by itself; a widget takes its value before it is drawn.
    st.session_state[CONTEXT] = conversation.context or AUTOMATIC
    with st.container(key=f"speaking-in-{conversation.context or heard or 'any'}"):
        st.radio(
            "In whose words?",
            choices,
            format_func=name,
            key=CONTEXT,
            horizontal=True,
            on_change=lambda: conversation.speak(st.session_state[CONTEXT] or None),
        )
    _show_in_address(conversation.context)


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
