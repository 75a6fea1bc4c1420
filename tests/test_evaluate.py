"""`navigator eval`: judged files in, figures out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from embedders import HashingEmbedder
from places import DOCUMENTS, SHARED
from rich.console import Console

from navigator import cli
from navigator.ask import ANSWER_THRESHOLD, search
from navigator.build import build_index
from navigator.embedding import SentenceTransformerEmbedder
from navigator.errors import EvaluationError
from navigator.evaluate import (
    measure_blocks,
    measure_declining,
    measure_follow_ups,
    measure_questions,
    measure_situations,
)
from navigator.figures import NO_CONTEXT, NO_FORM, Ranked, ranking_report
from navigator.judged import FollowUp, LabelledBlock, Question, read_lines, read_rewritings
from navigator.library import Library
from navigator.llm.rewriting import Rewriting
from navigator.measures import Judgement

HANDOVER = "One engineer knows the nightly import and he has booked three weeks away, so who runs it?"
EVAL = SHARED / "eval"
needs_eval = pytest.mark.skipif(not EVAL.is_dir(), reason="the judged questions of ../shared are not here")


@pytest.fixture(scope="module")
def hashing() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, hashing: HashingEmbedder) -> Iterator[Library]:
    """The test documents under an embedding that only knows words."""
    folder = tmp_path_factory.mktemp("hashed")
    build_index([DOCUMENTS], folder, hashing)
    opened = Library.open(folder)
    yield opened
    opened.close()


def jsonl(file: Path, lines: Sequence[dict[str, Any]]) -> Path:
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return file


# The files


def test_a_slug_is_worth_more_than_its_near_twins_and_all_are_hits():
    judgement = Question(question="?", slug="meant", also=("twin", "meant")).judgement
    assert judgement == Judgement({"twin": 1, "meant": 2}, frozenset({"twin", "meant"}))


def test_grades_gain_exponentially_and_are_hits_from_two_on():
    judgement = Question(question="?", grades={"none": 0, "related": 1, "helpful": 2, "exact": 3}).judgement
    assert judgement == Judgement(
        {"none": 0, "related": 1, "helpful": 3, "exact": 7}, frozenset({"helpful", "exact"})
    )


def test_a_question_without_either_is_not_judged():
    assert Question(question="?").judgement is None
    assert Question(question="?", grades={}, also=("twin",)).judgement is None


def test_lines_are_read_whatever_else_they_hold(tmp_path: Path):
    file = tmp_path / "questions.jsonl"
    file.write_bytes(
        '\ufeff{"question": "first\u2028line", "slug": "a", "mood": 3}\r\n\r\n{"question": "é"}\n'.encode()
    )
    assert [line.question for line in read_lines(file, Question)] == ["first\u2028line", "é"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"question": "?", ', "Invalid JSON"),
        ('["question"]', "object"),
        ('{"slug": "a"}', "question: Field required"),
        ('{"question": ""}', "question: String should have at least 1 character"),
        ('{"question": "?", "grades": {"a": 4}}', "grades.a: Input should be less than or equal to 3"),
        ('{"question": "?", "also": "a"}', "also: Input should be a valid"),
        (b'{"question": "\xff"}', "Invalid JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str | bytes, complaint: str):
    file = tmp_path / "bad.jsonl"
    file.write_bytes(b'{"question": "fine"}\n\n' + (line if isinstance(line, bytes) else line.encode()))
    with pytest.raises(EvaluationError) as caught:
        read_lines(file, Question)
    assert str(caught.value).startswith(f"{file}, line 3: ")
    assert complaint in str(caught.value)


def test_a_file_that_is_empty_or_missing_is_named(tmp_path: Path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n\n")
    for file in (empty, tmp_path / "missing.jsonl", tmp_path):
        with pytest.raises(EvaluationError, match=str(file)):
            read_lines(file, Question)


# Questions


def test_figures_are_split_by_context_and_form():
    found, missed = ["a", "b"], ["b", "c"]
    meant, graded = (
        Judgement({"a": 2}, frozenset({"a"})),
        Judgement({"z": 7, "b": 1, "a": 3}, frozenset("az")),
    )
    ranked = [
        Ranked("first", found, meant, "tech"),
        Ranked("second", missed, meant, "tech"),
        Ranked("third", found, graded, None),
        Ranked("fourth", found, Judgement({"z": 1}, frozenset("z")), None),
    ]
    report = ranking_report(ranked, {"a": "v7.1", "b": "first"}, k=3)
    assert report.overall.means["hit@1"] == 1 / 2
    assert {context: figures.n for context, figures in report.by_context.items()} == {
        "tech": 2,
        NO_CONTEXT: 2,
    }
    assert report.by_context["tech"].means["hit@1"] == 1 / 2
    assert report.by_context["tech"].intervals["hit@1"] == (0, 1)
    # Of what was judged, the best that the index holds.
    assert {form: figures.n for form, figures in report.by_form.items()} == {"v7.1": 3, NO_FORM: 1}
    assert report.by_form["v7.1"].means["hit@1"] == pytest.approx(2 / 3)
    as_json = report.as_json()
    figures = {"n", "hit@1", "hit@5", "mrr@3", "ndcg@3", "intervals"}
    assert set(as_json) == figures | {"by_context", "by_form", "questions"}
    assert set(as_json["by_form"][NO_FORM]) == figures
    assert as_json["questions"][1] == {
        "question": "second",
        "context": "tech",
        "form": "v7.1",
        "scores": {"hit@1": 0, "hit@5": 0, "mrr@3": 0, "ndcg@3": 0},
    }


def test_questions_are_ranked_and_those_unjudged_skipped(library: Library, hashing: HashingEmbedder):
    questions = [
        Question(question=HANDOVER, slug="rolling-handover", context="tech"),
        Question(question=HANDOVER, grades={"quiet-mornings": 1, "no-such-pattern": 3}, context="tech"),
        Question(question="Nobody knows what this ought to find"),
    ]
    done = []
    report = measure_questions(
        questions, library, hashing, on_progress=lambda *progress: done.append(progress)
    )
    assert done == [(1, 2), (2, 2)]
    assert (report.ranking.overall.n, report.skipped, report.rewritten, report.unknown) == (2, 1, 0, 1)
    assert report.ranking.overall.means["hit@1"] == 1 / 2
    assert report.as_json()["skipped"] == 1


def test_articles_take_no_rank(library: Library, hashing: HashingEmbedder):
    found = search("Why we closed on Mondays", library, hashing)
    assert found.readings[0].slug == "why-we-closed-on-mondays"
    assert "why-we-closed-on-mondays" not in {hit.slug for hit in found.patterns}
    assert {hit.slug for hit in found.patterns} <= library.catalogue.keys()


def test_without_judgements_there_is_nothing_to_measure(library: Library, hashing: HashingEmbedder):
    with pytest.raises(EvaluationError, match="'slug' or 'grades'"):
        measure_questions([Question(question="?")], library, hashing)


def test_rewritings_are_asked_with(tmp_path: Path, library: Library, hashing: HashingEmbedder):
    file = jsonl(
        tmp_path / "rewrites.jsonl",
        [{"source": "s", "core": HANDOVER, "pattern_like": "Rolling Handover", "terms": "handover engineer"}],
    )
    rewritings = read_rewritings(file)
    assert rewritings == {"s": Rewriting(HANDOVER, "Rolling Handover", "handover engineer")}
    asked = {"question": "Every report I get is green, and then a plant closes.", "slug": "rolling-handover"}
    lines = [Question(**asked, source="s"), Question(**asked)]
    together, alone = (
        measure_questions(questions, library, hashing, rewritings=rewritings)
        for questions in (lines, lines[1:])
    )
    assert (together.rewritten, alone.rewritten) == (1, 0)
    assert together.ranking.overall.means["hit@1"] == 1 / 2
    assert alone.ranking.overall.means["hit@1"] == 0


def test_confidence_tells_questions_from_others(library: Library, hashing: HashingEmbedder):
    names = [Question(question=title) for title in ("Rolling Handover", "Quiet Mornings")]
    nonsense = [Question(question="zzz"), Question(question="qqq yyy"), Question(question="Open Till")]
    report = measure_declining(names, nonsense, library, hashing)
    assert (report.n, report.n_out_of_scope) == (2, 3)
    assert report.auroc == pytest.approx((2 + 2 + 1) / 6)
    assert (report.declined, report.wrongly_declined) == (pytest.approx(2 / 3), 0)


def test_what_is_declined_is_what_would_not_be_answered(navigator):
    for question in (HANDOVER, "What is the boiling point of ethanol at two bar?"):
        found = search(question, navigator.library, navigator.embedder)
        answer = navigator.ask(question)
        assert found.pattern_fits == answer.answered == (answer.confidence >= ANSWER_THRESHOLD)
        assert found.confidence == answer.confidence
        assert [hit.slug for hit in found.patterns][: len(answer.patterns)] == [
            hit.slug for hit in answer.patterns
        ]


# Situations


def test_a_chunk_can_be_left_out(library: Library, hashing: HashingEmbedder):
    situation = library.situations()[0]
    assert not any(
        hit.chunk == situation.id
        for hit in search(situation.text, library, hashing, without={situation.id}).patterns
    )
    best = search(situation.text, library, hashing).patterns[0]
    assert (best.slug, best.chunk) == (situation.slug, situation.id)


def test_each_situation_is_asked_with_and_without_the_others(tmp_path: Path, hashing: HashingEmbedder):
    said = "Our bakery burns the bread whenever the moon is full"
    for slug, situations in {
        "told-twice": [{"context": "tech", "text": said}, {"context": "activist", "text": f"{said}, boss"}],
        "rival": [{"context": "tech", "text": "Nobody waters the ferns"}],
    }.items():
        hints = json.dumps({"search_hints": {"situations": situations}})
        body = (
            "Clerks see the moon on their way home and speak of it, but nobody minds."
            if slug == "rival"
            else "Ledgers are kept by clerks."
        )
        (tmp_path / f"{slug}.md").write_text(
            f"---\nslug: {slug}\ntitle: {slug}\nontology: {hints}\n---\n\n### Section 1: Context\n\n{body}\n"
        )
    build_index([tmp_path], tmp_path / "index", hashing)
    library = Library.open(tmp_path / "index")
    done = []
    report = measure_situations(library, hashing, on_progress=lambda *progress: done.append(progress))
    library.close()
    assert done == [(1, 3), (2, 3), (3, 3)]
    figures = report.as_json()
    assert figures["n"] == 3
    # Of the two that were told of one pattern, each finds it by the other alone.
    assert figures["with_situations"]["by_context"]["activist"]["hit@1"] == 1
    assert figures["without_situations"]["by_context"]["activist"]["hit@1"] == 0
    assert figures["with_situations"]["hit@5"] == figures["without_situations"]["hit@5"] == 1


def test_an_index_without_situations_has_none_to_measure(tmp_path: Path, hashing: HashingEmbedder):
    (tmp_path / "plain.md").write_text("# Plain\n\n## Context\n\nClerks keep ledgers.\n")
    build_index([tmp_path], tmp_path / "index", hashing)
    library = Library.open(tmp_path / "index")
    with pytest.raises(EvaluationError, match="holds no situations"):
        measure_situations(library, hashing)
    library.close()


# Follow-ups and blocks


def test_follow_ups_are_compared_with_what_they_want(embedder: SentenceTransformerEmbedder):
    report = measure_follow_ups(
        [
            FollowUp(follow_up="What are the downsides?", wants="Consequences"),
            FollowUp(follow_up="Say that for a city council please", wants="context:government"),
            FollowUp(follow_up="Say that for a city council please", wants="context:tech"),
            FollowUp(follow_up="Who has done this?", wants="export"),
        ],
        embedder,
    )
    assert report.accuracy == 1 / 2
    assert [(confusion.wants, confusion.understood) for confusion in report.confusions] == [
        ("context:tech", "context:government"),
        ("export", "Known Uses"),
    ]


def test_blocks_are_tagged_section_by_section():
    def block(slug: str, text: str, *contexts: str) -> LabelledBlock:
        return LabelledBlock(slug=slug, section="Implementation", text=text, contexts=frozenset(contexts))

    inherits = [block("a", "**For government:**", "government"), block("a", "- Write it down.", "government")]
    apart = block("b", "Write it down.")
    missed = block("b", "Tell everyone.", "tech")
    report = measure_blocks([*inherits, apart, missed])
    assert report.as_json() == {
        "schema": "navigator.eval/1",
        "n": 4,
        "precision": 1.0,
        "recall": pytest.approx(2 / 3),
        "f1": pytest.approx(4 / 5),
        "exact": 3 / 4,
    }


# The command


@pytest.fixture
def run(elsewhere, index, embedder, monkeypatch, capsys):
    """Run ``navigator eval`` on the index of the test documents; returns exit code, output and errors."""
    monkeypatch.setattr("navigator.navigator.SentenceTransformerEmbedder", lambda model, **_: embedder)

    def run_it(*arguments: object) -> tuple[object, str, str]:
        code: object = 0
        try:
            cli.main(["eval", *map(str, arguments)])
        except SystemExit as exit_:
            code = exit_.code
        out, err = capsys.readouterr()
        return code, out, err

    monkeypatch.setenv("NAVIGATOR_INDEX", str(index))
    monkeypatch.setattr("navigator.terminal.out", Console(highlight=False, width=200))
    return run_it


def test_the_command_prints_figures_and_json(run, tmp_path: Path):
    file = jsonl(
        tmp_path / "questions.jsonl",
        [{"question": HANDOVER, "slug": "rolling-handover", "context": "tech"}, {"question": "unjudged"}],
    )
    code, out, _ = run(file, "--json", "--k", 3)
    assert code == 0
    figures = json.loads(out)
    assert figures["schema"] == "navigator.eval/1"
    assert (figures["n"], figures["skipped"], figures["hit@1"], figures["mrr@3"]) == (1, 1, 1.0, 1.0)
    assert figures["intervals"]["ndcg@3"] == [1.0, 1.0]
    assert figures["by_context"]["tech"]["n"] == 1
    code, out, _ = run(file)
    assert code == 0
    assert "1.000 (1.00–1.00)" in out
    assert "Skipped, without a judgement: 1" in out


def test_the_command_measures_each_kind_of_file(run, tmp_path: Path):
    questions = jsonl(tmp_path / "questions.jsonl", [{"question": HANDOVER}])
    others = jsonl(tmp_path / "others.jsonl", [{"question": "What is the capital of Peru?"}])
    follow_ups = jsonl(tmp_path / "follow_ups.jsonl", [{"follow_up": "[/b] the risks?", "wants": "export"}])
    blocks = jsonl(
        tmp_path / "blocks.jsonl", [{"slug": "a", "section": "Context", "text": "We meet.", "contexts": []}]
    )
    for arguments, keys, line in (
        ((questions, "--out-of-scope", others), {"auroc", "declined", "wrongly_declined"}, "AUROC"),
        (("--situations",), {"with_situations", "without_situations"}, "others count"),
        (("--labels",), {"n", "hit@1", "hit@1_with_a_slip", "spellings", "missed"}, "with a slip"),
        (("--follow-ups", follow_ups), {"accuracy", "confusions"}, "[/b] the risks?"),
        (("--blocks", blocks), {"precision", "recall", "f1", "exact"}, "exact 1.000"),
    ):
        code, out, _ = run(*arguments, "--json")
        assert code == 0
        assert keys < set(json.loads(out))
        code, out, _ = run(*arguments)
        assert code == 0
        assert line in out


def test_the_command_compares_what_it_saved(run, tmp_path: Path):
    lines = [
        {"question": HANDOVER, "slug": "rolling-handover"},
        {"question": "Till?", "slug": "quiet-mornings"},
    ]
    questions, fewer = jsonl(tmp_path / "questions.jsonl", lines), jsonl(tmp_path / "fewer.jsonl", lines[:1])
    runs = []
    for file in (questions, fewer):
        runs.append(tmp_path / f"{file.stem}.json")
        runs[-1].write_text(run(file, "--json")[1], "utf-8")
    code, out, _ = run("--compare", runs[0], runs[0])
    assert code == 0
    assert "B against A over 2 questions" in out
    assert "+0.000 (+0.000 to +0.000)" in out
    code, out, _ = run("--compare", runs[0], runs[0], "--json")
    assert json.loads(out)["differences"]["hit@1"]["wins"] == 0
    code, _, err = run("--compare", *runs)
    assert code == 1
    assert f"only {runs[0]} holds the question “Till?”" in err


def test_the_command_wants_one_thing_to_measure(run, tmp_path: Path):
    file = tmp_path / "questions.jsonl"
    for arguments in (
        (),
        (file, "--situations"),
        ("--situations", "--rewrites", file),
        ("--situations", "--llm"),
        ("--labels", "--compare", file, file),
    ):
        code, _, err = run(*arguments)
        assert code == 2
        assert "FILE" in err
    code, _, err = run(file)
    assert code == 1
    assert "questions.jsonl cannot be read" in err


# The judged files themselves


@needs_eval
def test_the_files_of_the_library_are_read_whole():
    questions = read_lines(EVAL / "questions.dev.jsonl", Question)
    real = read_lines(EVAL / "questions.real.jsonl", Question)
    rewritings = read_rewritings(EVAL / "rewrites.real.jsonl")
    assert all(question.judgement for question in questions)
    judged = [question for question in real if question.judgement]
    assert 0 < len(judged) < len(real)
    assert {question.source for question in judged} == rewritings.keys()


@needs_eval
def test_follow_ups_and_blocks_of_the_library_are_told(embedder: SentenceTransformerEmbedder):
    follow_ups = read_lines(EVAL / "follow_ups.dev.jsonl", FollowUp)
    assert measure_follow_ups(follow_ups, embedder).accuracy >= 0.92
    scores = measure_blocks(read_lines(EVAL / "context_blocks.dev.jsonl", LabelledBlock)).scores
    assert scores["f1"] >= 0.93
    assert scores["exact"] >= 0.93
