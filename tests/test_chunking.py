"""Chunks: each fits the model's window, and together they are the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navigator.chunking import HEADING_SHARE, Chunk, chunk_document
from navigator.embedding import SentenceTransformerEmbedder
from navigator.pattern import (
    Block,
    Lifecycle,
    Ontology,
    Pattern,
    Reading,
    SearchHints,
    Section,
    Situation,
)
from navigator.retrieve import kind_of

TOKENIZER = SentenceTransformerEmbedder()
"""Only its tokenizer is used, which needs no torch."""

WORD = st.from_regex(r"[A-Za-zÄé]{1,9}[.,!?]?", fullmatch=True) | st.sampled_from(
    [
        "vs.",
        "**Therefore,**",
        "e.g.",
        "--",
        "12.",
        "日本語",
        "x" * 150,
        "a-b/c.d" * 20,
        "[a](b)",
        "🙂🙂",
        "`code`",
    ]
)
PARAGRAPH = st.lists(WORD, min_size=1, max_size=120).map(" ".join)
BLOCK = st.tuples(st.sampled_from(["paragraph", "item", "heading", "quote"]), PARAGRAPH)
SECTIONS = st.lists(
    st.tuples(st.sampled_from(["Context", "Problem", "Notes"]), st.lists(BLOCK, max_size=5)), max_size=4
)


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def squeezed(text: str) -> str:
    """Return the characters that are no white space: a word may be cut, but never lost."""
    return "".join(text.split())


def section_of(file: str, name: str, blocks: Sequence[tuple[str, str]]) -> tuple[str, Section]:
    """Append blocks to the text of a file; return it with the section they make."""
    made = []
    for kind, text in blocks:
        file += "\n\n"
        made.append(Block(kind=kind, text=text, start=len(file), end=len(file) + len(text)))
        file += text
    return file, Section(name=name, role=None, line=1, blocks=tuple(made))


def pattern_of(
    sections: Sequence[tuple[str, Sequence[tuple[str, str]]]], **fields: object
) -> tuple[str, Pattern]:
    file, made = "---", []
    for name, blocks in sections:
        file, section = section_of(file, name, blocks)
        made.append(section)
    values: dict[str, object] = {"slug": "a-b", "title": "A B", "form": "v7.1", "path": "a-b.md", **fields}
    return file, Pattern(sections=tuple(made), **values)


def chunks_of(pattern: Pattern, max_tokens: int = 254) -> list[Chunk]:
    return chunk_document(pattern, max_tokens=max_tokens, count_tokens=TOKENIZER.count_tokens)


@settings(max_examples=60)
@given(SECTIONS, st.sampled_from([24, 64, 254]), PARAGRAPH, st.lists(PARAGRAPH, max_size=3))
def test_chunks_fit_the_window_and_lose_nothing(sections, max_tokens, tension, keywords):
    hints = SearchHints(
        primary_tension=tension, vector_keywords=tuple(keywords), situations=(Situation(text=tension),)
    )
    file, pattern = pattern_of(sections, summary=tension, ontology=Ontology(search_hints=hints))
    chunks = chunks_of(pattern, max_tokens)

    assert max(TOKENIZER.count_tokens([chunk.embedded_text for chunk in chunks])) <= max_tokens
    parts = [chunk for chunk in chunks if chunk.kind == "section"]
    whole = [block for section in pattern.sections for block in section.blocks]
    assert squeezed("".join(part.text for part in parts)) == squeezed("".join(block.text for block in whole))
    longest = max((n for block in whole for n in TOKENIZER.count_tokens(block.text.split())), default=0)
    if longest < max_tokens // 2:  # no word had to be cut
        assert [word for part in parts for word in part.text.split()] == [
            word for block in whole for word in block.text.split()
        ]

    position = 0
    for part in parts:
        assert position <= part.start < part.end
        assert squeezed(file[part.start : part.end]) == squeezed(part.text)
        position = part.end

    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert [chunk.id for chunk in chunks_of(pattern, max_tokens)] == [chunk.id for chunk in chunks]


def test_a_chunk_ends_where_a_paragraph_does():
    paragraphs = [("paragraph", f"{number} " + "word " * 98 + "end.") for number in range(5)]
    _, pattern = pattern_of([("Context", paragraphs)])
    parts = chunks_of(pattern)[1:]
    assert [part.part for part in parts] == [0, 1, 2]
    assert [part.text.count("end.") for part in parts] == [2, 2, 1]
    assert "\n\n".join(part.text for part in parts) == pattern.sections[0].text


def test_a_paragraph_that_is_too_long_is_cut_between_sentences():
    _, pattern = pattern_of([("Context", [("paragraph", "One more word here now. " * 120)])])
    parts = chunks_of(pattern)[1:]
    assert len(parts) == 3
    assert all(part.text.startswith("One") and part.text.endswith("now.") for part in parts)


@pytest.mark.parametrize("gap", [" ", "\n", "\t"])
def test_a_sentence_that_is_too_long_is_cut_between_words(gap: str):
    spoken = [f"word{number}" for number in range(400)]
    _, pattern = pattern_of([("Context", [("paragraph", gap.join(spoken))])])
    parts = chunks_of(pattern)[1:]
    assert len(parts) > 2
    assert [word for part in parts for word in part.text.split()] == spoken


def test_only_a_word_without_end_is_cut_inside():
    long, short = "?!" * 300, "a short ending"
    _, pattern = pattern_of([("Context", [("paragraph", f"{long} {short}")])])
    texts = [part.text for part in chunks_of(pattern)[1:]]
    assert "".join(texts).replace(" ", "") == squeezed(long + short)
    assert texts[-1].endswith(short)


def test_a_heading_stands_with_what_it_heads():
    filler = ("paragraph", "word " * 200)
    _, pattern = pattern_of([("Context", [filler, ("heading", "#### Next"), ("paragraph", "word " * 100)])])
    first, second = chunks_of(pattern)[1:]
    assert "Next" not in first.text
    assert second.text.startswith("#### Next\n\nword")


def test_what_is_embedded_has_a_heading_and_no_marks():
    hints = SearchHints(primary_tension="haste vs. care", vector_keywords=("rush", "slow down"))
    _, pattern = pattern_of(
        [("Known Uses", [("paragraph", "**Bold** [words](x).")])], ontology=Ontology(search_hints=hints)
    )
    chunk = chunks_of(pattern)[-1]
    assert chunk.text == "**Bold** [words](x)."
    assert chunk.embedded_text == "A B: Known Uses. haste vs. care. rush, slow down\nBold words."


def test_of_a_long_section_a_pattern_embeds_the_opening_and_an_article_everything():
    sections = [("Context", [("paragraph", "word " * 300)]), ("Problem", [("paragraph", "short")])]
    _, pattern = pattern_of(sections)
    article = Reading(slug="a-b", title="A B", form="article", path="a-b.md", sections=pattern.sections)
    _, opening, rest, problem = chunks_of(pattern)
    assert (bool(opening.embedded_text), rest.embedded_text) == (True, "")
    assert problem.embedded_text.endswith("short")
    assert rest.text == ("word " * (300 - len(opening.text.split()))).strip()
    assert all(chunk.embedded_text for chunk in chunks_of(article))


def test_a_long_heading_leaves_most_of_the_window_to_the_text():
    hints = SearchHints(vector_keywords=tuple(f"keyword {number}" for number in range(200)))
    _, pattern = pattern_of(
        [("Context", [("paragraph", "word " * 150)])], ontology=Ontology(search_hints=hints)
    )
    parts = chunks_of(pattern)[1:]
    assert len(parts) == 1
    heading = parts[0].embedded_text.partition("\n")[0]
    assert TOKENIZER.count_tokens([heading])[0] <= 254 // HEADING_SHARE


def test_the_card_says_all_that_a_pattern_is_called_and_searched_by():
    hints = SearchHints(primary_tension="haste vs. care", vector_keywords=("rush",))
    _, pattern = pattern_of(
        [],
        aliases=("Alias", "A B"),
        summary="What it **is**.",
        context_labels={"tech": "Label", "government": "Med"},
        ontology=Ontology(search_hints=hints),
        junk=("context_labels.government",),
    )
    (card,) = chunks_of(pattern)
    assert (card.kind, card.section, card.start, card.end) == ("card", "Card", 0, 0)
    assert card.text == "A B\nAlias\nLabel\nWhat it **is**.\nhaste vs. care\nrush"
    assert card.embedded_text == "A B\nAlias\nLabel\nWhat it is.\nhaste vs. care\nrush"


def test_a_card_that_is_too_long_keeps_as_many_words_as_fit():
    _, pattern = pattern_of([], summary=" ".join(f"word{number}" for number in range(300)))
    (card,) = chunks_of(pattern)
    assert card.text.endswith("word299")
    assert "A B word0 word1 word2" in card.embedded_text
    assert 250 < TOKENIZER.count_tokens([card.embedded_text])[0] <= 254


def test_junk_hints_are_embedded_nowhere():
    hints = SearchHints(primary_tension="A vs. B", vector_keywords=("often", "three"))
    _, pattern = pattern_of(
        [("Context", [("paragraph", "Text.")])],
        ontology=Ontology(search_hints=hints),
        junk=("primary_tension", "vector_keywords"),
    )
    embedded = " ".join(chunk.embedded_text for chunk in chunks_of(pattern))
    assert "vs." not in embedded
    assert "often" not in embedded


def test_without_a_summary_the_card_opens_with_the_first_paragraph():
    _, pattern = pattern_of([("Context", [("heading", "## Head"), ("paragraph", "First\nparagraph.")])])
    assert chunks_of(pattern)[0].text == "A B\nFirst paragraph."


def test_each_situation_is_a_chunk_for_its_context():
    said = (Situation(text="They never **call**.", context="tech"), Situation(text="Nobody knows."))
    _, pattern = pattern_of([], ontology=Ontology(search_hints=SearchHints(situations=said)))
    _, first, second = chunks_of(pattern)
    assert (first.kind, first.part, first.contexts) == ("situation", 0, ("tech",))
    assert (first.text, first.embedded_text) == ("They never **call**.", "They never call.")
    assert (second.part, second.contexts) == (1, ())


def test_a_chunk_speaks_to_everyone_if_one_of_its_blocks_does():
    _, pattern = pattern_of([("Context", [("paragraph", "One."), ("paragraph", "Two.")])])
    section = pattern.sections[0]

    def contexts_of(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
        blocks = tuple(
            block.model_copy(update={"contexts": contexts})
            for block, contexts in zip(section.blocks, (first, second), strict=True)
        )
        tagged = pattern.model_copy(update={"sections": (section.model_copy(update={"blocks": blocks}),)})
        return chunks_of(tagged)[-1].contexts

    assert contexts_of(("tech",), ("corporate", "tech")) == ("corporate", "tech")
    assert contexts_of(("tech",), ()) == ()


def test_a_block_that_was_cleaned_keeps_the_span_of_the_whole():
    block = Block(kind="paragraph", text="A sentence of six words here. " * 80, start=10, end=9_000)
    section = Section(name="Context", role="Context", line=1, blocks=(block,))
    pattern = Pattern(slug="a-b", title="A B", form="v7.1", path="a-b.md", sections=(section,))
    parts = chunks_of(pattern)[1:]
    assert len(parts) > 1
    assert {(part.start, part.end) for part in parts} == {(10, 9_000)}


def test_an_article_has_no_card():
    _, section = section_of("", "Text", [("paragraph", "One.")])
    reading = Reading(slug="a", title="A", form="article", path="a.txt", sections=(section,))
    (chunk,) = chunk_document(reading, max_tokens=254, count_tokens=count_words)
    assert chunk.kind == "section"


def test_sections_of_the_same_name_number_their_parts_on():
    one = ("Notes", [("paragraph", "The same words.")])
    _, pattern = pattern_of([one, one, ("notes!", one[1])])
    ids = [chunk.id.partition("@")[0] for chunk in chunks_of(pattern)[1:]]
    assert ids == ["a-b#notes.0", "a-b#notes.1", "a-b#notes.2"]


@pytest.mark.parametrize("name", ["Card", "Situation", "situation!"])
def test_a_section_is_not_taken_for_a_card_or_a_situation(name: str):
    said = SearchHints(situations=(Situation(text="The same words."),))
    _, pattern = pattern_of(
        [(name, [("paragraph", "The same words.")])], ontology=Ontology(search_hints=said)
    )
    chunks = chunks_of(pattern)
    assert [kind_of(chunk.id) for chunk in chunks] == [chunk.kind for chunk in chunks]
    assert [chunk.kind for chunk in chunks] == ["card", "situation", "section"]


def test_an_id_changes_with_a_word_and_with_nothing_else():
    sections = [("Context", [("paragraph", "One word.")]), ("Problem", [("paragraph", "Another one.")])]
    _, pattern = pattern_of(sections)
    _, moved = pattern_of(
        [("Context", [("paragraph", "One word.")]), ("Problem", [("paragraph", "Another two.")])],
        lifecycle=Lifecycle(confidence=3),
    )
    before, after = chunks_of(pattern), chunks_of(moved)
    assert [old.id == new.id for old, new in zip(before, after, strict=True)] == [True, True, False]
    card = before[0]
    assert replace(card, start=5, end=9, contexts=("tech",)).id == card.id
    assert replace(card, embedded_text="another").id != card.id
