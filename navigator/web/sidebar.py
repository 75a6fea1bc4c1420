"""The sidebar of every page: what is the page's own, and what the library holds."""

from __future__ import annotations

from collections import Counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from navigator.navigator import Navigator
from navigator.settings import Settings
from navigator.web.markdown import escape_markdown
from navigator.web.rebuilding import show_rebuild_note
from navigator.web.roles import here


def show_sidebar(navigator: Navigator) -> DeltaGenerator:
    """Draw the sidebar; return the place for what is the page's own."""
    with st.sidebar:
        beside = st.container(key="beside")
        with st.container(key="rebuild-note"):
            show_rebuild_note(navigator)
        st.caption(_holdings(navigator))
        st.caption(_privacy(navigator.settings))
    return beside


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
        return f":material/lock: Nothing you type leaves {here()}."
    return f":material/cloud: Questions go to the language model {escape_markdown(settings.llm)}."
