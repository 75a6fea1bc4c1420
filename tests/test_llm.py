"""The language-model writer, over a scripted server that speaks OpenAI's protocol on loopback."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from chat_server import KEY, Script, Server, refuses, says
from langchain_core.language_models import BaseChatModel

from navigator.answer import Answer
from navigator.errors import LanguageModelError, MissingDependencyError, SettingsError
from navigator.llm import NOT_IN_LIBRARY, chat_model, citations, cited_sentences, write
from navigator.navigator import Navigator
from navigator.prompts import Prompt, load_prompt
from navigator.settings import data_folder
from navigator.terminal import print_answer


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def prompt() -> Prompt:
    return load_prompt(data_folder("prompts") / "translate.yaml")


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a key for OpenAI's client, which must be installed."""
    pytest.importorskip("langchain_openai", reason="pip install 'pattern-navigator[openai]'")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture
def model(server: Server, key: None) -> BaseChatModel:
    """The chat model of the scripted server."""
    return chat_model("openai:scripted", base_url=server.url)


@pytest.fixture
def written(
    server: Server, model: BaseChatModel, prompt: Prompt, answer: Answer
) -> Callable[[Script], list[str]]:
    """What the writer makes of a script, as a list of sentences."""

    def run(script: Script) -> list[str]:
        server.requests.clear()
        server.script = script
        return list(write(answer, model, prompt))

    return run


def test_what_is_cited_stands(written):
    assert written(says("Give the task a second ", "keeper [1]. Swap ", "the pair [2][3].")) == [
        "Give the task a second keeper [1].",
        "Swap the pair [2][3].",
    ]


def test_a_claim_without_a_source_is_marked(written):
    assert written(says("Give it a keeper [1]. Everyone will love it. Swap [2].")) == [
        "Give it a keeper [1].",
        f"Everyone will love it. {NOT_IN_LIBRARY}",
        "Swap [2].",
    ]


@pytest.mark.parametrize("number", ["0", "999"])
def test_a_source_that_does_not_exist_is_taken_away_and_marked(written, number: str):
    assert written(says(f"It works in nine of ten cases [{number}]. Swap [1].")) == [
        f"It works in nine of ten cases. {NOT_IN_LIBRARY}",
        "Swap [1].",
    ]


def test_a_sentence_with_one_invented_source_is_not_trusted_for_the_other(written):
    assert written(says("Swap the pair [1][999].")) == [f"Swap the pair. {NOT_IN_LIBRARY}"]


def test_the_last_sentence_that_can_be_cited_is_the_last_of_the_answer(written, answer: Answer):
    last = len(cited_sentences(answer))
    assert written(says(f"Replant [{last}]."))[0] == f"Replant [{last}]."
    assert NOT_IN_LIBRARY in written(says(f"Replant [{last + 1}]."))[0]


@pytest.mark.parametrize(
    "pieces",
    [
        ["Begin [1]. Swap [2]."],
        list("Begin [1]. Swap [2]."),
        ["Begin. [1] Swap. [2]"],
        list("Begin. [1] Swap. [2]"),
        list("Begin.[1] Swap.[2]"),
        ["Begin [1].", "\n\n", "Swap [2]."],
    ],
)
def test_however_it_is_streamed_a_citation_stays_with_its_sentence(written, pieces: list[str]):
    assert [" ".join(sentence.split()) for sentence in written(says(*pieces))] == ["Begin [1].", "Swap [2]."]


def test_sentences_come_as_they_are_finished(
    server: Server, model: BaseChatModel, prompt: Prompt, answer: Answer
):
    go_on = threading.Event()

    def script(handler: BaseHTTPRequestHandler) -> None:
        says("Begin [1]. Swap ", finish=False)(handler)
        go_on.wait(10)

    server.script = script
    stream = write(answer, model, prompt)
    assert next(stream) == "Begin [1]."
    go_on.set()
    with pytest.raises(LanguageModelError):
        list(stream)


def test_the_model_is_given_the_sentences_and_told_the_rules(server: Server, written, answer: Answer):
    written(says("Begin [1]."))
    system, user = server.requests[0]["messages"]
    assert server.requests[0]["model"] == "scripted"
    assert "Use only what the numbered sentences say" in system["content"]
    sentences = cited_sentences(answer)
    assert f"[1] {sentences[0].text}\n" in user["content"]
    assert f"[{len(sentences)}] {sentences[-1].text}" in user["content"]
    assert answer.question in user["content"]
    assert "The reader's world: government" in user["content"]
    assert answer.label in user["content"]


@pytest.mark.parametrize("script", [refuses(401), refuses(500), refuses(429)], ids=["401", "500", "429"])
def test_a_refusal_is_an_error_that_keeps_the_key(written, script: Script):
    with pytest.raises(LanguageModelError) as caught:
        written(script)
    assert KEY not in str(caught.value)
    assert "the answer in the authors' words" in str(caught.value)


def test_a_stream_that_is_cut_is_an_error(written):
    with pytest.raises(LanguageModelError) as caught:
        written(says("Begin [1]. Swap", finish=False))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("pieces", [[], [""], [" \n "]])
def test_a_model_that_writes_nothing_is_an_error(written, pieces: list[str]):
    with pytest.raises(LanguageModelError, match="wrote nothing"):
        written(says(*pieces))


def test_a_server_that_is_not_there_is_an_error(
    prompt: Prompt, answer: Answer, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("langchain_openai", reason="pip install 'pattern-navigator[openai]'")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model = chat_model("openai:scripted", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(LanguageModelError):
        list(write(answer, model, prompt))


def test_a_key_that_is_missing_is_said_to_be(key: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        chat_model("openai:gpt-4o-mini")


@pytest.mark.parametrize("name", ["gpt-4o-mini", "openai:", "nobody:model", ""])
def test_a_name_that_is_none_is_refused(name: str):
    with pytest.raises(SettingsError, match="PROVIDER:MODEL"):
        chat_model(name)


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'pattern-navigator\[anthropic\]'"):
        chat_model("anthropic:claude")


@pytest.fixture
def writing(navigator: Navigator, server: Server, key: None) -> Iterator[Navigator]:
    """The navigator of the test documents, with the scripted server as its language model."""
    settings = navigator.settings.model_copy(update={"llm": "openai:scripted", "llm_base_url": server.url})
    opened = Navigator(settings, navigator.embedder)
    yield opened
    opened.library.close()


def test_the_terminal_prints_the_prose_and_where_it_stands(
    writing: Navigator, server: Server, answer: Answer, capsys: pytest.CaptureFixture[str]
):
    server.script = says("Begin with one thing [1]. ", "Then rest.")
    print_answer(answer, prose=writing.prose(answer))
    printed = " ".join(capsys.readouterr().out.split())
    source = answer.parts[0].sentences[0].source
    assert "Begin with one thing [1]." in printed
    assert f"Then rest. {NOT_IN_LIBRARY}" in printed
    assert f"[1] {source.section}, {Path(source.path).name}" in printed
    assert answer.parts[0].sentences[0].text in printed


def test_where_the_model_fails_the_answer_stands_with_a_line_that_says_so(
    writing: Navigator, server: Server, answer: Answer, capsys: pytest.CaptureFixture[str]
):
    server.script = refuses(500)
    print_answer(answer, prose=writing.prose(answer))
    printed = " ".join(capsys.readouterr().out.split())
    assert "The language model failed" in printed
    assert answer.parts[0].sentences[0].text in printed


def test_without_a_language_model_there_is_no_prose(navigator: Navigator, answer: Answer):
    assert list(navigator.prose(answer)) == []


def test_what_a_text_cites_can_be_looked_up(answer: Answer):
    first, second, *_ = cited_sentences(answer)
    assert citations("Swap [2][1]. Again [1]. Never [999], nor [0].", answer) == {1: first, 2: second}
    assert citations("Nothing.", answer) == {}


def test_the_facade_says_an_answer_in_prose(writing: Navigator, server: Server, answer: Answer):
    server.script = says("Begin [1]. Swap [2].")
    assert list(writing.prose(answer)) == ["Begin [1].", "Swap [2]."]


def test_where_there_is_nothing_to_go_by_the_model_is_not_asked(writing: Navigator, server: Server):
    server.requests.clear()
    assert list(writing.prose(writing.ask(""))) == []
    assert server.requests == []
