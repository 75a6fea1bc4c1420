"""The command line: exit codes, what goes to which stream, JSON for programs, help for people."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
from chat_server import KEY, Server, by_task, refuses, says
from embedders import HashingEmbedder
from places import DOCUMENTS, REPOSITORY
from rich.console import Console

from navigator import __version__, cli
from navigator.answer import Answer
from navigator.brief import BRIEF_WORDS
from navigator.embedding import SentenceTransformerEmbedder
from navigator.pattern import Pattern
from navigator.text import words

SITUATION = "Our bookkeeper retires soon and nobody else has ever run the payroll"
COMMANDS = sorted(typer.main.get_group(cli.app).commands)

HOSTILE = """---
slug: hostile
title: "[bold red]Hostile[/nope] \\e[5;35m"
summary: "[link=http://example.org]here[/link] \\e]0;renamed\\a"
context_labels: {tech: "[/] \\e[2JLabel"}
---

### Section 1: Context

[red]Not red[/red] and [/closed] \x1b[5;35mcoloured\x1b[0m \x1b]0;renamed\x07 by its author.

### Section 2: Problem

> **The core conflict is [/a] vs. \x1b[2Jb.**

### Section 3: Solution

> **Therefore, escape [whatever] an author writes.**
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What is on standard output, which must be one JSON value and nothing else."""
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def run(
    elsewhere: Path,
    index: Path,
    embedder: SentenceTransformerEmbedder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run the command line on the index of the test documents, with a wide terminal for its text."""
    monkeypatch.setenv("NAVIGATOR_INDEX", str(index))
    monkeypatch.setattr("navigator.terminal.out", Console(highlight=False, width=200))
    monkeypatch.setattr("navigator.navigator.SentenceTransformerEmbedder", lambda model, **_: embedder)

    def run_it(*arguments: str, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        capsys.readouterr()
        code: object = 0
        try:
            cli.main(list(arguments))
        except SystemExit as exit_:
            code = exit_.code
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Outcome(int(code or 0) if not isinstance(code, str) else 1, out, err)

    return run_it


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let builds embed with a model that takes no time."""
    monkeypatch.setattr(
        "navigator.navigator.SentenceTransformerEmbedder", lambda model, **_: HashingEmbedder()
    )


def run_python(code: str, *, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **(environment or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# Help


def test_there_are_the_commands_that_the_readme_promises():
    assert {"index", "ask", "show", "lint", "chat", "doctor"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(run: Run, command: str):
    for flag in ("--help", "-h"):
        outcome = run(command, flag)
        assert outcome.code == 0
        assert "Example" in outcome.out
        usage, _, examples = outcome.out.rpartition("Example")
        assert f"Usage: navigator {command} " in usage
        assert f"navigator {command}" in examples


def test_help_lists_every_command(run: Run):
    outcome = run("--help")
    assert outcome.code == 0
    assert all(f" {command} " in outcome.out for command in COMMANDS)


def test_version(run: Run):
    assert run("--version").out == f"pattern-navigator {__version__}\n"


def test_help_is_instant():
    code = """
        import sys, time
        from navigator.cli import main
        try:
            main(["--help"])
        except SystemExit:
            heavy = {"torch", "chromadb", "streamlit", "sentence_transformers", "numpy", "pydantic"}
            print(sorted(heavy & set(sys.modules)), time.process_time(), file=sys.stderr)
    """
    outcomes = [run_python(code).stderr.rpartition(" ") for _ in range(3)]
    assert {modules for modules, _, _ in outcomes} == {"[]"}
    assert min(float(seconds) for _, _, seconds in outcomes) < 0.5


@pytest.mark.parametrize(
    ("arguments", "lighter"),
    [
        (["show", "open-till"], {"chromadb"}),
        (["show", "Books on the Counter", "--json"], {"chromadb"}),
        (["lint", str(DOCUMENTS)], {"chromadb"}),
        (["doctor"], set()),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_commands_that_embed_nothing_load_no_model(
    index: Path, elsewhere: Path, arguments, lighter: set[str]
):
    heavy = {"torch", "sentence_transformers", "transformers", "streamlit"} | lighter
    code = f"""
        import sys
        from navigator.cli import main
        try:
            main({arguments!r})
        finally:
            print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)
    """
    outcome = run_python(code, environment={"NAVIGATOR_INDEX": str(index)})
    assert outcome.stderr == "[]\n"
    assert outcome.stdout
    assert outcome.returncode == 0


# A conversation


TURNS = (
    "hello",
    SITUATION,
    "and what could go wrong?",
    "we're a city department, by the way",
    "who has done this?",
    "how do these differ?",
    "more the second",
    "no, not that",
    "how sure are you?",
    "Different topic: people keep bad news from me until the newspapers have it",
    "thanks!",
)


def piped(*messages: str) -> bytes:
    return "\n".join(messages).encode()


def test_ten_turns_over_a_pipe(run: Run):
    outcome = run("ask", "--interactive", stdin=piped(*TURNS))
    assert outcome.code == 0
    assert [line.partition("› ")[2] for line in outcome.out.splitlines() if "] › " in line] == list(TURNS)
    for said in ("Consequences", "Continuity of Post", "side by side", "What it costs", "You're welcome"):
        assert said in outcome.out
    assert "[government, as heard] › who has done this?" in outcome.out  # in whose words, at each prompt
    assert "for government, heard in what you say" in outcome.out


def test_each_answer_of_a_conversation_is_a_line_of_json(run: Run):
    outcome = run("ask", "-i", "--json", stdin=piped(*TURNS))
    answers = [json.loads(line) for line in outcome.out.splitlines()]
    assert [answer["wants"] for answer in answers] == [
        *("courtesy", "new", "Consequences", "context", "Known Uses", "compare", "pick", "another"),
        *("confidence", "new", "courtesy"),
    ]
    assert all(Answer.model_validate(answer) for answer in answers)
    assert outcome.err == ""


def test_a_conversation_can_begin_with_a_question_and_in_a_context(run: Run):
    outcome = run("ask", SITUATION, "-i", "-c", "tech", stdin=b"and the risks?\n")
    assert "Bus Factor Pairing" in outcome.out
    assert "[tech] › and the risks?" in outcome.out
    assert "Consequences" in outcome.out


def test_the_commands_of_a_conversation(run: Run):
    messages = (
        "/context tech",
        SITUATION,
        "",
        "/context auto",
        "/new",
        "/help",
        "/nonsense",
        "/quit",
        "never read",
    )
    outcome = run("ask", "-i", stdin=piped(*messages))
    assert outcome.code == 0
    assert "From now on for tech." in outcome.out
    assert "Bus Factor Pairing" in outcome.out
    assert "From now on for auto." in outcome.out
    assert "A new conversation." in outcome.out
    assert "/context NAME" in outcome.out
    assert "There is no command /nonsense" in outcome.out
    assert "never read" not in outcome.out


def test_what_is_piped_into_a_conversation_cannot_command_the_terminal(run: Run):
    outcome = run("ask", "-i", stdin=b"\x1b[2Jhello\n/\x1b[2J\nhello \xff\n")
    assert "\x1b" not in outcome.out
    assert outcome.code == 0


def test_the_next_readings_are_numbered_as_one_may_name_them(run: Run):
    outcome = run("ask", SITUATION)
    others = outcome.out.partition("Or is it rather")[2]
    assert [f"  {number}. " in others for number in (1, 2, 3, 4, 5)] == [False, True, True, True, False]
    assert "your words: " in others


# Exit codes


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-command"],
        ["ask"],
        ["show"],
        ["translate"],
        ["lint", "--no-such-flag"],
        ["lint", "--format", "pdf"],
    ],
)
def test_misuse_is_explained(run: Run, arguments: list[str]):
    outcome = run(*arguments)
    assert outcome.code == 2
    assert "Usage: " in outcome.out + outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "x", "--index", "nowhere"], "navigator index"),
        (["show", "x", "--index", "nowhere"], "navigator index"),
        (["show", "open drawer till"], "Did you mean open-till?"),
        (["translate", "x", "--index", "nowhere"], "navigator index"),
        (["translate", "open drawer till"], "Did you mean open-till?"),
        (["translate", "open-till", "-o", "handout.odt"], "handout.odt: add --to md"),
        (["translate", "open-till", "-o", "nowhere/handout.md"], "cannot be written to nowhere/handout.md"),
        (["index", "no-such-folder"], "no-such-folder"),
        (["lint", "no-such-folder"], "no-such-folder"),
        (["index", "."], "Nothing could be read from"),
    ],
    ids=" ".join,
)
def test_what_went_wrong_is_one_line_on_standard_error(run: Run, arguments: list[str], said: str):
    outcome = run(*arguments)
    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err.startswith("Error: ")
    assert said in outcome.err


@pytest.mark.parametrize("command", [["ask", "x"], ["show", "x"], ["lint"], ["index"], ["doctor"], ["chat"]])
def test_a_bad_setting_is_named_by_every_command(run: Run, command: list[str]):
    Path("navigator.toml").write_text("context = 3\n", "utf-8")
    outcome = run(*command)
    assert outcome.code == 1
    assert "context (from navigator.toml)" in outcome.err


def test_ctrl_c_is_no_crash(run: Run, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("navigator.rebuild.build_index", interrupted)
    assert run("index", str(DOCUMENTS)).code not in {0, 2}


@pytest.mark.parametrize("arguments", [["show", "rolling-handover"], ["show", "rolling-handover", "--json"]])
def test_a_reader_that_goes_away_is_no_crash(index: Path, elsewhere: Path, arguments: list[str]):
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [sys.executable, "-c", f"from navigator.cli import main; main({arguments!r})"],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "NAVIGATOR_INDEX": str(index)},
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert process.stderr == ""
    assert process.returncode != 0


# ask


def test_ask_prints_an_answer(run: Run):
    outcome = run("ask", SITUATION, "--context", "government", "--full")
    assert outcome.code == 0
    assert outcome.err == ""
    for line in (
        "Continuity of Post · Rolling Handover",
        "for government · confidence",
        "Therefore, give every task that would hurt to lose a second person",
        "In government: write the second name into the job description",
        "1. Mark each task",
        "Read next",
        "Needs first: Closed Diary Hours quiet-mornings",
        "★★☆ · The test bench of the Pattern Navigator · CC0-1.0",
    ):
        assert line in outcome.out
    assert "In tech:" not in outcome.out


def test_ask_is_brief_unless_told_otherwise(run: Run):
    short, whole = (
        run("ask", SITUATION, "-c", "government"),
        run("ask", SITUATION, "-c", "government", "--full"),
    )
    assert "In brief; --full says the rest." in short.out
    assert "In brief" not in whole.out
    assert len(whole.out) > 1.5 * len(short.out)
    assert run("ask", SITUATION, "--json").json["form"] == "full"
    assert run("ask", SITUATION, "--json", "--brief").json["form"] == "brief"


def test_ask_json_is_the_answer_and_nothing_else(run: Run):
    outcome = run("ask", SITUATION, "-c", "tech", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    answer = Answer.model_validate(outcome.json)
    assert outcome.json["schema"] == "navigator.answer/1"
    assert (answer.focus, answer.context, answer.answered) == ("rolling-handover", "tech", True)
    sentence = outcome.json["parts"][0]["sentences"][0]
    assert {"slug", "section", "path", "start", "end"} <= set(sentence["source"])


def test_ask_explains_how_each_pattern_was_found(run: Run):
    explained = run("ask", "quiet mornigns", "--explain").out.partition("Why these")[2]
    first, second = explained.partition("2. ")[::2]
    lines = dict(line.strip().partition("  ")[::2] for line in first.splitlines() if "  " in line.strip())
    lines = {heading: " ".join(text.split()) for heading, text in lines.items()}
    assert "1. Quiet Mornings quiet-mornings" in first
    assert lines["found by"].startswith("its name, rank 1 · meaning, rank 1")
    assert (lines["name"], lines["you said"]) == ("Quiet Mornings", "quiet mornigns")
    assert any(heading.startswith("it says in ") for heading in lines)
    assert "quiet-mornings.md, characters " in first
    assert "its name" not in second
    said = run(
        "ask", "It rains in here. We sit in calls from nine to five and get no work done.", "--explain"
    )
    assert "We sit in calls from nine to five and get no work done." in said.out
    assert "calls" in said.out.partition("words in common")[2]


def test_ask_reads_standard_input(run: Run):
    outcome = run("ask", "-", "--json", stdin=SITUATION.encode())
    assert outcome.json["question"] == SITUATION
    outcome = run("ask", "-", "--json", stdin="caf\xe9 und Büro".encode("latin-1"))
    assert outcome.code == 0


@pytest.mark.parametrize("question", ["", "🙂", "\udcff", "How do I roast a chicken of two kilograms"])
def test_ask_without_an_answer_is_no_error(run: Run, question: str):
    outcome = run("ask", question)
    assert outcome.code == 0
    assert "Nothing in this library fits that." in outcome.out or "Tell me what is going on" in outcome.out
    assert not run("ask", question, "--json").json["answered"]


def test_the_context_of_the_settings_holds(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NAVIGATOR_CONTEXT", "activist")
    assert run("ask", SITUATION, "--json").json["context"] == "activist"
    assert run("show", "rolling-handover").out.startswith("# Two on Every Task")
    assert run("show", "rolling-handover", "--context", "tech").out.startswith("# Bus Factor Pairing")


@pytest.fixture
def chat_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A scripted language model, configured."""
    pytest.importorskip("langchain_openai", reason="pip install 'pattern-navigator[openai]'")
    server = Server()
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NAVIGATOR_LLM", "openai:scripted")
    monkeypatch.setenv("NAVIGATOR_LLM_BASE_URL", server.url)
    yield server
    server.stop()


SECOND = '[1: "depth in one person vs. safety in two"]'
REWRITING = json.dumps({"core": "One keeper", "pattern_like": "Rolling Handover: two", "terms": ["handover"]})


def test_a_language_model_speaks_first_and_the_authors_after_it(run: Run, chat_server: Server):
    chat_server.script = by_task(
        rewriting=refuses(500),
        prose=says(f"Share it {SECOND}. It never fails. Red [bold]\x1b[m {SECOND}."),
    )
    outcome = run("ask", SITUATION, "-c", "government")
    assert outcome.code == 0
    assert "Share it [1]. It never fails. (not in the library) Red [bold]\ufffd[m [1]." in outcome.out
    assert "1 of 3 statements above is not in the library." in outcome.out
    quoted = "[1] “depth in one person vs. safety in two” Problem, rolling-handover.md, characters "
    assert outcome.out.count(quoted) == 1
    assert outcome.out.index("Share it") < outcome.out.index("Therefore, give every task")


def test_json_holds_the_authors_words_alone(run: Run, chat_server: Server):
    chat_server.script = by_task(rewriting=says(REWRITING), prose=refuses(500))
    assert run("ask", SITUATION, "--json").json["answered"]
    assert len(chat_server.requests) == 1


def test_questions_are_measured_with_the_rewritings_of_a_model(
    run: Run, chat_server: Server, elsewhere: Path
):
    file = elsewhere / "questions.jsonl"
    lines = [{"question": "Well, you know.", "slug": "rolling-handover"}] * 2
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    chat_server.script = says(REWRITING)
    measured = run("eval", str(file), "--llm", "--json").json
    assert (measured["hit@1"], measured["rewritten"]) == (1, 2)
    assert len(chat_server.requests) == 1
    chat_server.script = refuses(429)
    outcome = run("eval", str(file), "--llm")
    assert outcome.code == 1
    assert "could be rewritten. The language model is busy" in outcome.err


def test_measuring_with_a_model_needs_one(run: Run, elsewhere: Path):
    file = elsewhere / "questions.jsonl"
    file.write_text('{"question": "?", "slug": "rolling-handover"}', "utf-8")
    outcome = run("eval", str(file), "--llm")
    assert outcome.code == 1
    assert "set NAVIGATOR_LLM" in outcome.err


def test_where_a_language_model_fails_the_authors_words_stand(
    run: Run, chat_server: Server, monkeypatch: pytest.MonkeyPatch
):
    chat_server.script = refuses(401)
    outcome = run("ask", SITUATION)
    assert "did not accept the key (401). Here is the answer in the authors' words." in outcome.out
    assert KEY not in outcome.out + outcome.err
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.delenv("NAVIGATOR_LLM_BASE_URL")
    without_key = run("ask", SITUATION)
    assert "OPENAI_API_KEY" in without_key.out
    for each in (outcome, without_key):
        assert each.code == 0
        assert "Therefore, give every task that would hurt to lose" in each.out


# show


@pytest.mark.parametrize("name", ["open-till", "Open Till", "books on the counter", "Shared Purse"])
def test_show_knows_a_pattern_by_all_its_names(run: Run, name: str):
    outcome = run("show", name)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("# Open Till\n\nShow everyone the money")
    assert outcome.out.endswith("---\n\nCC0-1.0\n")


def test_show_json_is_the_whole_record(run: Run):
    outcome = run("show", "Two on Every Task", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    record = outcome.json
    assert record.pop("schema") == "navigator.pattern/1"
    pattern = Pattern.model_validate(record)
    assert (pattern.slug, len(pattern.sections)) == ("rolling-handover", 8)
    groups = {"id", "context_labels", "ontology", "lifecycle", "relationships", "graph_garden", "license"}
    assert groups <= set(record)


def test_show_in_brief(run: Run):
    outcome = run("show", "rolling-handover", "-c", "tech", "--brief")
    assert "## Bus Factor Pairing (Rolling Handover)" in outcome.out
    assert "In tech: take the person with the most commits" in outcome.out
    assert len(words(outcome.out)) <= BRIEF_WORDS + len("Rolling Handover".split())
    answer = Answer.model_validate(run("show", "rolling-handover", "-c", "tech", "--brief", "--json").json)
    assert (answer.form, answer.context) == ("brief", "tech")


def test_show_puts_all_contexts_side_by_side(run: Run):
    outcome = run("show", "rolling-handover", "-c", "all")
    assert outcome.out.startswith("# Rolling Handover\n")
    assert "|  | corporate | government | activist | tech |" in outcome.out
    called = "Always-On Succession | Continuity of Post | Two on Every Task | Bus Factor Pairing"
    assert f"| Called | {called} |" in outcome.out
    assert outcome.out.count("Therefore, give every task") == 1
    (actions,) = [line for line in outcome.out.splitlines() if line.startswith("| What to do |")]
    cells = actions.split(" | ")
    for number, opening in enumerate(
        ("In corporate settings:", "In government:", "In activist", "In tech:"), 1
    ):
        assert [opening in cell for cell in cells].index(True) == number
        assert actions.count(opening) == 1
    both = run("show", "rolling-handover", "-c", "all", "--json").json
    assert both["schema"] == "navigator.side-by-side/1"
    assert [answer["context"] for answer in both["answers"]] == [
        "corporate",
        "government",
        "activist",
        "tech",
    ]


def test_show_prints_an_article_too(run: Run):
    assert run("show", "Why we closed on Mondays").out.startswith("# Why we closed on Mondays\n")


# translate


def test_translate_writes_a_handout(run: Run):
    outcome = run(
        "translate", "rolling-handover", "Open Till", "-c", "tech", "--title", "An evening", "-o", "a.html"
    )
    assert outcome == Outcome(0, "", "")
    page = Path("a.html").read_text("utf-8")
    assert "<title>An evening</title>" in page
    assert page.count("<article") == 2


@pytest.mark.parametrize(("to", "begins"), [("md", "# Continuity of Post\n"), ("json", "{")])
def test_translate_writes_to_standard_output(run: Run, to: str, begins: str):
    outcome = run("translate", "rolling-handover", "--context", "government", "--brief", "--to", to)
    assert outcome.code == 0
    assert outcome.out.startswith(begins)


def test_translate_takes_the_context_of_the_settings(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NAVIGATOR_CONTEXT", "activist")
    assert run("translate", "rolling-handover").out.startswith("# Two on Every Task\n")


# lint


def test_lint_json(run: Run):
    outcome = run("lint", str(DOCUMENTS), "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert run("lint", str(DOCUMENTS), "--format", "json").out == outcome.out
    report = outcome.json
    assert report["schema"] == "navigator.lint/1"
    assert (report["documents"], report["patterns"], report["readings"]) == (7, 6, 1)
    assert all(set(f) == {"path", "line", "code", "level", "message"} for f in report["findings"])
    broken = next(f for f in report["findings"] if f["code"] == "front-matter-syntax")
    assert (broken["path"], broken["level"]) == (str(DOCUMENTS / "kept-promises.md"), "error")


def test_lint_prints_each_finding_with_file_and_line(run: Run):
    outcome = run("lint", str(DOCUMENTS))
    assert outcome.code == 0
    assert str(DOCUMENTS / "open-till.md") in outcome.out
    assert "The government label 'Med' says nothing" in outcome.out
    assert "7 documents: 6 patterns, 1 readings, " in outcome.out


def test_lint_for_a_workflow(run: Run, documents: Path):
    (documents / "open-till.md").rename(documents / "a,b: 100%.md")
    lines = run("lint", str(documents), "--format", "github").out.splitlines()
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines)
    label = next(line for line in lines if "junk-label" in line)
    assert label.startswith(
        f"::warning file={documents}/a%2Cb%3A 100%25.md,line=9,title=junk-label::The government"
    )


def test_lint_exit_codes(run: Run, documents: Path, tmp_path: Path):
    assert run("lint", str(documents), "--strict").code == 1
    (documents / "kept-promises.md").unlink()
    assert run("lint", str(documents), "--strict").code == 0
    (tmp_path / "empty").mkdir()
    assert run("lint", str(tmp_path / "empty")).code == 1
    assert run("lint", str(tmp_path / "empty"), "--json").json["documents"] == 0


def test_lint_reads_the_bundled_corpus_by_default(run: Run):
    report = run("lint", "--json").json
    assert report["patterns"] == len(list((REPOSITORY / "corpus").glob("*.md"))) > 0


# index


@pytest.mark.usefixtures("instant")
def test_index_json(run: Run, documents: Path, tmp_path: Path):
    folder = str(tmp_path / "index")
    outcome = run("index", str(documents), "--index", folder, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    report = outcome.json
    assert report["schema"] == "navigator.build/1"
    assert (report["patterns"], report["readings"], report["unchanged"]) == (6, 1, False)
    assert report["chunks"] > report["embedded"] == report["vectors"] > 50
    assert report["levels"]["error"] == 1
    finding = next(f for f in report["findings"] if f["level"] == "error")
    assert set(finding) == {"path", "line", "code", "level", "message"}
    again = run("index", str(documents), "--index", folder, "--json").json
    assert (again["unchanged"], again["embedded"]) == (True, 0)
    forced = run("index", str(documents), "--index", folder, "--json", "--force").json
    assert (forced["unchanged"], forced["embedded"], forced["reused"]) == (False, 0, report["vectors"])


@pytest.mark.usefixtures("instant")
def test_index_prints_a_table(run: Run, documents: Path, tmp_path: Path):
    arguments = ["index", str(documents), "--index", str(tmp_path / "index")]
    outcome = run(*arguments)
    assert outcome.code == 0
    for row in ("patterns", "chunks", "embedded", "reused", "removed", "findings: error", "seconds"):
        assert row in outcome.out
    assert "Up to date." in run(*arguments).out


@pytest.mark.usefixtures("instant")
def test_index_strict_fails_but_has_built(run: Run, documents: Path, tmp_path: Path):
    folder = str(tmp_path / "index")
    assert run("index", str(documents), "--index", folder, "--strict").code == 1
    assert run("show", "kept-promises", "--index", folder).code == 0
    assert run("index", str(documents), "--index", folder, "--strict").code == 1  # though nothing has changed
    (documents / "kept-promises.md").unlink()
    assert run("index", str(documents), "--index", folder, "--strict").code == 0


# doctor


def test_doctor_json(run: Run, index: Path):
    outcome = run("doctor", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    report = outcome.json
    assert report["schema"] == "navigator.doctor/1"
    settings = {setting["name"]: setting for setting in report["settings"]}
    assert settings["index"] == {"name": "index", "value": str(index), "origin": "environment"}
    assert settings["context"]["origin"] == "default"
    assert all(set(check) == {"what", "passed", "detail"} for check in report["checks"])
    assert all(check["passed"] for check in report["checks"])


def test_doctor_fails_where_a_check_does(run: Run):
    outcome = run("doctor", "--index", "nowhere")
    assert outcome.code == 1
    assert "✗ index: There is no index in nowhere yet. Run `navigator index` to build it." in outcome.out
    assert "✓ corpus" in outcome.out
    assert not all(check["passed"] for check in run("doctor", "--index", "nowhere", "--json").json["checks"])


# Documents are data


@pytest.mark.usefixtures("instant")
@pytest.mark.parametrize("colours", [False, True])
def test_no_document_writes_to_the_terminal_but_text(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, colours: bool
):
    if colours:
        monkeypatch.setattr(
            "navigator.terminal.out", Console(force_terminal=True, highlight=False, width=200)
        )
    corpus, index = tmp_path / "corpus", str(tmp_path / "index")
    corpus.mkdir()
    (corpus / "hostile.md").write_text(HOSTILE, "utf-8")
    (corpus / "[b]\x1b[5;35mlong.md").write_text("---\ntitle: [\n---\n\x1b[5;35m[/b]\n", "utf-8")
    assert run("index", str(corpus), "--index", index).code == 0
    for arguments in (
        ["ask", "hostile", "--index", index, "--explain", "-c", "tech"],
        ["show", "hostile", "--index", index],
        ["lint", str(corpus)],
        ["lint", str(corpus), "--format", "github"],
        ["show", "\x1b[5;35m", "--index", index],
    ):
        outcome = run(*arguments)
        for sequence in ("\x1b[5;35m", "\x1b]", "\x1b[2J", "\x07"):
            assert sequence not in outcome.out + outcome.err, arguments
    assert "[/closed]" in run("show", "hostile", "--index", index).out
    assert "Therefore, escape [whatever] an author writes." in run("ask", "hostile", "--index", index).out
