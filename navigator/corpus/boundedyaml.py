"""YAML from strangers: bounded in size, depth and alias expansion, and with lines for every value.

No tag makes anything but plain data, and dates stay the text that they were: YAML takes too many
strings for dates, and refuses some that only look like one.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import yaml

MAX_CHARACTERS = 256_000
MAX_DEPTH = 40
MAX_NODES = 50_000
"""Values, every alias counted as all that it stands for."""

_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML forbids; a blank for each keeps all lines where they are."""


class _Loader(yaml.CSafeLoader):
    """The safe C loader without dates."""


_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.yaml_constructors = {
    **yaml.CSafeLoader.yaml_constructors,
    _TIMESTAMP: yaml.CSafeLoader.yaml_constructors["tag:yaml.org,2002:str"],
}


class UnusableYamlError(ValueError):
    """YAML that cannot, or must not, be built.

    Attributes
    ----------
    code
        The kind of finding that it makes.
    line
        0-based line within the YAML.
    """

    def __init__(self, code: str, line: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """A mapping that was read, with the node it was built from."""

    data: dict[str, Any]
    root: yaml.Node | None

    def line(self, *keys: str | int) -> int:
        """Return the 0-based line of the value under ``keys``, as far down as they can be followed."""
        node, line = self.root, 0
        for key in keys:
            if isinstance(node, yaml.MappingNode):
                pair = next((pair for pair in node.value if pair[0].value == key), None)
                if pair is None:
                    return line
                line, node = pair[0].start_mark.line, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
                line = node.start_mark.line
        return line


def load_mapping(text: str) -> YamlMapping:
    """Build the mapping that a YAML text holds; an empty text holds an empty one.

    Raises
    ------
    UnusableYamlError
        When it is no valid YAML, no mapping, or beyond the bounds.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"The front matter has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read."
        raise UnusableYamlError("front-matter-too-large", 0, message)
    text = _NOT_YAML.sub(" ", text)
    try:
        _check_bounds(text)
        loader = _Loader(text)
        root = loader.get_single_node()
        data = loader.construct_document(root) if root else {}
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark or error.context_mark)
        message = f"The front matter is not valid YAML: {error.problem or error.context}."
        raise UnusableYamlError("front-matter-syntax", line, message) from error
    except UnusableYamlError:
        raise
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        message = f"The front matter is not valid YAML: {error}."
        raise UnusableYamlError("front-matter-syntax", 0, message) from error
    if not isinstance(data, dict):
        message = "The front matter is not made of 'key: value' lines."
        raise UnusableYamlError("front-matter-syntax", 0, message)
    return YamlMapping(_plain(data), root)


def _check_bounds(text: str) -> None:
    """Walk the events of a YAML text, which builds nothing, up to the first bound it exceeds."""
    sizes: dict[str, int] = {}
    collections: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            collections.append((event.anchor, total))
            if len(collections) > MAX_DEPTH:
                message = f"The front matter is nested more than {MAX_DEPTH} levels deep."
                raise UnusableYamlError("front-matter-too-deep", _line(event.start_mark), message)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = collections.pop()
            total += 1
            if anchor:
                sizes[anchor] = total - before
        elif isinstance(event, yaml.AliasEvent):
            endless = any(anchor == event.anchor for anchor, _ in collections)
            total += MAX_NODES if endless else sizes.get(event.anchor or "", 0)
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor:
                sizes[event.anchor] = 1
        if total > MAX_NODES:
            message = f"The front matter grows to more than {MAX_NODES:,} values."
            raise UnusableYamlError("front-matter-expansion", _line(event.start_mark), message)


def _line(mark: Any) -> int:
    """Return the 0-based line of a mark, which only the C loader's own type is sure to have."""
    return mark.line if mark else 0


def _plain(value: Any) -> Any:
    """Return YAML data as JSON has it: keys are strings, and there are no sets, bytes, NaN or infinity."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (str, int, float)):
        return value
    return str(value)
