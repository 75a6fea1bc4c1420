"""An answer on the page, part by part."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import PurePath

import streamlit as st

from navigator.answer import Answer, Comparison, Part, PatternHit, Sentence
from navigator.llm.writing import Prose
from navigator.situation import COURTESY
from navigator.web.contexts import context_colour, context_name
from navigator.web.feedback import show_thumbs
from navigator.web.links import show_choice, show_nearest, show_neighbours
from navigator.web.markdown import (
    escape_markdown,
    escape_message,
    highlight,
    sentences_markdown,
    therefore_markdown,
)

PAUSE = 0.008
"""Seconds between two sentences of a streaming answer: some fifty of them are there in half a second."""

_SIDE_BY_SIDE = ("signs_of_life", "signs_of_decay")


def show_answer(answer: Answer, number: int, chosen: str | None, *, streaming: bool) -> None:
    """Show an answer; while it streams, its sentences come one by one and nothing above them moves.

    Parameters
    ----------
    number
        Place of the exchange in the conversation, from 0; it makes the keys of widgets unique.
    chosen
        The context that is chosen, to go on in.
    """
    with st.container(key=f"answer-{number}-in-{answer.context or 'any'}"):
        if answer.comparison is not None:
            st.markdown(escape_message(answer.message))
            _show_comparison(answer.comparison)
        elif answer.answered:
            _show_found(answer, number, chosen, streaming=streaming)
        else:
            st.markdown(escape_message(answer.message))
            show_nearest(answer.patterns, number)
        if answer.wants != COURTESY:
            show_thumbs(answer, number)


def show_prose(prose: Prose) -> None:
    """Show an answer as a language model puts it, as it comes; the authors' own words go below."""
    slot, paragraphs = st.empty(), [""]
    for claim in prose:
        if claim.lead.strip(" "):
            paragraphs.append("")
        paragraphs[-1] = f"{paragraphs[-1]}{claim.lead}{claim.text}"
        slot.markdown("\n\n".join(map(escape_markdown, paragraphs)))
    if prose.note:
        st.caption(escape_message(prose.note))
    if prose.citations:
        places = [
            f"- {escape_markdown(f'[{c.number}] “{c.quote}”')}: "
            f"{_place(c.source.section, c.source.path, c.source.start, c.source.end)}"
            for c in prose.citations
        ]
        with st.expander("What it rests on", icon=":material/format_quote:"):
            st.markdown("\n".join(places))


def _show_found(answer: Answer, number: int, chosen: str | None, *, streaming: bool) -> None:
    _show_heading(answer, number)
    if answer.message:
        remark = st.caption if answer.parts else st.markdown
        remark(escape_message(answer.message))
    if answer.clarify:
        show_choice(answer, number)
    signs = [part for part in answer.parts if part.kind in _SIDE_BY_SIDE]
    for part in answer.parts:
        if part.kind not in _SIDE_BY_SIDE:
            _show_part(part, answer, number, streaming=streaming)
        elif part is signs[0]:
            for column, sign in zip(st.columns(len(signs), gap="large"), signs, strict=True):
                with column:
                    _show_part(sign, answer, number, streaming=streaming)
    _show_sources(answer)
    show_neighbours(answer, number, chosen)


def _show_comparison(comparison: Comparison) -> None:
    """Show patterns side by side, and below the table where each cell stands."""
    labels = [
        f"{number}\\. {escape_markdown(p.label)}" for number, p in enumerate(comparison.patterns, start=1)
    ]
    table = [["", *labels], ["---"] * (len(labels) + 1)]
    places = []
    for row in comparison.rows:
        table.append([f"**{escape_markdown(row.heading)}**", *map(_cell, row.cells)])
        for label, cell in zip(labels, row.cells, strict=True):
            places += [f"{escape_markdown(row.heading)}, {label}: {place}" for place in _places_of(cell)]
    st.markdown("\n".join(f"| {' | '.join(cells)} |" for cells in table))
    with st.expander("Sources", icon=":material/format_quote:"):
        st.markdown("\n".join(f"- {place}" for place in places))


def _cell(sentences: Sequence[Sentence]) -> str:
    return " ".join(escape_markdown(sentence.text) for sentence in sentences) or "—"


def _show_heading(answer: Answer, number: int) -> None:
    """Show the name in the context's words, and beside it the pattern's own."""
    hit = answer.patterns[0]
    st.header(escape_markdown(answer.label), anchor=False)
    byline = [f"*{escape_markdown(hit.title)}*"] if hit.title != answer.label else []
    if answer.context:
        name, colour = escape_markdown(context_name(answer.context)), context_colour(answer.context)
        byline.append(f":{colour}-badge[{name}]")
    if answer.label_note:
        byline.append(f":gray[{escape_markdown(answer.label_note)}]")
    confidence = answer.provenance.confidence if answer.provenance else None
    if confidence:
        byline.append(f":gray[{'★' * confidence}{'☆' * (3 - confidence)}]")
    with st.container(key=f"byline-{number}"):
        st.markdown(" &nbsp; ".join(byline))


def _show_part(part: Part, answer: Answer, number: int, *, streaming: bool) -> None:
    with st.container(key=f"part-{part.kind}-{number}", gap="small"):
        st.subheader(escape_markdown(part.heading), anchor=False)
        slot = st.empty()
        for markdown in _growing(part, answer) if streaming else ():
            slot.markdown(markdown)
            time.sleep(PAUSE)
        slot.markdown(_part_markdown(part, part.sentences, answer))
        if part.kind == "why" and answer.patterns[0].evidence:
            st.caption(_why(answer))


def _growing(part: Part, answer: Answer) -> Iterator[str]:
    """Yield the part with its first sentence, with its first two, and so on."""
    for count in range(1, len(part.sentences)):
        yield _part_markdown(part, part.sentences[:count], answer)


def _part_markdown(part: Part, sentences: Sequence[Sentence], answer: Answer) -> str:
    if part.kind == "why":
        mark = partial(highlight, matched_words=answer.patterns[0].matched_words)
        return sentences_markdown(sentences, mark)
    if part.kind == "therefore":
        return sentences_markdown(sentences, therefore_markdown)
    return sentences_markdown(sentences, named=part.kind.startswith("known_uses"))


def _why(answer: Answer) -> str:
    """Return what the match rests on: a situation, the section and the words."""
    hit = answer.patterns[0]
    reasons = [f"From “{escape_markdown(hit.passage.section)}”."]
    if hit.matched_situation:
        reasons.insert(0, f"A situation like yours: “{escape_markdown(hit.matched_situation)}”")
    if hit.matched_words:
        reasons.append(f"Your words in it: {', '.join(map(escape_markdown, hit.matched_words))}.")
    return " ".join(reasons)


def _show_sources(answer: Answer) -> None:
    hit, provenance = answer.patterns[0], answer.provenance
    with st.expander("Sources and licence", icon=":material/format_quote:"):
        if hit.evidence:
            _show_passage(hit)
        if answer.parts:
            st.markdown(_listed("Where each part stands", _places(answer)))
        if provenance is not None:
            if provenance.sources:
                st.markdown(_listed("What the pattern draws on", map(escape_markdown, provenance.sources)))
            licence = escape_markdown(provenance.license) or "none is given"
            attribution = escape_markdown(provenance.attribution) or "no author is named"
            st.markdown(f"**Licence** {licence} · **Attribution** {attribution}")


def _listed(heading: str, lines: Iterable[str]) -> str:
    return "\n".join([f"**{heading}**\n", *(f"- {line}" for line in lines)])


def _show_passage(hit: PatternHit) -> None:
    matched = highlight(hit.passage.text, hit.matched_words)
    place = _place(hit.passage.section, hit.passage.path, hit.passage.start, hit.passage.end)
    st.markdown(f"**The passage that matched**\n\n> {matched}\n>\n> :small[{place}]")


def _places(answer: Answer) -> list[str]:
    """Return a line for every part and section that it quotes from."""
    return [
        f"{escape_markdown(part.heading)}: {place}"
        for part in answer.parts
        for place in _places_of(part.sentences)
    ]


def _places_of(sentences: Sequence[Sentence]) -> Iterator[str]:
    """Yield where sentences stand, section by section."""
    sources = [sentence.source for sentence in sentences]
    for section, path in dict.fromkeys((source.section, source.path) for source in sources):
        quoted = [source for source in sources if (source.section, source.path) == (section, path)]
        yield _place(section, path, min(s.start for s in quoted), max(s.end for s in quoted))


def _place(section: str, path: str, start: int, end: int) -> str:
    name = escape_markdown(PurePath(path).name)
    return f"“{escape_markdown(section)}”, {name}, characters {start:,} to {end:,}"
