"""The page *Library*: everything there is, narrowed by what is typed and chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import streamlit as st

from navigator.answer import stars
from navigator.browse import Facet
from navigator.store.records import CatalogueEntry
from navigator.web.contexts import context_colour, context_name
from navigator.web.markdown import escape_markdown, unturned
from navigator.web.visit import Visit, errors_as_sentences, go_to_pattern, link_to_pattern

CARDS = 24
"""Cards on a page: a divisor of what two and three columns hold."""

_DEBOUNCE = "200ms"
_CARDS, _TABLE = "Cards", "Table"
_VIEWS = {_CARDS: ":material/grid_view: Cards", _TABLE: ":material/table_rows: Table"}
_ABOUT = 220

_FACETS: dict[Facet, str] = {
    "domain": "Domain",
    "context": "Speaks to",
    "confidence": "Confidence",
    "status": "Status",
    "vitality": "Vitality",
    "collection": "Collection",
}


def show_library(visit: Visit) -> None:
    """Draw the page."""
    st.set_page_config(page_title="Library · Pattern Navigator")
    st.title("Library", anchor=False)
    _show_found(visit)


@st.fragment
def _show_found(visit: Visit) -> None:
    """Draw the search and what it finds. A fragment, so that typing leaves the rest of the page alone."""
    with errors_as_sentences():
        typed = st.text_input(
            "Search titles, aliases, names in every context, and the text",
            key="library-search",
            type="search",
            live=_DEBOUNCE,
            icon=":material/search:",
            placeholder="Search the library",
            label_visibility="collapsed",
            persist_state="session",
        )
        narrowed = _narrowed(visit)
        found = visit.navigator.browse(typed or "", narrowed)
        with st.container(key="library-bar", horizontal=True, vertical_alignment="center"):
            st.markdown(_count(len(found), len(visit.navigator.catalogue())), width="stretch")
            view = st.segmented_control(
                "Show as",
                list(_VIEWS),
                default=_CARDS,
                required=True,
                format_func=_VIEWS.__getitem__,
                key="library-view",
                label_visibility="collapsed",
                persist_state="session",
            )
        if not found:
            st.markdown("Nothing here bears these words. Fewer letters find more, and so do fewer filters.")
        elif view == _TABLE:
            _show_table(found, visit.context, visit.navigator.facets())
        else:
            sought = hash((typed, *((facet, *values) for facet, values in narrowed.items())))
            _show_cards(found, visit, f"library-page-{sought}")


def _narrowed(visit: Visit) -> dict[Facet, list[str]]:
    """Draw the facets and return what is chosen of each."""
    chosen: dict[Facet, list[str]] = {}
    with st.container(key="facets"):
        for facet, values in visit.navigator.facets().items():
            counts = {value.value: value.count for value in values}
            chosen[facet] = st.multiselect(
                _FACETS[facet],
                list(counts),
                format_func=partial(_facet_label, facet, counts),
                key=f"facet-{facet}",
                placeholder="Any",
                select_all=False,
                # Else it grows while it is used and shrinks at a click elsewhere, which then misses its aim.
                wrap=False,
                persist_state="session",
            )
    return chosen


def _facet_label(facet: Facet, counts: Mapping[str, int], value: str) -> str:
    """Return the words for a value, with the number of documents in the whole library that have it.

    A value that was chosen before, and is gone from the library since, has none.
    """
    if facet == "confidence":
        name = stars(int(value))
    else:
        name = context_name(value) if facet == "context" else _words(value)
    return f"{name} ({counts.get(value, 0):,})"


def _words(value: str) -> str:
    """Return a value of the front matter as words."""
    return unturned(value.replace("-", " ").replace("_", " "))


def _count(found: int, total: int) -> str:
    noun = "document" if total == 1 else "documents"
    return f"{total:,} {noun}" if found == total else f"{found:,} of {total:,} {noun}"


def _show_cards(found: Sequence[CatalogueEntry], visit: Visit, key: str) -> None:
    # What is the same for all is said of none.
    sorted_by_domain = "domain" in visit.navigator.facets()
    pages = -(-len(found) // CARDS)
    # Where it was left in this search; another search starts on its first page.
    number = min(int(st.session_state.get(key, 1) or 1), pages)
    with st.container(key="cards"):
        for place, entry in enumerate(found[(number - 1) * CARDS : number * CARDS]):
            with st.container(key=f"card-{place}", gap=None):
                _show_card(entry, visit.context, sorted_by_domain=sorted_by_domain)
    if pages > 1:
        with st.container(key="library-pages", horizontal_alignment="center"):
            st.pagination(pages, key=key)


def _show_card(entry: CatalogueEntry, context: str | None, *, sorted_by_domain: bool) -> None:
    label = entry.label(context)
    link_to_pattern(entry.slug, label, context)
    if label != entry.title:
        st.caption(f"*{escape_markdown(entry.title)}*")
    about = entry.summary or entry.tension
    if about:
        st.markdown(
            escape_markdown(about if len(about) <= _ABOUT else f"{about[:_ABOUT].rsplit(' ', 1)[0]}…")
        )
    marks = [escape_markdown(_words(entry.domain))] if entry.domain and sorted_by_domain else []
    if not entry.is_pattern:
        marks.append("article")
    elif entry.confidence:
        marks.append(stars(entry.confidence))
    marks += [
        f":{context_colour(spoken)}[{escape_markdown(context_name(spoken))}]" for spoken in entry.contexts
    ]
    if marks:
        st.caption(" · ".join(marks))


def _show_table(found: Sequence[CatalogueEntry], context: str | None, telling: Collection[Facet]) -> None:
    """Draw a table that holds everything found; only the rows in sight are drawn.

    Parameters
    ----------
    telling
        The facets that not all documents share one value of: the others have no column.
    """
    columns = {
        "Name": [unturned(entry.label(context)) for entry in found],
        "Title": [unturned(entry.title) for entry in found],
        "Domain": [_words(entry.domain) for entry in found],
        "Confidence": [entry.confidence for entry in found],
        "Vitality": [entry.vitality for entry in found],
        "Status": [unturned(entry.status) for entry in found],
        "Speaks to": [", ".join(map(context_name, entry.contexts)) for entry in found],
        "Collection": [unturned(entry.collection) for entry in found],
    }
    told_apart = {_FACETS[facet] for facet in telling} | {"Name", "Vitality"}
    told_apart |= {"Title"} if context else set()
    st.caption("A click on the box before a row opens it; one on a heading sorts.")
    chosen = st.dataframe(
        columns,
        key="library-table",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        height=600,
        column_order=[name for name in columns if name in told_apart],
        column_config={
            "Name": st.column_config.TextColumn(pinned=True, width="medium"),
            "Confidence": st.column_config.NumberColumn(format="%d"),
            "Vitality": st.column_config.NumberColumn(format="%.1f"),
        },
        placeholder="",
        alt="The documents found, one to a row",
    )
    for row in chosen["selection"]["rows"]:
        go_to_pattern(found[row].slug, context)
