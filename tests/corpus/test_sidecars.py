"""Situations beside a library: which pattern each line is for, and what becomes of the rest."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.corpus import load_corpus
from navigator.corpus.findings import Report
from navigator.corpus.sidecars import LONGEST_SITUATION, MOST_BROKEN, read_sidecar
from navigator.lint import lint_corpus
from navigator.pattern import Account, Corpus, Situation

ID = "pat_01m7yt6dp5fa9a1agwd3mxqb99"
OTHER_ID = "pat_01m7yt6dp5fa9a1agwd3mxqb77"
OWN = "Nobody has looked behind the counter since spring."
SAID = "The guests keep asking what we hide back there."


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two patterns, one of them with an id and a situation of its own."""
    folder = tmp_path / "library"
    write_pattern(folder, "open-kitchen", "Open Kitchen", pattern_id=ID, situations=[OWN])
    write_pattern(folder, "swept-floor", "Swept Floor")
    return folder


def write_pattern(
    folder: Path, slug: str, title: str, *, pattern_id: str = "", situations: Sequence[str] = ()
) -> None:
    folder.mkdir(exist_ok=True)
    hints = {"search_hints": {"situations": [{"text": text} for text in situations]}}
    head = {"slug": slug, "title": title, "ontology": hints} | ({"id": pattern_id} if pattern_id else {})
    sections = "## Context\n\nA kitchen at noon.\n\n## Solution\n\n**Therefore, take the wall out.**\n"
    (folder / f"{slug}.md").write_text(f"---\n{json.dumps(head)}\n---\n\n{sections}", "utf-8")


def write_sidecar(folder: Path, *lines: dict[str, Any] | str, name: str = "said.jsonl") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(texts), "utf-8")
    return file


def situations(corpus: Corpus, slug: str) -> list[Situation]:
    (pattern,) = (pattern for pattern in corpus.patterns if pattern.slug == slug)
    return list(pattern.ontology.search_hints.situations)


def said(corpus: Corpus, slug: str) -> list[str]:
    return [situation.text for situation in situations(corpus, slug)]


def about(corpus: Corpus, file: Path) -> list[tuple[str, str, int]]:
    """What was found in a sidecar: code, level and line."""
    return [(f.code, f.level, f.line) for f in corpus.findings if f.path == str(file)]


@pytest.mark.parametrize("place", ["library/situations", "situations"])
def test_a_situation_in_the_corpus_folder_or_next_to_it_joins_its_pattern(library: Path, place: str):
    line = {"slug": "open-kitchen", "situation": SAID, "context": "Tech", "author": "person"}
    file = write_sidecar(library.parent / place, line)
    corpus = load_corpus([library])
    own, joined = situations(corpus, "open-kitchen")
    assert own == Situation(text=OWN)
    assert joined == Situation(text=SAID, context="tech", author="person", path=str(file))
    assert said(corpus, "swept-floor") == []
    assert about(corpus, file) == []


def test_a_single_document_has_those_next_to_it(library: Path):
    write_sidecar(library / "situations", {"slug": "open-kitchen", "situation": SAID})
    assert said(load_corpus([library / "open-kitchen.md"]), "open-kitchen") == [OWN, SAID]


def test_the_place_is_found_from_within(library: Path, monkeypatch: pytest.MonkeyPatch):
    write_sidecar(library.parent / "situations", {"slug": "open-kitchen", "situation": SAID})
    monkeypatch.chdir(library)
    assert said(load_corpus([Path()]), "open-kitchen") == [OWN, SAID]


def test_what_is_said_already_is_not_said_twice(library: Path):
    line = {"slug": "open-kitchen", "situation": SAID}
    again = {"slug": "open-kitchen", "situation": f"  {SAID.upper()}  "}
    own = {"id": ID, "situation": OWN.replace(" ", "  ")}
    write_sidecar(library / "situations", line, again, own)
    write_sidecar(library.parent / "situations", line)
    assert said(load_corpus([library]), "open-kitchen") == [OWN, SAID]


# Whose situation it is

MATCHES = [
    ("slug alone", {"slug": "open-kitchen"}, True, False),
    ("slug and title", {"slug": "open-kitchen", "title": "Open kitchen"}, True, True),
    ("slug and another title", {"slug": "open-kitchen", "title": "Closed Kitchen"}, True, False),
    ("id alone", {"id": ID}, True, True),
    ("id, whatever it was called then", {"id": ID, "slug": "glass-wall", "title": "Glass Wall"}, True, True),
    (
        "a stranger of that name",
        {"id": OTHER_ID, "slug": "open-kitchen", "title": "Open Kitchen"},
        False,
        False,
    ),
    ("nobody", {"slug": "no-kitchen", "title": "Open Kitchen"}, False, False),
]


@pytest.mark.parametrize(("line", "beside", "shipped"), [m[1:] for m in MATCHES], ids=[m[0] for m in MATCHES])
def test_a_line_finds_its_pattern(library: Path, tmp_path: Path, line: Any, beside: bool, shipped: bool):
    product = tmp_path / "product"
    write_sidecar(product, line | {"situation": SAID})
    corpus = load_corpus([library], shipped_situations=product)
    assert (SAID in said(corpus, "open-kitchen")) == shipped
    write_sidecar(library / "situations", line | {"situation": SAID})
    assert (SAID in said(load_corpus([library]), "open-kitchen")) == beside


@pytest.mark.parametrize(("title", "applies"), [("swept floor", True), ("Swept Floor!", True), ("", False)])
def test_to_a_pattern_without_id_what_ships_applies_by_slug_and_title(
    library: Path, tmp_path: Path, title: str, applies: bool
):
    line = {"id": OTHER_ID, "slug": "swept-floor", "title": title, "situation": SAID}
    write_sidecar(tmp_path / "product", line)
    corpus = load_corpus([library], shipped_situations=tmp_path / "product")
    assert said(corpus, "swept-floor") == ([SAID] if applies else [])


def test_an_id_that_several_patterns_have_is_not_enough(library: Path):
    write_pattern(library, "glass-wall", "Glass Wall", pattern_id=ID)
    write_sidecar(
        library / "situations",
        {"id": ID, "situation": "Whose am I?"},
        {"id": ID, "slug": "glass-wall", "situation": SAID},
    )
    corpus = load_corpus([library])
    assert (said(corpus, "glass-wall"), said(corpus, "open-kitchen")) == ([SAID], [OWN])


# What is wrong


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '"a string"',
        "[" * 100_000,
        '{"slug": "open-kitchen"}',
        '{"situation": "Whose?"}',
        '{"slug": "open-kitchen", "situation": " … "}',
        '{"slug": "open-kitchen", "situation": 7}',
        '{"slug": "open-kitchen", "situation": "A\\ud800"}',
        '{"slug": ["open-kitchen"], "situation": "Said."}',
        '{"slug": "open-kitchen", "situation": "Said.", "author": "a parrot"}',
        json.dumps({"slug": "open-kitchen", "situation": "word " * LONGEST_SITUATION}),
    ],
)
def test_a_broken_line_is_a_finding_with_its_line_and_costs_no_other(library: Path, line: str):
    good = {"slug": "open-kitchen", "situation": SAID}
    file = write_sidecar(library / "situations", "", line, good)
    corpus = load_corpus([library])
    assert about(corpus, file) == [("broken-situation", "warning", 2)]
    assert said(corpus, "open-kitchen") == [OWN, SAID]


def test_what_is_no_sidecar_at_all_is_soon_left_alone(library: Path):
    file = write_sidecar(library / "situations", *["no"] * 1_000)
    assert len(about(load_corpus([library]), file)) == MOST_BROKEN + 1


def test_lines_for_patterns_that_are_not_there_are_one_finding_of_a_file(library: Path, tmp_path: Path):
    stray = {"slug": "long-table", "situation": SAID}
    file = write_sidecar(library / "situations", {"slug": "swept-floor", "situation": SAID}, stray, stray)
    corpus = load_corpus([library])
    assert about(corpus, file) == [("situation-without-pattern", "info", 2)]
    assert "2 of 3" in next(f.message for f in corpus.findings if f.path == str(file))


def test_what_ships_says_nothing_about_libraries_it_does_not_fit(library: Path, tmp_path: Path):
    product = tmp_path / "situations"
    file = write_sidecar(product, {"slug": "long-table", "title": "Long Table", "situation": SAID})
    assert about(load_corpus([library], shipped_situations=product), file) == []


def test_a_sidecar_that_cannot_be_read_is_a_finding(library: Path):
    file = library / "situations" / "said.jsonl"
    file.parent.mkdir()
    file.write_bytes(b"\x89PNG\0\0\0\0")
    assert about(load_corpus([library]), file) == [("binary-file", "error", 1)]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no symbolic links here")
def test_no_link_leads_out_of_the_folder(library: Path, tmp_path: Path):
    elsewhere = write_sidecar(tmp_path / "elsewhere", {"slug": "open-kitchen", "situation": SAID})
    (library / "situations").mkdir()
    link = library / "situations" / "said.jsonl"
    link.symlink_to(elsewhere)
    corpus = load_corpus([library])
    assert about(corpus, link) == [("outside-link", "warning", 1)]
    assert said(corpus, "open-kitchen") == [OWN]


def test_lint_holds_only_a_patterns_own_situations_against_the_form(library: Path):
    write_pattern(library, "open-kitchen", "Open Kitchen", pattern_id=ID)
    line = {"slug": "open-kitchen", "situation": "If only the kitchen were open to anybody."}
    file = write_sidecar(library / "situations", line)
    codes = {finding.code for finding in lint_corpus(load_corpus([library]))}
    assert "weak-situation" not in codes
    file.unlink()
    write_pattern(library, "open-kitchen", "Open Kitchen", pattern_id=ID, situations=[line["situation"]])
    assert "weak-situation" in {finding.code for finding in lint_corpus(load_corpus([library]))}


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_no_text_stops_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str, line: dict[str, Any]):
    file = write_sidecar(tmp_path_factory.mktemp("any"), text.encode("utf-8", "replace").decode(), line)
    report = Report(str(file))
    sidecar = read_sidecar(file, report)
    broken = [finding for finding in report.findings if finding.code == "broken-situation"]
    assert len(sidecar.lines) + len(broken) <= text.count("\n") + text.count("\r") + 2


# Accounts: trouble that several patterns help with


def test_an_account_keeps_the_grades_of_the_patterns_that_are_there(library: Path):
    grades = {"open-kitchen": 3, "Swept_Floor": 1, "no-kitchen": 2}
    file = write_sidecar(
        library / "situations", {"situation": f" {SAID} ", "grades": grades, "core": "Hidden."}
    )
    corpus = load_corpus([library])
    kept = {"open-kitchen": 3, "swept-floor": 1}
    assert corpus.accounts == (Account(text=SAID, core="Hidden.", grades=kept, path=str(file)),)
    assert said(corpus, "open-kitchen") == [OWN]
    assert about(corpus, file) == []


def test_an_account_of_strange_patterns_alone_is_counted_among_the_strays(library: Path):
    strange = {"situation": SAID, "grades": {"no-kitchen": 3}}
    file = write_sidecar(library / "situations", {"slug": "swept-floor", "situation": SAID}, strange)
    corpus = load_corpus([library])
    assert corpus.accounts == ()
    assert about(corpus, file) == [("situation-without-pattern", "info", 2)]


@pytest.mark.parametrize("grades", [{"open-kitchen": 4}, {"open-kitchen": 0}, ["open-kitchen"], {}])
def test_grades_that_are_none_are_told_with_their_line(library: Path, grades: Any):
    file = write_sidecar(library / "situations", "", {"situation": SAID, "grades": grades})
    corpus = load_corpus([library])
    assert corpus.accounts == ()
    assert about(corpus, file) == [("broken-situation", "warning", 2)]


def test_an_account_that_ships_counts_for_patterns_that_a_situation_has_found(library: Path, tmp_path: Path):
    account = {"situation": SAID, "grades": {"glass-wall": 3, "swept-floor": 2}}
    write_sidecar(tmp_path / "product", account, name="accounts.jsonl")
    assert load_corpus([library], shipped_situations=tmp_path / "product").accounts == ()
    write_sidecar(
        tmp_path / "product", {"id": ID, "slug": "glass-wall", "situation": "We watch the pots boil."}
    )
    (told,) = load_corpus([library], shipped_situations=tmp_path / "product").accounts
    assert told.grades == {"open-kitchen": 3}
