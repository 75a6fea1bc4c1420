"""One document: its form recognised, its head and its body put together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from navigator.corpus.articles import make_article
from navigator.corpus.audiences import Audience, audiences_of
from navigator.corpus.blocks import RawBlock, scan, scan_lines
from navigator.corpus.checks import check_sections, check_text
from navigator.corpus.fields import Fields
from navigator.corpus.findings import Report
from navigator.corpus.forms import form_of
from navigator.corpus.frontmatter import FrontMatter, read_front_matter, read_pieces
from navigator.corpus.leaks import leaked_spans
from navigator.corpus.links import FORMER_NAMES
from navigator.corpus.markup import is_html, parse_html
from navigator.corpus.pages import make_page
from navigator.corpus.patterns import context_names, make_pattern
from navigator.corpus.sections import sections_of
from navigator.pattern import Document, Form, Pattern, Reading
from navigator.text import slugify

_HARD_WRAP = range(45, 121)
"""Lengths in characters of lines that were broken by an editor, not by their author."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document with the lines of what can only be judged over the whole corpus.

    Attributes
    ----------
    slug_line
        1-based line of its slug.
    link_lines
        1-based line of each link, as it is written.
    """

    document: Document
    slug_line: int = 1
    link_lines: Mapping[str, int] = field(default_factory=dict)


def read_document(text: str, report: Report, own: tuple[Audience, ...] = ()) -> ReadDocument | None:
    """Read one document from its text; None, and a finding, where it holds none.

    Parameters
    ----------
    own
        Contexts of the librarian's own, beside those of the form.
    """
    front = read_front_matter(text, report)
    start = front.end if front else 0
    title = ""
    if is_html(text, start):
        page = parse_html(text, start)
        title, blocks = page.title, list(page.blocks)
    elif front or _is_markdown(text):
        front, blocks = _scan_around_leaks(text, front, report)
    else:
        blocks = list(scan_lines(text))
    if not blocks and not (front and front.data):
        report.add("empty-file", f"{report.path} holds no text.")
        return None
    form = form_of(front.data if front else None, blocks)
    front = front or FrontMatter()
    if form == "article":
        return _reading(text, front, blocks, title, report, own)
    return _pattern(text, front, blocks, title, form, report, own)


def _pattern(
    text: str,
    front: FrontMatter,
    blocks: Sequence[RawBlock],
    title: str,
    form: Form,
    report: Report,
    own: tuple[Audience, ...],
) -> ReadDocument:
    data = dict(front.data)
    if form == "page":
        page = make_page(blocks, title)
        title, blocks, data = page.title, page.blocks, page.data | data
    fields = Fields(data, report, front.line)
    title = _title(fields, title, blocks, report)
    summary = fields.text("summary") or fields.text("description")
    slug = _slug(fields, title, report)
    check_text(text, front.end, blocks, report)
    sections = sections_of(
        blocks,
        text=text,
        title=title,
        summary=summary,
        report=report,
        audiences=audiences_of(context_names(data), own),
    )
    check_sections(sections, form, text, report)
    pattern = make_pattern(
        fields, form=form, path=report.path, slug=slug, title=title, summary=summary, sections=sections
    )
    return ReadDocument(pattern, front.line("slug"), _link_lines(pattern, front))


def _reading(
    text: str,
    front: FrontMatter,
    blocks: Sequence[RawBlock],
    title: str,
    report: Report,
    own: tuple[Audience, ...],
) -> ReadDocument:
    fields = Fields(front.data, report, front.line)
    article = make_article(blocks, fields.text("title") or title)
    title = article.title or _named_after_file(report.path)
    if not article.title:
        report.add("missing-title", f"No title was found; {title!r} stands for it.")
    summary = fields.text("summary") or fields.text("description") or article.summary
    slug = _slug(fields, title, report)
    sections = sections_of(
        article.blocks,
        text=text,
        title=title,
        summary="",
        report=report,
        preamble="Introduction",
        audiences=audiences_of((), own),
    )
    check_text(text, front.end, article.blocks, report)
    check_sections(sections, "article", text, report)
    reading = Reading(
        slug=slug,
        title=title,
        summary=summary,
        form="article",
        path=report.path,
        sections=sections,
        contributors=fields.texts("contributors") or fields.texts("author") or article.authors,
        sources=fields.texts("sources"),
        license=fields.text("license"),
        attribution=fields.text("attribution"),
        published=fields.text("published") or fields.text("date") or article.published,
    )
    reading = reading.model_copy(update={"extra": fields.left()})
    return ReadDocument(reading, front.line("slug"))


def _scan_around_leaks(
    text: str, front: FrontMatter | None, report: Report
) -> tuple[FrontMatter | None, list[RawBlock]]:
    """Scan a Markdown body without the front matter that leaked into it.

    What leaked fills gaps of the front matter; ids and slugs that it has besides are kept as former
    names, since links may use them.
    """
    blocks: list[RawBlock] = []
    leaks: list[FrontMatter] = []
    position = front.end if front else 0
    for start, stop in list(leaked_spans(text, position)):
        inner = text[start:stop].strip("- \t\n")
        line = text.count("\n", 0, text.index(inner, start)) + 1
        report.add("front-matter-leaked", "Front matter stands in the body; it was left out.", line=line)
        leaks.append(FrontMatter.of(read_pieces(inner, line, report)))
        blocks += scan(text, position, start)
        position = stop
    blocks += scan(text, position)
    return (_with_leaks(front or FrontMatter(), leaks) if leaks else front), blocks


def _with_leaks(front: FrontMatter, leaks: Sequence[FrontMatter]) -> FrontMatter:
    data: dict[str, Any] = {}
    for each in (*leaks, front):
        data |= {key: value for key, value in each.data.items() if value not in (None, "", [], {})}
    former = [leak.data.get(key) for leak in leaks for key in ("id", "slug")]
    names = dict.fromkeys(
        str(name) for name in former if name and name not in (data.get("id"), data.get("slug"))
    )
    if names:
        data[FORMER_NAMES] = list(names)
    return FrontMatter(data, front.end, tuple(piece for each in (front, *leaks) for piece in each.pieces))


def _is_markdown(text: str) -> bool:
    """Whether line breaks in a text without front matter are its editor's: it has headings, or is wrapped."""
    if re.search(r"^#{1,6} \S", text, re.MULTILINE):
        return True
    spoken = [line if any(map(str.isalnum, line)) else "" for line in text.split("\n")]
    broken = [len(line) for line, following in pairwise(spoken) if line and following]
    return len(broken) >= 3 and sum(length in _HARD_WRAP for length in broken) >= 0.8 * len(broken)


def _title(fields: Fields, title: str, blocks: Sequence[RawBlock], report: Report) -> str:
    """Return the title of a pattern: as given, else its top heading, else its file's name."""
    given = fields.text("title") or title
    if given:
        return given
    heading = next((block.text.strip("# ") for block in blocks if block.level == 1), "")
    found = heading or _named_after_file(report.path)
    report.add("missing-title", f"The front matter gives no title; {found!r} stands for it.")
    return found


def _slug(fields: Fields, title: str, report: Report) -> str:
    """Return the slug of a document: as given where that is safe, else made of its title."""
    given = fields.text("slug")
    slug = slugify(given) or slugify(title) or slugify(PurePath(report.path).stem) or "untitled"
    if given and slug != given:
        fields.report("unsafe-slug", f"The slug {given!r} cannot be used; {slug!r} stands for it.", "slug")
    return slug


def _named_after_file(path: str) -> str:
    stem = PurePath(path).stem
    return " ".join(re.split(r"[\s_-]+", stem)).strip().capitalize() or stem


def _link_lines(pattern: Pattern, front: FrontMatter) -> dict[str, int]:
    """Return the 1-based line of each link of a pattern, of its first mention where it has several."""
    group = front.data.get("relationships")
    lines: dict[str, int] = {}
    for kind, links in pattern.relationships.items():
        where = ("relationships", kind) if isinstance(group, dict) and kind in group else (kind,)
        for index, link in enumerate(links):
            lines.setdefault(link.target, front.line(*where, index))
    for index, inferred in enumerate(pattern.graph_garden.inferred_links):
        lines.setdefault(inferred.target, front.line("graph_garden", "inferred_links", index))
    return lines
