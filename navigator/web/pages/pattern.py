"""The page *Pattern*: one pattern whole, what it scores, what it is linked to, and whether it is alive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath

import streamlit as st

from navigator.answer import NEXT, Provenance
from navigator.errors import PatternNotFoundError
from navigator.neighbours import Neighbour
from navigator.pattern import CommonsAssessment, Document, Pattern, Section
from navigator.web.charts import NODE, SHOWN_NEIGHBOURS, ego_chart, radar
from navigator.web.contexts import context_colour, context_name
from navigator.web.conversation import Conversation, Request
from navigator.web.gathering import show_adding
from navigator.web.markdown import blocks_markdown, escape_markdown, escape_message, unturned, unturned_lines
from navigator.web.passages import Passage, passages
from navigator.web.visit import (
    PATTERN,
    Visit,
    context_parameters,
    go_to_pattern,
    link_to_pattern,
    place,
)
from navigator.web.vitality_check import show_vitality_check

_SCORES = {
    "stakeholder_architecture": "Stakeholders",
    "value_creation": "Value creation",
    "resilience": "Resilience",
    "ownership": "Ownership",
    "autonomy": "Autonomy",
    "composability": "Composability",
    "fractal_value": "Fractal value",
    "vitality": "Vitality",
}
_FEWEST_AXES = 3


def show_pattern(visit: Visit) -> None:
    """Draw the page of the pattern that the address names, or of the one looked at last."""
    name = st.query_params.get(PATTERN) or st.session_state.get(PATTERN)
    if not name:
        _show_choice("No pattern is open yet.")
        return
    try:
        document = visit.navigator.pattern(name)
    except PatternNotFoundError as error:
        st.session_state.pop(PATTERN, None)
        _show_choice(escape_message(str(error)))
        return
    st.session_state[PATTERN] = st.query_params[PATTERN] = document.slug
    context = visit.context
    label = document.label(context) if isinstance(document, Pattern) else document.title
    st.set_page_config(page_title=f"{unturned(label)} · Pattern Navigator")
    with st.container(key=f"whole-in-{context or 'any'}"):
        _show_head(document, label, visit)
        with visit.beside:
            _show_contents(document)
        text, margin = st.columns([7, 4], gap="large")
        with text:
            for number, (name, section) in enumerate(zip(_names(document), document.sections, strict=True)):
                _show_section(name, section, number, context)
        with margin, st.container(key="margin"):
            if isinstance(document, Pattern):
                _show_scores(document)
            _show_origin(document)
        if isinstance(document, Pattern):
            _show_neighbours(document, visit)
            show_vitality_check(document, context)


def _show_choice(why: str) -> None:
    st.title("Pattern", anchor=False)
    st.markdown(f"{why} Choose one in the library, or ask and follow an answer here.")
    st.page_link(place("library"), label="Open the library", icon=":material/local_library:")


def _show_head(document: Document, label: str, visit: Visit) -> None:
    conversation = visit.conversation
    st.title(escape_markdown(label), anchor=False)
    byline = [f"*{escape_markdown(document.title)}*"] if label != document.title else []
    if not isinstance(document, Pattern):
        byline.append(":gray-badge[Article]")
    elif confidence := Provenance.of(document).stars:
        byline.append(f":gray[{confidence} confidence]")
    if byline:
        with st.container(key="byline-pattern"):
            st.markdown(" &nbsp; ".join(byline))
    with st.container(key="lead"):
        if isinstance(document, Pattern) and document.usable_tension:
            st.markdown(f"*{escape_markdown(document.usable_tension)}*")
        if document.summary:
            st.markdown(escape_markdown(document.summary))
    if isinstance(document, Pattern):
        _show_names(document, conversation)
    with st.container(key="pattern-actions", horizontal=True):
        asked = isinstance(document, Pattern) and st.button(
            "Ask about this", key="ask-about-this", type="primary", icon=":material/forum:"
        )
        if asked:
            conversation.want(Request(label, document.slug))
            st.switch_page(place("ask"), query_params=context_parameters(conversation.context))
        if isinstance(document, Pattern):
            show_adding(document.slug, visit.context, document.slug)
        for target, name in _parts(document):
            st.markdown(f"[{name}](#{target})", width="content")


def _show_contents(document: Document) -> None:
    """Draw what stands on the page, for the sidebar."""
    sections = [(f"section-{place}", name) for place, name in enumerate(_names(document))]
    with st.container(key="contents", gap="xsmall"):
        for target, name in [*sections, *_parts(document)]:
            st.markdown(f"[{escape_markdown(name)}](#{target})")


def _names(document: Document) -> list[str]:
    """Return the names of the sections: what each is in the form, or its own where several are the same."""
    roles = Counter(section.role for section in document.sections)
    return [
        section.role if section.role and roles[section.role] == 1 else section.name
        for section in document.sections
    ]


def _parts(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the anchors of the page below the text, with their names."""
    if isinstance(document, Pattern):
        yield "scores", "Scores"
    yield "origin", "Origin"
    if isinstance(document, Pattern):
        yield "links", "Links"
        yield "vitality-check", "Vitality check"


def _show_names(pattern: Pattern, conversation: Conversation) -> None:
    """Show what the pattern is called elsewhere; a click speaks on in those words."""
    names = {spoken: name for spoken, name in pattern.shown_labels.items() if spoken != conversation.context}
    if names:
        with st.container(key="names", horizontal=True, gap="small"):
            for spoken, name in names.items():
                shown = f":{context_colour(spoken)}[{escape_markdown(context_name(spoken))}:]"
                st.button(
                    f"{shown} {escape_markdown(name)}",
                    key=f"name-{spoken}",
                    help=f"Read it in the words of {escape_markdown(context_name(spoken).lower())}",
                    on_click=conversation.speak,
                    args=(spoken,),
                )
    if pattern.aliases:
        st.caption(f"Also known as {escape_markdown(', '.join(pattern.aliases))}")


def _show_section(name: str, section: Section, place: int, context: str | None) -> None:
    with st.container(key=f"section-{place}", gap="small"):
        st.subheader(escape_markdown(name), anchor=f"section-{place}")
        for number, passage in enumerate(passages(section, context)):
            speaker = passage.speaker(context) or "any"
            with st.container(key=f"passage-{passage.voice}-{place}-{number}-in-{speaker}", gap="small"):
                _show_passage(passage)


def _show_passage(passage: Passage) -> None:
    if passage.contexts:
        names = " and ".join(escape_markdown(context_name(spoken)) for spoken in passage.contexts)
        st.caption(f"For {names}")
    prose = [block for block in passage.blocks if block.kind != "code"]
    if len(prose) == len(passage.blocks):
        st.markdown(blocks_markdown(prose))
        return
    for block in passage.blocks:
        if block.kind == "code":
            st.code(unturned_lines(block.text), language=None, wrap_lines=True)
        else:
            st.markdown(blocks_markdown([block]))


def _show_scores(pattern: Pattern) -> None:
    assessment = pattern.ontology.commons_assessment
    scores = _given_scores(assessment)
    st.subheader("Scores", anchor="scores")
    if not scores:
        st.markdown("The document gives none.")
        return
    spoken = ", ".join(f"{name} {score:g}" for name, score in scores.items())
    if len(scores) >= _FEWEST_AXES:
        alt = f"Scores out of 5: {spoken}"
        st.vega_lite_chart(radar(scores), theme=None, alt=alt, width="stretch")
    else:
        st.markdown(escape_markdown(spoken))
    if assessment.overall_score is not None:
        st.markdown(f"Overall **{assessment.overall_score:g}** of 5")
    if assessment.vitality_reasoning:
        st.markdown(escape_markdown(assessment.vitality_reasoning))


def _given_scores(assessment: CommonsAssessment) -> dict[str, float]:
    given = {name: getattr(assessment, field) for field, name in _SCORES.items()}
    return {name: min(5.0, max(0.0, score)) for name, score in given.items() if score is not None}


def _show_origin(document: Document) -> None:
    st.subheader("Origin", anchor="origin")
    facts = {
        "Licence": document.license or "none is given",
        "Attribution": document.attribution or "no author is named",
        "Contributors": ", ".join(document.contributors),
    }
    if isinstance(document, Pattern):
        facts |= {
            "Domain": document.ontology.domain,
            "Status": document.lifecycle.status,
            "Stage": document.lifecycle.usage_stage,
            "Version": document.lifecycle.version,
        }
    facts["File"] = "/".join(PurePath(document.path).parts[-2:])
    lines = [f"**{name}** {escape_markdown(value)}" for name, value in facts.items() if value]
    if document.sources:
        lines += ["**Sources**", *(f"- {escape_markdown(source)}" for source in document.sources)]
    st.markdown("\n\n".join(lines))


def _show_neighbours(pattern: Pattern, visit: Visit) -> None:
    found = visit.navigator.neighbours(pattern, context=visit.context)
    st.header("Links", anchor="links")
    if not found:
        st.markdown("It is linked to nothing in this library.")
        return
    shown = found[:SHOWN_NEIGHBOURS]
    clicked = st.vega_lite_chart(
        ego_chart(shown),
        theme=None,
        key=f"ego-{pattern.slug}",
        on_select="rerun",
        selection_mode=NODE,
        width="stretch",
        alt=f"{len(shown)} linked patterns around this one; the list below says the same",
    )
    for node in clicked["selection"].get(NODE, []):
        go_to_pattern(node["slug"], visit.context)
    st.caption(
        "A wide line is a strong link, a dashed one was drawn by a machine. Click a point to go there."
    )
    with st.container(key="links"):
        for kind in dict.fromkeys(neighbour.kind for neighbour in found):
            _show_kind(kind, [neighbour for neighbour in found if neighbour.kind == kind], visit)


def _show_kind(kind: str, chosen: Sequence[Neighbour], visit: Visit) -> None:
    with st.container(key=f"kind-{kind}", gap=None):
        st.markdown(f"**{escape_markdown(NEXT.get(kind, kind.replace('_', ' ').capitalize()))}**")
        for neighbour in chosen:
            link_to_pattern(neighbour.slug, neighbour.label, visit.context)
            weight = "" if neighbour.weight is None else f"weight {neighbour.weight:.2f}, "
            by = "drawn by people" if neighbour.by == "people" else "proposed by a machine"
            about = f"{weight}{by}".capitalize()
            st.caption(about + (f": {escape_markdown(neighbour.reason)}" if neighbour.reason else ""))
