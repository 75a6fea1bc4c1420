"""Recognising a document's form by its content, whatever its file is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from navigator.corpus.blocks import RawBlock
from navigator.corpus.headings import parse_heading
from navigator.corpus.pages import is_section_line
from navigator.pattern import Form

_V8_KEYS = {"orbital_layer", "sector", "gravitational_hubs"}
_V7_KEYS = {"context_labels", "ontology", "lifecycle", "relationships", "graph_garden"}
_FIRST_KEYS = {"classification", "generalizes_from", "specializes_to", "commons_alignment", "related"}

ENOUGH = 3
"""So many headings of a form make a text one of it."""


def form_of(data: Mapping[str, Any] | None, blocks: Sequence[RawBlock]) -> Form:
    """Return the form of a document with front matter ``data`` (None where it has none) and ``blocks``.

    The keys of the front matter tell most; where they tell nothing, the headings do.
    """
    keys = set(data or {})
    relationships = (data or {}).get("relationships")
    if keys & _V8_KEYS or (isinstance(relationships, dict) and "manifests_as" in relationships):
        return "v8.2"
    if keys & _V7_KEYS:
        return "v7.1"
    if keys & _FIRST_KEYS:
        return "first"
    if sum(is_section_line(block) for block in blocks) >= ENOUGH:
        return "v7.1" if data else "page"
    roles = [heading.role for block in blocks if block.level and (heading := parse_heading(block.text)).known]
    if len(roles) < ENOUGH:
        return "article"
    return "v7.1" if {"Problem", "Solution"} <= set(roles) else "first"
