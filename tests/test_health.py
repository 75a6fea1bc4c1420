"""How a library is: what a build notes of it, and what is told of that and of the index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from embedders import HashingEmbedder
from hypothesis import given
from hypothesis import strategies as st
from places import DOCUMENTS

from navigator.build import build_index
from navigator.corpus import load_corpus
from navigator.errors import IndexDamagedError
from navigator.health import (
    choose,
    find_twins,
    gini,
    label_quality,
    read_survey,
    skew,
    survey,
    write_survey,
)
from navigator.lint import lint_corpus
from navigator.navigator import Navigator
from navigator.pattern import Finding, Level, Pattern
from navigator.settings import load_settings

degrees = st.lists(st.integers(0, 1000), max_size=30)


@pytest.fixture(scope="module")
def patterns() -> tuple[Pattern, ...]:
    return load_corpus([DOCUMENTS]).patterns


def found(path: str, level: Level = "warning", code: str = "empty-file", message: str = "") -> Finding:
    return Finding(path=path, line=1, code=code, level=level, message=message)


def test_a_build_notes_what_lint_finds(shelf: Navigator) -> None:
    health = shelf.health()
    assert health.findings == lint_corpus(load_corpus([DOCUMENTS]))
    assert health.findings
    assert health.facts.generation == shelf.library.generation.name
    assert health.facts.patterns == len([entry for entry in shelf.catalogue() if entry.is_pattern])
    assert health.facts.size == sum(
        file.stat().st_size
        for file in shelf.library.generation.folder.rglob("*")
        if file.is_file() and file.name != "manifest.json"
    )
    assert shelf.health() is health


def test_health_is_told_anew_of_a_new_generation(documents: Path, tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    build_index([documents], tmp_path / "index", embedder)
    navigator = Navigator(load_settings(corpus=(documents,), index=tmp_path / "index"), embedder)
    before = navigator.health()
    original = (documents / "open-till.md").read_text("utf-8")
    (documents / "twin.md").write_text(original.replace("slug: open-till", "slug: twin"), "utf-8")
    assert navigator.health() is before
    build_index([documents], tmp_path / "index", embedder)
    after = navigator.health()
    assert ("open-till", "twin") in {(twins.first, twins.second) for twins in after.twins}
    assert after.facts.patterns == before.facts.patterns + 1
    navigator.library.close()


def test_it_is_told_whether_documents_have_changed_since(documents: Path, tmp_path: Path) -> None:
    embedder, settings = HashingEmbedder(), load_settings(corpus=(documents,), index=tmp_path / "index")
    build_index([documents], settings.index, embedder, shipped_situations=Path("situations").absolute())
    navigator = Navigator(settings, embedder)
    assert navigator.index_state() == "current"
    (documents / "open-till.md").unlink()
    assert navigator.index_state() == "stale"
    navigator.library.close()


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_text("{", "utf-8")])
def test_a_damaged_survey_names_the_next_command(tmp_path: Path, damage, patterns) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "survey.json"
    written = survey(patterns, [found("a.md")])
    write_survey(file, written)
    assert read_survey(file) == written
    damage(file)
    with pytest.raises(IndexDamagedError, match="navigator index --force"):
        read_survey(file)


def test_links_that_lead_to_one_pattern_are_skewed() -> None:
    slugs = [f"p{number}" for number in range(200)]
    links = [(slug, "p0") for slug in slugs] * 2 + [("p5", "p1"), ("p6", "p1"), ("p7", "gone")]
    measured = skew("people", slugs, links)
    assert (measured.patterns, measured.linked, measured.links, measured.top) == (200, 2, 201, 2)
    assert [(hub.slug, hub.links) for hub in measured.hubs] == [("p0", 199), ("p1", 2)]
    assert measured.top_share == 1
    assert measured.gini > 0.99
    assert measured.spread[:3] == (("0", 198), ("1", 0), ("2–3", 1))
    assert measured.spread[-1] == ("128–255", 1)


def test_links_that_fall_alike_on_all_are_not_skewed() -> None:
    slugs = [f"p{number}" for number in range(100)]
    measured = skew("people", slugs, list(zip(slugs, [*slugs[1:], slugs[0]], strict=True)))
    assert (measured.gini, measured.top_share, measured.spread) == (0, 0.01, (("0", 0), ("1", 100)))


def test_no_links_are_no_skew() -> None:
    assert skew("machine", ["a"], []).gini == skew("machine", [], []).top_share == 0


@given(degrees)
def test_the_gini_coefficient_is_half_the_relative_mean_difference(values: list[int]) -> None:
    assert 0 <= gini(values) < 1
    if sum(values):
        difference = np.abs(np.subtract.outer(values, values)).mean()
        assert gini(values) == pytest.approx(difference / (2 * np.mean(values)))


@given(degrees)
def test_every_pattern_is_in_one_range_of_the_spread(values: list[int]) -> None:
    slugs = [f"p{number}" for number in range(len(values))]
    links = [(f"from{n}", slug) for slug, value in zip(slugs, values, strict=True) for n in range(value)]
    assert sum(number for _, number in skew("people", slugs, links).spread) == len(values)


def test_links_of_people_and_of_the_garden_are_told_apart(patterns: tuple[Pattern, ...]) -> None:
    people, machine = survey(patterns, []).skews
    assert (people.by, machine.by) == ("people", "machine")
    assert people.links == len(
        {
            (pattern.slug, link.slug)
            for pattern in patterns
            for links in pattern.relationships.values()
            for link in links
            if link.slug and link.slug != pattern.slug
        }
    )


def test_labels_are_usable_filler_junk_or_missing(patterns: tuple[Pattern, ...]) -> None:
    labelled = patterns[0].model_copy(
        update={
            "context_labels": {
                "corporate": "Real",
                "government": "Title for Agencies",
                "tech": "Med",
                "x": "Y",
            },
            "filler_labels": ("government",),
            "junk": ("context_labels.tech",),
        }
    )
    told = {quality.context: quality for quality in label_quality([labelled])}
    assert [told["corporate"].usable, told["government"].filler, told["tech"].junk] == [1, 1, 1]
    assert [told["activist"].missing, told["x"].usable] == [1, 1]
    assert {quality.patterns for quality in told.values()} == {1}


def test_twins_are_pairs_of_alike_vectors_the_most_alike_first() -> None:
    near = np.array([0.9, np.sqrt(1 - 0.81), 0])
    vectors = np.array([[1, 0, 0], near, [0, 0, 1], [1, 0, 0]], np.float32)
    pairs = find_twins(["a", "b", "c", "d"], vectors, least=0.8)
    assert [(pair.first, pair.second, pair.similarity) for pair in pairs] == [
        ("a", "d", 1.0),
        ("a", "b", 0.9),
        ("b", "d", 0.9),
    ]
    assert find_twins(["a", "b", "c", "d"], vectors, least=0.8, most=1) == pairs[:1]
    assert find_twins([], np.empty((0, 3), np.float32)) == ()


def test_pairs_are_found_across_the_blocks_in_which_they_are_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    slugs = [f"p{number:02}" for number in range(50)]
    whole = find_twins(slugs, vectors, least=0.5)
    monkeypatch.setattr("navigator.health._AT_ONCE", 7)
    assert [(p.first, p.second) for p in find_twins(slugs, vectors, least=0.5)] == [
        (p.first, p.second) for p in whole
    ]
    assert len(whole) > 10


def test_findings_are_narrowed_by_level_rule_folder_and_words() -> None:
    findings = [
        found("a/one.md", "error", "invalid-yaml", "A Colon"),
        found("a/two.md", code="few-links"),
        found("b/one.md", "info", "self-link", "colon"),
    ]
    assert choose(findings) == findings
    assert choose(findings, levels=["error", "info"]) == [findings[0], findings[2]]
    assert choose(findings, codes=["few-links"]) == [findings[1]]
    assert choose(findings, folders=["a"], text="one colon") == [findings[0]]
    assert choose(findings, text="ONE") == [findings[0], findings[2]]
    assert choose(findings, text="nowhere") == []
