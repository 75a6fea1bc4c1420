"""`navigator eval --labels`: are patterns found by their names?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from embedders import HashingEmbedder
from hypothesis import given
from hypothesis import strategies as st
from places import DOCUMENTS
from rapidfuzz.distance import OSA

from navigator.build import build_index
from navigator.errors import EvaluationError
from navigator.labels import AS_IS, SLIP, LabelsReport, measure_labels, slipped
from navigator.library import Library


class Unasked(HashingEmbedder):
    """A model that must not be needed for a question."""

    def embed_query(self, text: str):
        raise AssertionError(f"{text!r} was embedded")


def report_on(folder: Path, index: Path, embedder: HashingEmbedder, **options: object) -> LabelsReport:
    build_index([folder], index, HashingEmbedder())
    library = Library.open(index)
    report = measure_labels(library, embedder, **options)
    library.close()
    return report


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    def write_it(slug: str, title: str, **labels: str) -> None:
        body = "### Section 1: Context\n\nClerks keep ledgers."
        front = f"slug: {slug}\ntitle: {title}\ncontext_labels: {labels}"
        (tmp_path / f"{slug}.md").write_text(f"---\n{front}\n---\n\n{body}\n")

    return write_it


def test_every_name_of_the_test_documents_is_found_without_the_model(tmp_path: Path):
    done = []
    report = report_on(DOCUMENTS, tmp_path, Unasked(), on_progress=lambda *progress: done.append(progress))
    assert report.n == len(done) == 36
    assert done[-1] == (36, 36)
    assert list(report.spellings) == [AS_IS, "in other case", "with hyphens", "without hyphens", SLIP]
    assert {spelling.hit for spelling in report.spellings.values()} == {1}
    assert report.missed == ()
    assert report.as_json()["hit@1"] == report.as_json()["hit@1_with_a_slip"] == 1
    assert set(report.spellings[AS_IS].by_kind) == {"title", "slug", "alias", "label"}


def test_names_are_typed_once_and_filler_not_at_all(tmp_path: Path, write):
    write("ledger", "Ledger Keeping", corporate="Shared Books", tech="Ledger Keeping for Products")
    write("books", "Book Circle", corporate="Shared Books", government="BOOK CIRCLE")
    report = report_on(tmp_path, tmp_path / "index", Unasked())
    # Two titles, two slugs, and one label that both patterns share: each of them is a hit.
    assert report.n == 5
    assert report.spellings[AS_IS].by_kind == {"title": 1, "slug": 1, "label": 1}


def test_a_name_that_is_missed_is_told(tmp_path: Path, write, monkeypatch: pytest.MonkeyPatch):
    write("ledger", "Ledger Keeping")
    write("books", "Book Circle")
    monkeypatch.setattr(Library, "named", lambda library, text: ["books"])
    report = report_on(tmp_path, tmp_path / "index", Unasked())
    assert report.spellings[AS_IS].hit == 1 / 2
    assert {(missed.name, missed.found) for missed in report.missed} == {
        ("Ledger Keeping", "books"),
        ("ledger", "books"),
    }


def test_what_is_not_recognised_as_a_name_is_searched_for(tmp_path: Path, write):
    write("tps", "TPS")
    report = report_on(tmp_path, tmp_path / "index", HashingEmbedder())
    assert report.spellings[SLIP].hit == 1


def test_an_index_without_patterns_has_no_names_to_measure(tmp_path: Path):
    with pytest.raises(EvaluationError, match="holds no pattern"):
        report_on(DOCUMENTS / "why-we-closed-on-mondays.txt", tmp_path, Unasked())


@given(st.text(min_size=1, max_size=20), st.integers(0, 9))
def test_a_slip_is_one_edit_and_always_the_same(name: str, seed: int):
    typed = slipped(name, Random(seed))
    assert typed == slipped(name, Random(seed))
    assert OSA.distance(name, typed) == any(map(str.isalpha, name))
