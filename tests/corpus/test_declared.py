"""Contexts of a librarian's own: declared in YAML, and as good as the others from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
from embedders import HashingEmbedder

from navigator.build import build_index, index_state
from navigator.corpus import load_corpus
from navigator.corpus.audiences import AUDIENCES
from navigator.corpus.contexts import hear_context
from navigator.corpus.declared import read_contexts
from navigator.doctor import Check, examine
from navigator.errors import SettingsError
from navigator.navigator import Navigator
from navigator.settings import load_settings

DECLARED = """
contexts:
  - name: Healthcare
    synonyms: [hospitals, clinic, nurses]
    sample_words: [ward, patient, triage]
    near: [government]
"""
DOCUMENT = """---
slug: second-pair-of-eyes
title: "Second Pair of Eyes"
context_labels: {healthcare: "Cross-check at the bedside"}
---

### Section 3: Solution

> **Therefore, let someone else look before it counts.**

### Section 4: Implementation

Agree on what counts. In tech, review before the merge. In hospitals, read the dose aloud. A nurse repeats it.

**For clinics:** keep the second chair free.

### Section 6: Known Uses

The night ward. On every ward a second nurse signs for the patient before triage.
"""


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    file = tmp_path / "contexts.yaml"
    file.write_text(DECLARED, "utf-8")
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns" / "second-pair-of-eyes.md").write_text(DOCUMENT, "utf-8")
    return file


def test_a_declared_context_tags_sentences_blocks_and_stories(declared: Path):
    own = read_contexts(declared)
    assert [audience.name for audience in own] == ["healthcare"]
    (pattern,) = load_corpus([declared.parent / "patterns"], own=own).patterns
    section = pattern.section("Implementation")
    assert section is not None
    mixed, led = section.blocks
    assert [sentence.contexts for sentence in mixed.sentences] == [
        (),
        ("tech",),
        ("healthcare",),
        ("healthcare",),
    ]
    assert led.contexts == ("healthcare",)
    uses = pattern.section("Known Uses")
    assert uses is not None
    assert {block.contexts for block in uses.blocks} == {("healthcare",)}
    (plain,) = load_corpus([declared.parent / "patterns"]).patterns
    assert not any("healthcare" in block.contexts for each in plain.sections for block in each.blocks)


def test_it_is_heard_and_answered_in(declared: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Path):
    monkeypatch.setenv("NAVIGATOR_CONTEXTS", str(declared))
    settings = load_settings(corpus=(declared.parent / "patterns",), index=declared.parent / "index")
    embedder = HashingEmbedder()
    own = settings.own_contexts
    build_index(settings.corpus, settings.index, embedder, contexts=own)
    navigator = Navigator(settings, embedder)
    assert navigator.contexts == (*(audience.name for audience in AUDIENCES), "healthcare")
    answer = navigator.ask("Second Pair of Eyes", context="healthcare")
    assert answer.label == "Cross-check at the bedside"
    actions = next(part for part in answer.parts if part.kind == "actions")
    said = " ".join(sentence.text for sentence in actions.sentences)
    assert "In hospitals, read the dose aloud." in said
    assert "In tech" not in said
    assert hear_context("We're a clinic with forty nurses", navigator.library.audiences) == "healthcare"
    navigator.library.close()


def test_a_changed_declaration_makes_the_index_stale(declared: Path):
    paths, folder, embedder = [declared.parent / "patterns"], declared.parent / "index", HashingEmbedder()
    own = read_contexts(declared)
    build_index(paths, folder, embedder, contexts=own)
    assert index_state(paths, folder, embedder, contexts=own) == "current"
    assert index_state(paths, folder, embedder) == "stale"
    report = build_index(paths, folder, embedder)
    assert (report.unchanged, report.embedded) == (False, 0)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("contexts: [", "line"),
        ("contexts: nurse", "contexts"),
        ("contexts:\n  - synonyms: [a]", "name"),
        ("contexts:\n  - name: a\n    words: [b]", "words"),
        ("contexts:\n  - name: a\n  - name: A", "name of its own"),
        ("contexts:\n  - name: '…'", "name of its own"),
        ("- name: a", "contexts"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_said(tmp_path: Path, text: str, named: str):
    file = tmp_path / "contexts.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"contexts\.yaml") as caught:
        read_contexts(file)
    assert named in str(caught.value)


def test_a_declaration_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"nowhere\.yaml"):
        read_contexts(tmp_path / "nowhere.yaml")


def test_the_doctor_sees_it(declared: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Path):
    def corpus_check() -> Check:
        return next(check for check in examine({}).checks if check.what == "corpus")

    monkeypatch.setenv("NAVIGATOR_CONTEXTS", str(declared))
    assert corpus_check().detail.endswith("contexts of your own: healthcare")
    declared.write_text("contexts: nurse", "utf-8")
    assert not corpus_check().passed
    assert "contexts.yaml" in corpus_check().detail
