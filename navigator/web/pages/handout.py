"""The page *Handout*: patterns chosen and put in order, how they look on paper, and the files of it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from navigator.answer import Length
from navigator.errors import NavigatorError
from navigator.export import Format, Paper, render
from navigator.handout import ALL_CONTEXTS, Handout
from navigator.navigator import Navigator
from navigator.store.records import CatalogueEntry
from navigator.text import slugify
from navigator.web.choice import LONGEST_TITLE, MOST, Choice
from navigator.web.contexts import context_name
from navigator.web.gathering import chosen, keep, show_in_address, take_from_address
from navigator.web.markdown import escape_markdown, escape_message
from navigator.web.visit import Visit, errors_as_sentences, link_to_pattern, place

FOUND = 6
"""Patterns that a search offers: the next letter narrows them."""

_DEBOUNCE = "200ms"
_SHOWN = "handout-shown"
_HEIGHT = 760
_FORMS: dict[Length, str] = {"brief": "Brief", "full": "Full"}
_PAPERS: dict[Paper, str] = {"a4": "A4", "letter": "Letter"}

_FILES: dict[Format, tuple[str, str, str]] = {
    "pdf": ("PDF", ":material/picture_as_pdf:", "application/pdf"),
    "docx": (
        "Word",
        ":material/description:",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "html": ("Web page", ":material/html:", "text/html"),
    "md": ("Markdown", ":material/markdown:", "text/markdown"),
}
"""What the button is called, its icon, and what a browser is told that it gets."""


def show_handout(visit: Visit) -> None:
    """Draw the page."""
    st.set_page_config(page_title="Handout · Pattern Navigator")
    st.title("Handout", anchor=False)
    for problem in take_from_address(visit.navigator):
        st.warning(escape_message(problem), icon=":material/info:")
    choice = chosen()
    show_in_address(choice)
    if not choice.slugs:
        _show_beginning()
        _show_search(visit)
        return
    making, seeing = st.columns([5, 7], gap="large")
    with seeing, st.container(key="sheets"):
        handout = _show_made(visit, choice)
    with making:
        _show_order(visit, choice, handout)
        _show_search(visit)
        _show_form(visit, choice, handout)


def _show_beginning() -> None:
    st.markdown(
        "A handout is one pattern, or several in the order in which they are to be read, for people to take "
        "home: in the words of one context or of all, for Word, for print or for the web, with sources and "
        "licences on it."
    )
    st.markdown(
        "Find the first pattern by its name, or add one from where you read it: every answer and every "
        "pattern's page has the button *Add to a handout*."
    )
    with st.container(key="ways", horizontal=True):
        st.page_link(place("ask"), label="Ask what helps", icon=":material/forum:", width="content")
        st.page_link(
            place("library"),
            label="Look through the library",
            icon=":material/local_library:",
            width="content",
        )


@st.fragment
def _show_search(visit: Visit) -> None:
    """Draw the search for patterns. A fragment, so that typing leaves the rest of the page alone."""
    with errors_as_sentences(), st.container(key="finding", gap="small"):
        choice = chosen()
        if choice.is_full:
            st.caption(f"These are {MOST} patterns, as many as a handout holds.")
            return
        typed = st.text_input(
            "Add another pattern" if choice.slugs else "Find a pattern",
            key="handout-search",
            type="search",
            live=_DEBOUNCE,
            icon=":material/search:",
            placeholder="Its name, or words of it",
            persist_state="session",
        )
        if not typed:
            return
        found = [e for e in visit.navigator.browse(typed) if e.is_pattern and e.slug not in choice.slugs]
        for number, entry in enumerate(found[:FOUND]):
            with st.container(key=f"found-{number}", gap=None):
                _show_found(entry, number, visit.context)
        if not found:
            st.markdown("Nothing else bears these words. Fewer letters find more.")
        elif len(found) > FOUND:
            st.caption(f"And {len(found) - FOUND:,} more: another word narrows them.")


def _show_found(entry: CatalogueEntry, number: int, context: str | None) -> None:
    label = entry.label(context)
    added = st.button(
        escape_markdown(label),
        key=f"add-found-{number}",
        icon=":material/add:",
        type="tertiary",
        help="Add it to the handout",
    )
    if added:
        keep(chosen().toggled(entry.slug))
        st.rerun()
    about = [entry.title] if label != entry.title else []
    about += [entry.tension or entry.summary]
    st.caption(escape_markdown(": ".join(filter(None, about))))


def _show_order(visit: Visit, choice: Choice, handout: Handout | None) -> None:
    """Draw the patterns in their order, why each follows, and what puts them in another one."""
    catalogue = visit.navigator.library.catalogue
    transitions = {sheet.slug: sheet.transition for sheet in handout.sheets} if handout else {}
    context = None if choice.everyone else visit.context
    last = len(choice.slugs) - 1
    with st.container(key="order", gap="small"):
        for number, slug in enumerate(choice.slugs):
            with st.container(key=f"place-{number}", gap=None):
                label = catalogue[slug].label(context)
                link_to_pattern(slug, f"{number + 1}. {label}" if last else label, visit.context)
                if transitions.get(slug):
                    st.caption(escape_markdown(transitions[slug]))
                _show_moves(choice, number, label)
        if last:
            suggested = choice.ordered(visit.navigator.suggested_order(choice.slugs))
            st.button(
                "Suggested order",
                key="suggest",
                icon=":material/account_tree:",
                disabled=suggested == choice,
                help="What another pattern needs comes before it"
                + (": so they stand already." if suggested == choice else "."),
                on_click=keep,
                args=(suggested,),
            )


def _show_moves(choice: Choice, number: int, label: str) -> None:
    """Draw the buttons of one place; each stays where it is, so that the keyboard stays on it."""
    slug, last, name = choice.slugs[number], len(choice.slugs) - 1, escape_markdown(label)
    moves = {
        "First": (":material/vertical_align_top:", choice.moved(slug, 0), number > 0, f"{name} comes first"),
        "Up": (
            ":material/arrow_upward:",
            choice.moved(slug, number - 1),
            number > 0,
            f"{name} comes earlier",
        ),
        "Down": (
            ":material/arrow_downward:",
            choice.moved(slug, number + 1),
            number < last,
            f"{name} comes later",
        ),
        "Take out": (":material/close:", choice.toggled(slug), True, f"{name} is left out"),
    }
    with st.container(key=f"moves-{number}", horizontal=True, gap="small"):
        for move, (icon, then, possible, told) in moves.items():
            if last or move == "Take out":
                st.button(
                    move,
                    key=f"{slugify(move)}-{number}",
                    type="tertiary",
                    icon=icon,
                    disabled=not possible,
                    help=told,
                    on_click=keep,
                    args=(then,),
                )


def _show_form(visit: Visit, choice: Choice, handout: Handout | None) -> None:
    """Draw what else can be chosen: whom it is for, how much it says, the paper and the title."""
    # What is chosen may have come with a link; a widget takes its value before it is drawn. One that has it
    # already is let be: whatever is being typed would go.
    for name in ("everyone", "form", "paper", "title"):
        key, value = f"handout-{name}", getattr(choice, name)
        if st.session_state.get(key) != value:
            st.session_state[key] = value
    spoken = context_name(visit.context) if visit.context else "everyone"
    with st.container(key="handout-form-of", gap="small"):
        st.toggle(
            "Each context has its say",
            key="handout-everyone",
            on_change=_take_form,
            help="What is for everyone stands once, and what is for one context under its name.",
        )
        if not choice.everyone:
            st.caption(f"It speaks to {escape_markdown(spoken.lower())}, as every page of this visit does.")
        with st.container(horizontal=True, gap="large"):
            st.segmented_control(
                "Length",
                list(_FORMS),
                required=True,
                format_func=_FORMS.__getitem__,
                key="handout-form",
                on_change=_take_form,
                width="content",
            )
            st.segmented_control(
                "Paper",
                list(_PAPERS),
                required=True,
                format_func=_PAPERS.__getitem__,
                key="handout-paper",
                on_change=_take_form,
                width="content",
            )
        st.text_input(
            "Title",
            key="handout-title",
            max_chars=LONGEST_TITLE,
            placeholder=handout.title if handout else "",
            on_change=_take_form,
        )


def _take_form() -> None:
    """Take over what the widgets say."""
    said = st.session_state
    keep(
        replace(
            chosen(),
            everyone=said["handout-everyone"],
            form=said["handout-form"],
            paper=said["handout-paper"],
            title=said["handout-title"] or "",
        )
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """All that the content of a handout depends on."""

    generation: str
    slugs: Sequence[str]
    context: str | None
    form: Length
    title: str


def _show_made(visit: Visit, choice: Choice) -> Handout | None:
    """Draw the files and the preview of a handout, or say why there is none; return it."""
    navigator = visit.navigator
    context = ALL_CONTEXTS if choice.everyone else visit.context
    wanted = _Wanted(
        navigator.library.generation.name, choice.slugs, context, choice.form, choice.title.strip()
    )
    try:
        with st.spinner("Putting it together…"):
            handout = _composed(navigator, wanted)
            page = _file(navigator, wanted, "html", choice.paper)
    except NavigatorError as error:
        st.error(escape_message(str(error)), icon=":material/block:")
        return None
    with st.container(key="files", horizontal=True, gap="small"):
        for to, (name, icon, mime) in _FILES.items():
            st.download_button(
                name,
                partial(_file, navigator, wanted, to, choice.paper),
                file_name=f"{slugify(handout.title)[:80] or 'handout'}.{to}",
                mime=mime,
                key=f"download-{to}",
                type="primary" if to == "pdf" else "secondary",
                icon=icon,
                on_click="ignore",
            )
    with st.container(key="terms"):
        st.caption(f":material/license: {escape_markdown(handout.terms)}")
    with st.container(key="preview"):
        _show_preview(page)
    return handout


def _show_preview(page: bytes) -> None:
    """Draw the web page as it is downloaded, walled off three times, since documents speak in it.

    Its writer escapes every text; its own policy lets nothing run and nothing be fetched; and as a ``data:``
    address it has an origin of its own, so that it could not reach the app either. ``srcdoc``, which
    Streamlit makes of HTML, would share the app's.

    A frame that is led elsewhere leaves a step for the browser to go back to, so each page has one of its
    own: they take turns in two places, the other of which is empty.
    """
    shown, turn = st.session_state.get(_SHOWN, (page, 0))
    turn = turn if shown == page else 1 - turn
    places = st.container(), st.container()
    places[1 - turn].empty()
    places[turn].iframe(
        f"data:text/html;charset=utf-8;base64,{b64encode(page).decode()}",
        height=_HEIGHT,
        tab_index=0,
        alt="Preview of the handout",
    )
    st.session_state[_SHOWN] = page, turn


@st.cache_data(max_entries=64, show_spinner=False)
def _composed(_navigator: Navigator, wanted: _Wanted) -> Handout:
    return _navigator.compose(wanted.slugs, context=wanted.context, form=wanted.form, title=wanted.title)


@st.cache_data(max_entries=64, show_spinner=False)
def _file(_navigator: Navigator, wanted: _Wanted, to: Format, paper: Paper) -> bytes:
    return render(_composed(_navigator, wanted), to, paper=paper)
