"""Situations beside a library, from the build to the answer that names one as its reason."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from embedders import HashingEmbedder
from places import DOCUMENTS, REPOSITORY, SHARED
from rich.console import Console
from streamlit.testing.v1 import AppTest

from navigator import terminal
from navigator.ask import search
from navigator.build import build_index, index_state
from navigator.corpus import load_corpus
from navigator.corpus.findings import Report
from navigator.corpus.sidecars import SidecarLine, read_sidecar
from navigator.embedding import SentenceTransformerEmbedder
from navigator.errors import IndexDamagedError
from navigator.health import IndexFacts
from navigator.library import Library
from navigator.navigator import Navigator
from navigator.settings import data_folder, load_settings
from navigator.store.accounts import Accounts
from navigator.store.generations import current
from navigator.store.records import Records
from navigator.text import words
from navigator.web import shell

SAID = "The tram depot cannot lend a single mechanic although half of theirs play cards until the thaw."
NEARLY = "The tram depot can not lend us one single mechanic, although half of them play cards until the thaw"


TOLD = (
    "Since the new parking wardens came nobody sits on the benches by the harbour any more. The ice cream "
    "man has moved on, and my mother in law says it was better with the gulls. I asked the mayor's cousin "
    "about it twice, she laughed."
)
CORE = "The benches by the harbour stand empty since the wardens came."
HELPED = {"rolling-handover": 3, "open-till": 1}


def say(folder: Path, *lines: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "said.jsonl").write_text(text, "utf-8")


def chunk_ids(index: Path) -> set[str]:
    with closing(Records(current(index).records_file)) as records:
        return set(records.chunk_ids())


def test_a_changed_sidecar_makes_the_index_stale_and_only_its_situations_new(documents: Path, tmp_path: Path):
    embedder, index = HashingEmbedder(), tmp_path / "index"
    product = tmp_path / "product"

    def state() -> str:
        return index_state([documents], index, embedder, shipped_situations=product)

    build_index([documents], index, embedder, shipped_situations=product)
    before = chunk_ids(index)
    assert state() == "current"
    say(documents / "situations", {"slug": "lent-hands", "situation": SAID})
    assert state() == "stale"
    report = build_index([documents], index, embedder, shipped_situations=product)
    assert (report.embedded, report.removed) == (1, 0)
    (new,) = chunk_ids(index) - before
    assert before < chunk_ids(index)
    assert new.startswith("lent-hands#situation.1@")  # behind the one that the document holds
    assert state() == "current"
    say(product, {"slug": "lent-hands", "title": "Lent Hands", "situation": "What ships counts as well."})
    assert state() == "stale"


def test_only_new_accounts_are_embedded_and_the_others_kept(documents: Path, tmp_path: Path):
    embedder, index = HashingEmbedder(), tmp_path / "index"
    grades = {"lent-hands": 3}
    say(documents / "situations", {"situation": SAID, "grades": grades})
    build_index([documents], index, embedder)
    embedder.embedded.clear()
    say(documents / "situations", *({"situation": text, "grades": grades} for text in (NEARLY, SAID)))
    report = build_index([documents], index, embedder)
    assert (embedder.embedded, report.embedded) == ([NEARLY], 1)
    generation = current(index)
    accounts = Accounts.load(generation.accounts_folder)
    assert generation.manifest.accounts == len(accounts) == report.accounts == 2
    assert IndexFacts.of(generation.manifest).held.endswith(" and 2 accounts of trouble")
    assert build_index([documents], index, HashingEmbedder(adapter="another")).embedded == 2
    nearest, similarity = accounts.nearest(embedder.embed_query(SAID), 1)[0]
    assert (nearest.text, nearest.grades) == (SAID, grades)
    assert similarity == pytest.approx(1)


def test_with_another_adapter_accounts_are_left_out_until_they_are_embedded_with_it(
    documents: Path, tmp_path: Path
):
    index, before, after = tmp_path / "index", HashingEmbedder(), HashingEmbedder(adapter="another")

    def found_by_accounts(embedder: HashingEmbedder) -> list[str]:
        with closing(Library.open(index)) as library:
            hits = search(TOLD, library, embedder).patterns
        return [hit.slug for hit in hits if "account" in {rank.retriever for rank in hit.evidence}]

    build_index([documents], index, before)
    assert index_state([documents], index, after) == "current"  # no account, no difference
    say(documents / "situations", {"situation": TOLD, "grades": HELPED})
    build_index([documents], index, before)
    assert sorted(found_by_accounts(before)) == sorted(HELPED)
    assert found_by_accounts(after) == []
    assert index_state([documents], index, after) == "stale"
    build_index([documents], index, after)
    assert sorted(found_by_accounts(after)) == sorted(HELPED)


def test_accounts_that_are_damaged_are_no_traceback(documents: Path, tmp_path: Path):
    build_index([documents], tmp_path / "index", HashingEmbedder())
    folder = current(tmp_path / "index").accounts_folder
    (folder / "accounts.json").write_text('[{"text": "one too many"}]', "utf-8")
    with pytest.raises(IndexDamagedError, match="navigator index --force"):
        Accounts.load(folder)


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Navigator]:
    """The test documents with two situations beside them."""
    folder = tmp_path_factory.mktemp("told")
    corpus = folder / "documents"
    corpus.mkdir()
    for document in DOCUMENTS.iterdir():
        (corpus / document.name).write_bytes(document.read_bytes())
    lines = [{"slug": "lent-hands", "situation": SAID, "author": "person"}]
    lines += [
        {"slug": "open-till", "situation": "My crew bets on when the bakery goes under.", "author": "model"}
    ]
    say(folder / "situations", *lines, {"situation": TOLD, "core": CORE, "grades": HELPED})
    settings = load_settings(corpus=(corpus,), index=folder / "index")
    build_index([corpus], settings.index, embedder)
    opened = Navigator(settings, embedder)
    yield opened
    opened.library.close()


def test_a_situation_that_matched_is_told_as_the_reason_on_every_face(
    told: Navigator, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
):
    answer, printed = told.ask(NEARLY, explain=True), io.StringIO()
    assert (answer.patterns[0].slug, answer.patterns[0].matched_situation) == ("lent-hands", SAID)
    monkeypatch.setattr(terminal, "out", Console(file=printed, width=200))
    terminal.print_answer(answer, explain=True)
    assert f"a situation like yours {SAID}" in " ".join(printed.getvalue().split())
    monkeypatch.setattr(shell, "open_navigator", lambda settings: told)
    page = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60).run()
    page.chat_input(key="question").set_value(NEARLY).run()
    assert any(f"A situation like yours: “{SAID[:20]}" in caption.value for caption in page.caption)


def test_what_helped_in_an_account_alike_is_found_and_the_account_told(told: Navigator):
    asked = TOLD.replace("The ice cream man", "The man with the ice cream").replace(
        "gulls", "gulls, of all things"
    )
    hit = told.search(asked, k=1).patterns[0]
    assert (hit.slug, hit.matched_situation) == ("rolling-handover", CORE)
    assert "account" in {evidence.retriever for evidence in hit.evidence}
    assert TOLD not in told.examples("tech", count=99)


def test_situations_beside_a_library_are_examples_for_everyone(told: Navigator):
    everything = told.examples("tech", count=99)
    assert SAID in everything
    assert len(told.examples("a context of our own", count=99)) == 2


# What ships


def shipped(name: str) -> list[SidecarLine]:
    """The lines of a sidecar that ships, none of them broken."""
    file = data_folder("situations") / name
    report = Report(str(file))
    lines = [line for _, line in read_sidecar(file, report, ships=True).lines]
    assert report.findings == []
    return lines


def test_the_situations_that_ship_are_whole():
    lines = shipped("commons-os.jsonl")
    assert len(lines) == 3_614
    assert Counter(line.slug for line in lines).most_common(1)[0][1] == 1
    assert all(line.title for line in lines)
    ids = [line.id for line in lines if line.id]
    assert len(set(ids)) == len(ids) > 3_600
    assert not any("placeholder" in each for each in ids)


def test_the_accounts_that_ship_are_whole():
    accounts = shipped("commons-os.accounts.jsonl")
    assert len({account.situation for account in accounts}) == len(accounts) == 2_370
    graded = {slug for account in accounts for slug in account.grades}
    assert graded <= {line.slug for line in shipped("commons-os.jsonl")}
    assert len(graded) > 3_000
    for account in accounts:
        assert account.core
        assert len(account.grades) >= 8
        assert max(account.grades.values()) == 3


def test_no_account_that_ships_is_a_question_to_measure_with():
    measured = SHARED / "eval"
    if not measured.is_dir():
        pytest.skip("the questions to measure with are not on this machine")

    def phrases(text: str) -> set[tuple[str, ...]]:
        said = words(text)
        return set(zip(*(said[first:] for first in range(10)), strict=False))

    asked: set[tuple[str, ...]] = set()
    for name in ("questions.dev.jsonl", "questions.real.jsonl"):
        for line in (measured / name).read_text("utf-8").splitlines():
            asked |= phrases(json.loads(line)["question"])
    assert len(asked) > 5_000
    assert [each for each in shipped("commons-os.accounts.jsonl") if phrases(each.situation) & asked] == []


def test_what_ships_leaves_the_bundled_corpus_as_it_is():
    corpus = load_corpus([REPOSITORY / "corpus"], shipped_situations=data_folder("situations"))
    assert corpus.findings == ()
    assert all(not s.path for p in corpus.patterns for s in p.ontology.search_hints.situations)
    assert corpus.accounts == ()


def test_what_ships_applies_to_the_library_that_it_was_written_for():
    library = SHARED / "library" / "commons-os"
    if not library.is_dir():
        pytest.skip("the public library is not on this machine")
    file = min(library.glob("*.md"))
    corpus = load_corpus([file], shipped_situations=data_folder("situations"))
    (pattern,) = corpus.patterns
    assert {slug for account in corpus.accounts for slug in account.grades} == {pattern.slug}
    (situation,) = pattern.ontology.search_hints.situations
    assert Path(situation.path).name == "commons-os.jsonl"
