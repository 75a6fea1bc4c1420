"""A word about the pattern in focus: one of its sections, its neighbours, where it comes from. No search."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice
from types import MappingProxyType

from navigator import translate
from navigator.answer import Answer, Part, PatternHit, Provenance
from navigator.ask import passage_of, remarks, unspoken
from navigator.library import Library
from navigator.pattern import Pattern
from navigator.related import neighbours, worth_offering
from navigator.situation import CONTEXT_CHANGE, Situation

QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "Consequences": "What could go wrong?",
        "Known Uses": "Who has done this?",
        "related:requires": "What comes first?",
        "Implementation": "How do we begin?",
        "Vitality": "How do we see that it works?",
        "related:complementary": "What goes well with it?",
        "related:enables": "What becomes possible with it?",
        "related:alternatives": "What could we do instead?",
    }
)
"""What one may ask about a pattern, by what it wants, in the order in which it is offered."""

_RELATED_LINES = {
    "requires": "It leans on these; have them in place first.",
    "enables": "These become possible once it is in place.",
    "alternatives": "These take on the same trouble another way.",
    "complementary": "These go well with it.",
}
_NO_RELATED_LINES = {
    "requires": "The authors name nothing that must come first. Its neighbours are below.",
    "enables": "The authors name nothing that follows from it. Its neighbours are below.",
    "alternatives": "The authors name no alternative. Its neighbours are below.",
    "complementary": "The authors name nothing that goes with it. Its neighbours are below.",
}


def follow_up(
    situation: Situation, library: Library, slug: str, *, told: str = "", matched: str | None = None
) -> Answer:
    """Answer about the pattern in focus.

    Parameters
    ----------
    told
        The situation that the pattern was found for: what is said again is chosen by closeness to it.
    matched
        Id of the chunk that matched it.
    """
    pattern = library.pattern(slug)
    chunks = library.chunks_of(slug)
    context = situation.context
    parts: tuple[Part, ...] = ()
    related = list(neighbours(pattern, library, context))
    messages: list[str] = []
    if situation.wants == CONTEXT_CHANGE:
        parts = translate.compose(
            pattern,
            chunks,
            context=context,
            question=told,
            matched=next((chunk for chunk in chunks if chunk.id == matched), None),
            audiences=library.audiences,
        )
        messages = unspoken(pattern, context, parts)
    elif situation.wants.startswith("related:"):
        kind = situation.wants.removeprefix("related:")
        chosen = [neighbour for neighbour in related if neighbour.kind == kind]
        messages = [_RELATED_LINES[kind] if chosen else _NO_RELATED_LINES[kind]]
        related = chosen or related
    elif situation.wants in {"confidence", "provenance"}:
        messages = [_confidence_line(pattern) if situation.wants == "confidence" else _origin_line(pattern)]
    elif situation.wants == "export":
        command = f"navigator show {slug} --context {context or 'government'}"
        messages = [f"The page has a download button; in a terminal, `{command} > handout.md` writes it."]
    else:
        parts = translate.compose_section(pattern, chunks, context=context, role=situation.wants)
        if not parts:
            messages = [f"{pattern.title} says nothing under “{situation.wants}”."]
    first = next((chunk for chunk in chunks if chunk.kind == "section"), chunks[0])
    return Answer(
        question=situation.question,
        wants=situation.wants,
        answered=True,
        confidence=1.0,
        context=context,
        message=" ".join([*remarks(situation), *messages]),
        label=pattern.label(context),
        patterns=(
            PatternHit(
                slug=slug,
                title=pattern.title,
                label=pattern.label(context),
                score=1.0,
                form=pattern.form,
                summary=pattern.summary,
                tension=pattern.usable_tension,
                passage=passage_of(first, library.catalogue[slug]),
            ),
        ),
        parts=parts,
        related=worth_offering(related),
        provenance=Provenance.of(pattern),
    )


def fitting_questions(
    pattern: Pattern, library: Library, *, asked: Collection[str] = (), count: int = 4
) -> tuple[str, ...]:
    """Return the first ``count`` of `QUESTIONS` that a pattern has an answer to.

    Parameters
    ----------
    asked
        What was wanted of it before, and is not offered again.
    """
    told = {section.role for section in pattern.sections if section.blocks}
    told |= {f"related:{neighbour.kind}" for neighbour in neighbours(pattern, library, None)}
    fitting = (question for wants, question in QUESTIONS.items() if wants in told and wants not in asked)
    return tuple(islice(fitting, count))


def _confidence_line(pattern: Pattern) -> str:
    stars = Provenance.of(pattern).stars
    if not stars:
        return "The authors give no confidence rating for this pattern."
    uses = pattern.section("Known Uses")
    known = "with known uses to check it against" if uses else "without known uses"
    return f"Its authors rate it {stars} of three, {known}."


def _origin_line(pattern: Pattern) -> str:
    sources = f" It draws on {'; '.join(pattern.sources)}." if pattern.sources else ""
    licence = f" Licence: {pattern.license}." if pattern.license else ""
    return f"{pattern.attribution or 'Its author is not named'}.{sources}{licence}"
