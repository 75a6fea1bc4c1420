"""Talking on: a message and what was said before become an answer and what is to be remembered of it.

Pure over a state that can be written down as JSON (`State.model_dump_json`) and taken up anywhere.

==========================================  ======================================================
"our chapters all say different things"     a new situation, with three other readings of it
"and the risks?", "what comes next?"        the pattern in focus, no search
"we're a city department"                   the same in other words
"no, not that", "something else"            the next reading; what was refused stays refused
"the second one", "more like number two"    that one, and other readings near to it
"how do these differ?"                      a table
"thanks"                                    a kind line
==========================================  ======================================================
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Self

from navigator.answer import Answer
from navigator.ask import Reading, Rewrite, present, read_situation, said, turn_to
from navigator.differences import compare
from navigator.embedding import Embedder
from navigator.followups import follow_up
from navigator.library import Library
from navigator.pattern import Record
from navigator.phrases import phrasebook
from navigator.retrieve import Hit
from navigator.situation import (
    ANOTHER,
    COMPARE,
    CONTEXT_CHANGE,
    COURTESY,
    LAST,
    MAX_CHOICE_WORDS,
    NEW,
    PICK,
    Situation,
    clean,
    is_comparing,
    understand,
)
from navigator.text import content_words, words

_ASKED_FOR = re.compile(
    r"""\A\W*(?:(?:no|yes|ok|okay|and|rather|more|like|the|it'?s|actually|take|open|show(?:\ me)?
    |go\ (?:to|with|for)|tell\ me(?:\ more)?\ about|what\ about|how\ about|let'?s\ (?:see|look\ at|take|try)
    |look\ at|back\ to|i\ mean|i\ meant|i(?:'d|\ would)\ (?:rather|prefer|like|take))\b[\s,:]*)+""",
    re.IGNORECASE | re.VERBOSE,
)
_ONE = re.compile(r"\s+(?:one|pattern|please|instead|then)\W*\Z|[\s.!?]+\Z", re.IGNORECASE)
_POINTS = re.compile(r"\b(?:one|pattern)\W*\Z|\b(?:more|rather) (?:like )?the\b", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\b(?:and|or|with|to|from|than|between|versus|vs\.?|compare|does|is)\b|[,?]", re.IGNORECASE
)
_NONE = re.compile(r"\bneither\b|\bnone\b|\bnot (?:any|either)\b", re.IGNORECASE)
_THANKS = re.compile(
    r"\b(?:than|thx|cheers|ta\b|great|perfect|help|love|nice|brilliant|wonderful)", re.IGNORECASE
)
_BYE = re.compile(r"\b(?:bye|goodbye|see you|farewell|good night)\b", re.IGNORECASE)

_TELL_ME = "Tell me what is going on: a sentence or two about your situation."


class State(Record):
    """What is remembered of a conversation.

    Attributes
    ----------
    context
        The context that was chosen; None for the one that is heard in what is said.
    heard
        The context that was heard last.
    told
        The situation that is talked of.
    confidence
        Of the first answer to it, see `Answer.confidence`.
    candidates
        The patterns that were found for it, best first.
    focus
        Slug of the pattern that is talked of.
    listed
        Slugs that the last list showed, in its order: what "the second one" counts in.
    refused
        Slugs of the patterns that were set aside.
    """

    context: str | None = None
    heard: str | None = None
    told: str = ""
    confidence: float = 0.0
    candidates: tuple[Hit, ...] = ()
    focus: str | None = None
    listed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def speaking(self, context: str | None) -> Self:
        """Return the same in a context that was chosen, or with None in the one that is heard."""
        return self.model_copy(update={"context": context})


def converse(
    state: State,
    message: str,
    library: Library,
    embedder: Embedder,
    *,
    default: str | None = None,
    rewrite: Rewrite = lambda question: None,
    explain: bool = False,
) -> tuple[Answer, State]:
    """Answer a message, and return what is to be remembered.

    Parameters
    ----------
    default
        The context where none was chosen and none was heard.
    rewrite, explain
        See `navigator.ask.read_situation`.
    """
    state = _still_there(state, library)
    situation = _understood(state, message, library, embedder)
    state = _listening(state, situation)
    context, heard = _language(state, situation, default)
    answer, state = _answered(
        state, situation.in_context(context), library, embedder, rewrite, explain=explain
    )
    return answer.model_copy(update={"context_heard": heard}), state


def _answered(
    state: State,
    situation: Situation,
    library: Library,
    embedder: Embedder,
    rewrite: Rewrite,
    *,
    explain: bool,
) -> tuple[Answer, State]:
    if situation.wants == COURTESY:
        return said(situation, _kind_line(situation.question, talking=bool(state.told))), state
    if not situation.question:
        return said(situation, _TELL_ME), State(context=state.context) if situation.afresh else state
    if situation.wants == ANOTHER:
        return _another(state, situation, library)
    if situation.wants == PICK:
        return _picked(state, _slugs(state, situation)[0], situation, library, embedder)
    if situation.wants == COMPARE:
        return _compared(state, situation, library)
    if situation.wants == CONTEXT_CHANGE and situation.context is None:
        known = ", ".join(audience.name for audience in library.audiences)
        return said(situation, f"In whose words? I know these: {known}."), state
    if situation.wants == NEW or state.focus is None:
        refused = () if situation.afresh else state.refused
        situation = replace(situation, wants=NEW)
        reading = read_situation(
            situation, library, embedder, rewrite=rewrite, refused=refused, explain=explain
        )
        told = {"told": situation.question, "confidence": reading.answer.confidence, "refused": refused}
        return reading.answer, _remembering(state.model_copy(update=told), reading)
    return _followed_up(state, situation, library, state.focus)


def _followed_up(state: State, situation: Situation, library: Library, focus: str) -> tuple[Answer, State]:
    matched = next((hit.chunk for hit in state.candidates if hit.slug == focus), None)
    answer = follow_up(situation, library, focus, told=state.told, matched=matched)
    if situation.wants.startswith("related:") and answer.related:
        state = state.model_copy(update={"listed": tuple(each.slug for each in answer.related)})
    return answer, state


def _another(state: State, situation: Situation, library: Library) -> tuple[Answer, State]:
    """Set the pattern in focus aside, all that were listed with "neither", and turn to the next."""
    everything = state.focus is None or _NONE.search(situation.question)
    refused = state.listed if everything else (state.focus or "",)
    state = state.model_copy(update={"refused": tuple(dict.fromkeys([*state.refused, *refused]))})
    left = tuple(hit for hit in state.candidates if hit.slug not in state.refused)
    if not left or state.focus is None:
        line = "That was all I have for it. Say it in other words: who does what, and what would be better?"
        return said(situation, line), state.model_copy(update={"focus": None})
    about = replace(situation, question=state.told)
    answer = present(left, about, library, certainty=state.confidence)
    return answer, _remembering(state, Reading(answer, left))


def _picked(
    state: State, slug: str, situation: Situation, library: Library, embedder: Embedder
) -> tuple[Answer, State]:
    refused = tuple(each for each in state.refused if each != slug)
    about = replace(situation, question=state.told, wants=PICK)
    reading = turn_to(slug, about, library, embedder, refused=refused)
    return reading.answer, _remembering(state.model_copy(update={"refused": refused}), reading)


def _compared(state: State, situation: Situation, library: Library) -> tuple[Answer, State]:
    slugs = list(dict.fromkeys([*_slugs(state, situation), *_named_within(situation.question, library)]))
    if len(slugs) == 1 and state.focus is not None:
        slugs = list(dict.fromkeys([state.focus, *slugs]))
    if len(slugs) < 2:
        slugs = list(state.listed[:2])
    if len(slugs) < 2:
        return said(situation, "Compare which two? Name them, or say “the first and the third”."), state
    return compare(slugs, situation, library), state.model_copy(update={"listed": tuple(slugs)})


def _understood(state: State, message: str, library: Library, embedder: Embedder) -> Situation:
    situation = understand(
        message,
        focused=state.focus is not None,
        listed=len(state.listed),
        likeness=lambda text: phrasebook(embedder).ranked(text, embedder),
        audiences=library.audiences,
    )
    by_place = situation.wants in {PICK, COMPARE}
    if not by_place and is_comparing(situation.question) and _named_within(situation.question, library):
        situation = replace(situation, wants=COMPARE)
    elif not by_place and (state.listed or state.focus is not None):
        slug = _named(situation.question, state, library)
        if slug is not None:
            situation = replace(situation, wants=PICK, places=(), question=slug)
    # Only what people say of themselves and of what they ask tells their world; a name or "no" does not.
    silent = situation.wants in {PICK, COMPARE, ANOTHER, COURTESY}
    return situation.in_context(None) if silent else situation


def _named(text: str, state: State, library: Library) -> str | None:
    """Return the slug of the pattern that a message names and nothing else."""
    asked = _ONE.sub("", _ASKED_FOR.sub("", text))
    if not asked or len(words(text)) > MAX_CHOICE_WORDS:
        return None
    found = [text] if text in library.catalogue else [*library.named(text), *library.named(asked)]
    if _POINTS.search(text):  # "the handover one", "more the handover"
        said_words = content_words(asked)
        entries = [library.catalogue[slug] for slug in state.listed]
        called = [
            entry.slug for entry in entries if said_words and said_words <= _name_words(entry.slug, library)
        ]
        found += called if len(called) == 1 else []
    return next((slug for slug in found if library.catalogue[slug].is_pattern), None)


def _name_words(slug: str, library: Library) -> frozenset[str]:
    entry = library.catalogue[slug]
    return content_words(" . ".join([entry.title, *entry.aliases, *(entry.labels or {}).values()]))


def _named_within(text: str, library: Library) -> list[str]:
    """Return the slugs of the patterns that are named between the words of a comparison."""
    pieces = [piece.strip(" .!") for piece in _BETWEEN.split(text)]
    spoken = [[piece, _ONE.sub("", _ASKED_FOR.sub("", piece))] for piece in pieces if piece]
    named = [slug for ways in spoken for way in ways if way for slug in library.named(way)[:1]]
    return [slug for slug in named if library.catalogue[slug].is_pattern]


def _slugs(state: State, situation: Situation) -> list[str]:
    if situation.wants == PICK and not situation.places:
        return [situation.question]
    return [state.listed[place] for place in situation.places if place == LAST or place < len(state.listed)]


def _remembering(state: State, reading: Reading) -> State:
    """Return the state after an answer that listed patterns."""
    return state.model_copy(
        update={
            "candidates": reading.candidates,
            "focus": reading.answer.focus,
            "listed": tuple(hit.slug for hit in reading.answer.patterns),
        }
    )


def _still_there(state: State, library: Library) -> State:
    """Return the state without what the library no longer holds."""
    held = library.catalogue.keys()
    return state.model_copy(
        update={
            "candidates": tuple(hit for hit in state.candidates if hit.slug in held),
            "focus": state.focus if state.focus in held else None,
            "listed": tuple(slug for slug in state.listed if slug in held),
        }
    )


def _listening(state: State, situation: Situation) -> State:
    """Return the state with the context that was heard, where it says something of the speaker."""
    if situation.context is None or situation.wants not in {NEW, CONTEXT_CHANGE}:
        return state
    chosen = situation.context if state.context and situation.wants == CONTEXT_CHANGE else state.context
    return state.model_copy(update={"heard": situation.context, "context": chosen})


def _language(state: State, situation: Situation, default: str | None) -> tuple[str | None, bool]:
    """Return the context to answer in, and whether it was heard."""
    if state.context is not None and situation.wants != CONTEXT_CHANGE:
        return state.context, False
    heard = situation.context or state.heard
    return (heard, state.context is None) if heard else (default, False)


def _kind_line(text: str, *, talking: bool) -> str:
    if _BYE.search(clean(text)):
        return "Goodbye, and good luck with it."
    if _THANKS.search(text):
        return "You're welcome. Ask on, or tell me about something else."
    return "I'm here. Ask on, or tell me about something else." if talking else f"Hello. {_TELL_ME}"
