"""Under an answer: copy it, share it, say what you think of it; and all that was said so far."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from navigator.answer import Answer
from navigator.errors import FeedbackError
from navigator.export import answer_markdown
from navigator.feedback import LONGEST_COMMENT, Rating, Thumb, feedback_file, forget, keep, kept
from navigator.web.markdown import escape_markdown, escape_message
from navigator.web.roles import here, is_shared, role
from navigator.web.visit import errors_as_sentences, pattern_address

_THUMBS: dict[int | None, Thumb] = {1: "up", 0: "down", None: "withdrawn"}
_SHOWN = 50
_HERE = Path(__file__).parent


@st.fragment
def show_rating(answer: Answer, number: int) -> None:
    """Offer to copy and to share an answer, and ask whether it helped.

    A fragment, so that a click leaves a running stream alone.
    """
    with errors_as_sentences(), st.container(key=f"feedback-{number}", horizontal=True, gap="medium"):
        _show_copy(answer, number)
        with st.container(key=f"thumbs-{number}-row", horizontal=True, vertical_alignment="center"):
            _show_thumbs(answer, f"thumbs-{number}")


def _show_copy(answer: Answer, number: int) -> None:
    mount = st.components.v2.component("copy", css=_asset("copy.css"), js=_asset("copy.js"))
    link = pattern_address(answer.focus, answer.context) if answer.focus else ""
    mount(data={"text": answer_markdown(answer), "link": link}, key=f"copy-{number}", width="content")


@cache
def _asset(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def _show_thumbs(answer: Answer, key: str) -> None:
    st.caption("Did this help?", width="content")
    thumb = st.feedback("thumbs", key=key, on_change=_rate, args=(answer, key))
    if problem := st.session_state.get(_problem(key)):
        st.caption(escape_message(problem), width="content")
    elif thumb is None:
        st.caption(f"Your rating stays on {here()}.", width="content")
    else:
        with st.popover("Say why", icon=":material/edit_note:", type="tertiary"):
            st.text_area("What helped, or what was missing?", key=f"{key}-why", max_chars=LONGEST_COMMENT)
            st.button("Keep", key=f"{key}-keep", on_click=_rate, args=(answer, key, f"{key}-why"))
        place = "on this server" if is_shared() else f"in {_below_home(feedback_file())}"
        note = f"Kept {place}, without your question."
        st.caption(escape_markdown(note), width="content")


def _rate(answer: Answer, key: str, comment_key: str | None = None) -> None:
    thumb = _THUMBS[st.session_state[key]]
    comment = st.session_state[comment_key] if comment_key else ""
    st.session_state[_problem(key)] = ""
    try:
        keep(feedback_file(), Rating.of(answer, thumb, comment))
    except FeedbackError as error:
        st.session_state[_problem(key)] = str(error)


def _problem(key: str) -> str:
    """Return the key of the session state that says why a rating could not be kept."""
    return f"{key}-problem"


@st.fragment
def show_ratings() -> None:
    """Show what was kept so far, and offer to delete it; on a shared server that is the librarian's."""
    if role() != "librarian":
        return
    with (
        errors_as_sentences(),
        st.popover(
            "Ratings" if is_shared() else "Your ratings",
            icon=":material/thumbs_up_down:",
            width="stretch",
            key="ratings",
            on_change="rerun",  # for it to hold what was kept since
        ),
    ):
        file = feedback_file()
        ratings = kept(file)
        if not ratings:
            st.markdown(f"Nothing is kept. A thumb under an answer is, on {here()} alone.")
            return
        st.markdown(f"{len(ratings):,} kept in {escape_markdown(_below_home(file))}")
        for rating in ratings[:_SHOWN]:
            about = [rating.rating, rating.label or "no pattern", rating.time[:10]]
            st.caption(escape_markdown(" · ".join(about)))
            if rating.comment:
                st.markdown(escape_markdown(rating.comment))
        st.button("Delete all", key="forget-ratings", icon=":material/delete:", on_click=_forget)
        if problem := st.session_state.get(_problem("forget")):
            st.caption(escape_message(problem))


def _forget() -> None:
    st.session_state[_problem("forget")] = ""
    try:
        forget(feedback_file())
    except FeedbackError as error:
        st.session_state[_problem("forget")] = str(error)


def _below_home(file: Path) -> str:
    home = Path.home()
    return f"~/{file.relative_to(home).as_posix()}" if file.is_relative_to(home) else str(file)
