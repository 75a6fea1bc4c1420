"""Thumbs under an answer, kept in a file on this machine and sent nowhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from navigator.answer import Answer
from navigator.settings import user_folder
from navigator.web.markdown import escape_markdown

_RATINGS = {1: "up", 0: "down", None: "withdrawn"}


def feedback_file() -> Path:
    """Return the file of the user's data folder that holds the ratings, one JSON object a line."""
    return user_folder() / "feedback.jsonl"


def record_rating(file: Path, answer: Answer, thumb: int | None) -> None:
    """Append a rating: 1 is a thumb up, 0 one down, None takes the last one back.

    The question is left out: what people type is kept nowhere.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "rating": _RATINGS[thumb],
        "answered": answer.answered,
        "confidence": round(answer.confidence, 3),
        "context": answer.context,
        "patterns": [hit.slug for hit in answer.patterns],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry) + "\n")


@st.fragment
def show_thumbs(answer: Answer, number: int) -> None:
    """Ask whether the answer helped. A fragment, so that a click leaves a running stream alone."""
    key, file = f"thumbs-{number}", feedback_file()
    with st.container(key=f"feedback-{number}", horizontal=True, vertical_alignment="center"):
        st.caption("Did this help?", width="content")
        thumb = st.feedback("thumbs", key=key, on_change=_keep, args=(file, answer, key))
        if thumb is None:
            note = "Your rating stays on this machine."
        elif problem := st.session_state.get(_problem(key)):
            note = f"This could not be kept: {problem}."
        else:
            note = f"Kept in {_below_home(file)}, without your question."
        st.caption(escape_markdown(note), width="content")


def _keep(file: Path, answer: Answer, key: str) -> None:
    problem = ""
    try:
        record_rating(file, answer, st.session_state[key])
    except OSError as error:
        problem = str(error)
    st.session_state[_problem(key)] = problem


def _problem(key: str) -> str:
    """Return the key of the session state that says why a rating could not be kept."""
    return f"{key}-problem"


def _below_home(file: Path) -> str:
    home = Path.home()
    return f"~/{file.relative_to(home).as_posix()}" if file.is_relative_to(home) else str(file)
