"""The context that was heard in what someone said, and a click to correct it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from navigator.answer import Answer
from navigator.web.contexts import context_name
from navigator.web.conversation import Conversation
from navigator.web.markdown import escape_markdown


def show_context(answer: Answer, conversation: Conversation, contexts: Iterable[str], number: int) -> None:
    """Show whose words the newest answer is in where nobody chose them, and offer the others.

    Of an exchange that is no longer the newest it is gone, since a click says only the newest answer again.
    """
    slot = st.empty()
    if not conversation.is_newest(number) or conversation.context is not None or not answer.label:
        return
    heard = f"Heard: {context_name(answer.context)}." if answer.context else "For everyone."
    with slot.container(key=f"heard-{number}", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{escape_markdown(heard)} Rather for", width="content")
        for context in contexts:
            if context != answer.context:
                st.button(
                    context_name(context),
                    key=f"speak-{number}-{context}",
                    type="tertiary",
                    on_click=conversation.speak,
                    args=(context,),
                )
