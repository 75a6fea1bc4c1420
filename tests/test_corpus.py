"""The bundled corpus keeps its promises: what a newcomer meets first has nothing wrong with it."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable, Sequence
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path
from statistics import fmean

import pytest
from places import REPOSITORY, SHARED
from typeid import TypeID

from navigator.cli import main
from navigator.corpus import load_corpus
from navigator.pattern import CONTEXTS, SECTION_NAMES, Corpus, Pattern
from navigator.text import content_words

CORPUS = REPOSITORY / "corpus"
ANTI_PATTERNS = {"coherence-theatre", "covert-recentralisation"}

originality: Callable[[Sequence[str]], int] = runpy.run_path(
    str(REPOSITORY / "benchmarks" / "originality.py")
)["main"]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus([CORPUS])


@pytest.fixture(scope="module")
def by_slug(corpus: Corpus) -> dict[str, Pattern]:
    return {pattern.slug: pattern for pattern in corpus.patterns}


def test_there_are_sixty_four_patterns_and_nothing_else(corpus: Corpus):
    assert len(corpus.patterns) == corpus.documents == 64
    assert {path.name for path in CORPUS.iterdir()} == {
        "LICENSE",
        "vectors.npz",
        *(f"{pattern.slug}.md" for pattern in corpus.patterns),
    }


def test_the_linter_finds_nothing(elsewhere: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main(["lint", "--strict", "--json", str(CORPUS)])
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert stopped.value.code == 0


def test_each_has_an_id_and_eight_sections_of_its_own(corpus: Corpus):
    ids = [TypeID.from_string(pattern.id) for pattern in corpus.patterns]
    assert {each.prefix for each in ids} == {"pat"}
    assert len(set(ids)) == len(corpus.patterns)
    for pattern in corpus.patterns:
        assert tuple(section.role for section in pattern.sections) == SECTION_NAMES, pattern.slug


def test_every_link_leads_to_a_pattern(by_slug: dict[str, Pattern]):
    for pattern in by_slug.values():
        links = list(chain.from_iterable(pattern.relationships.values()))
        assert {link.slug for link in links} <= by_slug.keys() - {pattern.slug}, pattern.slug
        assert all(link.weight is not None for link in links), pattern.slug


def test_what_comes_first_never_comes_later(by_slug: dict[str, Pattern]):
    order: TopologicalSorter[str] = TopologicalSorter()
    for slug, pattern in by_slug.items():
        order.add(slug, *targets(pattern, "requires"))
        for later in targets(pattern, "enables"):
            order.add(later, slug)
    assert len(list(order.static_order())) == len(by_slug)  # raises CycleError, naming the circle


def targets(pattern: Pattern, kind: str) -> list[str]:
    return [link.slug or "" for link in pattern.relationships.get(kind, ())]


def test_six_situations_each_from_every_world_in_words_of_their_own(corpus: Corpus):
    for pattern in corpus.patterns:
        situations = pattern.ontology.search_hints.situations
        assert len(situations) == 6, pattern.slug
        assert {situation.context for situation in situations} == set(CONTEXTS), pattern.slug
        told = content_words(" ".join(situation.text for situation in situations))
        assert not content_words(pattern.title) & told, pattern.slug


def test_each_goes_by_a_name_of_its_own_in_every_world(corpus: Corpus):
    for pattern in corpus.patterns:
        names = {pattern.title, *pattern.context_labels.values()}
        assert len(names) == 1 + len(CONTEXTS), pattern.slug
        assert pattern.junk == (), pattern.slug


def test_scores_are_argued_and_the_overall_one_is_their_mean(corpus: Corpus):
    for pattern in corpus.patterns:
        scores = pattern.ontology.commons_assessment.model_dump(exclude={"vitality_reasoning"})
        overall = scores.pop("overall_score")
        assert overall == pytest.approx(fmean(scores.values()), abs=0.051), pattern.slug
        assert pattern.ontology.commons_assessment.vitality_reasoning, pattern.slug


def test_what_is_to_be_avoided_says_so_and_names_a_way_out(by_slug: dict[str, Pattern]):
    for slug in ANTI_PATTERNS:
        assert by_slug[slug].summary.startswith("Anti-pattern:")
        assert targets(by_slug[slug], "alternatives")


def test_licence_and_origin_are_on_every_pattern(corpus: Corpus):
    for pattern in corpus.patterns:
        assert pattern.license == "CC-BY-SA-4.0", pattern.slug
        assert pattern.attribution, pattern.slug
        assert len(pattern.sources) >= 2, pattern.slug
    assert "Attribution-ShareAlike 4.0 International" in (CORPUS / "LICENSE").read_text("utf-8")


def test_no_sentence_stands_in_two_patterns(capsys: pytest.CaptureFixture[str]):
    assert originality([str(CORPUS)]) == 0, capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the documents to compare with are not here")
def test_no_sentence_was_taken_from_elsewhere(capsys: pytest.CaptureFixture[str]):
    others = [str(path) for path in SHARED.iterdir() if path.is_dir()]
    assert originality([str(CORPUS), "--against", *others]) == 0, capsys.readouterr().out


SENTENCE = "Whoever counts the fisher’s herrings on Monday mustn't be the one who sold them on Sunday"


@pytest.mark.parametrize(
    ("name", "text", "repeated"),
    [
        ("other.md", f"# Fish\n\n{SENTENCE}.\n", True),
        ("other.md", f"# Fish\n\nOf old. {SENTENCE.upper().replace(' ', chr(10), 5)}! And so on.\n", True),
        ("other.md", f"# Fish\n\n**In a company:** {SENTENCE.replace('herrings', '**herrings**')}.\n", True),
        ("other.md", f"# Fish\n\n{SENTENCE.replace('herrings', '[herrings](https://a.example/b)')}.\n", True),
        ("other.jsonl", json.dumps({"question": f"Help!\n{SENTENCE}…"}), True),
        ("other.md", f"# Fish\n\n{SENTENCE.replace('Sunday', 'Saturday')}.\n", False),
        ("other.pdf", SENTENCE, False),
    ],
)
def test_a_repeated_sentence_is_found_whatever_it_looks_like(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, repeated: bool
):
    own = tmp_path / "own"
    own.mkdir()
    common = "Nine words are common property, let them be repeated."
    body = f"### Section 1: Context\n\n**In tech:** {SENTENCE}. {common}"
    (own / "herrings.md").write_text(f"---\nslug: herrings\nontology: {{}}\n---\n\n{body}\n", "utf-8")
    (tmp_path / name).write_text(f"{text}\n\n{common}\n", "utf-8")
    assert originality([str(own), "--against", str(tmp_path)]) == int(repeated)
    assert (SENTENCE in capsys.readouterr().out) == repeated


def test_two_patterns_with_the_same_situation_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for slug in ("herrings", "mackerel"):
        hints = f'search_hints: {{situations: [{{context: tech, text: "{SENTENCE}."}}]}}'
        text = f"---\nslug: {slug}\nontology:\n  {hints}\n---\n\nA fish called {slug}.\n"
        (tmp_path / f"{slug}.md").write_text(text, "utf-8")
    assert originality([str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "herrings.md" in printed
    assert "mackerel.md" in printed
