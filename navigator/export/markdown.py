"""A handout as Markdown that shows its text and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from navigator.export.outline import Line, Outline, Role, runs

_MARKS = re.compile(r"[\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
_NUMBER = re.compile(r"\d{1,9}(?=[.)])")
_FORMS: dict[Role, str] = {
    "name": "{mark} {text}",
    "byname": "*{text}*",
    "transition": "*{text}*",
    "note": "*{text}*",
    "part": "{mark}# {text}",
    "voice": "{mark}## {text}",
    "therefore": "> **{text}**",
    "case": "**{text}**",
    "body": "{text}",
    "credits": "---\n\n{mark}# {text}",
}
_NEW_LIST = "<!-- -->"
"""Between two lists, which Markdown would take for one and number as one."""


def markdown(handout: Outline) -> str:
    """Return a handout as CommonMark; the patterns of a string are second-level headings."""
    blocks = list(_title(handout)) if handout.has_title_page else []
    for leaf in handout.leaves:
        blocks += _blocks(leaf.lines, "##" if handout.has_title_page else "#")
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """Return Markdown that shows ``text``, one line, as it is."""
    text = _MARKS.sub(r"\\\g<0>", text)
    number = _NUMBER.match(text)
    if number is not None:
        return f"{number[0]}\\{text[number.end() :]}"
    return f"\\{text}" if text[:1] in {"#", "+", "-", "="} else text


def _title(handout: Outline) -> Iterator[str]:
    yield f"# {escaped(handout.title)}"
    if handout.subtitle:
        yield f"*{escaped(handout.subtitle)}*"
    entries = []
    for number, leaf in enumerate(handout.leaves, start=1):
        transition = f": {escaped(leaf.transition)}" if leaf.transition else ""
        entries.append(f"{number}. **{escaped(leaf.name)}**{transition}")
    yield "\n".join(entries)
    yield escaped(handout.terms)


def _blocks(lines: Iterable[Line], mark: str) -> Iterator[str]:
    listed = False
    for run in runs(lines):
        if run[0].role in {"item", "credit"}:
            if listed:
                yield _NEW_LIST
            yield "\n".join(map(_item, run))
        elif run[0].role in _FORMS:
            yield _FORMS[run[0].role].format(text=escaped(run[0].text), mark=mark)
        listed = run[0].role in {"item", "credit"}


def _item(line: Line) -> str:
    if line.role == "item":
        return f"{line.marker} {escaped(line.text)}"
    address = f", <{line.url}>" if line.url else ""
    return f"- {line.label}: {escaped(line.text)}{address}"
