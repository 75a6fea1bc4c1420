"""Buttons that lead from an answer to other patterns."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from navigator.answer import NEXT, Answer, PatternHit
from navigator.web.conversation import Request
from navigator.web.markdown import escape_markdown

REQUEST = "request"
"""Key of the session state that holds what a button asked for, until it is answered."""


def show_nearest(hits: Iterable[PatternHit], number: int) -> None:
    """Show the patterns that come nearest, where none fits."""
    for place, hit in enumerate(hits):
        _show_hit(hit, f"nearest-{number}-{place}")


def show_neighbours(answer: Answer, number: int) -> None:
    """Show the other patterns that were found, and those that the authors link to."""
    others = answer.patterns[1:]
    if others:
        st.subheader("Other patterns that may fit", anchor=False)
        for place, hit in enumerate(others):
            _show_hit(hit, f"other-{number}-{place}")
    if answer.related:
        st.subheader("Related patterns", anchor=False)
        with st.container(horizontal=True, gap="small"):
            for place, pattern in enumerate(answer.related):
                kind = NEXT.get(pattern.kind, pattern.kind)
                st.button(
                    f":gray[{escape_markdown(kind)}:] {escape_markdown(pattern.label)}",
                    key=f"related-{number}-{place}",
                    on_click=ask_for,
                    args=(Request(pattern.label, pattern.slug),),
                )
    if answer.readings:
        titles = ", ".join(f"“{escape_markdown(reading.title)}”" for reading in answer.readings)
        st.caption(f"Articles of the library that touch on it: {titles}")


def ask_for(request: Request) -> None:
    """Have a request answered in the run that follows."""
    st.session_state[REQUEST] = request


def _show_hit(hit: PatternHit, key: str) -> None:
    about = hit.tension or hit.summary
    if hit.label != hit.title:
        about = f"{hit.title}: {about}" if about else hit.title
    with st.container(key=f"link-{key}", gap=None):
        st.button(
            escape_markdown(hit.label),
            key=key,
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=ask_for,
            args=(Request(hit.label, hit.slug),),
        )
        if about:
            st.caption(escape_markdown(about))
