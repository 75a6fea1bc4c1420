"""The vitality check: signs of life and decay to tick, a reading, and a note to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from navigator.pattern import Pattern
from navigator.vitality import READINGS, note_html, reading, signs_of
from navigator.web.markdown import escape_markdown
from navigator.web.visit import errors_as_sentences

_ICONS = {"alive": ":material/spa:", "watch": ":material/visibility:", "replant": ":material/potted_plant:"}


@st.fragment
def show_vitality_check(pattern: Pattern, context: str | None) -> None:
    """Draw the check of a pattern where somebody lives it. A fragment: a tick leaves the page alone."""
    with errors_as_sentences(), st.container(key="check"):
        st.header("Vitality check", anchor="vitality-check")
        signs = signs_of(pattern, context)
        if not signs.life and not signs.decay:
            st.markdown("The author lists no signs of life or decay.")
            return
        st.markdown("Is it alive where you are? Tick what you have seen yourself in the last month.")
        for column, (heading, sort, listed) in zip(
            st.columns(2, gap="large"),
            (("Signs of life", "life", signs.life), ("Signs of decay", "decay", signs.decay)),
            strict=True,
        ):
            with column:
                _show_signs(heading, f"{sort}-{context}-{pattern.slug}", listed)
        life = _seen(f"life-{context}-{pattern.slug}", signs.life)
        decay = _seen(f"decay-{context}-{pattern.slug}", signs.decay)
        found = reading(signs, life, decay)
        with st.container(key=f"reading-{found or 'none'}", gap="small"):
            if found is None:
                st.markdown("The reading comes with the first tick.")
            else:
                st.markdown(f"{_ICONS[found]} **{READINGS[found]}**")
            if found == "replant" and signs.replant:
                st.markdown(escape_markdown(" ".join(signs.replant)))
            st.caption(
                f"{len(life)} of {len(signs.life)} signs of life, {len(decay)} of {len(signs.decay)} of "
                "decay. "
                "Alive is half of the first and at most a quarter of the second; replant is half of "
                "the second and less than half of the first. The shares are ours, the signs the author's."
            )
        st.download_button(
            "Note to print",
            note_html(pattern, signs, life, decay, context=context, on=date.today()),
            file_name=f"vitality-check-{pattern.slug}.html",
            mime="text/html",
            icon=":material/print:",
            on_click="ignore",
            key="vitality-note",
        )


def _show_signs(heading: str, key: str, listed: Sequence[str]) -> None:
    st.subheader(heading, anchor=False)
    if not listed:
        st.markdown("The author lists none.")
    for number, sign in enumerate(listed):
        st.checkbox(escape_markdown(sign), key=f"{key}-{number}", persist_state="session", wrap=True)


def _seen(key: str, listed: Sequence[str]) -> list[int]:
    return [number for number in range(len(listed)) if st.session_state.get(f"{key}-{number}")]
