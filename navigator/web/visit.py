"""What every page is given, and how pages lead to one another."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from navigator.errors import NavigatorError
from navigator.navigator import Navigator
from navigator.web.conversation import Conversation
from navigator.web.markdown import escape_markdown, escape_message

CONTEXT = "context"
"""Key of the session state, and name of the query parameter, that hold the context chosen."""

PATTERN = "pattern"
"""Name of the query parameter, and key of the session state, that hold the pattern looked at."""

OPENING = "Opening the library…"

_PLACES = "places"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page draws from.

    Attributes
    ----------
    navigator
        The library, open for questions.
    conversation
        What is talked of in this visit. It alone holds and changes the context; pages read it.
    warming
        Done when the models are loaded.
    beside
        Where the page may put what is its own in the sidebar.
    """

    navigator: Navigator
    conversation: Conversation
    warming: Future[None]
    beside: DeltaGenerator

    @property
    def context(self) -> str | None:
        """The context that is chosen; None while it is heard in what is said."""
        return self.conversation.context


def set_places(places: Mapping[str, st.Page]) -> None:
    """Remember for this run which pages there are."""
    st.session_state[_PLACES] = places


def place(name: str) -> st.Page:
    """Return the page of that name, see `navigator.web.shell.PAGES`, to link or to switch to."""
    page: st.Page = st.session_state[_PLACES][name]
    return page


def link_to_pattern(slug: str, label: str, context: str | None, *, icon: str | None = None) -> None:
    """Draw a link to the page of a pattern; ``label`` is text of a document."""
    st.page_link(
        place("pattern"), label=escape_markdown(label), icon=icon, query_params=parameters(slug, context)
    )


def go_to_pattern(slug: str, context: str | None) -> None:
    """Leave this page for that of a pattern."""
    st.switch_page(place("pattern"), query_params=parameters(slug, context))


def parameters(slug: str, context: str | None) -> dict[str, str]:
    """Return the query parameters that restore a pattern in a context."""
    return {PATTERN: slug} | context_parameters(context)


def context_parameters(context: str | None) -> dict[str, str]:
    """Return the query parameters that restore a context."""
    return {CONTEXT: context} if context else {}


def pattern_address(slug: str, context: str | None) -> str:
    """Return the address of a pattern's page, relative to that of any other page."""
    return f"{place('pattern').url_path}?{urlencode(parameters(slug, context))}"


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Show an error as a sentence with the next step; one that nobody foresaw goes to the server's log."""
    try:
        yield
    except NavigatorError as error:
        st.error(escape_message(str(error)), icon=":material/error:")
    except Exception:
        _LOG.exception("A page could not be drawn.")
        st.error(
            "This part of the page could not be drawn. Load it again; if it stays so, `navigator doctor` "
            "says what is wrong, and the terminal that runs `navigator chat` shows the reason.",
            icon=":material/error:",
        )
