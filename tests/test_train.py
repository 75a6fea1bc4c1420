"""Adapters and their training, with the real model on a handful of questions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from navigator.adapter import CONFIG_FILE, WEIGHTS_FILE, Adapter
from navigator.embedding import SentenceTransformerEmbedder
from navigator.errors import AdapterError, EvaluationError
from navigator.judged import TrainingQuestion
from navigator.navigator import Navigator
from navigator.retrieve import by_kind, pool
from navigator.settings import NO_ADAPTER, TRAINED_ADAPTER, Settings, chosen_adapter, data_folder
from navigator.train import lessons_of, train

pytestmark = pytest.mark.model

BUNDLED = data_folder("adapters") / "accounts"
ACCOUNT = "Everything waits for the boss and she is away. Nobody dares to order even paper. What do I do?"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("trained")
    documents = folder / "documents"
    documents.mkdir()
    for file in sorted(data_folder("corpus").glob("*.md"))[:6]:
        shutil.copy(file, documents)
    settings = Settings(corpus=(documents,), index=folder / "index")
    Navigator.build(settings)
    return settings


def test_training_teaches_and_its_adapter_is_chosen(settings: Settings) -> None:
    steps: list[tuple[int, int]] = []
    report = Navigator.train(settings=settings, epochs=4, on_progress=lambda *step: steps.append(step))
    assert (report.trained, report.held_out, len(report.epochs)) == (32, 4, 4)
    assert steps[-1][0] == steps[-1][1] == len(steps)
    assert report.after["ndcg@10"] == max(report.before["ndcg@10"], *report.epochs)
    if report.adapter is not None:
        assert chosen_adapter(settings) == report.adapter
        navigator = Navigator.open(settings)
        assert navigator.embedder.adapter == report.adapter
        assert navigator.ask(ACCOUNT).patterns


def test_what_is_trained_with_comes_to_be_found(settings: Settings, tmp_path: Path) -> None:
    plain = settings.model_copy(update={"adapter": NO_ADAPTER})
    navigator = Navigator.open(plain)
    slugs = sorted(navigator.library.catalogue)
    nonsense = ["frobnicate the zork", "quux and blivet", "wibble over wobble", "grault, garply, waldo"]
    questions = [
        TrainingQuestion(question=f"{text} number {number}", slug=slugs[place])
        for number in range(12)
        for place, text in enumerate(nonsense)
    ]
    embedder = SentenceTransformerEmbedder()
    report = train(questions, navigator.library, embedder, tmp_path / "adapter", epochs=6)
    assert report.adapter is not None
    assert report.before["hit@1"] < 0.8 < report.after["hit@1"]
    # What was measured while training is what the saved adapter does once it is merged.
    after = Navigator.open(settings.model_copy(update={"adapter": str(tmp_path / "adapter")}))
    vector = after.embedder.embed_query("quux and blivet number 99")
    found = after.library.similarities(vector, slugs)
    assert max(slugs, key=lambda slug: pool(by_kind(found[slug]))) == slugs[1]


def test_too_few_questions_are_refused(settings: Settings, tmp_path: Path) -> None:
    library = Navigator.open(settings.model_copy(update={"adapter": NO_ADAPTER})).library
    unknown = [TrainingQuestion(question=f"Number {n}", slug="no-such-pattern") for n in range(50)]
    with pytest.raises(EvaluationError, match="0 of 50 questions"):
        train(unknown, library, SentenceTransformerEmbedder(), tmp_path)
    everything = frozenset(library.catalogue)
    with pytest.raises(EvaluationError, match="0 of 36 questions"):
        train(lessons_of(library), library, SentenceTransformerEmbedder(), tmp_path, unseen=everything)


def test_accounts_are_trained_with_and_have_to_be_embedded_anew(settings: Settings, tmp_path: Path) -> None:
    (documents,) = settings.corpus
    corpus = shutil.copytree(documents, tmp_path / "documents")
    slugs = sorted(file.stem for file in corpus.glob("*.md"))
    (corpus / "situations").mkdir()
    line = {"situation": ACCOUNT, "core": "Nobody dares to order.", "grades": {slugs[0]: 3, slugs[1]: 2}}
    (corpus / "situations" / "told.jsonl").write_text(json.dumps(line), "utf-8")
    told = Settings(corpus=(corpus,), index=tmp_path / "index")
    Navigator.build(told)
    navigator = Navigator.open(told)
    hits = navigator.search(ACCOUNT).patterns
    by_account = [hit.slug for hit in hits if "account" in {each.retriever for each in hit.evidence}]
    assert sorted(by_account) == slugs[:2]
    lesson = lessons_of(navigator.library)[-1]
    assert (lesson.question, lesson.grades, lesson.rewritings) == (ACCOUNT, line["grades"], (line["core"],))
    assert Navigator.train(settings=told, epochs=1).accounts == 1


def test_the_bundled_adapter_moves_questions_and_leaves_passages() -> None:
    plain, adapted = (
        SentenceTransformerEmbedder(),
        SentenceTransformerEmbedder(adapter=Adapter.open(BUNDLED)),
    )
    one, other = plain.embed_query(ACCOUNT), adapted.embed_query(ACCOUNT)
    assert 0.3 < one @ other < 0.97
    assert np.linalg.norm(other) == pytest.approx(1)
    for embedder in (plain, adapted):
        ((_, vectors),) = embedder.embed_documents([ACCOUNT])
        assert vectors[0] == pytest.approx(one, abs=1e-4)
    assert adapted.fingerprint == plain.fingerprint


def test_the_bundled_adapter_is_for_the_bundled_model(tmp_path: Path) -> None:
    assert Adapter.open(BUNDLED).base == SentenceTransformerEmbedder().fingerprint
    default = Settings(index=tmp_path)
    assert chosen_adapter(default) == Adapter.open(BUNDLED)
    assert chosen_adapter(default.model_copy(update={"adapter": NO_ADAPTER})) is None
    assert chosen_adapter(default.model_copy(update={"model": "another"})) is None
    shutil.copytree(BUNDLED, tmp_path / TRAINED_ADAPTER)
    assert chosen_adapter(default) == Adapter.open(tmp_path / TRAINED_ADAPTER)


def _other_base(folder: Path) -> None:
    config = json.loads((folder / CONFIG_FILE).read_text("utf-8"))
    (folder / CONFIG_FILE).write_text(json.dumps({**config, "base": "another@0"}), "utf-8")


@pytest.mark.parametrize(
    "harm",
    [
        _other_base,
        lambda folder: (folder / CONFIG_FILE).unlink(),
        lambda folder: (folder / CONFIG_FILE).write_text('{"r": 0}', "utf-8"),
        lambda folder: (folder / WEIGHTS_FILE).unlink(),
        lambda folder: (folder / WEIGHTS_FILE).write_bytes(b"nonsense"),
    ],
    ids=["another model's", "no description", "rank 0", "no weights", "damaged weights"],
)
def test_an_adapter_that_cannot_be_used_is_named_with_what_to_do(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(BUNDLED, folder)
    harm(folder)
    with pytest.raises(AdapterError, match=r"NAVIGATOR_ADAPTER=none") as refusal:
        SentenceTransformerEmbedder(adapter=Adapter.open(folder)).embed_query(ACCOUNT)
    assert str(folder) in str(refusal.value)
