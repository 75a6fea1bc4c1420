"""Front matter and sections into a :class:`~navigator.pattern.Pattern`, whichever spec they follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from navigator.corpus.fields import Fields
from navigator.corpus.hints import (
    are_junk_keywords,
    is_filler_label,
    is_junk_label,
    is_junk_tension,
    is_sentence_label,
    label_owner,
)
from navigator.pattern import (
    RELATIONSHIP_KINDS,
    CommonsAssessment,
    Community,
    Entity,
    Form,
    GraphGarden,
    GravitationalHub,
    InferredLink,
    Lifecycle,
    Link,
    Ontology,
    Pattern,
    SearchHints,
    Section,
    Situation,
)
from navigator.text import slugify

_SCORES = (
    "stakeholder_architecture",
    "value_creation",
    "resilience",
    "ownership",
    "autonomy",
    "composability",
    "fractal_value",
)
_CONFLICT = re.compile(
    r"core conflict is (?:between )?(?P<tension>[^*\n]{5,200}?)\.?(?:\*\*|$)", re.IGNORECASE | re.MULTILINE
)


def make_pattern(
    fields: Fields,
    *,
    form: Form,
    path: str,
    slug: str,
    title: str,
    summary: str,
    sections: tuple[Section, ...],
) -> Pattern:
    """Build the record of a pattern from its front matter; ``fields`` collects the findings."""
    classification = fields.fields("classification")
    ontology = fields.fields("ontology")
    hints = ontology.fields("search_hints")
    assessment = ontology.fields("commons_assessment")
    lifecycle = fields.fields("lifecycle")
    relationships = fields.fields("relationships")
    garden = fields.fields("graph_garden")
    provenance = fields.fields("provenance")
    labels = _labels(fields.fields("context_labels"))
    record = Pattern(
        slug=slug,
        title=title,
        summary=summary,
        form=form,
        path=path,
        sections=sections,
        id=fields.text("id"),
        aliases=fields.texts("aliases"),
        context_labels=labels,
        ontology=Ontology(
            domain=ontology.text("domain") or classification.text("domain") or fields.text("domain"),
            cross_domains=ontology.texts("cross_domains"),
            commons_domain=ontology.texts("commons_domain")
            or classification.texts("commons_domain")
            or fields.texts("commons_domain"),
            search_hints=SearchHints(
                primary_tension=hints.text("primary_tension") or _told_tension(sections),
                vector_keywords=hints.texts("vector_keywords"),
                situations=tuple(_situations(hints)),
            ),
            commons_assessment=_assessment(assessment),
        ),
        lifecycle=Lifecycle(
            usage_stage=lifecycle.text("usage_stage"),
            adoption_stage=lifecycle.text("adoption_stage"),
            status=lifecycle.text("status") or classification.text("status"),
            version=lifecycle.text("version") or fields.text("version"),
            confidence=_whole(lifecycle.number("confidence", 1, 3)),
        ),
        relationships=_relationships(relationships, fields),
        graph_garden=_garden(garden),
        orbital_layer=_whole(fields.number("orbital_layer", 0, 99)),
        sector=fields.text("sector"),
        gravitational_hubs=tuple(_hubs(fields)),
        contributors=fields.texts("contributors") or provenance.texts("contributors"),
        sources=fields.texts("sources") or provenance.texts("sources"),
        license=fields.text("license") or provenance.text("license"),
        attribution=fields.text("attribution") or provenance.text("attribution"),
    )
    left = {
        "classification": classification.left(),
        "ontology": ontology.left()
        | _filled({"search_hints": hints.left(), "commons_assessment": assessment.left()}),
        "lifecycle": lifecycle.left(),
        "relationships": relationships.left(),
        "graph_garden": garden.left(),
        "provenance": provenance.left(),
    }
    extra = fields.left() | _filled(left)
    junk = tuple(_junk(record, fields))
    fillers = tuple(c for c, label in labels.items() if is_filler_label(label, title))
    return record.model_copy(update={"extra": extra, "junk": junk, "filler_labels": fillers})


def context_names(data: Mapping[str, Any]) -> frozenset[str]:
    """Return the contexts that front matter has labels for."""
    labels = data.get("context_labels")
    return frozenset(slugify(str(context)) for context in labels) if isinstance(labels, dict) else frozenset()


def _labels(fields: Fields) -> dict[str, str]:
    labels = {slugify(context): fields.text(context) for context in fields.remaining()}
    return {context: label for context, label in labels.items() if context and label}


def _situations(hints: Fields) -> Iterator[Situation]:
    for entry in hints.entries("situations", "text"):
        text = entry.text("text")
        if text:
            yield Situation(text=text, context=entry.text("context") or None)


def _assessment(fields: Fields) -> CommonsAssessment:
    scores: dict[str, Any] = {name: fields.number(name, 1, 5) for name in _SCORES}
    return CommonsAssessment(
        **scores,
        vitality=fields.number("vitality", 0, 5),
        vitality_reasoning=fields.text("vitality_reasoning"),
        overall_score=fields.number("overall_score", 0, 5),
    )


def _relationships(group: Fields, flat: Fields) -> dict[str, tuple[Link, ...]]:
    """Read the edges of a group (spec v7.1 on) or, as the first spec has them, of the top level."""
    edges = {kind: (*_links(group, kind), *_links(flat, kind)) for kind in RELATIONSHIP_KINDS}
    return {kind: links for kind, links in edges.items() if links}


def _links(fields: Fields, kind: str) -> Iterator[Link]:
    for entry in fields.entries(kind, "slug"):
        named = [entry.text(key) for key in ("slug", "id", "typeid", "target", "name", "title")]
        target = next(filter(None, named), "")
        if target:
            yield Link(
                slug=None,
                target=target,
                weight=entry.number("weight", 0, 1),
                reason=entry.text("description") or entry.text("reason"),
            )


def _garden(fields: Fields) -> GraphGarden:
    return GraphGarden(
        last_pruned=fields.text("last_pruned") or None,
        entities=tuple(
            Entity(
                id=entry.text("id"),
                type=entry.text("type"),
                label=entry.text("label"),
                relevance=entry.number("relevance", 0, 1),
            )
            for entry in fields.entries("entities", "label")
        ),
        communities=tuple(
            Community(
                id=entry.text("id"),
                label=entry.text("label"),
                source=entry.text("source"),
                confidence=entry.number("confidence", 0, 1),
            )
            for entry in fields.entries("communities", "id")
        ),
        inferred_links=tuple(
            InferredLink(
                target=target,
                type=entry.text("type"),
                confidence=entry.number("confidence", 0, 1),
                strength=entry.number("strength", 0, 1e6),
                reason=entry.text("reason"),
            )
            for entry in fields.entries("inferred_links", "target")
            if (target := entry.text("target") or entry.text("slug") or entry.text("id"))
        ),
    )


def _hubs(fields: Fields) -> Iterator[GravitationalHub]:
    for entry in fields.entries("gravitational_hubs", "hub_id"):
        hub = entry.text("hub_id") or entry.text("id")
        if hub:
            yield GravitationalHub(
                hub_id=hub,
                principle=entry.text("principle"),
                force=entry.text("force"),
                influence=entry.number("influence", 0, 1),
            )


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _filled(groups: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {key: group for key, group in groups.items() if group}


def _told_tension(sections: tuple[Section, ...]) -> str:
    """Return what the text says the core conflict is."""
    problems = (section.text for section in sections if section.role == "Problem")
    told = next(filter(None, map(_CONFLICT.search, problems)), None)
    return " ".join(told["tension"].split()) if told else ""


def _junk(record: Pattern, fields: Fields) -> Iterator[str]:
    """Yield the names of the hints that say nothing, reporting each."""
    for context, label in record.context_labels.items():
        at = ("context_labels", context)
        owner = label_owner(label, record.title)
        if is_junk_label(label, record.title):
            fields.report("junk-label", f"The {context} label {label!r} says nothing.", *at)
        elif is_sentence_label(label):
            fields.report("sentence-label", f"The {context} label is a sentence, not a name: {label!r}.", *at)
        elif owner not in {None, context}:
            fields.report("misplaced-label", f"The {context} label {label!r} is one for {owner}.", *at)
        else:
            if is_filler_label(label, record.title):
                fields.report("filler-label", f"The {context} label {label!r} is the title with filler.", *at)
            continue
        yield f"context_labels.{context}"
    hints = record.ontology.search_hints
    if hints.primary_tension and is_junk_tension(hints.primary_tension, record.title):
        message = f"The primary tension {hints.primary_tension!r} is made of words of the title."
        fields.report("junk-tension", message, "ontology", "search_hints", "primary_tension")
        yield "primary_tension"
    if are_junk_keywords(hints.vector_keywords, record.title, record.summary):
        message = f"The keywords {', '.join(hints.vector_keywords[:5])} only repeat title and summary."
        fields.report("junk-keywords", message, "ontology", "search_hints", "vector_keywords")
        yield "vector_keywords"
