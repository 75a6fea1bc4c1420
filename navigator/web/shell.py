"""The app around the pages: the look, the way between pages, the context that all of them speak in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import streamlit as st

from navigator.navigator import Navigator
from navigator.settings import Settings, load_settings
from navigator.web.conversation import Conversation
from navigator.web.pages.ask import show_ask
from navigator.web.pages.library import show_library
from navigator.web.pages.pattern import show_pattern
from navigator.web.sidebar import show_sidebar
from navigator.web.visit import OPENING, PlaceName, Visit, errors_as_sentences, set_places

_HERE = Path(__file__).parent

_PAGES: dict[PlaceName, tuple[str, str]] = {
    "ask": ("Ask", ":material/forum:"),
    "library": ("Library", ":material/local_library:"),
    "pattern": ("Pattern", ":material/article:"),
}
"""What the way between the pages calls them, with their icons; the first is where one arrives."""


def show_app() -> None:
    """Draw the page that the address names; an error is shown as a sentence with the next step."""
    st.set_page_config(page_title="Pattern Navigator", page_icon=str(_HERE / "icon.svg"), layout="centered")
    st.html(_HERE / "style.css")
    with errors_as_sentences():
        settings = load_settings()
        navigator = open_navigator(settings)
        warming = warm_up(navigator, settings)
        conversation: Conversation = st.session_state.setdefault(
            "conversation", Conversation(navigator.settings.context)
        )
        visit = Visit(navigator, conversation, show_sidebar(navigator, conversation))
        draw: dict[PlaceName, Callable[[], None]] = {
            "ask": partial(show_ask, visit, warming),
            "library": partial(show_library, visit),
            "pattern": partial(show_pattern, visit),
        }
        places = {
            name: st.Page(
                partial(_draw, name, draw[name]), title=title, icon=icon, url_path=name, default=name == "ask"
            )
            for name, (title, icon) in _PAGES.items()
        }
        set_places(places)
        st.navigation(list(places.values()), position="top").run()


def _draw(name: PlaceName, draw: Callable[[], None]) -> None:
    with st.container(key=f"page-{name}"):
        draw()


@st.cache_resource(show_spinner=OPENING)
def open_navigator(settings: Settings) -> Navigator:
    """Return the one navigator that all sessions share; it notices a new index by itself."""
    return Navigator.open(settings)


@st.cache_resource(show_spinner=False)
def warm_up(_navigator: Navigator, settings: Settings) -> Future[None]:
    """Begin to load the embedding model, once for each ``settings``, while people look at the page."""
    return ThreadPoolExecutor(max_workers=1).submit(_navigator.warm_up)
