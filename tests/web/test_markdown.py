"""Text of documents and people shows as it is, whatever it says."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from navigator.answer import Sentence, Source
from navigator.pattern import Block, BlockKind
from navigator.web.markdown import (
    WORD_JOINER,
    blocks_markdown,
    escape_markdown,
    escape_message,
    highlight,
    prose_markdown,
    sentences_markdown,
    table_markdown,
    therefore_markdown,
    unturned,
)

COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="https://example.org/home.png" onerror="alert(1)">',
    "![home](https://example.org/home.png)",
    "[click](javascript:alert(1)) and [this](data:text/html;base64,PHNjcmlwdD4=)",
    "<https://example.org> and <mailto:a@example.org>",
    "[reference][1]\n\n[1]: javascript:alert(1)",
    "&lt;script&gt; &#60;b&#62;",
    "# heading\n## another\n---",
    "* star\n- dash\n1. one\n> quote",
    "    indented code\n```python\nfenced\n```",
    "`code` ``more`` **bold** __bold__ *em* _em_ ~~gone~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a\\b \\<script> \\\\ \\",
    "$x^2$ and $$y$$",
    ':red[alarm] :blue-background[x] :small[y] :help[z] :color[w]{foreground="red"}',
    ":directive{onclick=alert(1)} ::leaf[x] :::container",
]

LIVE_AFTER_PARSING = [
    ":smile: :+1: :100: at 10:30:45",
    ":material/home: :material_home: :streamlit:",
    "https://example.org http://example.org www.example.org WWW.EXAMPLE.ORG someone@example.org",
]
"""What Streamlit's plugins replace in the text nodes of the parsed document."""


def shown(markdown: str) -> str:
    """Return the text that a CommonMark page shows, which must be one paragraph of nothing but text."""
    page = COMMONMARK.render(markdown).strip()
    inside = page.removeprefix("<p>").removesuffix("</p>")
    assert "<" not in inside, page
    return html.unescape(inside).replace(WORD_JOINER, "")


@pytest.mark.parametrize("text", [*HOSTILE, *LIVE_AFTER_PARSING])
def test_hostile_text_is_shown_letter_by_letter(text: str) -> None:
    assert shown(escape_markdown(text)) == " ".join(text.split())


@given(st.text())
def test_any_text_is_shown_without_becoming_markup(text: str) -> None:
    assert visible(shown(escape_markdown(text))) == visible(text)


def visible(text: str) -> str:
    return "".join(c for c in text if c.isprintable() and not c.isspace())


@pytest.mark.parametrize("text", [*HOSTILE, *LIVE_AFTER_PARSING])
def test_no_mark_of_streamlit_is_left_unescaped(text: str) -> None:
    assert not re.search(r"(?<!\\)[$:<>\[\]`|#*_~]", escape_markdown(text))


@pytest.mark.parametrize("text", LIVE_AFTER_PARSING)
def test_nothing_is_left_for_plugins_to_replace(text: str) -> None:
    parsed = html.unescape(COMMONMARK.render(escape_markdown(text)))
    assert not re.search(r":[\w+/-]+:|:material_|https?://|\bwww\.|@\w", parsed, re.IGNORECASE)


@pytest.mark.parametrize("show", [escape_markdown, unturned])
def test_characters_that_turn_text_around_are_dropped(show: Callable[[str], str]) -> None:
    assert show("a\u202eb\u2066c\x00d") == "abcd"


def test_a_message_keeps_its_commands_and_nothing_else() -> None:
    message = escape_message("No <b>index</b>. Run `navigator index`, not `x` *now*.")
    assert message == r"No \<b\>index\</b\>. Run `navigator index`, not `x` \*now\*."


def test_matched_words_are_marked_whatever_their_endings() -> None:
    marked = highlight("Everyone waits, <b>waiting</b> for a decision.", ["wait", "decisions"])
    assert marked == (
        r"Everyone :primary-background[waits], \<b\>:primary-background[waiting]\</b\> for a "
        r":primary-background[decision]\."
    )


def test_without_matched_words_nothing_is_marked() -> None:
    assert highlight("Plain text", []) == "Plain text"


def test_the_opening_therefore_is_set_off() -> None:
    assert therefore_markdown("Therefore, pair people.") == r"**Therefore,** pair people."
    assert therefore_markdown("Thereforever after") == "Thereforever after"


def test_sentences_are_laid_out_as_in_the_document() -> None:
    sentences = [
        sentence("First.", block=0),
        sentence("Second.", block=0),
        sentence("Item.", block=1, marker="-"),
        sentence("More of it.", block=1),
        sentence("Another.", block=2, marker="-"),
        sentence("After.", block=3),
    ]
    assert sentences_markdown(sentences) == ("First. Second.\n\n- Item. More of it.\n- Another.\n\nAfter.")


def test_the_name_of_a_case_is_bold_and_its_story_is_not() -> None:
    story = f"It began {'and went on ' * 10}to a law that everyone obeys."
    cases = [sentence("The Mill, 1931.", block=0), sentence(story, block=0), sentence(story, block=1)]
    assert sentences_markdown(cases, named=True).count("**") == 2
    assert sentences_markdown(cases, named=True).startswith(r"**The Mill, 1931.** It began")


def sentence(text: str, *, block: int, marker: str = "") -> Sentence:
    source = Source(slug="s", section="Context", path="s.md", start=0, end=len(text), chunk="")
    return Sentence(text=text, source=source, block=block, marker=marker)


@given(st.text(alphabet="ab *_`[](!)|\\<>$:#-\n\ue000\ue001"))
def test_a_paragraph_shows_nothing_but_text_and_bold_words(text: str) -> None:
    page = COMMONMARK.render(prose_markdown(text))
    assert set(re.findall(r"</?(\w+)", page)) <= {"p", "strong"}, page


@pytest.mark.parametrize("text", [*HOSTILE, *LIVE_AFTER_PARSING])
def test_a_hostile_paragraph_becomes_no_link_picture_or_code(text: str) -> None:
    page = COMMONMARK.render(prose_markdown(text))
    assert set(re.findall(r"</?(\w+)", page)) <= {"p", "strong"}, page


def test_bold_words_stay_bold() -> None:
    assert prose_markdown("**What flourishes:** New *people*.") == r"**What flourishes\:** New people."
    assert prose_markdown("> **The core conflict is a vs. b.**") == r"**The core conflict is a vs. b.**"


def block(text: str, kind: BlockKind) -> Block:
    return Block(kind=kind, text=text, start=0, end=len(text))


def test_blocks_are_laid_out_as_in_the_document() -> None:
    blocks = [
        block("#### Steps", "heading"),
        block("First of all.", "paragraph"),
        block("1. Tune.", "item"),
        block("2. Play.", "item"),
        block("> Loudly.", "quote"),
    ]
    page = COMMONMARK.render(blocks_markdown(blocks))
    assert page.count("<ol>") == 1
    assert page.count("<li>") == 2
    for shown in ("<strong>Steps</strong>", "<p>First of all.</p>", "Tune.", "<blockquote>"):
        assert shown in page


def test_a_table_stays_a_table_and_its_cells_are_text() -> None:
    page = COMMONMARK.render(table_markdown("| a | <b>x</b> |\n|:--|--:|\n| **c** | [d](javascript:e) | f |"))
    assert page.count("<tr>") == 2
    assert page.count("<th>") == 3
    assert "<strong>c</strong>" in page
    assert "&lt;b&gt;x" in page
    assert "<a" not in page
