"""What short messages want by likeness to examples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from embedders import HashingEmbedder
from places import TESTS

from navigator import phrases
from navigator.corpus import load_corpus
from navigator.embedding import SentenceTransformerEmbedder
from navigator.evaluate import measure_follow_ups
from navigator.followups import QUESTIONS
from navigator.judged import FollowUp, read_lines
from navigator.navigator import HOW_THEY_DIFFER
from navigator.pattern import SECTION_NAMES
from navigator.phrases import fit, phrasebook, read_phrases
from navigator.settings import data_folder
from navigator.situation import ANOTHER, COMPARE, CONTEXT_CHANGE, COURTESY, NEW, understand
from navigator.text import words

UNSEEN = TESTS / "follow_ups.jsonl"
"""Messages that are not among the examples, with what they want."""


@pytest.mark.model
def test_messages_that_were_never_seen_are_understood(embedder: SentenceTransformerEmbedder):
    report = measure_follow_ups(read_lines(UNSEEN, FollowUp), embedder)
    assert report.n >= 120
    assert report.accuracy >= 0.95, report.confusions


def test_what_measures_is_not_what_teaches():
    taught = {" ".join(words(text)) for text, _ in read_phrases()}
    asked = {
        " ".join(words(json.loads(line)["follow_up"])) for line in UNSEEN.read_text("utf-8").splitlines()
    }
    assert len(asked & taught) <= 0.06 * len(asked)  # "thanks" is "thanks"


@pytest.mark.model
def test_situations_are_taken_as_new_below_an_answer(embedder: SentenceTransformerEmbedder):
    corpus = load_corpus([data_folder("corpus")])
    told = [s.text for pattern in corpus.patterns for s in pattern.ontology.search_hints.situations[:2]]
    book = phrasebook(embedder)
    wants = [
        understand(text, focused=True, listed=4, likeness=lambda told: book.ranked(told, embedder)).wants
        for text in told
    ]
    assert len(wants) >= 100
    assert wants.count(NEW) >= 0.98 * len(wants)


def test_the_examples_cover_all_that_can_be_wanted():
    wants = {want for _, want in read_phrases()}
    related = {f"related:{kind}" for kind in ("requires", "enables", "alternatives", "complementary")}
    others = {NEW, CONTEXT_CHANGE, ANOTHER, COURTESY, "confidence", "provenance", "export"}
    assert wants == {*SECTION_NAMES, *related, *others}


@pytest.mark.model
def test_the_weights_that_ship_are_those_of_the_examples(embedder: SentenceTransformerEmbedder):
    with np.load(phrases.WEIGHTS) as stored:
        made_from = str(stored["made_from"])
    assert made_from == phrases.made_from(embedder), "Write them anew: python -m navigator.phrases"


def test_another_model_learns_the_examples_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    embedder = HashingEmbedder()
    book = phrasebook(embedder)
    learned = [book.ranked(text, embedder)[0][0] == want for text, want in read_phrases()]
    assert sum(learned) >= 0.8 * len(learned)
    monkeypatch.setattr(phrases, "WEIGHTS", tmp_path / "weights.npz")
    phrases.save(book, embedder)
    monkeypatch.setattr(phrases, "_books", {})
    monkeypatch.setattr(phrases, "fit", lambda _: pytest.fail("stored weights were not used"))
    stored = phrasebook(embedder)
    assert stored.wants == book.wants
    assert np.allclose(stored.weights, book.weights, atol=1e-2)


def test_a_fit_is_repeatable():
    first, second = (fit(HashingEmbedder()) for _ in range(2))
    assert np.array_equal(first.weights, second.weights)


def test_what_the_page_offers_to_ask_is_understood(embedder: SentenceTransformerEmbedder):
    book = phrasebook(embedder)
    for wants, question in QUESTIONS.items():
        told = understand(question, focused=True, listed=3, likeness=lambda text: book.ranked(text, embedder))
        assert told.wants == wants, question
    compared = understand(HOW_THEY_DIFFER, focused=True, listed=3, likeness=lambda text: [])
    assert compared.wants == COMPARE
