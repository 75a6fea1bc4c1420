"""Writing the situations that a library lacks: all through a scripted server with the real client."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from chat_server import Script, Server, refuses, says
from langchain_core.language_models import BaseChatModel

from navigator.cli import main
from navigator.corpus import load_corpus
from navigator.enrich import FILE, MOST_FAILURES
from navigator.errors import EnrichmentError, LanguageModelError, SettingsError
from navigator.llm.situations import write_situations
from navigator.navigator import Navigator
from navigator.pattern import Pattern, Situation
from navigator.prompts import Prompts
from navigator.settings import Settings, load_settings

OWN = "Housing is drowning in applications"
"""How the situation begins that the documents hold for lent-hands."""

TOLD = "Since the flood on Friday the archive has had forty crates to dry and two of us to do it."


def written(*situations: tuple[str, str]) -> str:
    return json.dumps({"situations": [{"world": world, "text": text} for world, text in situations]})


def writes_new_ones() -> Script:
    """Write four situations that nobody has written before, each time it is asked."""
    numbers = count()

    def script(handler: BaseHTTPRequestHandler) -> None:
        told = [
            ("tech", f"On day {next(numbers)} our pager rang all night and nobody came.") for _ in range(4)
        ]
        says(written(*told))(handler)

    return script


@pytest.fixture
def lending(documents: Path) -> Pattern:
    return pattern_of(documents, "lent-hands")


@pytest.fixture
def asking(documents: Path, server: Server, key: None, tmp_path: Path) -> Settings:
    """Settings for a copy of the test documents, with the scripted server as language model."""
    return load_settings(
        corpus=(documents,), index=tmp_path / "index", llm="openai:scripted", llm_base_url=server.url
    )


def pattern_of(documents: Path, slug: str) -> Pattern:
    return next(pattern for pattern in load_corpus([documents]).patterns if pattern.slug == slug)


def situations_of(documents: Path) -> dict[str, list[Situation]]:
    return {p.slug: list(p.ontology.search_hints.situations) for p in load_corpus([documents]).patterns}


# One pattern


def test_situations_are_written_in_one_call_for_worlds_that_have_none(
    server: Server, model: BaseChatModel, prompts: Prompts, lending: Pattern
):
    server.script = says(
        "```json\n", written(("tech", f" {TOLD}\n "), ("the moon", f"Well. {TOLD}")), "\n```"
    )
    assert write_situations(lending, 3, model, prompts) == [
        Situation(text=TOLD, context="tech", author="model"),
        Situation(text=f"Well. {TOLD}", context=None, author="model"),
    ]
    (request,) = server.requests
    asked = request["messages"][1]["content"]
    assert "corporate\nactivist\ntech\n" in asked  # government has one
    for known in (lending.title, lending.summary, lending.usable_tension, "Work comes in waves", OWN):
        assert known in asked


def test_no_more_are_kept_than_were_asked_for(
    server: Server, model: BaseChatModel, prompts: Prompts, lending: Pattern
):
    server.script = says(written(*(("tech", f"{number}. {TOLD}") for number in range(9))))
    assert len(write_situations(lending, 2, model, prompts)) == 2


UNUSABLE = {
    "prose": "They would say that they are short of people.",
    "nothing": "",
    "none": written(),
    "too short": written(("tech", "Help us.")),
    "too long": written(("tech", "word " * 200)),
    "its title": written(("tech", f"{TOLD} If only somebody lent us a few hands for the week.")),
    "numbers": '{"situations": [1, 2]}',
    "deep": '{"situations":' * 5_000,
}


@pytest.mark.parametrize("text", UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_used_is_refused(
    server: Server, model: BaseChatModel, prompts: Prompts, lending: Pattern, text: str
):
    server.script = says(text)
    with pytest.raises(LanguageModelError, match="no situation that can be used"):
        write_situations(lending, 2, model, prompts)


def test_what_is_there_already_is_left_out(
    server: Server, model: BaseChatModel, prompts: Prompts, lending: Pattern
):
    (own,) = lending.ontology.search_hints.situations
    server.script = says(written(("tech", own.text.upper()), ("tech", TOLD), ("corporate", TOLD)))
    assert [each.text for each in write_situations(lending, 4, model, prompts)] == [TOLD]


# A library


def test_every_pattern_gets_what_it_lacks_beside_its_documents(
    asking: Settings, documents: Path, server: Server
):
    before = situations_of(documents)
    server.script = writes_new_ones()
    report = Navigator.enrich(asking, count=3)
    after = situations_of(documents)
    assert {len(situations) for situations in after.values()} == {3}
    assert all(after[slug][: len(own)] == own for slug, own in before.items())
    new = [each for slug, own in before.items() for each in after[slug][len(own) :]]
    assert {each.author for each in new} == {"model"}
    assert report.files == (documents / "situations" / FILE,)
    assert (report.lacking, report.filled) == (len(before), len(before))
    assert report.situations == len(new)
    assert report.estimate.calls == len(server.requests) == len(before)


def test_a_run_goes_on_where_the_last_one_stopped(asking: Settings, documents: Path, server: Server):
    server.script = writes_new_ones()
    assert Navigator.enrich(asking, count=3, limit=2).filled == 2
    file = documents / "situations" / FILE
    first = file.read_bytes()
    file.write_bytes(first[:-1])  # as a run that was killed might leave it
    rest = Navigator.enrich(asking, count=3)
    assert rest.filled == rest.lacking == rest.patterns - 2
    assert file.read_bytes().startswith(first)
    assert Navigator.enrich(asking, count=3).estimate.calls == 0
    assert len(server.requests) == rest.patterns


def test_what_a_person_wrote_is_neither_changed_nor_added_to(
    asking: Settings, documents: Path, server: Server
):
    file = documents / "situations" / "ours.jsonl"
    file.parent.mkdir()
    lines = [
        {"slug": slug, "situation": f"Said of {slug}.", "author": "person"}
        for slug in situations_of(documents)
    ]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    own = file.read_bytes()
    server.script = writes_new_ones()
    assert Navigator.enrich(asking, count=1).estimate.calls == 0
    assert Navigator.enrich(asking, count=2, limit=1).filled == 1
    assert file.read_bytes() == own


def test_a_dry_run_asks_nobody_and_writes_nothing(asking: Settings, documents: Path, server: Server):
    report = Navigator.enrich(asking.model_copy(update={"llm": None}), dry_run=True, limit=2)
    assert (report.estimate.calls, report.filled, report.situations) == (2, 0, 0)
    assert report.estimate.tokens_read > 500
    assert not (documents / "situations").exists()
    assert server.requests == []


def test_a_pattern_that_the_model_fails_at_is_named_and_the_next_one_asked(
    asking: Settings, documents: Path, server: Server
):
    good, numbers = writes_new_ones(), count()
    server.script = lambda handler: (says("I cannot.") if next(numbers) == 1 else good)(handler)
    report = Navigator.enrich(asking, count=2, limit=3)
    ((slug, reason),) = report.failures
    assert report.filled == 2
    assert "no situation that can be used" in reason
    assert len(situations_of(documents)[slug]) < 2


def test_a_model_that_fails_at_all_is_left_alone_soon_and_nothing_is_lost(
    asking: Settings, documents: Path, server: Server
):
    good, numbers = writes_new_ones(), count()
    server.script = lambda handler: (good if next(numbers) == 0 else refuses(429))(handler)
    with pytest.raises(LanguageModelError, match=r"busy.* situations that were written before are kept"):
        Navigator.enrich(asking, count=3)
    assert len(server.requests) == 1 + MOST_FAILURES + 1
    assert (documents / "situations" / FILE).is_file()


def test_without_a_model_nothing_is_read(documents: Path, elsewhere: Path):
    with pytest.raises(SettingsError, match="NAVIGATOR_LLM"):
        Navigator.enrich(load_settings(corpus=(documents / "no-such-folder",)))


def test_a_folder_that_takes_no_sidecar_is_named(asking: Settings, documents: Path, server: Server):
    (documents / "situations").write_text("not a folder")
    server.script = writes_new_ones()
    with pytest.raises(EnrichmentError, match=r"written-by-model\.jsonl cannot be written"):
        Navigator.enrich(asking, count=2)


# The command


def enrich(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code: Any = 0
    try:
        main(["enrich", *arguments])
    except SystemExit as stopped:
        code = stopped.code
    out, err = capsys.readouterr()
    return int(code or 0), " ".join(out.split()), err


def test_the_command_says_what_it_would_cost_and_what_it_wrote(
    asking: Settings,
    documents: Path,
    server: Server,
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("NAVIGATOR_LLM", "openai:scripted")
    monkeypatch.setenv("NAVIGATOR_LLM_BASE_URL", server.url)
    server.script = writes_new_ones()
    code, out, _ = enrich(capsys, str(documents), "--dry-run")
    assert (code, server.requests) == (0, [])
    assert "6 of 6 patterns have too few situations. 6 calls, with about" in out
    code, out, _ = enrich(capsys, str(documents), "--count", "2", "--limit", "1")
    assert code == 0
    assert "situations for 1 patterns were written into" in out
    assert "`navigator index` then makes them count" in out
    code, out, _ = enrich(capsys, str(documents), "--count", "2", "--limit", "1", "--json")
    assert json.loads(out)["filled"] == 1


def test_the_command_without_a_model_says_what_to_set(
    documents: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]
):
    code, _, err = enrich(capsys, str(documents))
    assert code == 1
    assert "NAVIGATOR_LLM" in err
