"""Front matter that leaked into a body: a second head, with or without its ``---`` lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

_KEYS = (
    "id|slug|title|aliases|summary|version|created|modified|tags|classification|context_labels|ontology|lifecycle"
    "|relationships|graph_garden|provenance|domain|commons_domain|generalizes_from|specializes_to|enables|requires"
    "|related|contributors|sources|license|attribution|repository|page_url|github_url"
)
_KEY = re.compile(rf"^(?:{_KEYS}):(?=\s)", re.MULTILINE)
_CAN_BE_YAML = re.compile(r"[A-Za-z_][\w-]*:(?:\s|$)|[ \t]|-[ \t]|[\]}]|$")
_FENCE_BEFORE = re.compile(r"^---[ \t]*\n\Z", re.MULTILINE)
_FENCE_AFTER = re.compile(r"\s*^---[ \t]*$", re.MULTILINE)

ENOUGH = 4
"""So many known keys, line under line, are front matter; fewer may be prose."""


def leaked_spans(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of leaked front matter in ``text[start:]``, its ``---`` lines included."""
    position = start
    while match := _KEY.search(text, position):
        stop = _run_end(text, match.start())
        position = max(stop, match.end())
        if len(_KEY.findall(text, match.start(), stop)) >= ENOUGH:
            before = _FENCE_BEFORE.search(text, max(start, match.start() - 8), match.start())
            after = _FENCE_AFTER.match(text, stop)
            position = after.end() if after else stop
            yield (before.start() if before else match.start()), position


def _run_end(text: str, position: int) -> int:
    """Return the end of the last line that can be YAML, blank lines after it not counted."""
    end = position
    while position < len(text):
        newline = text.find("\n", position)
        stop = len(text) if newline < 0 else newline
        line = text[position:stop]
        if not _CAN_BE_YAML.match(line):
            break
        if line.strip():
            end = stop
        position = stop + 1
    return end
