"""A rebuild of the index as the pages show it: begun on *Health*, seen on all of them."""

from __future__ import annotations

import streamlit as st

from navigator.build import BuildReport
from navigator.navigator import Navigator
from navigator.rebuild import STAGES, Progress
from navigator.web.markdown import escape_message
from navigator.web.roles import may_rebuild

_LIVE = 1.0
_WATCHING = 5.0
"""Seconds between two looks, while a rebuild runs and while another visitor may begin one."""

_DOING = {
    "reading": "reading the documents",
    "writing": "cutting them into passages",
    "embedding": "embedding what is new",
    "storing": "storing the vectors",
    "checking": "checking the new index",
    "drawing": "drawing the map",
}


def show_rebuild(navigator: Navigator) -> None:
    """Draw the button that begins a rebuild, and how far it is; whoever began it, it is the same for all."""
    running = _is_running(navigator)
    st.fragment(_show_live, run_every=_LIVE if running else _WATCHING)(navigator, running)


def show_rebuild_note(navigator: Navigator) -> None:
    """Draw a line that says how far a rebuild is, while one runs."""
    if _is_running(navigator):
        st.fragment(_show_note, run_every=_LIVE)(navigator)


def _is_running(navigator: Navigator) -> bool:
    return navigator.rebuilding is not None and navigator.rebuilding.progress.running


def _show_live(navigator: Navigator, was_running: bool) -> None:
    rebuild = navigator.rebuilding
    progress = rebuild.progress if rebuild is not None else None
    running = progress is not None and progress.running
    if running != was_running:
        st.rerun()  # the page looks more or less often from now on, and tells of the new index
    with st.container(key="rebuild", gap="small"):
        if may_rebuild():
            st.button(
                "Rebuild the index",
                key="rebuild-button",
                icon=":material/sync:",
                disabled=running,
                on_click=_begin,
                args=(navigator,),
                help="Reads all documents again and embeds what is new.",
            )
        if progress is None:
            return
        if running:
            st.progress(_share(progress), text=_doing(progress))
            st.caption("Questions are answered from the old index until the new one is whole.")
        elif progress.failure:
            # The reason names files of the server: it is for whoever can do something about it.
            failure = progress.failure if may_rebuild() else "The index could not be rebuilt."
            st.error(escape_message(failure), icon=":material/error:")
        elif progress.report is not None:
            st.success(_done(progress.report), icon=":material/check:")


def _begin(navigator: Navigator) -> None:
    navigator.rebuild()


def _show_note(navigator: Navigator) -> None:
    rebuild = navigator.rebuilding
    if rebuild is None:
        return
    progress = rebuild.progress
    if progress.running:
        note = f"The index is being rebuilt. {_doing(progress)}"
    else:
        note = "The index could not be rebuilt." if progress.failure else "The index has been rebuilt."
    st.caption(f":material/sync: {note}")


def _share(progress: Progress) -> float:
    """Return how much of the bar is full: as much for each stage, in their order."""
    before = STAGES.index(progress.stage) if progress.stage else 0
    return (before + progress.share) / len(STAGES)


def _doing(progress: Progress) -> str:
    if progress.stage is None:
        return "Getting ready…"
    text = f"Step {STAGES.index(progress.stage) + 1} of {len(STAGES)}, {_DOING[progress.stage]}"
    if progress.total and progress.done == progress.total:
        return f"{text}: done. Getting ready for the next."
    if progress.total:
        text += f", {progress.done:,} of {progress.total:,}"
    if progress.remaining is not None:
        text += f". This step takes {about(progress.remaining)} more"
    return f"{text}."


def _done(report: BuildReport) -> str:
    if report.unchanged:
        return "No document has changed: the index was up to date."
    return (
        f"The new index answers, with {report.patterns:,} patterns and {report.readings:,} articles. "
        f"{report.embedded:,} passages were embedded, {report.reused:,} were known already. "
        f"It took {about(report.seconds)}."
    )


def about(seconds: float) -> str:
    """Return a duration as people say it."""
    if seconds < 5:
        return "a few seconds"
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size:
            return f"about {round(seconds / size)} {unit}s"
    return "about a minute" if seconds >= 45 else f"about {round(seconds / 5) * 5} seconds"
