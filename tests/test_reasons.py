"""Why a document was found: pure functions over a question and passages."""

from __future__ import annotations

import pytest

from navigator.chunking import Chunk
from navigator.reasons import closest_in_words, matched_sentences, matched_words

QUESTION = "The bell rings. Nobody feeds the horses, and they bite!"


def chunk(section: str, text: str, kind="section") -> Chunk:
    return Chunk("stable", kind, section, 0, text, text, (), 0, len(text))


HAY = chunk("Solution", "Feeding a horse is a matter of hay.")
BELL = chunk("Context", "Bells ring at noon.")
CARD = chunk("card", "bell horses feeds bite", kind="card")


def test_words_in_common_are_those_of_the_question_whatever_their_endings():
    assert matched_words(QUESTION, HAY.text) == ("feeds", "horses")
    assert matched_words("feeds, FEEDS", HAY.text) == ("feeds",)
    assert matched_words("of the", HAY.text) == matched_words("", HAY.text) == ()


def test_the_passage_closest_in_words_is_no_card_unless_there_is_nothing_else():
    assert closest_in_words(QUESTION, [CARD, BELL, HAY]) == BELL
    assert closest_in_words("feed horses", [CARD, BELL, HAY]) == HAY
    assert closest_in_words("zebra", [CARD, BELL, HAY]) == BELL
    assert closest_in_words(QUESTION, [CARD]) == CARD


def test_each_passage_matches_the_sentence_that_is_nearest_to_it():
    near = {"The bell rings.": {HAY.id: 0.9}, "Nobody feeds the horses, and they bite!": {HAY.id: 0.2}}
    # The other passage has no vector: the words decide.
    assert matched_sentences(QUESTION, [HAY, BELL], near.__getitem__) == ["The bell rings."] * 2
    near["The bell rings."] = {HAY.id: 0.1}
    assert matched_sentences(QUESTION, [HAY, BELL], near.__getitem__) == [
        "Nobody feeds the horses, and they bite!",
        "The bell rings.",
    ]


@pytest.mark.parametrize("question", ["", "one two", "Only this."])
def test_of_one_sentence_nothing_need_be_found_out(question: str):
    def unwanted(sentence: str):
        raise AssertionError(sentence)

    assert matched_sentences(question, [HAY, BELL], unwanted) == [question] * 2
