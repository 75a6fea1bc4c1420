"""Front matter and sections into a :class:`~navigator.pattern.Pattern`, whichever spec they follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from navigator.corpus.fields import Fields
from navigator.corpus.hints import (
    are_junk_keywords,
    is_filler_label,
    is_junk_label,
    is_junk_tension,
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
                primary_tension=hints.text("primary_tension"),
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
    ontology_left = ontology.left() | _under("search_hints", hints) | _under("commons_assessment", assessment)
    extra = fields.left() | ({"ontology": ontology_left} if ontology_left else {})
    for key, group in (
        ("classification", classification),
        ("lifecycle", lifecycle),
        ("relationships", relationships),
        ("graph_garden", garden),
        ("provenance", provenance),
    ):
        extra |= _under(key, group)
    return record.model_copy(update={"extra": extra, "junk": tuple(_junk(record, fields))})


def slug_of(fields: Fields, path: str, title: str) -> str:
    """Return the slug of a document: its own where that is safe, else one made of title or file name."""
    given = fields.text("slug")
    made = slugify(given)
    if made and given == made:
        return given
    slug = made or slugify(PurePath(path).stem) or slugify(title) or "untitled"
    if given:
        fields.report("unsafe-slug", f"The slug {given!r} cannot be used; {slug!r} stands for it.", "slug")
    return slug


def _labels(fields: Fields) -> dict[str, str]:
    labels = {slugify(context): fields.text(context) for context in fields.keys()}
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


def _under(key: str, fields: Fields) -> dict[str, Any]:
    left = fields.left()
    return {key: left} if left else {}


def _junk(record: Pattern, fields: Fields) -> Iterator[str]:
    """Yield the names of the hints that say nothing, reporting each."""
    for context, label in record.context_labels.items():
        at = ("context_labels", context)
        owner = label_owner(label)
        if is_junk_label(label, record.title):
            fields.report(
                "junk-label", f"The {context} label {label!r} says nothing; the title stands for it.", *at
            )
            yield f"context_labels.{context}"
        elif owner not in {None, context}:
            fields.report("misplaced-label", f"The {context} label {label!r} is one for {owner}.", *at)
            yield f"context_labels.{context}"
        elif is_filler_label(label, record.title):
            fields.report("filler-label", f"The {context} label {label!r} is the title with filler.", *at)
    hints = record.ontology.search_hints
    if hints.primary_tension and is_junk_tension(hints.primary_tension, record.title):
        message = f"The primary tension {hints.primary_tension!r} is made of words of the title."
        fields.report("junk-tension", message, "ontology", "search_hints", "primary_tension")
        yield "primary_tension"
    if are_junk_keywords(hints.vector_keywords, record.title, record.summary):
        message = f"The keywords {', '.join(hints.vector_keywords[:5])} only repeat title and summary."
        fields.report("junk-keywords", message, "ontology", "search_hints", "vector_keywords")
        yield "vector_keywords"
