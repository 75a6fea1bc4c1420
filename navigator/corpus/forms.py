"""Recognising a document's form by its content."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from navigator.pattern import Form

_V8_KEYS = {"orbital_layer", "sector", "gravitational_hubs"}
_V7_KEYS = {"context_labels", "ontology", "lifecycle", "relationships", "graph_garden"}
_FIRST_KEYS = {"classification", "generalizes_from", "specializes_to", "commons_alignment", "related"}
_SECTION = re.compile(r"^[#*\s]*section[ \t]+\d+[ \t]*[:.–—-]", re.IGNORECASE | re.MULTILINE)
_MARKDOWN_SECTION = re.compile(
    r"^#{1,6}[ \t]*(?:section[ \t]+\d+[ \t]*[:.–—-]|\d+[.)][ \t])", re.IGNORECASE | re.MULTILINE
)
_ENOUGH_SECTIONS = 3


def form_of(data: Mapping[str, Any] | None, body: str) -> Form:
    """Return the form of a document with front matter ``data`` (None: it has none) and ``body``."""
    keys = set(data or {})
    relationships = (data or {}).get("relationships")
    if keys & _V8_KEYS or isinstance(relationships, dict) and "manifests_as" in relationships:
        return "v8.2"
    if keys & _V7_KEYS:
        return "v7.1"
    if keys & _FIRST_KEYS:
        return "first"
    if len(_MARKDOWN_SECTION.findall(body)) >= _ENOUGH_SECTIONS:
        return "v7.1" if _SECTION.search(body) else "first"
    if len(_SECTION.findall(body)) >= _ENOUGH_SECTIONS:
        return "page"
    return "article"
