"""Where an answer stands: its sources open in place, at the exact passage."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

import streamlit as st

from navigator.answer import Answer, Provenance
from navigator.web.markdown import escape_markdown, highlight
from navigator.web.passages import Quotation, in_place, quotations
from navigator.web.visit import Visit

MATCHED = "What matched"


def show_sources(answer: Answer, number: int, visit: Visit) -> None:
    """Show where every part of an answer stands, the one chosen with what is around it, and the licence."""
    with st.expander("Sources and licence", icon=":material/format_quote:", key=f"sources-{number}"):
        quoted = quotations(answer)
        if quoted:
            chosen = st.pills(
                "Where it stands",
                range(len(quoted)),
                default=0,
                required=True,
                format_func=lambda place: _name(quoted[place]),
                key=f"source-{number}",
                label_visibility="collapsed",
            )
            _show_in_place(quoted[min(chosen or 0, len(quoted) - 1)], number, visit)
        if answer.provenance is not None:
            _show_origin(answer.provenance)


def place_markdown(section: str, path: str, start: int, end: int) -> str:
    """Return where something stands, in words."""
    name = escape_markdown(PurePath(path).name)
    return f"“{escape_markdown(section)}”, {name}, characters {start:,} to {end:,}"


def listed(heading: str, lines: Iterable[str]) -> str:
    """Return a headed list of lines that are Markdown."""
    return "\n".join([f"**{heading}**\n", *(f"- {line}" for line in lines)])


def _name(quotation: Quotation) -> str:
    return MATCHED if quotation.matched else escape_markdown(quotation.section)


def _show_in_place(quotation: Quotation, number: int, visit: Visit) -> None:
    shown = []
    for block in in_place(visit.navigator.pattern(quotation.slug), quotation.spans):
        told = [_sentence(text, quotation, quoted=quoted) for text, quoted in block.sentences]
        shown.append(f"{block.marker} {' '.join(told)}".lstrip())
    with st.container(key=f"in-place-{number}", gap="small"):
        st.caption(escape_markdown(quotation.headings))
        st.markdown("\n\n".join(shown))
        start, end = quotation.spans[0][0], quotation.spans[-1][1]
        st.caption(place_markdown(quotation.section, quotation.path, start, end))


def _sentence(text: str, quotation: Quotation, *, quoted: bool) -> str:
    if not quoted:
        return f":gray[{escape_markdown(text)}]"
    if quotation.matched:
        return highlight(text, quotation.matched_words)
    return f":primary-background[{escape_markdown(text)}]"


def _show_origin(provenance: Provenance) -> None:
    if provenance.sources:
        st.markdown(listed("What the pattern draws on", map(escape_markdown, provenance.sources)))
    licence = escape_markdown(provenance.license) or "none is given"
    attribution = escape_markdown(provenance.attribution) or "no author is named"
    st.markdown(f"**Licence** {licence} · **Attribution** {attribution}")
