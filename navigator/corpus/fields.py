"""Typed values out of front matter that may hold anything, with a finding for what does not fit.

A :class:`Fields` is asked for every key it may hold; what nobody asked for is left over, and is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from navigator.corpus.findings import Report

Key = str | int
_NAMES = ("name", "title", "label", "text", "url")


class Fields:
    """A mapping of the front matter.

    Parameters
    ----------
    data
        The mapping as parsed: strings, numbers, booleans, None, lists and mappings.
    report
        Takes the findings.
    line_of
        Maps the keys that lead to a value to its 1-based line in the file.
    where
        The keys that lead to this mapping.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        report: Report,
        line_of: Callable[..., int],
        where: tuple[Key, ...] = (),
    ) -> None:
        self._left = dict(data)
        self._report = report
        self._line_of = line_of
        self._where = where

    @property
    def line(self) -> int:
        """1-based line of the file on which this mapping begins."""
        return self._line_of(*self._where)

    def text(self, key: str) -> str:
        """Return a string, blanks collapsed; a number is written out, the first of a list is taken."""
        return self._text(self._left.pop(key, None), key)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; a lone string is a list of one, and of a mapping its name is taken."""
        return tuple(
            filter(None, (self._text(item, key, index) for index, item in enumerate(self._items(key))))
        )

    def number(self, key: str, low: float, high: float) -> float | None:
        """Return a number from ``low`` to ``high``, None where there is none."""
        value = self._left.pop(key, None)
        if value is None or value == "":
            return None
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            self._wrong(value, "a number", key)
            return None
        if isinstance(value, bool) or not low <= number <= high:
            message = (
                f"{self._name(key)} is {_short(value)}; it was dropped, being none of {low:g} to {high:g}."
            )
            self.report("out-of-range", message, key)
            return None
        return number

    def fields(self, key: str) -> Fields:
        """Return the mapping under ``key``, an empty one where there is none."""
        value = self._left.get(key)
        if isinstance(value, dict):
            del self._left[key]
            return Fields(value, self._report, self._line_of, (*self._where, key))
        if value not in (None, "", []):
            self._wrong(value, "a group of keys", key)
        return Fields({}, self._report, self._line_of, (*self._where, key))

    def entries(self, key: str, name: str) -> Iterator[Fields]:
        """Yield the mappings of a list; anything else in it becomes a mapping of ``name`` to it."""
        for index, item in enumerate(self._items(key)):
            if item is not None:
                data = item if isinstance(item, dict) else {name: item}
                yield Fields(data, self._report, self._line_of, (*self._where, key, index))

    def remaining(self) -> tuple[str, ...]:
        """Return the keys that nobody asked for yet."""
        return tuple(self._left)

    def left(self) -> dict[str, Any]:
        """Return what nobody asked for, without empty values."""
        return {key: value for key, value in self._left.items() if value not in (None, "", [], {})}

    def report(self, code: str, message: str, *keys: Key) -> None:
        """Note a finding at the line of the value under ``keys``."""
        self._report.add(code, message, line=self._line_of(*self._where, *keys))

    def _items(self, key: str) -> list[Any]:
        value = self._left.pop(key, None)
        if value is None or value == "":
            return []
        return value if isinstance(value, list) else [value]

    def _text(self, value: Any, key: str, *index: int) -> str:
        if isinstance(value, str):
            return " ".join(value.split())
        if value in (None, [], {}):
            return ""
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, list):
            self._wrong(value, "a text", key, *index)
            return self._text(value[0], key, *index)
        name = next((value[name] for name in _NAMES if isinstance(value.get(name), str)), "")
        if not name or not index:
            self._wrong(value, "a text", key, *index)
        return name

    def _wrong(self, value: Any, wanted: str, key: str, *index: int) -> None:
        kinds: dict[type, str] = {dict: "a group of keys", list: "a list", str: "a text"}
        kind = kinds.get(type(value), "a single value")
        message = f"{self._name(key)} is {kind} where {wanted} is wanted: {_short(value)}."
        self.report("wrong-type", message, key, *index)

    def _name(self, key: str) -> str:
        return ".".join(str(part) for part in (*self._where, key))


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
