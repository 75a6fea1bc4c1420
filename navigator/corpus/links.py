"""Resolving links over a whole corpus: a link names its target by slug, id, TypeID or title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from navigator.corpus.findings import finding
from navigator.pattern import Finding, InferredLink, Link, Pattern
from navigator.text import slugify

FORMER_NAMES = "former_names"
"""Key of ``Pattern.extra`` with the ids and slugs that a document had in front matter that leaked."""

LineOf = Callable[[str, str], int]
_Edge = TypeVar("_Edge", Link, InferredLink)


def resolve_links(patterns: Sequence[Pattern], line_of: LineOf) -> tuple[list[Pattern], list[Finding]]:
    """Return the patterns with the slug of every link filled in, and a finding for each without one.

    Parameters
    ----------
    line_of
        Maps a path and a link as it is written there to a 1-based line of that file.
    """
    findings = list(_ambiguous_ids(patterns))
    names = _names(patterns)
    resolved = []
    for pattern in patterns:
        edges = {
            kind: tuple(_resolve(e, names) for e in links) for kind, links in pattern.relationships.items()
        }
        inferred = tuple(_resolve(edge, names) for edge in pattern.graph_garden.inferred_links)
        garden = pattern.graph_garden.model_copy(update={"inferred_links": inferred})
        resolved.append(pattern.model_copy(update={"relationships": edges, "graph_garden": garden}))
        every: list[Link | InferredLink] = [*(edge for links in edges.values() for edge in links), *inferred]
        for code, target, message in _faults(pattern, every):
            findings.append(finding(pattern.path, line_of(pattern.path, target), code, message))
    return resolved, findings


def _names(patterns: Sequence[Pattern]) -> dict[str, str]:
    """Map every name that a link may use to a slug. A name of several patterns leads nowhere."""
    names: dict[str, str] = {pattern.slug: pattern.slug for pattern in patterns}
    for name_of in (_id, _former_names, _title):
        others = [(name, pattern.slug) for pattern in patterns for name in name_of(pattern)]
        counts = Counter(name for name, _ in others)
        names = {name: slug for name, slug in others if counts[name] == 1} | names
    return names


def _id(pattern: Pattern) -> list[str]:
    return [pattern.id] if pattern.id else []


def _former_names(pattern: Pattern) -> list[str]:
    return list(pattern.extra.get(FORMER_NAMES, []))


def _title(pattern: Pattern) -> list[str]:
    return [slugify(pattern.title)]


def _resolve(edge: _Edge, names: dict[str, str]) -> _Edge:
    slug = names.get(edge.target) or names.get(slugify(edge.target))
    return edge.model_copy(update={"slug": slug}) if slug else edge


def _faults(pattern: Pattern, edges: Iterable[Link | InferredLink]) -> Iterator[tuple[str, str, str]]:
    """Yield code, target and message for each target that leads nowhere or back, once each."""
    for target, slug in dict.fromkeys((edge.target, edge.slug) for edge in edges):
        if slug is None:
            yield "dangling-link", target, f"No document of the corpus answers to the link {target!r}."
        elif slug == pattern.slug:
            yield "self-link", target, f"The link {target!r} leads back to this document."


def _ambiguous_ids(patterns: Sequence[Pattern]) -> Iterator[Finding]:
    first: dict[str, Pattern] = {}
    for pattern in patterns:
        holder = first.setdefault(pattern.id, pattern)
        if pattern.id and holder is not pattern:
            message = f"The id {pattern.id!r} belongs to {holder.path} too; links by it are not followed."
            yield finding(pattern.path, 1, "ambiguous-id", message)
