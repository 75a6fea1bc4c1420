"""Front matter: where it ends, what it holds, and which line each value stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from navigator.corpus.boundedyaml import UnusableYamlError, YamlMapping, load_mapping
from navigator.corpus.findings import Report

_OPENING = re.compile(r"\ufeff?\s*(?:```\w*[ \t]*\n\s*)?---[ \t]*\n")
_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_COMMENTS = re.compile(r"(?:[ \t]*(?:#.*)?\n)*")
_TOP_KEY = re.compile(r"""^["']?[A-Za-z_][\w-]*["']?[ \t]{0,8}:(?=\s|$)""", re.MULTILINE)
_FLOW = re.compile(r"[\[{&!]")
_CAN_BE_YAML = re.compile(rf"{_TOP_KEY.pattern}|[ \t]|- |#(?!#)|[\]}}]|$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the two ``---`` lines at the head of a document.

    Attributes
    ----------
    data
        The mapping, without the groups that could not be read.
    end
        Character offset in the file where the body begins.
    pieces
        The parts that ``data`` was read from, with the 1-based line of the file each begins on.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    end: int = 0
    pieces: tuple[tuple[int, YamlMapping], ...] = ()

    @classmethod
    def of(cls, pieces: Sequence[tuple[int, YamlMapping]], end: int = 0) -> FrontMatter:
        """Put pieces together; of two values for a key the first one counts."""
        data = {key: value for _, piece in reversed(pieces) for key, value in piece.data.items()}
        return cls(data, end, tuple(pieces))

    def line(self, *keys: str | int) -> int:
        """Return the 1-based line of the value under ``keys``, of what holds it, or 1."""
        for first_line, piece in self.pieces:
            if keys and keys[0] in piece.data:
                return first_line + piece.line(*keys)
        return 1


def read_front_matter(text: str, report: Report) -> FrontMatter | None:
    """Return the front matter of a document, None where it has none."""
    opening = _OPENING.match(text)
    if not opening or not _begins_mapping(text, opening.end()):
        return None
    start = opening.end()
    first_line = text.count("\n", 0, start) + 1
    closing = _FENCE.search(text, start)
    if closing:
        stop, end = closing.span()
    else:
        stop = end = _unclosed_end(text, start)
        report.add("front-matter-unclosed", "The front matter is never closed by '---'.", line=first_line - 1)
    return FrontMatter.of(read_pieces(text[start:stop], first_line, report), end)


def read_pieces(text: str, first_line: int, report: Report) -> list[tuple[int, YamlMapping]]:
    """Return a YAML text as one mapping, or, where it is broken, each top-level key that is whole.

    One broken group thus costs only itself. The finding names the line of the whole's first fault.
    """
    try:
        return [(first_line, load_mapping(text))]
    except UnusableYamlError as error:
        report.add(error.code, str(error), line=first_line + error.line)
        if error.code != "front-matter-syntax":
            return []
    pieces = []
    starts = [match.start() for match in _TOP_KEY.finditer(text)]
    line = first_line + text.count("\n", 0, starts[0] if starts else 0)
    for start, stop in pairwise([*starts, len(text)]):
        with suppress(UnusableYamlError):  # reported above
            pieces.append((line, load_mapping(text[start:stop])))
        line += text.count("\n", start, stop)
    return pieces


def _begins_mapping(text: str, start: int) -> bool:
    """Whether what follows a ``---`` is front matter, and not text under a ruled line."""
    comments = _COMMENTS.match(text, start)
    at = comments.end() if comments else start
    return any(pattern.match(text, at) for pattern in (_TOP_KEY, _FLOW, _FENCE))


def _unclosed_end(text: str, start: int) -> int:
    """Return where front matter that is never closed ends: at the first line that cannot be YAML."""
    position = start
    for line in text[start:].split("\n"):
        if not _CAN_BE_YAML.match(line):
            return position
        position += len(line) + 1
    return len(text)
