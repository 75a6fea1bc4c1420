"""A rebuild of the index in a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from navigator import rebuild
from navigator.build import build_index
from navigator.embedding import SentenceTransformerEmbedder
from navigator.navigator import Navigator
from navigator.rebuild import Progress, Rebuild
from navigator.settings import load_settings
from navigator.store.generations import build_lock


def says(*lines: str, then: str = "") -> Rebuild:
    """Follow a process that prints lines."""
    script = f"import sys; sys.stdin.read(); print({chr(10).join(lines)!r}, flush=True); {then}"
    return Rebuild([sys.executable, "-c", script], "{}")


def test_progress_and_report_of_the_process_are_told() -> None:
    report = {"generation": "g", "unchanged": False, "patterns": 1, "readings": 0, "chunks": 2, "vectors": 2}
    running = json.dumps({"stage": "embedding", "done": 3, "total": 4})
    over = says(running, json.dumps({"report": {**report, "levels": {"info": 1}, "seconds": 2.0}})).wait(60)
    assert (over.stage, over.share) == ("embedding", 0.75)
    assert not over.running
    assert over.report is not None
    assert over.report.vectors == 2


@pytest.mark.parametrize(
    ("then", "reason"), [("sys.exit(3)", "code 3"), ("print('Traceback …')", "could not be followed")]
)
def test_a_process_that_dies_is_a_sentence_with_the_next_step(then: str, reason: str) -> None:
    over = says('{"stage": "reading", "done": 0, "total": 9}', then=then).wait(60)
    assert not over.running
    assert reason in over.failure
    assert "still answers" in over.failure
    assert "`navigator index`" in over.failure


def test_a_process_that_cannot_be_started_is_a_sentence_too(tmp_path: Path) -> None:
    assert "could not be followed" in Rebuild([str(tmp_path / "nothing")], "").wait(60).failure


def test_how_long_a_stage_takes_is_told_once_it_has_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "SETTLED", 0.0)
    running = says('{"stage": "embedding", "done": 1, "total": 3}', then="import time; time.sleep(2)")
    while (seen := running.progress).stage is None:
        running.wait(0.02)
    monkeypatch.setattr(rebuild, "SETTLED", 60.0)
    assert running.progress.remaining is None
    monkeypatch.setattr(rebuild, "SETTLED", 0.0)
    running.wait(0.2)
    seen = running.progress
    assert seen.remaining is not None
    assert 0.2 < seen.remaining < 2 * seen.seconds


def test_nothing_is_told_of_a_stage_without_a_total() -> None:
    assert Progress(stage="checking").share == 0


@pytest.mark.model
def test_the_open_navigator_answers_while_and_from_the_new_index_after(
    documents: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    settings = load_settings(corpus=(documents,), index=tmp_path / "index")
    build_index([documents], settings.index, embedder)
    navigator = Navigator(settings, embedder)
    generation = navigator.library.generation.name
    new = (documents / "open-till.md").read_text("utf-8").replace("slug: open-till", "slug: newcomer")
    (documents / "newcomer.md").write_text(new, "utf-8")
    running = navigator.rebuild()
    assert navigator.rebuild() is navigator.rebuilding is running
    assert navigator.ask("Only one person knows how this works").patterns
    assert running.progress.running
    assert navigator.library.generation.name == generation
    over = running.wait()
    assert over.failure == ""
    assert over.report is not None
    assert over.report.generation == navigator.library.generation.name != generation
    assert navigator.pattern("newcomer").slug == "newcomer"
    with build_lock(settings.index):
        again = navigator.rebuild()
        assert again is not running
        assert "Another build" in again.wait(60).failure
    navigator.library.close()
