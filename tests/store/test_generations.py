from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from embedders import HashingEmbedder

from navigator.build import build_index
from navigator.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexStateError,
)
from navigator.store import generations
from navigator.store.generations import build_lock, current, current_name, readable


@pytest.fixture
def folder(documents: Path, tmp_path: Path) -> Path:
    """Folder of an index of the test documents."""
    build_index([documents], tmp_path / "index", HashingEmbedder())
    return tmp_path / "index"


def files_of(folder: Path) -> dict[str, Path]:
    generation = current(folder).folder
    return {path.relative_to(generation).as_posix(): path for path in generation.rglob("*") if path.is_file()}


def test_without_an_index_the_message_says_how_to_build_one(tmp_path: Path) -> None:
    assert current_name(tmp_path) is None
    with pytest.raises(IndexMissingError, match="Run `navigator index`"):
        current(tmp_path)


def test_the_manifest_tells_what_the_index_was_built_from(folder: Path, documents: Path) -> None:
    manifest = json.loads((current(folder).folder / "manifest.json").read_text("utf-8"))
    assert manifest["schema"] == "navigator.index/2"
    assert manifest["recipe"]["fingerprint"] == HashingEmbedder().fingerprint
    assert manifest["recipe"]["dimension"] == 64
    assert manifest["paths"] == [str(documents)]
    assert manifest["patterns"] == 6
    assert manifest["readings"] == 1
    assert manifest["chunks"] >= manifest["vectors"] > 20


@pytest.mark.parametrize("harm", ["missing", "truncated"])
def test_every_file_that_is_missing_or_cut_off_is_noticed_and_named(folder: Path, harm: str) -> None:
    for name, path in files_of(folder).items():
        content = path.read_bytes()
        if not content:
            continue
        if harm == "missing":
            path.unlink()
        else:
            path.write_bytes(content[: len(content) // 2])
        with pytest.raises(IndexDamagedError, match="navigator index --force") as caught:
            current(folder)
        assert name in str(caught.value)
        assert readable(folder) is None
        path.write_bytes(content)
    assert readable(folder) is not None


def test_a_pointer_to_nowhere_is_damage(folder: Path) -> None:
    for content in ("", "000009-gone", "\0"):
        (folder / "CURRENT").write_text(content)
        with pytest.raises(IndexDamagedError):
            current(folder)


def test_another_format_is_refused_with_both_named(folder: Path) -> None:
    file = current(folder).folder / "manifest.json"
    file.write_text(file.read_text("utf-8").replace("navigator.index/2", "navigator.index/7"), "utf-8")
    with pytest.raises(IndexMismatchError, match=r"index/7.*index/2.*Run `navigator index`"):
        current(folder)


def test_another_model_is_refused_with_both_named(folder: Path) -> None:
    manifest = current(folder).manifest
    manifest.check(HashingEmbedder().fingerprint)
    with pytest.raises(IndexMismatchError, match=r"hashing-0@64.*hashing-5@64.*Run `navigator index`"):
        manifest.check(HashingEmbedder(seed=5).fingerprint)


def test_the_last_two_generations_are_kept(folder: Path, documents: Path) -> None:
    names = [current_name(folder)]
    for number in range(3):
        (documents / "lent-hands.md").write_text(f"# Lent Hands\n\nSentence number {number}.\n", "utf-8")
        build_index([documents], folder, HashingEmbedder())
        names.append(current_name(folder))
    assert len(set(names)) == 4
    assert sorted(path.name for path in (folder / "generations").iterdir()) == names[-2:]
    assert not (folder / "building").exists()


def test_a_build_that_died_just_before_its_switch_is_taken_up(
    folder: Path, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_name(folder)
    (documents / "lent-hands.md").write_text("# Lent Hands\n\nA new sentence.\n", "utf-8")
    embedder = HashingEmbedder()
    with monkeypatch.context() as patch:
        patch.setattr(generations, "_write_durably", _die_at_the_pointer)
        with pytest.raises(KeyboardInterrupt):
            build_index([documents], folder, embedder)
    assert current_name(folder) == before
    assert len(list((folder / "generations").iterdir())) == 2
    report = build_index([documents], folder, embedder)
    assert current(folder).name == report.generation != before
    assert len(embedder.embedded) == len(set(embedder.embedded))


_write_durably = generations._write_durably


def _die_at_the_pointer(file: Path, text: str) -> None:
    if file.name == "CURRENT":
        raise KeyboardInterrupt
    _write_durably(file, text)


def test_a_second_build_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    said = rf"process {os.getpid()} on \S+, since 2\d\d\d-"
    with build_lock(tmp_path), pytest.raises(IndexLockedError, match=said), build_lock(tmp_path):
        pass
    with build_lock(tmp_path):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from navigator.store.generations import build_lock\n"
        "with build_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexLockedError, match=f"process {holder.pid}"), build_lock(tmp_path):
            pass
        holder.send_signal(signal.SIGKILL)
    with build_lock(tmp_path):
        pass


def test_an_index_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said = r"file.*cannot be written.*NAVIGATOR_INDEX"
    with pytest.raises(IndexStateError, match=said), build_lock(tmp_path / "file" / "index"):
        pass
