"""Finding the documents under a set of paths, and reading each as text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from navigator.corpus.findings import Report, finding
from navigator.errors import CorpusError
from navigator.pattern import Finding

ENDINGS = frozenset({".md", ".markdown", ".txt", ".html", ".htm"})
"""What the name of a file in a folder must end in for it to be read."""

MAX_BYTES = 5_000_000
"""Larger documents are not read."""

_PROBE = 8192
"""So many bytes at the head of a file tell text from binary."""

_CONTROL = bytes(set(range(32)) - set(b"\a\b\t\n\v\f\r\x1b"))
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF")


def find_files(paths: Iterable[Path], *, endings: frozenset[str] = ENDINGS) -> Iterator[Path | Finding]:
    """Yield the files under ``paths``, each once, and a finding for what cannot be entered.

    A file that is named is yielded whatever its ending; a folder yields, in sorted order and at any
    depth, those with one of ``endings``. Hidden files and folders are passed over, and symbolic
    links that leave the folder are not followed.

    Raises
    ------
    CorpusError
        When a path does not exist.
    """
    seen: set[str] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise CorpusError(f"There is no file or folder {path}. Check the path, or NAVIGATOR_CORPUS.")
        for found in _walk(path, endings) if path.is_dir() else [path]:
            if isinstance(found, Finding):
                yield found
            elif (real := os.path.realpath(found)) not in seen:
                seen.add(real)
                yield found


def document_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that :func:`find_files` finds.

    Raises
    ------
    CorpusError
        When a path does not exist.
    """
    return [found for found in find_files(paths) if isinstance(found, Path)]


def _walk(root: Path, endings: frozenset[str]) -> Iterator[Path | Finding]:
    inside = Path(os.path.realpath(root))
    closed: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*names, *folders]):
            path = Path(folder, name)
            if name.startswith("."):
                continue
            if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(inside):
                message = f"{path} links to a place outside {root} and was not followed."
                yield finding(str(path), 1, "outside-link", message)
            elif path.suffix.lower() in endings and path.is_file():
                yield path
    for error in closed:
        message = f"The folder {error.filename} cannot be opened: {error.strerror}."
        yield finding(str(error.filename), 1, "unreadable-file", message)


def read_text(path: Path, report: Report, *, most_bytes: int = MAX_BYTES) -> str | None:
    """Return the text of a file with universal newlines; None, and a finding, where it holds none."""
    try:
        data = _read_bytes(path, most_bytes)
    except OSError as error:
        report.add("unreadable-file", f"{path} cannot be read: {error.strerror or error}.")
        return None
    if len(data) > most_bytes:
        limit = f"{most_bytes / 1e6:.0f} MB"
        report.add("file-too-large", f"{path} is larger than {limit}, the most that is read; split it.")
        return None
    if not data.strip():
        report.add("empty-file", f"{path} is empty.")
        return None
    if _is_binary(data[:_PROBE]):
        report.add("binary-file", f"{path} is not text in UTF-8.")
        return None
    text = _decode(data, report).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        report.add("control-characters", f"{path} holds NUL characters; they were dropped.", line=line)
    return text


def _read_bytes(path: Path, most_bytes: int) -> bytes:
    """Read at most one byte more than ``most_bytes``; never from a pipe or a device."""
    if not path.is_file():
        raise OSError("it is not a regular file")
    with path.open("rb") as stream:
        return stream.read(most_bytes + 1)


def _decode(data: bytes, report: Report) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report.add(
            "invalid-utf8",
            f"A byte that is not UTF-8 stands here ({data[error.start]:#04x}); save the file as UTF-8.",
            line=line,
        )
        return data.decode("utf-8", errors="replace")


def _is_binary(head: bytes) -> bool:
    """Whether the head has a known binary signature, or more than a tenth of control characters."""
    control = len(head) - len(head.translate(None, _CONTROL))
    return head.startswith(_SIGNATURES) or control > len(head) / 10
