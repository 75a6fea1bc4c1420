"""An answer on the page, part by part."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial

import streamlit as st

from navigator.answer import Answer, Comparison, Part, Sentence
from navigator.brief import brief, says_why
from navigator.situation import COURTESY
from navigator.text import refers_back
from navigator.web.contexts import context_colour, context_name
from navigator.web.conversation import Exchange
from navigator.web.links import show_choice, show_follow_ups, show_nearest, show_neighbours
from navigator.web.markdown import (
    escape_markdown,
    escape_message,
    highlight,
    sentences_markdown,
    therefore_markdown,
)
from navigator.web.rating import show_rating
from navigator.web.sources import place_markdown, show_sources
from navigator.web.visit import Visit, errors_as_sentences

PAUSE = 0.008
"""Seconds between two sentences of a streaming answer: some fifty of them are there in half a second."""

_SIDE_BY_SIDE = ("signs_of_life", "signs_of_decay")


def show_answer(exchange: Exchange, number: int, visit: Visit) -> None:
    """Show an answer; one that was not shown to its end yet streams, and nothing above it moves.

    Parameters
    ----------
    number
        Place of the exchange in the conversation, from 0; it makes the keys of widgets unique.
    """
    answer, conversation = exchange.answer, visit.conversation
    with st.container(key=f"answer-{number}-in-{answer.context or 'any'}"):
        if answer.comparison is not None:
            st.markdown(escape_message(answer.message))
            _show_comparison(answer.comparison)
        elif answer.answered:
            _show_heading(answer, number)
            if answer.message:
                remark = st.caption if answer.parts else st.markdown
                remark(escape_message(answer.message))
            if answer.clarify:
                show_choice(answer, number, conversation)
            _show_told(answer, number, visit)
        else:
            st.markdown(escape_message(answer.message))
            show_nearest(answer.patterns, number, conversation)
        if answer.wants != COURTESY:
            show_rating(answer, number)
        show_follow_ups(number, visit)
        if answer.answered and answer.comparison is None:
            show_neighbours(answer, number, visit.conversation)
    conversation.streamed = max(conversation.streamed, number + 1)


@st.fragment
def _show_told(answer: Answer, number: int, visit: Visit) -> None:
    """Show what an answer tells, brief or all of it. A fragment, so that opening it leaves a stream alone."""
    with errors_as_sentences():
        conversation = visit.conversation
        streaming, opened = number >= conversation.streamed, number in conversation.opened
        short = brief(answer)
        more = _sentences(answer) - _sentences(short)
        told = with_reason(short, answer).parts if more and not opened else answer.parts
        if _is_found(answer) and not any(part.kind == "why" for part in told):
            with st.container(key=f"ground-{number}"):
                st.caption(_ground(answer, "What matched stands in"))
        signs = [part for part in told if part.kind in _SIDE_BY_SIDE]
        for part in told:
            if part.kind not in _SIDE_BY_SIDE:
                _show_part(part, answer, number, streaming=streaming)
            elif part is signs[0]:
                for column, sign in zip(st.columns(len(signs), gap="large"), signs, strict=True):
                    with column:
                        _show_part(sign, answer, number, streaming=streaming)
        if more:
            st.button(
                "Less" if opened else "More",
                key=f"more-{number}",
                type="tertiary",
                icon=":material/unfold_less:" if opened else ":material/unfold_more:",
                on_click=conversation.toggle,
                args=(number,),
            )
        show_sources(answer, number, visit)


def _sentences(answer: Answer) -> int:
    return sum(len(part.sentences) for part in answer.parts)


def with_reason(short: Answer, full: Answer) -> Answer:
    """Return the brief form of an answer with the reason why it fits, where that was too long for it.

    The reason is the one sentence of the passage that says it best; a label ("Who.") says nothing.
    """
    reasons = [part for part in full.parts if part.kind == "why"]
    if not reasons or any(part.kind == "why" for part in short.parts):
        return short

    def worth(sentence: Sentence) -> tuple[bool, bool, int]:
        says_something, shared = says_why(sentence, full.question)
        return says_something, not refers_back(sentence.text), shared

    best = max(reasons[0].sentences, key=worth)
    if not worth(best)[0]:
        return short
    reason = reasons[0].model_copy(update={"sentences": (best.model_copy(update={"block": 0}),)})
    kinds = [part.kind for part in full.parts]
    parts = sorted([*short.parts, reason], key=lambda part: kinds.index(part.kind))
    return short.model_copy(update={"parts": tuple(parts)})


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
        if part.kind == "why" and _is_found(answer):
            st.caption(_ground(answer, "From"))


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


def _is_found(answer: Answer) -> bool:
    """Whether a search led to it, and not a name or what is talked of already."""
    return bool(answer.patterns and answer.patterns[0].evidence)


def _ground(answer: Answer, opening: str) -> str:
    """Return what the match rests on: a situation, the section (after ``opening``) and the words."""
    hit = answer.patterns[0]
    reasons = [f"{opening} “{escape_markdown(hit.passage.section)}”."]
    if hit.matched_situation:
        reasons.insert(0, f"A situation like yours: “{escape_markdown(hit.matched_situation)}”")
    if hit.matched_words:
        reasons.append(f"Your words in it: {', '.join(map(escape_markdown, hit.matched_words))}.")
    return " ".join(reasons)


def _places_of(sentences: Sequence[Sentence]) -> Iterator[str]:
    """Yield where sentences stand, section by section."""
    sources = [sentence.source for sentence in sentences]
    for section, path in dict.fromkeys((source.section, source.path) for source in sources):
        quoted = [source for source in sources if (source.section, source.path) == (section, path)]
        yield place_markdown(section, path, min(s.start for s in quoted), max(s.end for s in quoted))
