"""Who is visiting, and what they may do."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from navigator.web.launch import is_private
from navigator.web.login import Login, Role, read_login


def may_rebuild() -> bool:
    """Whether this visitor may have the index built anew: a librarian, or whoever sits at the machine."""
    return role() == "librarian"


def may_see_paths() -> bool:
    """Whether this visitor may see where on the server files lie; to others they go by shorter names."""
    return role() == "librarian"


def role() -> Role | None:
    """Return the role of this visitor; None where they have to log in first, or may not read.

    Where nobody logs in, whoever reaches a server on their own machine is its librarian, and whoever
    reaches one on a network reads.
    """
    asked = login()
    if asked is None:
        return "reader" if is_shared() else "librarian"
    claims = st.user.to_dict()
    return asked.role(claims) if claims.get("is_logged_in") is True else None


def is_shared() -> bool:
    """Whether people at other machines use this server."""
    address = st.get_option("server.address")  # none in a test without a server
    return login() is not None or (address is not None and not is_private(address))


def here() -> str:
    """Return what the machine is to the visitor that the library is on."""
    return "this server" if is_shared() else "this machine"


def login() -> Login | None:
    """Return the login that is set up, None where there is none.

    Raises
    ------
    SettingsError
        It cannot be used.
    """
    return _login(tuple(st.get_option("secrets.files")))


@cache
def _login(files: tuple[str, ...]) -> Login | None:
    """Read it once: what was found when the server started holds until it stops."""
    return read_login(map(Path, files))
