"""Gathering patterns for a handout: what is chosen is kept for the visit, and any page can add to it."""

from __future__ import annotations

import streamlit as st

from navigator.errors import PatternNotFoundError
from navigator.navigator import Navigator
from navigator.pattern import Pattern
from navigator.web.choice import MOST, PARAMETERS, Choice
from navigator.web.visit import context_parameters, errors_as_sentences, place

_CHOICE = "handout"
_IN_ADDRESS = "handout-in-address"
"""Keys of the session state that hold what is chosen, and the query parameters last shown for it."""


def chosen() -> Choice:
    """Return what is chosen in this visit."""
    choice: Choice = st.session_state.get(_CHOICE, Choice())
    return choice


def keep(choice: Choice) -> None:
    """Choose something else from now on."""
    st.session_state[_CHOICE] = choice


@st.fragment
def show_adding(slug: str, context: str | None, key: str) -> None:
    """Draw the button that takes a pattern in, and the way to the page once it is.

    A fragment, so that a click leaves a running stream alone.

    Parameters
    ----------
    context
        The context that is chosen, to go on in.
    key
        Makes the widget unique.
    """
    with (
        errors_as_sentences(),
        st.container(
            key=f"adding-{key}", horizontal=True, vertical_alignment="center", gap="small", width="content"
        ),
    ):
        choice = chosen()
        is_in = slug in choice.slugs
        st.button(
            "Take it out" if is_in else "Add to a handout",
            key=f"add-{key}",
            icon=":material/playlist_remove:" if is_in else ":material/playlist_add:",
            disabled=choice.is_full and not is_in,
            help=f"A handout holds {MOST} patterns at most." if choice.is_full else None,
            on_click=lambda: keep(chosen().toggled(slug)),
        )
        if is_in:
            count = len(choice.slugs)
            st.page_link(
                place("handout"),
                label=f"Your handout: {count} {'pattern' if count == 1 else 'patterns'}",
                width="content",
                query_params=context_parameters(context),
            )


def take_from_address(navigator: Navigator) -> list[str]:
    """Choose what the address names, where somebody came by a link, and forget what the library has lost.

    Returns
    -------
    list
        A sentence for everything that was named and is not taken.
    """
    named = Choice.of(st.query_params)
    came_by_link = bool(named.slugs) and named.parameters != st.session_state.get(_IN_ADDRESS)
    choice = named if came_by_link else chosen()
    problems, slugs = [], []
    if len(choice.slugs) > MOST:
        problems.append(f"A handout holds {MOST} patterns at most; the first {MOST} of the link are taken.")
    for name in choice.slugs[:MOST]:
        try:
            slugs.append(_pattern(navigator, name).slug)
        except PatternNotFoundError as error:
            problems.append(str(error))
    keep(choice.ordered(dict.fromkeys(slugs)))
    return problems


def _pattern(navigator: Navigator, name: str) -> Pattern:
    document = navigator.pattern(name)
    if not isinstance(document, Pattern):
        raise PatternNotFoundError(
            f"{document.title} is an article, and only patterns go into a handout: choose others below."
        )
    return document


def show_in_address(choice: Choice) -> None:
    """Have the address restore what is chosen."""
    shown = choice.parameters
    st.session_state[_IN_ADDRESS] = shown
    for name in PARAMETERS:
        if name not in shown:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != shown[name]:
            st.query_params[name] = shown[name]
