"""Every kind of thing that can be wrong with a document, and how much it matters.

``error``: the document, or a whole group of it, could not be used. ``warning``: something of it was
dropped, repaired or ignored. ``info``: it reads fine, but an author would want to know.
"""

from __future__ import annotations

from typing import NamedTuple

from navigator.pattern import Finding, Level


class Code(NamedTuple):
    """A kind of finding: its level and its meaning in one line."""

    level: Level
    meaning: str


CODES: dict[str, Code] = {
    # files
    "empty-file": Code("error", "the file holds no text"),
    "unreadable-file": Code("error", "the file could not be opened or read"),
    "binary-file": Code("error", "the file is not text"),
    "file-too-large": Code("error", "the file is larger than the reader takes"),
    "outside-link": Code("warning", "a symbolic link that leaves its folder was not followed"),
    "invalid-utf8": Code("warning", "bytes that are not UTF-8 were replaced"),
    "control-characters": Code("warning", "NUL or other control characters were dropped from the text"),
    # front matter
    "front-matter-syntax": Code("error", "the front matter is not valid YAML; what parses alone was saved"),
    "front-matter-unclosed": Code("error", "the front matter has no closing '---'"),
    "front-matter-too-large": Code("error", "the front matter is larger than the reader takes"),
    "front-matter-too-deep": Code("error", "the front matter is nested deeper than the reader takes"),
    "front-matter-expansion": Code("error", "aliases of the front matter grow beyond bounds"),
    "front-matter-leaked": Code("warning", "front matter was found in the body and kept out of the text"),
    "wrong-type": Code("warning", "a front matter value has another type than the form asks for"),
    "out-of-range": Code("warning", "a front matter number lies outside its range and was dropped"),
    "missing-title": Code("warning", "no title in the front matter; a heading or the file name serves"),
    "unsafe-slug": Code("warning", "the slug could lead out of its folder or cannot be one; replaced"),
    "duplicate-slug": Code("warning", "another document has the slug already; the first one stands"),
    # body
    "no-text": Code("warning", "the document has no body text"),
    "missing-section": Code("warning", "a section of the form is missing"),
    "empty-section": Code("warning", "a section has a heading and no text"),
    "placeholder": Code("warning", "a placeholder stands where text should be"),
    "cut-off": Code("warning", "the text ends in mid-sentence"),
    "template-hint": Code("info", "a hint of the template was left in a heading"),
    "padding": Code("info", "long runs of blanks or dashes were collapsed"),
    "near-duplicate": Code("warning", "the text is nearly that of another document"),
    # hints
    "junk-label": Code("warning", "a context label says nothing"),
    "misplaced-label": Code("warning", "a context label belongs to another context"),
    "filler-label": Code("info", "a context label is the title with filler"),
    "junk-tension": Code("warning", "the primary tension is made of title words"),
    "junk-keywords": Code("warning", "the keywords are title, opening or stop words"),
    # links
    "dangling-link": Code("warning", "a link leads to no document of the corpus"),
    "self-link": Code("info", "a document links to itself"),
}


def finding(path: str, line: int, code: str, message: str) -> Finding:
    """Return a finding of the kind ``code``, at the level that :data:`CODES` gives it."""
    return Finding(path=path, line=line, code=code, level=CODES[code].level, message=message)
