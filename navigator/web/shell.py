"""The app around the pages: the look, the way between pages, the context that all of them speak in."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from navigator.navigator import Navigator
from navigator.settings import Settings, load_settings
from navigator.web.conversation import Conversation
from navigator.web.entrance import is_admitted, show_account
from navigator.web.pages.ask import show_ask
from navigator.web.pages.handout import show_handout
from navigator.web.pages.health import show_health
from navigator.web.pages.library import show_library
from navigator.web.pages.map import show_map
from navigator.web.pages.pattern import show_pattern
from navigator.web.sidebar import show_sidebar
from navigator.web.speaking import show_contexts
from navigator.web.visit import OPENING, Visit, errors_as_sentences, place, set_places

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the app.

    Attributes
    ----------
    name
        Its address, and what `navigator.web.visit.place` knows it by.
    title, icon
        What the way between the pages shows.
    draw
        Draws it, from a module of its own in ``pages/``.
    talks
        Whether one writes at its foot: the contexts are chosen there, and at the head of other pages.
    """

    name: str
    title: str
    icon: str
    draw: Callable[[Visit], None]
    talks: bool = False


PAGES = (
    Place("ask", "Ask", ":material/forum:", show_ask, talks=True),
    Place("library", "Library", ":material/local_library:", show_library),
    Place("pattern", "Pattern", ":material/article:", show_pattern),
    Place("handout", "Handout", ":material/print:", show_handout),
    Place("map", "Map", ":material/scatter_plot:", show_map),
    Place("health", "Health", ":material/ecg_heart:", show_health),
)
"""All pages, in the order in which they are offered; the first is where one arrives. Add one here."""


def show_app() -> None:
    """Draw the page that the address names; an error is shown as a sentence with the next step."""
    st.set_page_config(page_title="Pattern Navigator", page_icon=str(_HERE / "icon.svg"), layout="centered")
    st.html(_HERE / "style.css")
    visit: Visit | None = None
    with errors_as_sentences():
        visit = _begin_visit() if is_admitted() else None
    # The pages have their addresses whatever happens: one that is not known would be "not found".
    places = {
        page.name: st.Page(
            partial(_draw, page, visit),
            title=page.title,
            icon=page.icon,
            url_path="" if page is PAGES[0] else page.name,
            default=page is PAGES[0],
        )
        for page in PAGES
    }
    set_places(places)
    # Where one arrives has the address "/", and people type the name of the page all the same.
    named = st.Page(_arrive, title=PAGES[0].title, url_path=PAGES[0].name, visibility="hidden")
    st.navigation([*places.values(), named], position="hidden" if visit is None else "top").run()


def _arrive() -> None:
    """Go on to the first page, with all that the address says."""
    st.switch_page(place(PAGES[0].name), query_params=st.query_params.to_dict())


def _begin_visit() -> Visit:
    """Open the library and draw what stands beside every page."""
    settings = load_settings()
    navigator = open_navigator(settings)
    warming = warm_up(navigator, settings)
    conversation: Conversation = st.session_state.setdefault(
        "conversation", Conversation(navigator.settings.context)
    )
    visit = Visit(navigator, conversation, warming, show_sidebar(navigator))
    show_account()
    return visit


def _draw(page: Place, visit: Visit | None) -> None:
    """Draw a page; nothing where there is nothing to draw from, and it was said why."""
    if visit is None:
        return
    conversation = visit.conversation
    with errors_as_sentences():
        with st.bottom if page.talks else st.container(key="above"):
            show_contexts(visit.navigator, conversation, conversation.heard if page.talks else None)
        with st.container(key=f"page-{page.name}"):
            page.draw(visit)


@st.cache_resource(show_spinner=OPENING)
def open_navigator(settings: Settings) -> Navigator:
    """Return the one navigator that all sessions share; it notices a new index by itself."""
    return Navigator.open(settings)


@st.cache_resource(show_spinner=False)
def warm_up(_navigator: Navigator, settings: Settings) -> Future[None]:
    """Begin to load the embedding model, once for each ``settings``, while people look at the page."""
    return ThreadPoolExecutor(max_workers=1).submit(_load_for_good, _navigator)


def _load_for_good(navigator: Navigator) -> None:
    """Load the models, and put all that is loaded by then out of the garbage collector's sight.

    Streamlit collects garbage after every run of the page (its option ``runner.postScriptGC``). Among the
    objects of torch, Chroma and the library, which stay, that took half a second in which nobody else was
    served: nine tenths of the server's time for an answer.
    """
    navigator.warm_up()
    gc.collect()
    gc.freeze()
