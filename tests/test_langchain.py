"""The LangChain retriever: LangChain's own suite, and what its documents carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda
from langchain_tests.integration_tests import RetrieversIntegrationTests
from places import REPOSITORY
from pydantic import ValidationError

from navigator.langchain import PatternRetriever
from navigator.navigator import Navigator
from navigator.settings import Settings
from navigator.text import plain

SITUATION = "Only one person knows how this works, and she has resigned"


@pytest.mark.anyio
class TestStandard(RetrieversIntegrationTests):
    """What LangChain asks of every retriever."""

    @pytest.fixture(autouse=True)
    def _open(self, navigator: Navigator) -> Iterator[None]:
        self._navigator = navigator
        yield
        del self._navigator

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @property
    def retriever_constructor(self) -> type[PatternRetriever]:
        return PatternRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, object]:
        return {"navigator": self._navigator}

    @property
    def retriever_query_example(self) -> str:
        return SITUATION


@pytest.fixture(scope="module")
def found(navigator: Navigator) -> list[Document]:
    return PatternRetriever(navigator=navigator, context="tech", k=3).invoke(SITUATION)


def test_the_patterns_are_those_that_asking_names(navigator: Navigator, found: list[Document]):
    answer = navigator.ask(SITUATION, context="tech")
    assert [document.metadata["slug"] for document in found] == [hit.slug for hit in answer.patterns[:3]]
    best, hit = found[0].metadata, answer.patterns[0]
    assert (best["title"], best["label"], best["context"]) == (hit.title, hit.label, "tech")
    assert best["label"] == "Bus Factor Pairing"
    assert (best["section"], best["score"]) == (hit.passage.section, hit.score)
    assert {document.metadata["confidence"] for document in found} == {answer.confidence}
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)


def test_a_document_is_the_passage_that_its_span_cites(found: list[Document]):
    for document in found:
        text = Path(document.metadata["source"]).read_text("utf-8", errors="replace")
        cited = plain(text[document.metadata["start"] : document.metadata["end"]])
        assert document.page_content
        assert document.page_content.split() == cited.split()
        assert document.id == document.metadata["chunk"]


def test_licence_and_attribution_travel_along(navigator: Navigator, found: list[Document]):
    for document in found:
        pattern = navigator.library.pattern(document.metadata["slug"])
        assert document.metadata["license"] == pattern.license
        assert document.metadata["attribution"] == pattern.attribution
        assert document.metadata["origins"] == list(pattern.sources)
    assert found[0].metadata["license"]


def test_the_metadata_is_json(found: list[Document]):
    for document in found:
        assert json.loads(json.dumps(document.metadata)) == document.metadata


def test_another_context_may_be_given_for_one_call(navigator: Navigator):
    retriever = PatternRetriever(navigator=navigator, context="tech")
    spoken = retriever.invoke(SITUATION, context="government")[0].metadata
    assert spoken["context"] == "government"
    assert spoken["label"] != retriever.invoke(SITUATION)[0].metadata["label"]


def test_it_is_a_link_of_a_chain(navigator: Navigator):
    chain = PatternRetriever(navigator=navigator, k=1) | RunnableLambda(lambda found: found[0].page_content)
    assert chain.invoke(SITUATION) == PatternRetriever(navigator=navigator).invoke(SITUATION)[0].page_content


def test_a_question_out_of_scope_has_little_confidence(navigator: Navigator):
    nearest = PatternRetriever(navigator=navigator).invoke("How long do I roast a chicken of two kilograms?")
    assert nearest
    assert nearest[0].metadata["confidence"] < 0.5


def test_nothing_said_finds_nothing(navigator: Navigator):
    assert PatternRetriever(navigator=navigator).invoke("  \n") == []


def test_no_fewer_than_one_document_can_be_asked_for(navigator: Navigator):
    with pytest.raises(ValidationError):
        PatternRetriever(navigator=navigator, k=0)
    with pytest.raises(ValueError, match="k is -1"):
        PatternRetriever(navigator=navigator).invoke(SITUATION, k=-1)


def test_the_example_in_the_readme_runs(
    settings: Settings,
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    [example] = [block for block in re.findall(r"```python\n(.*?)```", readme, re.S) if "langchain" in block]
    monkeypatch.setenv("NAVIGATOR_INDEX", str(settings.index))
    namespace: dict[str, object] = {}
    exec(example, namespace)
    printed = capsys.readouterr().out
    retriever = namespace["retriever"]
    assert isinstance(retriever, PatternRetriever)
    documents = retriever.invoke("Everything waits for headquarters")
    retriever.navigator.library.close()
    assert len(documents) == 3
    assert all(document.metadata["label"] in printed for document in documents)
