"""Front matter: YAML at the head of a document, read within bounds and with line numbers.

Nothing of it is trusted: its size, its nesting and what its aliases would grow to are bounded before
anything is built, and no tag makes anything but plain data. Dates stay the text that they were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from navigator.corpus.findings import finding
from navigator.pattern import Finding

MAX_CHARACTERS = 256_000
MAX_DEPTH = 40
MAX_NODES = 50_000
"""Nodes after every alias has been replaced by what it stands for."""

Key = str | int


class _Loader(yaml.CSafeLoader):
    """The safe C loader without dates, which YAML takes many strings for."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_str)

_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_OPENING = re.compile(r"\ufeff?\s*(?:```\w*[ \t]*\n)?---[ \t]*\n")
_TOP_KEY = re.compile(r"^[A-Za-z_][\w-]*[ \t]*:(?=\s|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the two ``---`` lines.

    Attributes
    ----------
    data
        The mapping, empty where nothing could be read.
    end
        Character offset in the file where the body begins.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    end: int = 0
    text: str = ""
    first_line: int = 1

    def line(self, *keys: Key) -> int:
        """Return the 1-based line in the file of the value under ``keys``, or of what holds it."""
        return self.first_line + _line_within(self.text, keys)


class UnusableYaml(ValueError):
    """YAML that cannot or must not be built.

    Attributes
    ----------
    code
        The kind of finding it makes.
    line
        0-based line within the YAML.
    """

    def __init__(self, code: str, line: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


def read_front_matter(text: str, path: str) -> tuple[FrontMatter | None, list[Finding]]:
    """Return the front matter of a document, None where it has none, and what is wrong with it."""
    opening = _OPENING.match(text)
    if not opening or not _TOP_KEY.search(text, opening.end(), opening.end() + 2000):
        return None, []
    start = opening.end()
    first_line = text.count("\n", 0, start) + 1
    closing = _FENCE.search(text, start)
    findings = []
    if closing:
        stop, end = closing.start(), closing.end()
    else:
        stop = end = _unclosed_end(text, start)
        findings.append(
            finding(
                path, first_line - 1, "front-matter-unclosed", "The front matter is never closed by '---'."
            )
        )
    data, problems = read_mapping(text[start:stop])
    findings += [finding(path, first_line + problem.line, problem.code, str(problem)) for problem in problems]
    return FrontMatter(data, end, text[start:stop], first_line), findings


def read_mapping(text: str) -> tuple[dict[str, Any], list[UnusableYaml]]:
    """Return the mapping that a YAML text holds, with what could not be read.

    Where the whole does not parse, each of its top-level keys is tried alone, so that one broken
    group costs only itself.
    """
    try:
        return load_mapping(text), []
    except UnusableYaml as problem:
        if problem.code == "front-matter-too-large":
            return {}, [problem]
        data: dict[str, Any] = {}
        starts = [match.start() for match in _TOP_KEY.finditer(text)]
        for start, stop in zip(starts, [*starts[1:], len(text)], strict=True):
            try:
                data |= load_mapping(text[start:stop])
            except UnusableYaml:
                continue  # the finding for the whole names the line already
        return data, [problem]


def load_mapping(text: str) -> dict[str, Any]:
    """Build the mapping that a YAML text holds.

    Raises
    ------
    UnusableYaml
        When it is no valid YAML, no mapping, or beyond bounds.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnusableYaml(
            "front-matter-too-large",
            0,
            f"The front matter has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.",
        )
    try:
        _check_bounds(text)
        data = yaml.load(text, _Loader)  # noqa: S506 - a safe loader, less dates
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        raise UnusableYaml(
            "front-matter-syntax", line, f"The front matter is not valid YAML: {error.problem}."
        ) from error
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        if isinstance(error, UnusableYaml):
            raise
        raise UnusableYaml(
            "front-matter-syntax", 0, f"The front matter is not valid YAML: {error}."
        ) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise UnusableYaml("front-matter-syntax", 0, "The front matter is not a list of 'key: value' lines.")
    return plain_data(data)


def _check_bounds(text: str) -> None:
    """Walk the events of a YAML text, which builds nothing, and stop at the first bound exceeded."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, _Loader):
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            total += sizes.get(event.anchor, 0)
        elif isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((anchor, total))
            if len(open_nodes) > MAX_DEPTH:
                raise UnusableYaml(
                    "front-matter-too-deep",
                    event.start_mark.line,
                    f"The front matter is nested deeper than {MAX_DEPTH} levels.",
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            total += 1
            if anchor:
                sizes[anchor] = total - before
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if anchor:
                sizes[anchor] = 1
        if total > MAX_NODES:
            raise UnusableYaml(
                "front-matter-expansion",
                event.start_mark.line,
                f"The front matter grows to more than {MAX_NODES:,} values.",
            )


def plain_data(value: Any) -> Any:
    """Return YAML data as JSON would have it: text keys, no sets, bytes or numbers that are none."""
    if isinstance(value, dict):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain_data(item) for item in value]
    if isinstance(value, float) and (value != value or value in {float("inf"), float("-inf")}):
        return None
    if value is None or isinstance(value, (str, int, float)):
        return value
    return str(value)


def _unclosed_end(text: str, start: int) -> int:
    """Return where front matter without a closing line ends: at the first line that cannot be YAML."""
    position = start
    for line in text[start:].split("\n"):
        if (
            line
            and not line[0].isspace()
            and not re.match(r"[A-Za-z_][\w-]*[ \t]*:(?:\s|$)|- |#(?![# ]*\w)|[\]}]", line)
        ):
            break
        position += len(line) + 1
    return min(position, len(text))


def _line_within(text: str, keys: tuple[Key, ...]) -> int:
    """Return the 0-based line of the value under ``keys``, as far down as it can be followed."""
    try:
        node = yaml.compose(text, _Loader)
    except yaml.YAMLError:
        return 0
    line = 0
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == key), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line
        else:
            break
    return line
