"""The doctor: every setting with its origin, and a remedy for each thing that is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from navigator import __version__
from navigator.doctor import Check, Examination, examine
from navigator.errors import SettingsError
from navigator.settings import Settings
from navigator.store.vectors import VectorStore

pytestmark = pytest.mark.usefixtures("elsewhere")


def check(examination: Examination, what: str) -> Check:
    return next(check for check in examination.checks if check.what == what)


@pytest.fixture
def damaged(index: Path, tmp_path: Path) -> Path:
    """A copy of the index of the test documents, to be damaged."""
    return Path(shutil.copytree(index, tmp_path / "damaged"))


def test_a_sound_set_up(index: Path):
    examination = examine({"index": index})
    assert examination.healthy
    assert [setting.name for setting in examination.settings] == list(Settings.model_fields)
    assert check(examination, "version").detail.startswith(f"pattern-navigator {__version__} on Python 3.")
    assert "384 dimensions, 256 tokens" in check(examination, "embedding model").detail
    held = check(examination, "index").detail
    assert "6 patterns and 1 readings in" in held
    assert "GB free" in check(examination, "disk").detail
    assert check(examination, "language model").detail.startswith("none configured")


def test_settings_are_shown_with_their_origins(index: Path, monkeypatch: pytest.MonkeyPatch):
    Path("navigator.toml").write_text('context = "activist"\n', "utf-8")
    monkeypatch.setenv("NAVIGATOR_CORPUS", "a:b")
    shown = {s.name: (s.value, s.origin) for s in examine({"index": index}).settings}
    assert shown["context"] == ("activist", "navigator.toml")
    assert shown["corpus"] == ("a, b", "environment")
    assert shown["index"] == (str(index), "flag")
    assert shown["llm"] == ("not set", "default")


def test_a_setting_that_cannot_be_used_ends_the_examination():
    Path("navigator.toml").write_text("context = 3\n", "utf-8")
    with pytest.raises(SettingsError, match=r"context \(from navigator.toml\)"):
        examine({})


@pytest.mark.parametrize(
    ("variable", "value", "what", "said"),
    [
        ("CORPUS", "no-such-folder", "corpus", "no-such-folder"),
        ("CORPUS", ".", "corpus", "NAVIGATOR_CORPUS"),
        ("INDEX", "no-such-folder", "index", "navigator index"),
        ("MODEL", "nobody/no-such-model", "embedding model", "nobody/no-such-model"),
        ("LLM", "nobody:model", "language model", "PROVIDER:MODEL"),
        ("LLM", "openai:gpt-4o-mini", "language model", "openai:gpt-4o-mini"),
        ("PROMPTS", "no-such-folder", "prompts", "no-such-folder"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(
    index: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, what: str, said: str
):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("NAVIGATOR_INDEX", str(index))
    monkeypatch.setenv(f"NAVIGATOR_{variable}", value)
    examination = examine({})
    assert not examination.healthy
    assert not check(examination, what).passed
    assert said in check(examination, what).detail


def remove_records(generation: Path) -> None:
    (generation / "records.sqlite").unlink()


def remove_vectors(generation: Path) -> None:
    shutil.rmtree(generation / "vectors")


def empty_vectors(generation: Path) -> None:
    (generation / "vectors" / "chroma.sqlite3").write_bytes(b"")


def lose_a_vector(generation: Path) -> None:
    with VectorStore(generation / "vectors", "chunks") as store:
        store.delete(store.ids()[:1])


def scramble_manifest(generation: Path) -> None:
    (generation / "manifest.json").write_text("{", "utf-8")


@pytest.mark.parametrize(
    "damage", [remove_records, remove_vectors, empty_vectors, lose_a_vector, scramble_manifest]
)
def test_a_damaged_index_is_found_out(damaged: Path, damage: Callable[[Path], None]):
    (generation,) = (damaged / "generations").iterdir()
    damage(generation)
    found = check(examine({"index": damaged}), "index")
    assert not found.passed
    assert "navigator index --force" in found.detail


def test_a_disk_without_room_is_found_out(index: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("navigator.doctor.ENOUGH_DISK", 1 << 80)
    assert "make room" in check(examine({"index": index}), "disk").detail


def test_a_language_model_that_is_set_up(index: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("langchain_openai", reason="pip install 'pattern-navigator[openai]'")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("NAVIGATOR_LLM", "openai:gpt-4o-mini")
    examination = examine({"index": index})
    assert check(examination, "language model").passed
    assert "sk-very-secret" not in examination.model_dump_json()
