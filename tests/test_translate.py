"""The extractive writer: the author's sentences, at their places, for one context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import DOCUMENTS, REPOSITORY, SHARED

from navigator.answer import Part, Sentence
from navigator.chunking import Chunk, chunk_document
from navigator.corpus import load_corpus
from navigator.pattern import CONTEXTS, SECTION_NAMES, Block, Pattern, Section
from navigator.text import plain, words
from navigator.translate import HEADINGS, compose, compose_section, speaks_to

EVERY_CONTEXT = (None, *CONTEXTS, "a-context-of-our-own")
PASSAGES = {
    "corporate": "**In corporate settings:**",
    "government": "**In government:**",
    "activist": "**In activist networks:**",
    "tech": "**In tech:**",
}
"""How the passages of the test documents open."""


@cache
def our_patterns() -> dict[str, Pattern]:
    return {pattern.slug: pattern for pattern in load_corpus([DOCUMENTS]).patterns}


def chunks_of(pattern: Pattern) -> list[Chunk]:
    return chunk_document(pattern, max_tokens=200, count_tokens=lambda texts: [len(t.split()) for t in texts])


def answer_in(pattern: Pattern, context: str | None, question: str = "", matched: Chunk | None = None):
    parts = compose(pattern, chunks_of(pattern), context=context, question=question, matched=matched)
    return {part.kind: part for part in parts}


def said(part: Part) -> str:
    return " ".join(sentence.text for sentence in part.sentences)


def all_parts(pattern: Pattern, context: str | None) -> Iterator[Part]:
    chunks = chunks_of(pattern)
    for matched in (None, chunks[len(chunks) // 2]):
        yield from compose(
            pattern, chunks, context=context, question="who decides the budget", matched=matched
        )
    for role in SECTION_NAMES:
        yield from compose_section(pattern, chunks, context=context, role=role)


def sample(folder: Path, step: int = 1) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in {".md", ".txt"})[::step]


SOURCES = {
    "the test documents": lambda: [DOCUMENTS],
    "the bundled corpus": lambda: sample(REPOSITORY / "corpus", 3),
    "the seeds": lambda: sample(SHARED / "seeds"),
    "a library": lambda: sample(SHARED / "library" / "commons-os", 120),
    "a library of spec v8.2": lambda: sample(SHARED / "library" / "commons-os-v8", 15),
}


@pytest.fixture(params=SOURCES, scope="module")
def patterns(request: pytest.FixtureRequest) -> tuple[Pattern, ...]:
    paths = SOURCES[request.param]()
    if not paths:
        pytest.skip(f"{request.param} are not on this machine")
    found = load_corpus(paths).patterns
    assert found
    return found


def file_of(pattern: Pattern) -> str:
    return Path(pattern.path).read_text("utf-8", errors="replace")


def occurs_in(spoken: list[str], text: list[str]) -> bool:
    """Whether words occur in a text in their order; between them may be what a reader drops, such as HTML."""
    rest = iter(text)
    return all(word in rest for word in spoken)


def test_every_sentence_stands_in_the_file_where_it_says(patterns: tuple[Pattern, ...]):
    cleaned = total = 0
    for pattern in patterns:
        file, chunks = file_of(pattern), {chunk.id: chunk for chunk in chunks_of(pattern)}
        for context in EVERY_CONTEXT:
            for sentence in (sentence for part in all_parts(pattern, context) for sentence in part.sentences):
                source = sentence.source
                place = file[source.start : source.end]
                assert (source.slug, source.path) == (pattern.slug, pattern.path)
                assert sentence.text == plain(place) or occurs_in(words(sentence.text), words(plain(place)))
                total += 1
                cleaned += sentence.text != plain(place)
                chunk = chunks[source.chunk]
                assert chunk.section == source.section
                assert chunk.start <= source.start < chunk.end
    assert total > 50
    assert cleaned <= (0.01 * total if "library" in patterns[0].path else 0)


LIBRARIES = sample(SHARED / "library")


@pytest.mark.skipif(not LIBRARIES, reason="the libraries are not on this machine")
@settings(max_examples=60)
@given(
    path=st.sampled_from(LIBRARIES or [Path()]),
    context=st.sampled_from(EVERY_CONTEXT),
    question=st.sampled_from(["", "who decides the budget when everyone is new", "nobody tells me bad news"]),
)
def test_every_sentence_is_the_author_s_by_its_span(path: Path, context: str | None, question: str):
    for pattern in load_corpus([path]).patterns:
        file, verbatim = file_of(pattern), {b.start: b.verbatim for s in pattern.sections for b in s.blocks}
        chunks = chunks_of(pattern)
        parts = compose(pattern, chunks, context=context, question=question, matched=chunks[-1])
        for sentence in (sentence for part in parts for sentence in part.sentences):
            place = file[sentence.source.start : sentence.source.end]
            whole = verbatim.get(sentence.source.start, True)
            assert sentence.text == plain(place) or not whole
            assert occurs_in(words(sentence.text), words(plain(place)))


def test_no_sentence_was_written_for_another_context(patterns: tuple[Pattern, ...]):
    for pattern in patterns:
        for context in CONTEXTS:
            for part in all_parts(pattern, context):
                if part.kind == "therefore":
                    continue  # what a pattern stands or falls with is said to everyone
                if part.kind.endswith("_elsewhere"):
                    assert "the nearest" in part.heading
                    assert not any(context in sentence.contexts for sentence in part.sentences)
                    continue
                for sentence in part.sentences:
                    assert not sentence.contexts or context in sentence.contexts, (pattern.path, sentence)


def test_own_passages_come_before_the_general_ones(patterns: tuple[Pattern, ...]):
    for pattern in patterns:
        for context in CONTEXTS:
            actions = answer_in(pattern, context).get("actions")
            if actions is None:
                continue
            own = [any(context in each.contexts for each in block) for block in actions.blocks]
            written = any(
                context in block.contexts and block.kind in {"paragraph", "item", "quote"}
                for section in pattern.sections
                if section.role == "Implementation"
                for block in section.blocks
            )
            assert any(own) or not written
            # Before a passage stands at most the step that it is about.
            if any(own):
                assert own.index(True) <= 3


def test_a_section_is_given_whole(patterns: tuple[Pattern, ...]):
    for pattern in patterns:
        for role in SECTION_NAMES:
            section = pattern.section(role)
            parts = compose_section(pattern, chunks_of(pattern), context=None, role=role)
            if section is None:
                assert parts == ()
                continue
            (part,) = parts
            assert (part.kind, part.heading) == ("section", role)
            spoken = [words(plain(block.text)) for block in section.blocks]
            assert words(said(part)) == [word for block in spoken for word in block]


def test_parts_are_laid_out_as_the_author_did(patterns: tuple[Pattern, ...]):
    for pattern in patterns:
        items = {
            block.start for section in pattern.sections for block in section.blocks if block.kind == "item"
        }
        for part in all_parts(pattern, None):
            assert part.sentences
            numbers = [sentence.block for sentence in part.sentences]
            assert numbers == sorted(numbers)
            assert set(numbers) == set(range(len(part.blocks)))
            for first, *rest in part.blocks:
                assert not any(sentence.marker for sentence in rest)
                if first.marker:
                    assert first.source.start in items or part.heading != first.source.section


# What is written for whom, read off the file itself and not off the reader's tags.


@pytest.mark.parametrize("slug", ["rolling-handover", "quiet-mornings", "lent-hands"])
@pytest.mark.parametrize("context", CONTEXTS)
def test_a_context_hears_its_own_passage_first_and_no_other(slug: str, context: str):
    pattern = our_patterns()[slug]
    file = file_of(pattern)
    spans = {}
    for name, opening in PASSAGES.items():
        start = file.index(opening)
        spans[name] = range(start, file.index("\n", start))
    actions = answer_in(pattern, context)["actions"].sentences
    own = [sentence for sentence in actions if sentence.source.start in spans[context]]
    assert list(actions[: len(own)]) == own
    assert plain(file[spans[context].start : spans[context].stop]) == " ".join(s.text for s in own)
    assert len(actions) > len(own)
    everything = [s for part in all_parts(pattern, context) for s in part.sentences]
    for other in set(PASSAGES) - {context}:
        assert not any(sentence.source.start in spans[other] for sentence in everything)


def test_of_a_passage_for_two_each_hears_its_own_sentences():
    pattern = our_patterns()["bad-news-first"]
    government = said(answer_in(pattern, "government")["actions"])
    assert government.startswith("Government and corporate: In a ministry, agree with the private office")
    assert "In a company" not in government
    corporate = said(answer_in(pattern, "corporate")["actions"])
    assert "In a company, let the plant call" in corporate


def test_without_a_context_every_passage_is_heard():
    pattern = our_patterns()["quiet-mornings"]
    actions = said(answer_in(pattern, None)["actions"])
    assert [name for name in ("corporate", "government", "activist", "tech") if f"In {name}" in actions] == [
        "corporate",
        "government",
        "activist",
        "tech",
    ]


def test_who_is_spoken_to():
    assert speaks_to(our_patterns()["open-till"], "activist")
    assert not speaks_to(our_patterns()["open-till"], "tech")


def test_the_parts_of_an_answer():
    answer = answer_in(our_patterns()["rolling-handover"], "tech", "the only one who knows has left")
    assert list(answer) == [kind for kind in HEADINGS if kind != "also" and not kind.endswith("_elsewhere")]
    assert said(answer["tension"]) == "The core conflict is depth in one person vs. safety in two."
    assert said(answer["therefore"]).startswith("Therefore, give every task that would hurt")
    assert said(answer["risks"]).startswith("It costs about one hour in ten")
    assert "What flourishes" not in said(answer["risks"])
    assert said(answer["signs_of_life"]).endswith("complain about the state of the notes.")
    assert "The list names people who left." in said(answer["signs_of_decay"])
    assert "Swaps are put off" in said(answer["signs_of_decay"])
    assert "Second people" not in said(answer["signs_of_decay"])
    assert said(answer["replant"]).startswith("After any departure that hurt.")


def test_lists_stay_lists():
    answer = answer_in(our_patterns()["rolling-handover"], "a-context-of-our-own")
    markers = [block[0].marker for block in answer["actions"].blocks]
    assert markers == ["", "1.", "2.", "3.", ""]
    assert [block[0].marker for block in answer["signs_of_life"].blocks] == ["-", "-", "-"]
    assert not any(re.match(r"\d+[.)]?$|-", s.text) for part in answer.values() for s in part.sentences)


def test_the_cases_of_the_own_world_come_first():
    pattern = our_patterns()["rolling-handover"]
    section = pattern.section("Known Uses")
    assert section is not None
    tagged = [block.contexts for block in section.blocks]
    assert ("government",) in tagged[1:]
    first = answer_in(pattern, "government")["known_uses"].blocks[0]
    assert first[0].text.startswith("A city council")
    assert first[-1].text == "He stayed reachable for a year and was rung up twice."
    assert len(answer_in(pattern, None)["known_uses"].blocks) == 3


def test_why_quotes_what_the_question_speaks_of():
    pattern = our_patterns()["rolling-handover"]
    chunks = chunks_of(pattern)
    problem = next(chunk for chunk in chunks if chunk.section == "Problem")
    why = answer_in(pattern, None, "we rummage in her old spreadsheet and mails", problem)["why"]
    assert any("half a spreadsheet" in sentence.text for sentence in why.sentences)
    assert len(why.sentences) == 2
    assert {sentence.source.section for sentence in why.sentences} == {"Problem"}
    card = chunks[0]
    assert {s.source.section for s in answer_in(pattern, None, "anything", card)["why"].sentences} == {
        "Context"
    }


def test_the_name_of_a_case_is_no_reason():
    told = "The bakers counted the till before whoever was there. Nobody asked for a second lock after that."
    pattern = made_of("Known Uses", f"**A bakery in Utrecht, and all of its street, 1998 to now.** {told}")
    chunks = chunks_of(pattern)
    (uses,) = (chunk for chunk in chunks if chunk.section == "Known Uses")
    assert said(answer_in(pattern, None, "a bakery in the street", uses)["why"]) == told


def test_a_pattern_with_missing_sections_still_answers():
    answer = answer_in(our_patterns()["kept-promises"], "tech")
    assert "known_uses" not in answer
    assert "signs_of_life" not in answer
    assert said(answer["therefore"]).startswith("Therefore, promise less")
    assert compose_section(our_patterns()["kept-promises"], [], context=None, role="Vitality") == ()


def made_of(role: str, *texts: str) -> Pattern:
    blocks, position = [], 0
    for text in texts:
        kind = "heading" if text.startswith("#") else "item" if text.startswith("- ") else "paragraph"
        blocks.append(Block(kind=kind, text=text, start=position, end=position + len(text)))
        position += len(text) + 2
    section = Section(name=role, role=role, line=1, blocks=tuple(blocks))
    return Pattern(slug="a-b", title="A B", form="v7.1", path="a-b.md", sections=(section,))


@pytest.mark.parametrize(
    "lead",
    [
        "**What risks emerge:**",
        "#### What risks emerge",
        "**Risks**",
        "*What risks emerge*:",
        "What risks emerge:",
    ],
)
def test_lead_ins_are_known_in_every_dress(lead: str):
    pattern = made_of("Consequences", "**What flourishes:** Calm.", lead, "- Haste.", "- Waste.")
    assert said(answer_in(pattern, None)["risks"]).endswith("Haste. Waste.")
    assert "Calm" not in said(answer_in(pattern, None)["risks"])


@pytest.mark.parametrize("opening", ["The tension is real.", "The tension runs deep.", "Everybody is right."])
def test_a_tension_that_says_nothing_yet_comes_with_what_it_is(opening: str):
    told = "Whoever keeps the keys wants rest, and whoever wants in has no time to ask."
    pattern = made_of("Problem", f"{opening} {told} Nobody is to blame for that.")
    assert said(answer_in(pattern, None)["tension"]) == f"{opening} {told}"


def test_without_therefore_the_solution_opens_with_its_first_sentence():
    pattern = made_of("Solution", "## Head", "Share the keys. Then rest.")
    assert said(answer_in(pattern, None)["therefore"]) == "Share the keys."


def test_a_junk_tension_is_not_repeated():
    pattern = made_of("Problem", "The core conflict is A vs. B. It lasts.")
    assert "tension" in answer_in(pattern, None)
    junk = pattern.model_copy(update={"junk": ("primary_tension",)})
    assert "tension" not in answer_in(junk, None)


def test_a_sentence_of_a_cleaned_block_cites_the_whole_block():
    block = Block(kind="paragraph", text="Padded here. And there.", start=5, end=90)
    section = Section(name="Context", role="Context", line=1, blocks=(block,))
    pattern = Pattern(slug="a-b", title="A B", form="v7.1", path="a-b.md", sections=(section,))
    (part,) = compose_section(pattern, chunks_of(pattern), context=None, role="Context")
    assert [(s.source.start, s.source.end) for s in part.sentences] == [(5, 90), (5, 90)]
    assert all(isinstance(sentence, Sentence) and sentence.source.chunk for sentence in part.sentences)
