"""The brief form: in a minute, the author's words, and nothing that the full form does not say."""

from __future__ import annotations

from itertools import pairwise

import pytest

from navigator.answer import Answer, aligned, is_shared
from navigator.brief import BRIEF_WORDS, brief, says_why
from navigator.export import answer_markdown
from navigator.navigator import Navigator
from navigator.pattern import CONTEXTS
from navigator.text import refers_back, words

SLUGS = ("rolling-handover", "quiet-mornings", "lent-hands", "open-till", "bad-news-first", "kept-promises")


@pytest.fixture(scope="module", params=SLUGS)
def answers(navigator: Navigator, request: pytest.FixtureRequest) -> list[Answer]:
    return [navigator.translate(request.param, context=context) for context in (None, *CONTEXTS)]


def test_it_can_be_read_in_a_minute(answers: list[Answer]):
    for answer in answers:
        written = answer_markdown(brief(answer)).removeprefix(f"> {answer.question}")
        assert len(words(written)) <= BRIEF_WORDS


def test_it_says_the_therefore_what_to_do_and_what_can_go_wrong(answers: list[Answer]):
    for answer in answers:
        kinds = {part.kind for part in brief(answer).parts}
        assert {"therefore", "actions", "risks", "tension"} <= kinds


def test_it_says_nothing_that_the_full_form_does_not(answers: list[Answer]):
    for answer in answers:
        whole = {
            (part.kind, sentence.source, sentence.text)
            for part in answer.parts
            for sentence in part.sentences
        }
        short = brief(answer)
        assert short.form == "brief"
        said = [(part.kind, s.source, s.text) for part in short.parts for s in part.sentences]
        assert set(said) <= whole
        assert len({source.start for _, source, _ in said}) == len(said)
        assert [part.kind for part in short.parts] == [
            part.kind for part in answer.parts if part.kind in {kind for kind, *_ in said}
        ]


def test_it_needs_nothing_that_is_not_there(answers: list[Answer]):
    for answer in answers:
        before = {after.source: first for part in answer.parts for first, after in pairwise(part.sentences)}
        for part in brief(answer).parts:
            assert not any(s.text.endswith(":") for s in part.sentences)
            for block in part.blocks:
                for place, sentence in enumerate(block):
                    if refers_back(sentence.text):
                        assert place > 0
                        assert block[place - 1].source == before[sentence.source].source
            numbers = [sentence.block for sentence in part.sentences]
            assert numbers == sorted(numbers)
            assert set(numbers) == set(range(len(part.blocks)))


def test_a_name_comes_with_what_they_did(navigator: Navigator):
    answer = navigator.translate("quiet-mornings")
    (uses,) = (part for part in answer.parts if part.kind == "known_uses")
    first, second, *_ = uses.blocks[0]
    named = first.model_copy(update={"text": "The Tuesday Bakery, 1998."})
    sentences = tuple(named if sentence == first else sentence for sentence in uses.sentences)
    parts = (uses.model_copy(update={"kind": "section", "sentences": sentences}),)
    told = brief(answer.model_copy(update={"parts": parts})).parts[0].blocks[0]
    assert [sentence.text for sentence in told[:2]] == [named.text, second.text]


def test_a_label_comes_with_what_it_is_the_label_of(navigator: Navigator):
    answer = navigator.translate("open-till", context="tech")
    (actions,) = (part for part in answer.parts if part.kind == "actions")
    label = actions.sentences[0].model_copy(update={"text": "Who.", "block": 0, "marker": ""})
    told = actions.sentences[1].model_copy(update={"text": "Whoever stands there counts.", "block": 0})
    more = told.model_copy(update={"text": "And writes it down."})
    part = actions.model_copy(update={"sentences": (label, told, more)})
    for limit in range(30, 121, 2):
        short = brief(answer.model_copy(update={"parts": (part,)}), limit=limit)
        texts = [sentence.text for part in short.parts for sentence in part.sentences]
        assert (label.text in texts) == (told.text in texts)
    assert texts[:2] == [label.text, told.text]


def test_what_says_something_says_why_rather_than_a_label(navigator: Navigator):
    answer = navigator.translate("open-till", context="tech")
    sentence = answer.parts[0].sentences[0]
    label = sentence.model_copy(update={"text": "Who decides."})
    told = sentence.model_copy(
        update={"text": "Whoever stands at the till that day counts it and writes it down."}
    )
    off = told.model_copy(update={"text": "Nothing of all that is said anywhere in the rules of the house."})
    assert max([label, off, told], key=lambda each: says_why(each, "who decides at the till")) == told


def test_a_question_without_its_answer_is_nothing_to_do(navigator: Navigator):
    answer = navigator.translate("open-till", context="tech")
    asked = tuple(
        part.model_copy(
            update={
                "sentences": tuple(s.model_copy(update={"text": "Who chooses?"}) for s in part.sentences[:1])
            }
        )
        for part in answer.parts
        if part.kind in {"actions", "tension"}
    )
    kept = brief(answer.model_copy(update={"parts": asked})).parts
    assert [part.kind for part in kept] == ["tension"]


def test_numbered_steps_are_not_skipped(navigator: Navigator):
    answer = navigator.translate("rolling-handover", context="a-context-of-our-own")
    for limit in range(60, 400, 20):
        parts = {part.kind: part for part in brief(answer, limit=limit).parts}
        if "actions" in parts:
            numbers = [block[0].marker for block in parts["actions"].blocks if block[0].marker]
            assert numbers == ["1.", "2.", "3."][: len(numbers)]


def test_the_facade_is_full_unless_told_otherwise(navigator: Navigator):
    assert navigator.ask("Quiet Mornings").form == "full"
    short = navigator.ask("Quiet Mornings", context="tech", form="brief")
    assert short == brief(navigator.ask("Quiet Mornings", context="tech"))
    assert navigator.translate("quiet-mornings", form="brief").form == "brief"


def test_contexts_side_by_side(navigator: Navigator):
    columns = navigator.side_by_side("rolling-handover")
    assert [answer.context for answer in columns] == list(CONTEXTS)
    rows = dict(aligned(columns))
    assert is_shared(rows["Therefore"])
    assert is_shared(rows["What can go wrong"])
    assert not is_shared(rows["What to do"])
    whole = navigator.side_by_side("rolling-handover", contexts=("tech", "activist"), form="full")
    assert [answer.form for answer in whole] == ["full", "full"]
    assert whole[0] == navigator.translate("rolling-handover", context="tech")


def test_what_is_shown_for_want_of_anything_stands_in_its_row(navigator: Navigator):
    columns = navigator.side_by_side("open-till")
    rows = dict(aligned(columns))
    assert not any("nearest" in heading for heading in rows)
    marked = [
        part.heading for cell in rows["What to do"] for part in cell if part.kind == "actions_elsewhere"
    ]
    assert set(marked) <= {
        f"What to do, as written for {context}, the nearest" for context in ("activist", "corporate")
    }
