"""Buttons that lead from an answer to other patterns."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from navigator.answer import NEXT, Answer, PatternHit
from navigator.web.conversation import Request
from navigator.web.markdown import escape_markdown
from navigator.web.visit import link_to_pattern

REQUEST = "request"
"""Key of the session state that holds what a button asked for, until it is answered."""


def show_nearest(hits: Iterable[PatternHit], number: int) -> None:
    """Show the patterns that come nearest, where none fits."""
    for place, hit in enumerate(hits):
        _show_hit(hit, f"nearest-{number}-{place}", place + 1)


def show_choice(answer: Answer, number: int) -> None:
    """Show the question that tells the first two patterns apart, with both to choose from."""
    with st.container(key=f"choice-{number}"):
        st.markdown(escape_markdown(answer.clarify))
        with st.container(horizontal=True, gap="small"):
            for place, hit in enumerate(answer.patterns[:2]):
                st.button(
                    escape_markdown(hit.label),
                    key=f"choice-{number}-{place}",
                    help=escape_markdown(hit.tension),
                    on_click=ask_for,
                    args=(Request(hit.label, hit.slug),),
                )


def show_neighbours(answer: Answer, number: int, chosen: str | None) -> None:
    """Show the way to the pattern itself, to the others found, and to those that its author links to."""
    if answer.focus:
        with st.container(key=f"whole-{number}"):
            link_to_pattern(answer.focus, "Read the whole pattern", chosen)
    others = answer.patterns[1:]
    if others:
        st.subheader("Or is it rather", anchor=False)
        for place, hit in enumerate(others):
            _show_hit(hit, f"other-{number}-{place}", place + 2)
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


def _show_hit(hit: PatternHit, key: str, place: int) -> None:
    """Show a pattern to turn to, numbered as "the second one" counts, with what pointed to it."""
    about = [hit.title] if hit.label != hit.title else []
    about += [text for text in [hit.tension or hit.summary] if text]
    about = [": ".join(about)] if about else []
    if hit.matched_words:
        about.append(f"your words: {', '.join(hit.matched_words)}")
    with st.container(key=f"link-{key}", gap=None):
        st.button(
            f"{place}\\. {escape_markdown(hit.label)}",
            key=key,
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=ask_for,
            args=(Request(hit.label, hit.slug),),
        )
        if about:
            st.caption(escape_markdown(" · ".join(about)))
