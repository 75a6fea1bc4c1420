"""What the spec asks of a pattern beyond being readable.

The reader (:mod:`navigator.corpus`) reports what it had to drop, repair or ignore. The checks here hold a
pattern of form v7.1 against the form itself: its groups, the length and shape of its sections, hints that
help a search, a passage for each context, sources, links. Each check is a generator over one page; what
only shows over the whole corpus has a check of its own. Patterns of other forms have other rules and are
passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from navigator.corpus.findings import finding
from navigator.corpus.hints import STOP_WORDS
from navigator.pattern import CONTEXTS, Block, Corpus, Finding, Pattern
from navigator.text import plain, stems, words

SECTION_WORDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "Context": (100, 200),
        "Problem": (100, 200),
        "Solution": (200, 400),
        "Implementation": (300, 500),
        "Consequences": (200, 300),
        "Known Uses": (200, 300),
        "Cognitive Era": (150, 250),
        "Vitality": (200, 300),
    }
)
"""Fewest and most words of each section, spec v7.1."""

KEYWORDS = (8, 14)
"""Fewest and most vector keywords, spec v7.1."""

FEWEST_LINKS = 4
"""A pattern that is linked less stands alone in its language."""

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "1, core identity": ("id", "slug", "title", "summary"),
        "2, contextual translation": ("context_labels",),
        "3, ontology and search": ("ontology",),
        "4, lifecycle": ("lifecycle",),
        "5, relationships": ("relationships",),
        "6, graph garden": ("graph_garden",),
        "7, provenance": ("contributors", "license", "attribution"),
    }
)
"""The seven groups of the front matter, and the keys that each is made of; sources have their own check."""

OPENINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "Problem": ("the core conflict is", "The core conflict is …"),
        "Solution": ("therefore", "Therefore, …"),
    }
)
"""What the first words of a section are, in lower case and as the spec has them."""

PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Consequences": ("What flourishes", "What risks emerge"),
        "Vitality": ("Signs of life", "Signs of decay", "When to replant"),
    }
)
"""The labelled parts of a section."""

_TYPE_ID = re.compile(r"(?:[a-z](?:[a-z_]{0,61}[a-z])?_)?[0-7][0-9a-hjkmnp-tv-z]{25}")
"""A TypeID: up to 63 letters of prefix, then 128 bits in Crockford's base32 (typeid spec 0.3)."""

_VERSUS = re.compile(r"\S\s+(?:vs\.?|versus)\s+\S", re.IGNORECASE)
_KEY = re.compile(r"^(\w+)[ \t]*:", re.MULTILINE)
_UNSAID = re.compile(r"\]\([^)]*\)|^[ \t]*\d{1,3}[.)]", re.MULTILINE)
_VERSUS_WORDS = frozenset({"vs", "versus"})
_LONGEST_OPENING = 80


class _Page:
    """A pattern together with the file it was read from, which knows where its keys stand."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern

    def finding(self, code: str, message: str, *keys: str, line: int | None = None) -> Finding:
        """Return a finding at a line, or at the line of the innermost of nested front matter ``keys``."""
        return finding(self.pattern.path, self._line_of(keys) if line is None else line, code, message)

    @cached_property
    def source(self) -> str:
        """The file as it stands, nothing where there is no such file any more."""
        try:
            return Path(self.pattern.path).read_text("utf-8", errors="replace")
        except OSError:
            return ""

    @cached_property
    def title_stems(self) -> frozenset[str]:
        """The stems of the title's words, function words left out."""
        return frozenset(stems(self.pattern.title)) - _VERSUS_WORDS

    def title_words(self, text: str) -> list[str]:
        """Return the words of ``text`` that the title has too, whatever their endings."""
        return [word for word in dict.fromkeys(words(text)) if self.title_stems.intersection(stems(word))]

    def _line_of(self, keys: Sequence[str]) -> int:
        position = 0
        for key in keys:
            found = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*:", re.MULTILINE).search(self.source, position)
            if found is None:
                break
            position = found.end()
        return self.source.count("\n", 0, position) + 1


def lint_corpus(corpus: Corpus) -> tuple[Finding, ...]:
    """Return the findings of the reader and those of the checks here, by path and line.

    Nothing is reported twice: where the reader judged a hint to be junk, it is not judged again.
    """
    pages = [_Page(pattern) for pattern in corpus.patterns if pattern.form == "v7.1"]
    found = [problem for page in pages for check in _CHECKS for problem in check(page)]
    found += _cycles(pages)
    return tuple(sorted([*corpus.findings, *found], key=lambda problem: (problem.path, problem.line)))


def _groups(page: _Page) -> Iterator[Finding]:
    keys = set(_KEY.findall(page.source))
    if not keys:
        return
    for group, wanted in GROUPS.items():
        missing = [key for key in wanted if key not in keys]
        if missing:
            message = f"Group {group}, lacks {', '.join(missing)}."
            present = [key for key in wanted if key in keys]
            yield page.finding("missing-group", message, *present[:1])


def _identity(page: _Page) -> Iterator[Finding]:
    identifier = page.pattern.id
    if identifier and not _TYPE_ID.fullmatch(identifier):
        yield page.finding("invalid-id", f"The id {identifier!r} is not a TypeID.", "id")


def _labels(page: _Page) -> Iterator[Finding]:
    labels = page.pattern.context_labels
    missing = [context for context in CONTEXTS if not labels.get(context)]
    if missing:
        yield page.finding("missing-label", f"There is no label for {', '.join(missing)}.", "context_labels")
    holders: dict[str, str] = {}
    for context, label in page.pattern.usable_labels.items():
        first = holders.setdefault(" ".join(words(label)), context)
        if first != context:
            message = f"The {context} label {label!r} is the {first} one too."
            yield page.finding("same-label", message, "context_labels", context)


def _tension(page: _Page) -> Iterator[Finding]:
    at = ("ontology", "search_hints", "primary_tension")
    if "primary_tension" in page.pattern.junk:
        return
    tension = page.pattern.ontology.search_hints.primary_tension
    if not _VERSUS.search(tension):
        message = f"The primary tension {tension!r} is not a pair of forces, 'A vs. B'."
        yield page.finding("weak-tension", message, *at)
    elif repeated := page.title_words(tension):
        message = f"The primary tension {tension!r} repeats the title: {', '.join(repeated)}."
        yield page.finding("weak-tension", message, *at)


def _keywords(page: _Page) -> Iterator[Finding]:
    at = ("ontology", "search_hints", "vector_keywords")
    if "vector_keywords" in page.pattern.junk:
        return
    keywords = page.pattern.ontology.search_hints.vector_keywords
    fewest, most = KEYWORDS
    if not fewest <= len(keywords) <= most:
        message = f"There are {len(keywords)} vector keywords; the form asks for {fewest} to {most}."
        yield page.finding("keyword-count", message, *at)
    weak = [keyword for keyword in keywords if keyword.lower() in STOP_WORDS or page.title_words(keyword)]
    if weak:
        message = f"Keywords that are stop words or repeat the title: {', '.join(weak)}."
        yield page.finding("weak-keyword", message, *at)


def _situations(page: _Page) -> Iterator[Finding]:
    own = (each for each in page.pattern.ontology.search_hints.situations if not each.path)
    for situation in own:
        if repeated := page.title_words(situation.text):
            message = f"The situation {situation.text[:40]!r}… repeats the title: {', '.join(repeated)}."
            yield page.finding("weak-situation", message, "ontology", "search_hints", "situations")


def _lengths(page: _Page) -> Iterator[Finding]:
    for role, (fewest, most) in SECTION_WORDS.items():
        section = page.pattern.section(role)
        if section is None or not section.blocks:
            continue
        length = len(words(_UNSAID.sub(" ", section.text)))
        if not fewest <= length <= most:
            message = f"{role} has {length} words; the form asks for {fewest} to {most}."
            yield page.finding("section-length", message, line=section.line)


def _shapes(page: _Page) -> Iterator[Finding]:
    for role, (opening, form) in OPENINGS.items():
        section = page.pattern.section(role)
        if section is None or not section.blocks:
            continue
        if not _opening(section.blocks[0]).startswith(opening):
            yield page.finding("section-shape", f"{role} does not open with '{form}'.", line=section.line)
    for role, labels in PARTS.items():
        section = page.pattern.section(role)
        if section is None or not section.blocks:
            continue
        openings = [_opening(block) for block in section.blocks]
        missing = [label for label in labels if not any(text.startswith(label.lower()) for text in openings)]
        if missing:
            message = f"{role} has no part that opens with {' or '.join(repr(label) for label in missing)}."
            yield page.finding("section-shape", message, line=section.line)


def _opening(block: Block) -> str:
    return plain(block.text[:_LONGEST_OPENING]).lower()


def _contexts(page: _Page) -> Iterator[Finding]:
    section = page.pattern.section("Implementation")
    if section is None or not section.blocks:
        return
    addressed = {context for block in section.blocks for context in block.contexts}
    missing = [context for context in CONTEXTS if context not in addressed]
    if missing:
        message = f"Implementation has no passage for {', '.join(missing)}."
        yield page.finding("missing-context", message, line=section.line)


def _sources(page: _Page) -> Iterator[Finding]:
    if not page.pattern.sources:
        yield page.finding("missing-sources", "No source is named.", "sources")


def _links(page: _Page) -> Iterator[Finding]:
    number = sum(len(links) for links in page.pattern.relationships.values())
    if number < FEWEST_LINKS:
        message = f"There are {number} links to other patterns; the form asks for at least {FEWEST_LINKS}."
        yield page.finding("few-links", message, "relationships")


def _cycles(pages: Sequence[_Page]) -> Iterator[Finding]:
    """Report circles in what must come before what; no two of them share a link.

    A pattern comes after those that it requires and before those that it enables.
    """
    by_slug = {page.pattern.slug: page for page in pages}
    before: dict[str, dict[str, None]] = {slug: {} for slug in by_slug}
    for slug, page in by_slug.items():
        for earlier in _targets(page.pattern, "requires"):
            if earlier in before:
                before[slug][earlier] = None
        for later in _targets(page.pattern, "enables"):
            if later in before:
                before[later][slug] = None
    while cycle := _a_cycle(before):
        for earlier, later in pairwise(cycle):
            del before[later][earlier]
        page = by_slug[min(cycle)]
        message = f"What requires and enables what goes round in a circle: {' → '.join(cycle)}."
        yield page.finding("link-cycle", message, "relationships")


def _targets(pattern: Pattern, kind: str) -> Iterator[str]:
    return (
        link.slug for link in pattern.relationships.get(kind, ()) if link.slug not in {None, pattern.slug}
    )


def _a_cycle(before: Mapping[str, Mapping[str, None]]) -> list[str]:
    """Return a cycle as the slugs along it, the first one again at its end; nothing if there is none."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return []


_CHECKS: tuple[Callable[[_Page], Iterator[Finding]], ...] = (
    _groups,
    _identity,
    _labels,
    _tension,
    _keywords,
    _situations,
    _lengths,
    _shapes,
    _contexts,
    _sources,
    _links,
)
