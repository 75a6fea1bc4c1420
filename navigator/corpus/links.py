"""Resolving links over the whole corpus: a link may name its target by slug, id, TypeID or title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from navigator.corpus.findings import finding
from navigator.pattern import Finding, InferredLink, Link, Pattern
from navigator.text import slugify

_Edge = TypeVar("_Edge", Link, InferredLink)


def resolve_links(patterns: Sequence[Pattern]) -> tuple[list[Pattern], list[Finding]]:
    """Return the patterns with every link's slug filled in where its target is one of them."""
    names = _names(patterns)
    findings: list[Finding] = []
    resolved = []
    for pattern in patterns:
        edges = {
            kind: tuple(_resolve(link, names) for link in links)
            for kind, links in pattern.relationships.items()
        }
        inferred = tuple(_resolve(link, names) for link in pattern.graph_garden.inferred_links)
        findings += _dangling(pattern, [*(link for links in edges.values() for link in links), *inferred])
        garden = pattern.graph_garden.model_copy(update={"inferred_links": inferred})
        resolved.append(pattern.model_copy(update={"relationships": edges, "graph_garden": garden}))
    return resolved, findings


def _names(patterns: Iterable[Pattern]) -> dict[str, str]:
    """Map every name a link may use to a slug; where two patterns share a name, the first has it."""
    names: dict[str, str] = {}
    for pattern in patterns:
        names[pattern.slug] = pattern.slug
    for pattern in patterns:
        for name in (pattern.id, slugify(pattern.title)):
            if name:
                names.setdefault(name, pattern.slug)
    return names


def _resolve(link: _Edge, names: dict[str, str]) -> _Edge:
    slug = names.get(link.target) or names.get(slugify(link.target))
    return link.model_copy(update={"slug": slug}) if slug else link


def _dangling(pattern: Pattern, links: Iterable[Link | InferredLink]) -> list[Finding]:
    """Report each target that no document answers to, once."""
    missing = dict.fromkeys(link.target for link in links if link.slug is None)
    return [
        finding(
            pattern.path, 1, "dangling-link", f"No document of the corpus answers to the link {target!r}."
        )
        for target in missing
    ]
