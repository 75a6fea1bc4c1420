"""Taking out of a block what its author never meant to be read: padding, HTML tags, control characters.

Every rule here makes the text shorter. A cleaned block therefore never has the length of its span in
the file, which is how :attr:`navigator.pattern.Block.verbatim` tells the two apart.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from navigator.pattern import BlockKind

PADDING = 8
"""So many blanks or dashes in a row are padding; shorter runs are left as they are."""

PLACEHOLDER = re.compile(
    r"[^\w\n]*(?:content )?(?:to be (?:added|written|completed|determined|done)|tbd|todo)[^\w\n]*",
    re.IGNORECASE,
)
"""What stands for a text that is still to be written."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+|_x000D_?")
_BLANKS = re.compile(rf"[ \t\xa0]{{{PADDING},}}")
_DASHES = re.compile(rf"-{{{PADDING},}}")
_PARENTHESIS = re.compile(r" ?\(([^()]{1,100})\)")
_WORD_COUNT = re.compile(r"\d.*\bwords?\b")
_CELL_END = re.compile(r"</t[dh]\s*>\s*", re.IGNORECASE)
_LINE_BREAK = re.compile(r"</tr\s*>\s*|<br\s*/?>\n?", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|article|aside|b|blockquote|body|br|button|caption|center|cite|code|col|colgroup|dd|del|details"
    r"|div|dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins"
    r"|kbd|li|link|main|mark|meta|nav|object|ol|p|path|picture|pre|q|s|script|section|small|source|span|strike"
    r"|strong|style|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|tr|u|ul|video|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?!(?:lt|gt|#0*6[02]|#x0*3[ce]);)(?:[a-z]{2,31}|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE
)
"""Character references, but for those of ``<`` and ``>``: text must not become a tag."""


def clean(text: str, kind: BlockKind) -> str:
    """Return the text of a block without what its author never meant to be read."""
    text = _CONTROL.sub("", text)
    if kind == "code":
        return text
    if "<" in text:
        text = _without_tags(text)
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    text = _BLANKS.sub(" ", text)
    if kind == "table":
        text = _DASHES.sub("---", text)
    if kind == "heading":
        text = without_template_hint(text).rstrip("#")
    return text.strip()


def _character(reference: re.Match[str]) -> str:
    """Return what a reference stands for, the reference itself where that is nothing."""
    name = reference[0][1:]
    return html.unescape(reference[0]) if name.startswith("#") or name in html5 else reference[0]


def without_template_hint(heading: str) -> str:
    """Drop what a template asks of a section: "(3-7 principles, 200-400 words)"."""
    return _PARENTHESIS.sub(lambda aside: "" if _WORD_COUNT.search(aside[1]) else aside[0], heading)


def _without_tags(text: str) -> str:
    for opening, closing in (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>")):
        text = _without_elements(text, opening, closing)
    text = _CELL_END.sub(" | ", text)
    text = _LINE_BREAK.sub("\n", text)
    return _TAG.sub("", text)


def _without_elements(text: str, opening: str, closing: str) -> str:
    """Drop every stretch from ``opening`` to ``closing``; one that is never closed stays."""
    lower = text.lower()
    kept, position = [], 0
    while (start := lower.find(opening, position)) >= 0 and (stop := lower.find(closing, start)) >= 0:
        kept.append(text[position:start])
        position = stop + len(closing)
    return "".join([*kept, text[position:]])
