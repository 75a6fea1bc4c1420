"""Text of documents and people as Markdown that shows it and does nothing.

Whatever a document or a question says, the page shows its characters: no HTML runs, no picture is
fetched, nothing becomes a link. Streamlit's Markdown has more marks than CommonMark (``:red[…]``,
``$…$``), which a backslash takes out as well, and it replaces some words *after* parsing (``:smile:``,
``:material_home:``, bare addresses), where only an invisible joiner between the characters helps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from navigator.answer import Sentence
from navigator.excerpts import marker
from navigator.pattern import Block
from navigator.text import content_words, plain

WORD_JOINER = "\N{WORD JOINER}"

_MARKS = re.compile(r"[!#$&*:<>\[\]\\_`{|}~]|^\d*[-+=.)]")
"""What Markdown reads as a mark, anywhere or where a line begins. Nothing more is escaped: Streamlit tells
screen readers the label of a widget with every backslash."""

_LIVE = re.compile(r":(?=[\w+/-]+:|//)|\bwww(?=\.)|@(?=\w)", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of the text after them around."""

_COMMAND = re.compile(r"`([^`\n]+)`")
_THEREFORE = re.compile(r"therefore\b[,:]?", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)*")

_STRONG = re.compile(r"(?<![\w*])\*\*(?=\S)([^*]+)(?<=\S)\*\*(?![\w*])")
_OPENS, _CLOSES = "\ue000", "\ue001"
"""Private characters that stand for the marks of bold text while the others are taken away."""

_RULE = re.compile(r"[\s:|-]*-[\s:|-]*")

LONGEST_NAME = 90
"""Characters of a sentence that may be the name of a case."""


def escape_markdown(text: str) -> str:
    """Return Markdown that shows ``text`` as it is, on one line, white space collapsed."""
    return _MARKS.sub(_escaped, _LIVE.sub(rf"\g<0>{WORD_JOINER}", unturned(text)))


def unturned(text: str) -> str:
    """Return ``text`` for where no Markdown is read (charts, tables, titles of windows), on one line."""
    return " ".join(unturned_lines(text).split())


def unturned_lines(text: str) -> str:
    """Return ``text`` for where no Markdown is read and lines count, as in code."""
    return _UNSEEN.sub("", text)


def _escaped(mark: re.Match[str]) -> str:
    return f"{mark[0][:-1]}\\{mark[0][-1]}"


def escape_message(message: str) -> str:
    """Return one of our own messages as Markdown: commands between backticks stay, the rest is escaped."""
    pieces = _COMMAND.split(message)
    return "".join(
        f"`{piece}`" if number % 2 else _escape_piece(piece) for number, piece in enumerate(pieces)
    )


def highlight(text: str, matched_words: Iterable[str]) -> str:
    """Return Markdown that shows ``text`` with every form of ``matched_words`` marked."""
    stems = content_words(" ".join(matched_words))
    pieces: list[str] = []
    end = 0
    for word in _WORD.finditer(text):
        if content_words(word[0]) & stems:
            pieces.append(_escape_piece(text[end : word.start()]))
            pieces.append(f":primary-background[{escape_markdown(word[0])}]")
            end = word.end()
    return "".join([*pieces, _escape_piece(text[end:])]).strip()


def therefore_markdown(text: str) -> str:
    """Return Markdown that shows ``text`` with the *therefore* that it opens with in bold."""
    opening = _THEREFORE.match(text)
    end = opening.end() if opening else 0
    return f"**{escape_markdown(text[:end])}**{_escape_piece(text[end:])}" if end else escape_markdown(text)


def prose_markdown(text: str) -> str:
    """Return Markdown that shows a paragraph or item of a document, with its bold words bold and no more."""
    bold = _STRONG.sub(rf"{_OPENS}\g<1>{_CLOSES}", text.replace(_OPENS, "").replace(_CLOSES, ""))
    pieces = re.split(f"{_OPENS}(.*?){_CLOSES}", plain(bold))
    return "".join(
        f"**{escape_markdown(piece)}**" if number % 2 and piece.strip() else _escape_piece(piece)
        for number, piece in enumerate(pieces)
    ).strip()


def blocks_markdown(blocks: Sequence[Block]) -> str:
    """Return paragraphs, items, quotes, headings and tables as Markdown, laid out as in the document."""
    markdown, before = "", ""
    for block in blocks:
        mark = marker(block)
        if block.kind == "table":
            shown = table_markdown(block.text)
        elif block.kind == "heading":
            shown = f"**{escape_markdown(plain(block.text))}**"
        else:
            shown = prose_markdown(block.text)
            shown = f"> {shown}" if block.kind == "quote" else f"{mark} {shown}".lstrip()
        markdown += ("\n" if mark and before else "\n\n") * bool(markdown) + shown
        before = mark
    return markdown


def table_markdown(text: str) -> str:
    """Return the table of a document as Markdown, what stands in its cells as text."""
    rows = [
        [prose_markdown(cell) or " " for cell in row.strip().strip("|").split("|")]
        for row in text.splitlines()
        if row.strip() and not _RULE.fullmatch(row)
    ]
    width = max(map(len, rows), default=0)
    lines = ["| " + " | ".join([*row, *[" "] * (width - len(row))]) + " |" for row in rows]
    return "\n".join([*lines[:1], "|" + "---|" * width, *lines[1:]])


def sentences_markdown(
    sentences: Sequence[Sentence], show: Callable[[str], str] = escape_markdown, *, named: bool = False
) -> str:
    """Return sentences as Markdown paragraphs and list items, laid out as in the document.

    Parameters
    ----------
    show
        How the text of one sentence becomes Markdown.
    named
        Set a short sentence that opens a block in bold: it is the name of a case.
    """
    blocks: list[str] = []
    markers: list[str] = []
    for number, sentence in enumerate(sentences):
        text = show(sentence.text)
        if number and sentence.block == sentences[number - 1].block:
            blocks[-1] += f" {text}"
        else:
            if named and len(sentence.text) <= LONGEST_NAME:
                text = f"**{text}**"
            blocks.append(f"{sentence.marker} {text}".lstrip())
            markers.append(sentence.marker)
    markdown = ""
    for number, block in enumerate(blocks):
        if number:
            markdown += "\n" if markers[number] and markers[number - 1] else "\n\n"
        markdown += block
    return markdown


def _escape_piece(text: str) -> str:
    """Escape a piece of a line, the spaces at its ends kept."""
    if not text.strip():
        return " " if text else ""
    before = " " if text[0].isspace() else ""
    after = " " if text[-1].isspace() else ""
    return f"{before}{escape_markdown(text)}{after}"
