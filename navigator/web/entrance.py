"""The way in where the app is shared: the page that asks to log in, and who one is logged in as."""

from __future__ import annotations

import streamlit as st

from navigator.web.login import Login
from navigator.web.markdown import escape_markdown
from navigator.web.roles import login, role

_REMEMBER = """
const here = location.pathname + location.search;
if (here !== "/") sessionStorage.setItem("came-by", here);
"""
"""Script of the door: the provider sends people back to "/", and their browser keeps what they came for."""

_RETURN = """
const here = location.pathname + location.search, there = sessionStorage.getItem("came-by");
sessionStorage.removeItem("came-by");
if (there && there !== here) location.replace(location.origin + there);
"""


def is_admitted() -> bool:
    """Return whether this visitor may read; where not, draw what they can do about it."""
    if role() is not None:
        return True
    asked = login()
    if asked is not None:
        _show_door(asked)
    return False


def _show_door(asked: Login) -> None:
    st.title("Pattern Navigator", anchor=False)
    if st.user.is_logged_in:
        st.markdown(
            f"You are logged in as {_name()}, who may not read here. "
            "Ask whoever runs this server to put you on its list of readers."
        )
        _show_log_out()
        return
    st.markdown("Log in to ask and to read.")
    for provider in asked.providers or ("",):
        if st.button(
            escape_markdown(f"Log in with {provider.capitalize()}") if provider else "Log in",
            key=f"log-in-{provider}",
            type="primary",
            icon=":material/login:",
        ):
            st.login(provider or None)
    _run(_REMEMBER)


def show_account() -> None:
    """Show in the sidebar who one is logged in as, with the way out; nothing where nobody logs in."""
    if login() is None:
        return
    with st.sidebar, st.container(key="account"):
        _run(_RETURN)
        st.caption(f"Logged in as {_name()}, {role()}.")
        _show_log_out()


def _run(script: str) -> None:
    """Have the browser run a script once."""
    with st.container(key="way-back"):
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _show_log_out() -> None:
    if st.button("Log out", key="log-out", icon=":material/logout:"):
        st.logout()


def _name() -> str:
    """Return what the provider calls the visitor, as Markdown."""
    claims = st.user.to_dict()
    return escape_markdown(str(claims.get("email") or claims.get("name") or claims.get("sub") or "somebody"))
