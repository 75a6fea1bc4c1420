"""Every kind of thing that can be wrong with a document, and how much it matters.

``error``: the document, or a whole group of it, could not be used. ``warning``: something of it was
dropped, repaired or ignored. ``info``: it reads fine, but its author would want to know.
"""

from __future__ import annotations

from typing import NamedTuple

from navigator.pattern import Finding, Level


class Code(NamedTuple):
    """A kind of finding: its level, and its meaning in one line."""

    level: Level
    meaning: str


CODES: dict[str, Code] = {
    # files
    "empty-file": Code("error", "the file holds no text"),
    "unreadable-file": Code("error", "the file or folder could not be opened"),
    "binary-file": Code("error", "the file is not text"),
    "file-too-large": Code("error", "the file is larger than the reader takes"),
    "outside-link": Code("warning", "a symbolic link leaves its folder and was not followed"),
    "invalid-utf8": Code("warning", "bytes that are not UTF-8 were replaced"),
    "control-characters": Code("warning", "NUL characters were dropped"),
    # front matter
    "front-matter-syntax": Code("error", "the front matter is not valid YAML; what parses alone was saved"),
    "front-matter-unclosed": Code("error", "the front matter has no closing '---'"),
    "front-matter-too-large": Code("error", "the front matter is larger than the reader takes"),
    "front-matter-too-deep": Code("error", "the front matter is nested deeper than the reader takes"),
    "front-matter-expansion": Code("error", "the aliases of the front matter grow beyond bounds"),
    "front-matter-leaked": Code("warning", "front matter stood in the body and was kept out of the text"),
    "wrong-type": Code("warning", "a front matter value is of another type than the form asks for"),
    "out-of-range": Code("warning", "a front matter number lies outside its range and was dropped"),
    "missing-title": Code("warning", "no title is given; a heading or the file name stands for it"),
    "unsafe-slug": Code(
        "warning", "the slug is not made of letters, digits and hyphens; one that is stands for it"
    ),
    "duplicate-slug": Code("warning", "another document has the slug already; this one was left out"),
    # body
    "no-text": Code("warning", "the document has no text below its front matter"),
    "missing-section": Code("warning", "sections of the form are missing"),
    "empty-section": Code("warning", "a heading has no text under it"),
    "repeated-section": Code("warning", "a section says the same as an earlier one and was left out"),
    "placeholder": Code("warning", "a placeholder stands where text should be"),
    "cut-off": Code("warning", "the text ends in the middle of a sentence"),
    "template-hint": Code("info", "hints of the template were left in headings"),
    "padding": Code("info", "long runs of blanks or dashes were collapsed"),
    "near-duplicate": Code("warning", "another document has the same subject or most of the same text"),
    # hints for the search
    "junk-label": Code("warning", "a context label says nothing; the title stands for it"),
    "sentence-label": Code("warning", "a context label is a sentence, not a name; the title stands for it"),
    "misplaced-label": Code("warning", "a context label is one for another context; the title stands for it"),
    "filler-label": Code("info", "a context label is only the title with filler; the title stands for it"),
    "junk-tension": Code("warning", "the primary tension is made of title words; the search ignores it"),
    "junk-keywords": Code(
        "warning", "the keywords only repeat the title and the summary; the search ignores them"
    ),
    # situations beside a library, see navigator.corpus.sidecars
    "broken-situation": Code("warning", "a line of a file of situations cannot be used and was left out"),
    "situation-without-pattern": Code("info", "situations are for patterns that the corpus does not hold"),
    # links
    "dangling-link": Code("warning", "a link leads to no document of the corpus"),
    "ambiguous-id": Code("warning", "several documents have the same id; links by it are not followed"),
    "self-link": Code("info", "a document links to itself"),
    # the form v7.1, see navigator.lint
    "missing-group": Code("warning", "a group of the front matter, or a key of it, is missing"),
    "invalid-id": Code("warning", "the id is not a TypeID"),
    "missing-label": Code("warning", "a context has no label"),
    "same-label": Code("warning", "two contexts have the same label"),
    "weak-tension": Code("warning", "the primary tension is no pair of forces, or repeats the title"),
    "keyword-count": Code("warning", "there are fewer or more keywords than the form asks for"),
    "weak-keyword": Code("warning", "keywords are stop words or repeat the title"),
    "weak-situation": Code("warning", "a situation repeats words of the title"),
    "section-length": Code("warning", "a section has fewer or more words than the form asks for"),
    "section-shape": Code("warning", "a section does not open, or is not divided, as the form asks"),
    "missing-context": Code("warning", "the implementation has no passage for one of the contexts"),
    "missing-sources": Code("warning", "no source is named"),
    "few-links": Code("warning", "the pattern has fewer links than the form asks for"),
    "link-cycle": Code("warning", "patterns require or enable one another in a circle"),
}


def finding(path: str, line: int, code: str, message: str) -> Finding:
    """Return a finding of the kind ``code``, at the level that :data:`CODES` gives it."""
    return Finding(path=path, line=line, code=code, level=CODES[code].level, message=message)


class Report:
    """What is found in one document while it is read.

    Parameters
    ----------
    path
        The document's path, which every finding carries.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []

    def add(self, code: str, message: str, *, line: int = 1) -> None:
        """Note a finding at a 1-based line of the file; 1 where the whole file is meant."""
        self.findings.append(finding(self.path, line, code, message))
