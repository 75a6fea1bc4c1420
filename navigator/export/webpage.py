"""A handout as one web page that needs nothing else: no script, no picture, no font, nothing to fetch."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from navigator.export.outline import PAPERS, Leaf, Line, Outline, Paper, Role, runs

_TAGS: dict[Role, str] = {
    "name": "h2",
    "part": "h3",
    "credits": "h3",
    "voice": "h4",
    "case": "h4",
    "therefore": "blockquote",
}
_STYLE = Path(__file__).with_name("handout.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""For browsers: nothing may be fetched and nothing run, whatever a document says."""


def webpage(handout: Outline, paper: Paper) -> str:
    """Return a handout as HTML; printed, each pattern begins a page, its source and licence at the foot."""
    width, height = PAPERS[paper]
    style = _STYLE.read_text("utf-8").replace("PAPER", f"{width}mm {height}mm") + "".join(
        map(_foot, handout.leaves)
    )
    body = [
        *(_title(handout) if handout.has_title_page else ()),
        *(x for leaf in handout.leaves for x in _leaf(leaf)),
    ]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f'<meta name="author" content="{escape(handout.authors)}">',
            f"<title>{escape(handout.title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            *body,
            "</body>",
            "</html>",
            "",
        ]
    )


def _title(handout: Outline) -> Iterator[str]:
    yield f"<header>\n<h1>{escape(handout.title)}</h1>"
    if handout.subtitle:
        yield f'<p class="subtitle">{escape(handout.subtitle)}</p>'
    yield '<ol class="places">'
    for leaf in handout.leaves:
        yield f'<li><a href="#{leaf.anchor}">{escape(leaf.name)}</a><p>{escape(leaf.transition)}</p></li>'
    yield f'</ol>\n<p class="terms">{escape(handout.terms)}</p>\n</header>'


def _leaf(leaf: Leaf) -> Iterator[str]:
    yield f'<article id="{leaf.anchor}">'
    for run in runs(leaf.lines):
        if run[0].role == "item":
            yield from _list(run)
        elif run[0].role == "credit":
            yield "<dl>"
            yield from map(_credit, run)
            yield "</dl>"
        else:
            tag = _TAGS.get(run[0].role, "p")
            yield f'<{tag} class="{run[0].role}">{escape(run[0].text)}</{tag}>'
    yield "</article>"


def _list(run: list[Line]) -> Iterator[str]:
    number = run[0].marker[:-1]
    yield f'<ol start="{number}">' if number else "<ul>"
    yield from (f"<li>{escape(line.text)}</li>" for line in run)
    yield "</ol>" if number else "</ul>"


def _credit(line: Line) -> str:
    text = escape(line.text)
    if line.url:
        # In a window of its own: the page may stand in a frame.
        text = f'<a href="{line.url}" target="_blank" rel="noreferrer">{text}</a>'
    return f"<dt>{line.label}</dt><dd>{text}</dd>"


def _foot(leaf: Leaf) -> str:
    """Return the style that puts a pattern's two lines at the foot of its pages, where a browser can."""
    text = r"\a ".join(map(_quoted, leaf.footer))
    font = "font: 8.5pt/1.35 sans-serif; color: #6f6a5f; white-space: pre-line; text-align: left; width: 85%;"
    return (
        f"#{leaf.anchor} {{ page: {leaf.anchor}; }}\n"
        f'@page {leaf.anchor} {{ @bottom-left {{ content: "{text}"; {font} }} }}\n'
    )


def _quoted(text: str) -> str:
    """Return text for a string of a style sheet, every character but letters and digits as its number."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)
