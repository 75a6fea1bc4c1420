"""Reading typed values out of front matter that may hold anything, with a finding for what is wrong.

A :class:`Fields` is asked for each key it should hold; what nobody asked for is what is left over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from navigator.corpus.findings import finding
from navigator.pattern import Finding

Key = str | int
LineOf = Callable[..., int]


class Fields:
    """A mapping of the front matter under the keys ``where``.

    Parameters
    ----------
    data
        The parsed mapping.
    path
        The file, for findings.
    line_of
        Maps keys to a 1-based line of the file.
    findings
        Where findings are appended.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        path: str,
        line_of: LineOf,
        findings: list[Finding],
        where: tuple[Key, ...] = (),
    ) -> None:
        self._data = data
        self._left = dict(data)
        self._path = path
        self._line_of = line_of
        self._findings = findings
        self._where = where

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def text(self, key: str) -> str:
        """Return a string; a number becomes one, the first of a list stands for it."""
        return self._as_text(self._take(key), key)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; a lone string is a list of one, a map gives its name."""
        return tuple(
            filter(None, (self._as_text(item, key, index) for index, item in enumerate(self._items(key))))
        )

    def number(self, key: str, low: float, high: float) -> float | None:
        """Return a number from ``low`` to ``high``, None where there is none in that range."""
        value = self._take(key)
        if value is None:
            return None
        try:
            number = float(value) if not isinstance(value, bool) else float("nan")
        except (TypeError, ValueError, OverflowError):
            self._wrong(key, value, "a number")
            return None
        if not low <= number <= high:
            self.report(
                "out-of-range",
                f"{self._name(key)} is {value!r}; it should lie between {low:g} and {high:g}.",
                key,
            )
            return None
        return number

    def fields(self, key: str) -> Fields:
        """Return the mapping under ``key``, an empty one where there is none."""
        value = self._take(key)
        if value is not None and not isinstance(value, dict):
            self._wrong(key, value, "a group of keys")
            self._left[key] = value
            value = None
        return Fields(value or {}, self._path, self._line_of, self._findings, (*self._where, key))

    def entries(self, key: str, name: str) -> Iterator[Fields]:
        """Yield the mappings of a list; a string in it is a mapping with only ``name``."""
        for index, item in enumerate(self._items(key)):
            if item is None:
                continue
            if not isinstance(item, dict):
                item = {name: item}
            yield Fields(item, self._path, self._line_of, self._findings, (*self._where, key, index))

    def keys(self) -> tuple[str, ...]:
        """Return the keys that nobody asked for yet."""
        return tuple(self._left)

    def left(self) -> dict[str, Any]:
        """Return what nobody asked for, empty values dropped."""
        return {key: value for key, value in self._left.items() if value not in (None, "", [], {})}

    def report(self, code: str, message: str, *keys: Key) -> None:
        """Append a finding at the line of a value."""
        self._findings.append(finding(self._path, self._line_of(*self._where, *keys), code, message))

    def _take(self, key: str) -> Any:
        return self._left.pop(key, None)

    def _items(self, key: str) -> list[Any]:
        value = self._take(key)
        if value is None or value == "":
            return []
        return value if isinstance(value, list) else [value]

    def _as_text(self, value: Any, key: str, *index: int) -> str:
        if value is None or value == [] or value == {}:
            return ""
        if isinstance(value, str):
            return " ".join(value.split())
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, list):
            self._wrong(key, value, "a text", *index)
            return self._as_text(value[0], key, *index)
        named = next(
            (value[name] for name in ("name", "title", "label", "text", "url") if value.get(name)), None
        )
        if named is None or not index:
            self._wrong(key, value, "a text", *index)
        return named if isinstance(named, str) else ""

    def _wrong(self, key: str, value: Any, wanted: str, *index: int) -> None:
        kind = {dict: "a group of keys", list: "a list", str: "a text"}.get(type(value), "a value")
        self.report(
            "wrong-type",
            f"{self._name(key)} is {kind} ({_short(value)}) where {wanted} is wanted.",
            key,
            *index,
        )

    def _name(self, key: str) -> str:
        return ".".join(str(part) for part in (*self._where, key))


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
