"""The page *Map*: the whole library in the plane, what is searched for on it, and where a question falls."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from navigator.ask import ANSWER_THRESHOLD
from navigator.map import MapPoint, Placement
from navigator.web.map_chart import MARKED, POINT, Sort, groups, map_chart, map_data, name_of, sorts
from navigator.web.markdown import escape_markdown
from navigator.web.visit import Visit, errors_as_sentences, go_to_pattern, link_to_pattern, place

LISTED = 12
"""Documents of a list beside the map."""

_SORTS: dict[Sort, str] = {"domain": "Domain", "community": "Community"}
_DEBOUNCE = "200ms"
_QUESTION = "map-question"
_TAKEN = "map-question-taken"
"""Key of the session state that holds the question last taken over from the conversation."""

_PLACED = "map-placed"
"""Key of the session state that holds where the last question fell, for the reruns that ask no other."""


def show_map(visit: Visit) -> None:
    """Draw the page."""
    st.set_page_config(page_title="Map · Pattern Navigator")
    st.title("Map", anchor=False)
    _show_whole(visit)


@st.fragment
def _show_whole(visit: Visit) -> None:
    """Draw the fields, the map and the lists. A fragment: what is typed leaves the rest of the page alone."""
    with errors_as_sentences():
        points = visit.navigator.map(context=visit.context)
        _take_question(visit)
        with st.container(key="map-fields"):
            asked, sought = st.columns([3, 2])
        question = asked.text_input(
            "Where does this fall?",
            key=_QUESTION,
            icon=":material/my_location:",
            placeholder="What is going on?",
            persist_state="session",
        )
        typed = sought.text_input(
            "Search",
            key="map-search",
            type="search",
            live=_DEBOUNCE,
            icon=":material/search:",
            placeholder="Light up what bears these words",
            persist_state="session",
        )
        found = _found(visit, points, typed or "")
        placed = _placed(visit, question or "")
        picture, beside = st.columns([7, 3], gap="medium")
        with beside:
            sort = _chosen_sort(points)
        with picture:
            _show_picture(visit, points, found, placed, sort)
        with beside, st.container(key="map-lists", gap="small"):
            if placed is not None:
                _show_nearest(placed, visit.context, sort)
            if found is not None:
                _show_found(found, len(points), visit.context, sort)
            if placed is None and found is None:
                _show_groups(points, sort)
            st.page_link(place("library"), label="All of them as a list", icon=":material/local_library:")


def _chosen_sort(points: Sequence[MapPoint]) -> Sort:
    """Return what the map is coloured by: what is chosen where there is a choice."""
    offered = sorts(points)
    if len(offered) < len(_SORTS):
        return offered[0] if offered else "domain"
    return st.segmented_control(
        "Colour by",
        offered,
        default="domain",
        required=True,
        format_func=_SORTS.__getitem__,
        key="map-sort",
        persist_state="session",
    )


def _take_question(visit: Visit) -> None:
    """Put what is talked of on *Ask* into the field, once; a pattern that was picked goes by its title."""
    last = visit.conversation.last
    told = last.after.told if last else ""
    picked = visit.navigator.library.catalogue.get(told)
    told = picked.title if picked else told
    if told and told != st.session_state.get(_TAKEN):
        st.session_state[_TAKEN] = st.session_state[_QUESTION] = told


def _found(visit: Visit, points: Sequence[MapPoint], typed: str) -> list[MapPoint] | None:
    """Return what bears the words typed, best first; None where nothing is typed."""
    if not typed.strip():
        return None
    by_slug = {point.slug: point for point in points}
    return [by_slug[entry.slug] for entry in visit.navigator.browse(typed) if entry.slug in by_slug]


def _placed(visit: Visit, question: str) -> Placement | None:
    if not question.strip():
        return None
    asked = question, visit.context, visit.navigator.library.generation.folder
    before: tuple[object, Placement | None] = st.session_state.get(_PLACED, (None, None))
    if before[0] == asked:
        return before[1]
    with st.spinner("Looking for its place…"):
        placed = visit.navigator.place(question, context=visit.context)
    st.session_state[_PLACED] = asked, placed
    return placed


def _show_picture(
    visit: Visit,
    points: Sequence[MapPoint],
    found: Sequence[MapPoint] | None,
    placed: Placement | None,
    sort: Sort,
) -> None:
    clicked = st.vega_lite_chart(
        map_chart(points, sort) | {"datasets": map_data(points, found, placed, sort=sort, ringed=LISTED)},
        theme=None,
        key="map-chart",
        on_select="rerun",
        selection_mode=[POINT, MARKED],
        width="stretch",
        height="stretch",
        # The same for every question: it is part of the chart, which is drawn anew where it changes.
        alt="Every document as a point near to those like it; the lists of this page say the same",
    )
    for name in (POINT, MARKED):
        for node in clicked["selection"].get(name, []):
            go_to_pattern(node["slug"], visit.context)
    st.caption(
        "What lies together is alike; the directions mean nothing. A click on a point opens it, one on the "
        "legend dims the others. Drag the ground to move, turn the wheel with Ctrl to zoom, "
        "click twice to see all."
    )


def _show_nearest(placed: Placement, context: str | None, sort: Sort) -> None:
    st.subheader("Nearest to your question", anchor=False)
    if placed.confidence < ANSWER_THRESHOLD:
        st.markdown("Nothing in this library fits that. These are only the nearest.")
    for number, point in enumerate(placed.neighbours, start=1):
        _show_point(point, f"{number}. {point.label}", context, sort, f"on-map-near-{number}")


def _show_found(found: Sequence[MapPoint], total: int, context: str | None, sort: Sort) -> None:
    st.subheader(f"{len(found):,} of {total:,} found", anchor=False)
    if not found:
        st.markdown("Nothing here bears these words. Fewer letters find more.")
    for number, point in enumerate(found[:LISTED]):
        _show_point(point, point.label, context, sort, f"on-map-found-{number}")
    if len(found) > LISTED:
        st.caption(f"and {len(found) - LISTED:,} more")


def _show_point(point: MapPoint, label: str, context: str | None, sort: Sort, key: str) -> None:
    with st.container(key=key, gap=None):
        link_to_pattern(point.slug, label, context)
        about = [point.title] if point.label != point.title else []
        about += [name] if (name := name_of(point, sort)) else []
        if about:
            st.caption(escape_markdown(" · ".join(about)))


def _show_groups(points: Sequence[MapPoint], sort: Sort) -> None:
    st.subheader(f"{len(points):,} documents by {sort}", anchor=False)
    counted = groups(points, sort).items()
    st.markdown("\n".join(f"- {escape_markdown(name)}: {count:,}" for name, count in counted))
    if sort == "community":
        st.caption(
            "A community is linked within itself more than with the rest, and bears the name of its best "
            "linked pattern."
        )
