from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from navigator.corpus import document_files, load_corpus
from navigator.corpus.files import find_files, read_text
from navigator.corpus.findings import Report
from navigator.errors import CorpusError
from navigator.pattern import Finding


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in [
        "b.md",
        "a/z.txt",
        "a/deep/er/x.HTML",
        "a/y.markdown",
        "c.py",
        ".git/h.md",
        ".hidden.md",
        "a/notes",
    ]:
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Text of some kind.")
    return tmp_path / "root"


def names(found: list[Path], root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in found]


def test_a_folder_gives_its_documents_at_any_depth_in_order(tree: Path):
    found = names(document_files([tree]), tree)
    assert sorted(found) == ["a/deep/er/x.HTML", "a/y.markdown", "a/z.txt", "b.md"]
    assert found == names(document_files([tree]), tree)


def test_a_file_that_is_named_is_read_whatever_it_is_called(tree: Path):
    paths = [tree / "a/notes", tree / ".hidden.md", tree / "c.py"]
    assert document_files(paths) == paths
    assert load_corpus(paths).documents == 3


def test_no_file_is_read_twice(tree: Path):
    assert len(document_files([tree, tree / "b.md", tree / "a", tree])) == 4


def test_a_path_that_does_not_exist_is_an_error_that_names_it(tmp_path: Path):
    with pytest.raises(CorpusError, match="no-such-folder"):
        load_corpus([tmp_path / "no-such-folder"])


def test_nothing_to_read_is_an_empty_corpus(tmp_path: Path):
    assert load_corpus([tmp_path]).documents == 0
    assert load_corpus([]).patterns == ()


def test_a_link_out_of_the_folder_is_not_followed(tree: Path):
    outside = tree.parent / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("Secret.")
    (tree / "link.md").symlink_to(outside / "secret.md")
    (tree / "folder").symlink_to(outside)
    (tree / "inside.md").symlink_to(tree / "b.md")
    (tree / "loop").symlink_to(tree)
    (tree / "round.md").symlink_to(tree / "round.md")
    (tree / "gone.md").symlink_to(tree / "never-was.md")
    found = list(find_files([tree]))
    findings = [each for each in found if isinstance(each, Finding)]
    assert {(each.code, Path(each.path).name) for each in findings} == {
        ("outside-link", "link.md"),
        ("outside-link", "folder"),
    }
    assert len(found) - len(findings) == 4
    assert "Secret." not in str(load_corpus([tree]))


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")
@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_regular_file_is_not_read(tmp_path: Path, kind: str):
    path = tmp_path / "odd.md"
    os.mkfifo(path) if kind == "pipe" else path.mkdir()
    report = Report(str(path))
    assert read_text(path, report) is None
    assert [finding.code for finding in report.findings] == ["unreadable-file"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_a_finding(tree: Path):
    (tree / "b.md").chmod(0)
    (tree / "a").chmod(0)
    corpus = load_corpus([tree])
    (tree / "a").chmod(0o700)
    assert [finding.code for finding in corpus.findings] == ["unreadable-file", "unreadable-file"]


def test_line_ends_are_universal_and_offsets_count_them_as_one(tmp_path: Path):
    path = tmp_path / "a.md"
    path.write_bytes(b"# Title\r\n\r\n## One\r\rText of one.\r\n")
    (reading,) = load_corpus([path]).readings
    with path.open(encoding="utf-8", errors="replace") as stream:
        text = stream.read()
    (block,) = reading.sections[0].blocks
    assert (block.verbatim, text[block.start : block.end]) == (True, "Text of one.")


def test_progress_counts_up_to_the_number_of_documents(tree: Path):
    told: list[tuple[int, int]] = []
    load_corpus([tree], progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
