"""An answer as a language model puts it, as it comes, with a button to stop it."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, SimpleQueue
from threading import Thread

import streamlit as st

from navigator.llm.citations import Claim
from navigator.llm.writing import Prose
from navigator.web.markdown import escape_markdown, escape_message
from navigator.web.sources import place_markdown

BEAT = 0.2
"""Seconds after which the page looks whether somebody clicked, while it waits for something else."""


def show_prose(prose: Prose) -> None:
    """Show what is written, as it comes; the authors' own words go below."""
    slot, beat, paragraphs = st.empty(), st.empty(), [""]
    for claim in _as_they_come(prose):
        if claim is None:
            beat.empty()  # Streamlit heeds a click whenever something is drawn
            continue
        if claim.lead.strip(" "):
            paragraphs.append("")
        paragraphs[-1] = f"{paragraphs[-1]}{claim.lead}{claim.text}"
        slot.markdown("\n\n".join(map(escape_markdown, paragraphs)))
    if prose.note:
        st.caption(escape_message(prose.note))
    if prose.citations:
        places = [
            f"- {escape_markdown(f'[{c.number}] “{c.quote}”')}: "
            f"{place_markdown(c.source.section, c.source.path, c.source.start, c.source.end)}"
            for c in prose.citations
        ]
        with st.expander("What it rests on", icon=":material/format_quote:"):
            st.markdown("\n".join(places))


def _as_they_come(prose: Prose) -> Iterator[Claim | None]:
    """Yield the claims, and None at every beat between two of them.

    They are awaited elsewhere, so that a model that says nothing for a minute can be stopped all the same.
    """
    if prose.over:
        yield from prose.claims
        return
    coming: SimpleQueue[Claim | BaseException | None] = SimpleQueue()

    def listen() -> None:
        try:
            for claim in prose:
                coming.put(claim)
            coming.put(None)
        except BaseException as error:
            coming.put(error)

    Thread(target=listen, daemon=True).start()
    while True:
        try:
            came = coming.get(timeout=BEAT)
        except Empty:
            yield None
            continue
        if came is None:
            return
        if isinstance(came, BaseException):
            raise came
        yield came
