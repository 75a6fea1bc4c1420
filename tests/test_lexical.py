from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from navigator.corpus import load_corpus
from navigator.errors import IndexDamagedError
from navigator.lexical import LexicalIndex, document_text

TEXTS = [
    ("ledgers", "Show everyone the ledger. An open ledger ends rumours about the budget."),
    ("budgets", "Budgeting in the open: who decides about money decides in front of everyone."),
    ("gardens", "A garden is kept by those who walk through it."),
]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


def test_the_document_that_says_it_most_comes_first(index: LexicalIndex) -> None:
    found = index.search("an open ledger")
    assert list(found) == ["ledgers", "budgets"]
    assert found["ledgers"] > found["budgets"] > 0


@pytest.mark.parametrize("query", ["decided", "DECIDING", "they decide", "deciding's"])
def test_words_are_found_in_any_form(index: LexicalIndex, query: str) -> None:
    assert list(index.search(query)) == ["budgets"]


def test_none_is_found_that_shares_no_word(index: LexicalIndex) -> None:
    assert index.search("zeppelin") == {}


def test_a_score_means_the_same_for_a_long_query(index: LexicalIndex) -> None:
    assert index.search("open ledger " * 20)["ledgers"] == pytest.approx(
        index.search("open ledger")["ledgers"]
    )
    assert index.search("open ledger zeppelin moon")["ledgers"] == pytest.approx(
        index.search("open ledger")["ledgers"] / 2
    )


@pytest.mark.parametrize("query", ["", "   ", "🙂🙃", "the of and we you", "\0", "東京", "we’ve don't"])
def test_a_query_without_words_that_say_something_finds_nothing(index: LexicalIndex, query: str) -> None:
    assert index.search(query) == {}


def test_equal_scores_keep_the_order_of_the_corpus() -> None:
    index = LexicalIndex.build([(f"twin-{n}", "the very same words") for n in range(20)])
    assert list(index.search("same words")) == [f"twin-{n}" for n in range(20)]


def test_a_saved_index_answers_alike(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    for query in ("open ledger", "garden", "rumours about deciding", "zeppelin"):
        assert list(loaded.search(query).items()) == list(index.search(query).items())


@pytest.mark.parametrize("texts", [[], [("empty", "")], [("stop", "the of and")]])
def test_a_corpus_without_words_is_no_error(texts: list[tuple[str, str]], tmp_path: Path) -> None:
    LexicalIndex.build(texts).save(tmp_path / "lexical")
    assert LexicalIndex.load(tmp_path / "lexical").search("open ledger") == {}


def test_every_missing_or_damaged_file_is_named_with_the_command_that_mends_it(
    index: LexicalIndex, tmp_path: Path
) -> None:
    index.save(tmp_path)
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        for harm in (b"", content[: len(content) // 2]):
            file.write_bytes(harm)
            with pytest.raises(IndexDamagedError, match="navigator index --force"):
                LexicalIndex.load(tmp_path)
        file.unlink()
        with pytest.raises(IndexDamagedError, match="navigator index --force"):
            LexicalIndex.load(tmp_path)
        file.write_bytes(content)


def test_many_threads_may_ask_at_once(index: LexicalIndex) -> None:
    queries = [query for _, query in TEXTS] * 50
    with ThreadPoolExecutor(8) as pool:
        found = [next(iter(found)) for found in pool.map(index.search, queries)]
    assert found == [slug for slug, _ in TEXTS] * 50


def test_a_document_is_found_by_its_names_hints_and_text_but_not_by_its_situations(documents: Path) -> None:
    corpus = load_corpus([documents])
    index = LexicalIndex.build(
        (document.slug, document_text(document)) for document in [*corpus.patterns, *corpus.readings]
    )
    for query in (
        "Books on the Counter",  # an alias
        "Open Book Huddle",  # a label
        "hidden reserves",  # a keyword
        "calm through discretion",  # the tension
        "a cancelled party, a new car, a shut door",  # a section
    ):
        assert next(iter(index.search(query))) == "open-till", query
    assert not index.search("bankrupt")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("led", ["ledgers"]),
        ("ledgers", ["ledgers"]),
        ("open", ["ledgers", "budgets"]),
        ("open bud", ["budgets", "ledgers"]),
        ("open ledger gard", []),
        ("deci", ["budgets"]),
        ("decidin", ["budgets"]),
        ("by those who wal", ["gardens"]),
        ("the", []),
        ("", []),
        ("zeppelin led", []),
    ],
)
def test_every_word_must_be_there_and_the_last_may_be_unfinished(
    index: LexicalIndex, typed: str, found: list[str]
) -> None:
    assert sorted(index.containing(typed)) == sorted(found)
