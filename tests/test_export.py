"""What is handed on: whole, in the words of the context, with its origin and licence."""

from __future__ import annotations

import json
import re

import pytest

from navigator.answer import Answer
from navigator.conversation import State
from navigator.export import answer_markdown, conversation_markdown, document_json, document_markdown
from navigator.navigator import Navigator
from navigator.pattern import Pattern, Reading
from navigator.text import words


@pytest.fixture(scope="module")
def pattern(navigator: Navigator) -> Pattern:
    return navigator.library.pattern("rolling-handover")


def headings(markdown: str) -> list[str]:
    return re.findall(r"^#+ .*$", markdown, re.MULTILINE)


def test_a_pattern_is_written_whole(pattern: Pattern):
    written = document_markdown(pattern)
    assert headings(written) == [
        "# Rolling Handover",
        *(f"## {section.name}" for section in pattern.sections),
    ]
    assert pattern.summary in written
    for section in pattern.sections:
        assert section.text in written


def test_in_a_context_it_bears_the_label_and_leaves_out_what_is_for_others(pattern: Pattern):
    written = document_markdown(pattern, context="activist")
    assert written.startswith("# Two on Every Task\n\n*Rolling Handover*\n")
    assert "**In activist networks:** pair an old hand" in written
    for opening in ("**In government:**", "**In corporate settings:**", "**In tech:**"):
        assert opening not in written
    assert "List the tasks that would hurt to lose." in written


def test_a_title_is_not_repeated_where_it_is_the_label(navigator: Navigator):
    written = document_markdown(navigator.pattern("open-till"), context="tech")
    assert written.startswith("# Open Till\n\nShow everyone the money")


def test_origin_and_licence_travel_along(pattern: Pattern, answer: Answer):
    for written in (document_markdown(pattern), answer_markdown(answer)):
        assert written.endswith(
            "---\n\nConfidence: ★★☆\n\n"
            "Sources: Notes of the Hollowell Repair Guild (2024); A retired harbour master, "
            "in conversation\n\nThe test bench of the Pattern Navigator. CC0-1.0\n"
        )


def test_where_there_is_no_origin_nothing_is_made_up(navigator: Navigator):
    assert document_markdown(navigator.pattern("open-till")).endswith("---\n\nCC0-1.0\n")
    bare = Reading(slug="a", title="A", form="article", path="a.txt")
    assert document_markdown(bare, context="tech") == "# A\n"


def test_an_answer_is_written_as_it_is_laid_out(answer: Answer):
    written = answer_markdown(answer)
    assert headings(written) == [
        "## Continuity of Post (Rolling Handover)",
        *(f"### {part.heading}" for part in answer.parts),
        "### Read next",
    ]
    assert written.startswith(f"> {answer.question}\n")
    assert "\n\n1. Mark each task with the names" in written
    assert "\n\n- Someone was on leave for three weeks" in written
    assert "- Needs first: Closed Diary Hours" in written
    spoken = words(written)
    for part in answer.parts:
        for sentence in part.sentences:
            assert sentence.text in written
            assert set(words(sentence.text)) <= set(spoken)


def test_an_answer_without_a_pattern_still_says_something(navigator: Navigator):
    written = answer_markdown(navigator.ask("How long do I roast a chicken of two kilograms?"))
    assert headings(written) == []
    assert "Nothing in this library fits that." in written


def test_json_is_the_whole_record(pattern: Pattern):
    written = json.loads(json.dumps(document_json(pattern)))
    assert written.pop("schema") == "navigator.pattern/1"
    assert Pattern.model_validate(written) == pattern
    assert [link["slug"] for link in written["relationships"]["complementary"]] == [
        "bad-news-first",
        "open-till",
    ]
    assert written["ontology"]["commons_assessment"]["resilience"] == 5
    assert written["lifecycle"]["confidence"] == 2
    assert written["graph_garden"]["entities"][0]["label"] == "Shadowing"


def test_a_conversation_is_written_in_order_with_what_was_said(navigator: Navigator):
    first, state = navigator.converse(State(), "Only one person knows how this works")
    second, _ = navigator.converse(state, "how do these differ?")
    written = conversation_markdown([("Only one\nperson\n# knows", first), ("how do these differ?", second)])
    assert headings(written)[0] == "# A conversation with Pattern Navigator"
    assert "> Only one person # knows" in written
    assert written.index(first.label) < written.index("> how do these differ?")
    assert second.comparison is not None
    assert all(f"| {row.heading} |" in written for row in second.comparison.rows)
    assert first.provenance is not None
    assert first.provenance.license in written
