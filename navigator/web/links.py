"""What leads from an answer to the next one: other patterns, and questions that fit."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from navigator.answer import NEXT, Answer, PatternHit
from navigator.web.conversation import Conversation, Request
from navigator.web.gathering import show_adding
from navigator.web.markdown import escape_markdown
from navigator.web.visit import Visit, link_to_pattern


def show_nearest(hits: Iterable[PatternHit], number: int, conversation: Conversation) -> None:
    """Show the patterns that come nearest, where none fits."""
    for place, hit in enumerate(hits):
        _show_hit(hit, f"nearest-{number}-{place}", place + 1, conversation)


def show_choice(answer: Answer, number: int, conversation: Conversation) -> None:
    """Show the question that tells the first two patterns apart, and both beside each other."""
    with st.container(key=f"choice-{number}"):
        st.markdown(f"**{escape_markdown(answer.clarify)}**")
        for place, (column, hit) in enumerate(zip(st.columns(2), answer.patterns, strict=False)):
            with column, st.container(key=f"candidate-{number}-{place}", gap="small"):
                _show_candidate(hit, f"choice-{number}-{place}", conversation)


def _show_candidate(hit: PatternHit, key: str, conversation: Conversation) -> None:
    st.markdown(f"**{escape_markdown(hit.label)}**")
    if hit.label != hit.title:
        st.caption(f"*{escape_markdown(hit.title)}*")
    if about := hit.tension or hit.summary:
        st.markdown(escape_markdown(about))
    if hit.matched_words:
        st.caption(f"Your words: {escape_markdown(', '.join(hit.matched_words))}")
    st.button(
        "This is nearer",
        key=key,
        help=f"Go on with {escape_markdown(hit.label)}",
        on_click=conversation.want,
        args=(Request(hit.label, hit.slug),),
    )


def show_follow_ups(number: int, visit: Visit) -> None:
    """Show questions that fit next, under the newest answer; of an older one they are gone."""
    slot, conversation = st.empty(), visit.conversation
    if not conversation.is_newest(number):
        return
    questions = conversation.follow_ups(visit.navigator)
    if questions:
        with slot.container(key=f"follow-ups-{number}", horizontal=True, gap="small"):
            for place, question in enumerate(questions):
                st.button(
                    question,
                    key=f"follow-up-{number}-{place}",
                    on_click=conversation.want,
                    args=(Request(question),),
                )


def show_neighbours(answer: Answer, number: int, conversation: Conversation) -> None:
    """Show the way to the pattern itself, to the others found, and to those that its author links to."""
    if answer.focus:
        with st.container(key=f"whole-{number}"):
            link_to_pattern(answer.focus, "Read the whole pattern", conversation.context)
        show_adding(answer.focus, conversation.context, str(number))
    others = answer.patterns[1:]
    if others:
        st.subheader("Or is it rather", anchor=False)
        for place, hit in enumerate(others):
            _show_hit(hit, f"other-{number}-{place}", place + 2, conversation)
    if answer.related:
        st.subheader("Related patterns", anchor=False)
        with st.container(horizontal=True, gap="small"):
            for place, pattern in enumerate(answer.related):
                kind = NEXT.get(pattern.kind, pattern.kind)
                st.button(
                    f":gray[{escape_markdown(kind)}:] {escape_markdown(pattern.label)}",
                    key=f"related-{number}-{place}",
                    on_click=conversation.want,
                    args=(Request(pattern.label, pattern.slug),),
                )
    if answer.readings:
        titles = ", ".join(f"“{escape_markdown(reading.title)}”" for reading in answer.readings)
        st.caption(f"Articles of the library that touch on it: {titles}")


def _show_hit(hit: PatternHit, key: str, place: int, conversation: Conversation) -> None:
    """Show a pattern to turn to, numbered as "the second one" counts, with what pointed to it."""
    about = [hit.title] if hit.label != hit.title else []
    about += [text for text in [hit.tension or hit.summary] if text]
    about = [": ".join(about)] if about else []
    if hit.matched_words:
        about.append(f"your words: {', '.join(hit.matched_words)}")
    with st.container(key=f"link-{key}", gap=None):
        st.button(
            f"{place}\\. {escape_markdown(hit.label)}",
            key=key,
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=conversation.want,
            args=(Request(hit.label, hit.slug),),
        )
        if about:
            st.caption(escape_markdown(" · ".join(about)))
