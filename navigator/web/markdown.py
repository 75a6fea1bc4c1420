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
from navigator.text import content_words

WORD_JOINER = "\N{WORD JOINER}"

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_LIVE = re.compile(r":(?=[\w+-]+:|//)|\bwww(?=\.)|@(?=\w)", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of the text after them around."""

_COMMAND = re.compile(r"`([^`\n]+)`")
_THEREFORE = re.compile(r"therefore\b[,:]?", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)*")

LONGEST_NAME = 90
"""Characters of a sentence that may be the name of a case."""


def escape_markdown(text: str) -> str:
    """Return Markdown that shows ``text`` as it is, on one line, white space collapsed."""
    seen = " ".join(_UNSEEN.sub("", text).split())
    return _PUNCTUATION.sub(r"\\\g<0>", _LIVE.sub(rf"\g<0>{WORD_JOINER}", seen))


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
