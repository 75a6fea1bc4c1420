"""The real documents, where they are at hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from navigator.corpus import load_corpus
from navigator.names import Name, Names
from navigator.pattern import SECTION_NAMES, Corpus

SHARED = Path(__file__).resolve().parents[3] / "shared"


def load(name: str) -> Corpus:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not at hand")
    return load_corpus([folder])


@pytest.fixture(scope="module")
def library() -> Corpus:
    return load("library/commons-os")


def test_the_seeds_are_two_patterns_and_two_readings():
    corpus = load("seeds")
    assert [pattern.form for pattern in corpus.patterns] == ["v7.1", "page"]
    for pattern in corpus.patterns:
        assert tuple(section.role for section in pattern.sections) == SECTION_NAMES
    first, page = corpus.patterns
    assert (first.id[:4], len(first.context_labels), first.ontology.domain) == ("pat_", 4, "deep-work-flow")
    assert (first.lifecycle.confidence, first.license, len(first.contributors)) == (1, "CC-BY-SA-4.0", 2)
    assert sum(map(len, first.relationships.values())) == 9
    assert (len(first.graph_garden.entities), len(first.graph_garden.communities)) == (10, 5)
    assert (page.slug, page.title, page.lifecycle.confidence) == (
        "distributed-organizing",
        "Distributed Organizing",
        3,
    )


FURNITURE = (
    "facebook|advertisement|related articles|leave a reply|required fields|body|cutout paper|further reading"
    "|trust in leadership grows when actions|july 29|august 0"
).split("|")


def test_not_a_line_of_furniture_is_left_in_the_readings():
    readings = load("seeds").readings
    assert [len(reading.sections) for reading in readings] == [5, 5]
    for reading in readings:
        lines = [block.text.lower() for section in reading.sections for block in section.blocks]
        assert not [line for line in lines if line.startswith(tuple(FURNITURE))]
        assert not [
            line
            for line in lines
            if len(line) < 60 or "\\n" in line or line.strip("{}[]\"'“” ") != line.strip()
        ]
    assert readings[0].published == "July 29, 2025"


def test_the_large_library_is_read_whole(library: Corpus):
    assert library.documents == 3616
    assert len(library.patterns) >= 3610
    codes = Counter(finding.code for finding in library.findings)
    broken = {
        Path(finding.path).stem for finding in library.findings if finding.code == "front-matter-syntax"
    }
    assert broken == {"animal-communication-practice", "animal-relationship-ethics"}
    assert (
        sum("'Med'" in finding.message for finding in library.findings if finding.code == "junk-label") >= 40
    )
    assert codes["front-matter-leaked"] == 19
    assert codes["cut-off"] > 100
    assert all(pattern.sections for pattern in library.patterns)


def test_every_verbatim_block_of_the_large_library_is_what_the_file_says(library: Corpus):
    for pattern in library.patterns[::20]:
        text = Path(pattern.path).read_text("utf-8", errors="replace")
        for section in pattern.sections:
            for block in section.blocks:
                assert not block.verbatim or text[block.start : block.end] == block.text


def test_the_eighth_version_has_hubs_and_typeid_links():
    corpus = load("library/commons-os-v8")
    assert len(corpus.patterns) == 148
    assert sum(bool(pattern.gravitational_hubs) for pattern in corpus.patterns) > 100
    links = [
        link for pattern in corpus.patterns for links in pattern.relationships.values() for link in links
    ]
    assert any(link.slug for link in links)
    assert any(pattern.relationships.get("manifests_as") for pattern in corpus.patterns) or links


def test_no_situation_is_taken_for_a_name(library: Corpus):
    names = Names(
        Name(pattern.slug, text, kind)
        for pattern in library.patterns
        for kind, texts in (
            ("title", [pattern.title]),
            ("alias", pattern.aliases),
            ("label", pattern.usable_labels.values()),
        )
        for text in texts
    )
    asked = [
        json.loads(line)[key]
        for file, key in (
            ("eval/questions.dev.jsonl", "question"),
            ("eval/questions.real.jsonl", "question"),
            ("eval/follow_ups.dev.jsonl", "follow_up"),
            ("eval/out_of_scope.dev.jsonl", "question"),
            ("training/situations.jsonl", "situation"),
        )
        for line in (SHARED / file).read_text("utf-8").splitlines()
    ]
    assert len(asked) > 2_000
    assert [question for question in asked if names.find(question)] == []
