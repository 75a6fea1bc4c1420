"""Finding the documents under a set of paths, and reading each as text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from navigator.corpus.findings import finding
from navigator.errors import CorpusError
from navigator.pattern import Finding

ENDINGS = frozenset({".md", ".markdown", ".txt", ".html", ".htm"})
"""What a file in a folder must end in to be read."""

MAX_BYTES = 5_000_000
"""Larger files are not read."""

_PROBE = 8192
"""So many bytes at the head of a file are looked at to tell text from binary."""

_CONTROL = frozenset(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27}


def find_files(paths: Iterable[Path]) -> Iterator[Path | Finding]:
    """Yield the files under ``paths`` in sorted order, and a finding for each link not followed.

    A file given by name is always yielded; a folder yields the files that have one of
    :data:`ENDINGS`, at any depth. Hidden files and folders are passed over.

    Raises
    ------
    CorpusError
        When a path does not exist.
    """
    seen: set[Path] = set()
    for path in map(Path, paths):
        if not path.exists():
            raise CorpusError(f"There is no file or folder {path}. Check the path, or NAVIGATOR_CORPUS.")
        for found in _walk(path) if path.is_dir() else [path]:
            if isinstance(found, Finding):
                yield found
            elif (real := found.resolve()) not in seen:
                seen.add(real)
                yield found


def _walk(root: Path) -> Iterator[Path | Finding]:
    inside = root.resolve()
    for folder, folders, names in os.walk(root, onerror=None):
        folders.sort()
        for name in sorted([*names, *folders]):
            path = Path(folder, name)
            if name.startswith("."):
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                yield finding(
                    str(path),
                    1,
                    "outside-link",
                    f"{path} links to a place outside {root} and was not followed.",
                )
            elif path.suffix.lower() in ENDINGS and path.is_file():
                yield path
        folders[:] = [name for name in folders if not name.startswith(".")]


def read_text(path: Path) -> tuple[str | None, list[Finding]]:
    """Return the text of a file with universal newlines, None where it cannot be one, and findings."""
    name = str(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = f"{path} has {size / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read. Split it or leave it out."
            return None, [finding(name, 1, "file-too-large", message)]
        data = path.read_bytes()
    except OSError as error:
        return None, [
            finding(name, 1, "unreadable-file", f"{path} cannot be read: {error.strerror or error}.")
        ]
    if not data.strip():
        return None, [finding(name, 1, "empty-file", f"{path} is empty.")]
    if _is_binary(data[:_PROBE]):
        return None, [finding(name, 1, "binary-file", f"{path} is not a text file.")]
    findings = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"Bytes that are not UTF-8 stand here, the first is {data[error.start]:#04x}; save the file as UTF-8."
        findings.append(finding(name, line, "invalid-utf8", message))
        text = data.decode("utf-8", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        findings.append(
            finding(name, line, "control-characters", f"{path} holds NUL characters, which were dropped.")
        )
    return text, findings


def _is_binary(head: bytes) -> bool:
    """Whether more than a tenth of the bytes are control characters, or the signature is no text's."""
    if head.startswith(
        (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF")
    ):
        return True
    return sum(byte in _CONTROL for byte in head) > len(head) / 10
