"""Who may do what."""

from __future__ import annotations

import streamlit as st


def may_rebuild() -> bool:
    """Return whether this visitor may have the index rebuilt.

    Everyone may on a server without login, which serves the machine that it runs on. Where people log in,
    nobody does from the page: nothing tells a librarian from a reader there.
    """
    return "is_logged_in" not in st.user
