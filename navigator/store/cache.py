"""Vectors of texts, kept as they are computed, so that a killed build computes nothing twice.

Chroma itself cannot be that safe place: a process killed while Chroma writes its HNSW files leaves
some of them cut off, and then none of its vectors can be read any more (one kill in thirty did that
in a trial of chromadb 1.5.9).
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class VectorCache:
    """A folder of files, each with the vectors of some texts; every file is whole or ignored."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._vectors: dict[bytes, Vectors] = {}
        folder.mkdir(exist_ok=True)
        for file in sorted(folder.glob("*.npz")):
            try:
                with file.open("rb") as stream, np.load(stream) as content:
                    self._vectors |= dict(zip(content["keys"].tolist(), content["vectors"], strict=True))
            except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
                file.unlink()  # cut off by a power failure; its texts will be embedded again

    def __len__(self) -> int:
        return len(self._vectors)

    def __contains__(self, text: str) -> bool:
        return _key(text) in self._vectors

    def add(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep the vectors of ``texts``, shape (len(texts), dimension)."""
        keys = [_key(text) for text in texts]
        new = self._folder / "new"
        with new.open("wb") as stream:
            np.savez(stream, keys=np.array(keys), vectors=vectors)
        new.replace(self._folder / f"{keys[0].decode()}.npz")
        self._vectors |= dict(zip(keys, vectors, strict=True))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of ``texts``, each of which must be in the cache, one row each."""
        return np.stack([self._vectors[_key(text)] for text in texts])


def _key(text: str) -> bytes:
    # As hexadecimal digits, because NumPy strips zero bytes from the end of fixed-width strings.
    return hashlib.sha256(text.encode()).hexdigest().encode()
