"""Vectors of texts that were embedded before, so that nothing is computed twice.

A build keeps them in a folder as they are computed. Chroma itself cannot be that safe place: a process killed
while Chroma writes its HNSW files leaves some of them cut off, and then none of its vectors can be read any
more (one kill in thirty did that in a trial of chromadb 1.5.9).

A file of them ships with the product, see `navigator.shipped`.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

_UNREADABLE = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error)
"""What NumPy raises for a file that is missing, cut off or something else."""


class VectorCache:
    """A folder of files, each with the vectors of some texts; every file is whole or ignored.

    Parameters
    ----------
    shipped
        Vectors to have besides, see `read_vectors`.
    """

    def __init__(self, folder: Path, *, shipped: Mapping[bytes, Vectors] | None = None) -> None:
        self._folder = folder
        self._vectors: dict[bytes, Vectors] = dict(shipped or {})
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(folder.glob("*.npz")):
            try:
                with file.open("rb") as stream, np.load(stream) as content:
                    self._vectors |= dict(zip(content["keys"].tolist(), content["vectors"], strict=True))
            except _UNREADABLE:
                file.unlink()  # cut off by a power failure; its texts will be embedded again

    def __len__(self) -> int:
        return len(self._vectors)

    def __contains__(self, text: str) -> bool:
        return text_key(text) in self._vectors

    def add(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep the vectors of ``texts``, shape (len(texts), dimension)."""
        keys = [text_key(text) for text in texts]
        new = self._folder / "new"
        with new.open("wb") as stream:
            np.savez(stream, keys=np.array(keys), vectors=vectors)
        new.replace(self._folder / f"{keys[0].decode()}.npz")
        self._vectors |= dict(zip(keys, vectors, strict=True))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of ``texts``, each of which must be in the cache, one row each."""
        return np.stack([self._vectors[text_key(text)] for text in texts])


def write_vectors(file: Path, fingerprint: str, texts: Sequence[str], vectors: Vectors) -> None:
    """Write the unit vectors of texts, shape (len(texts), dimension), to be shipped.

    As 16-bit numbers: half the size, and the answers are the same (``docs/decisions/0010-warm-start.md``).
    """
    keys = np.array([text_key(text) for text in texts])
    np.savez_compressed(
        file, fingerprint=np.array(fingerprint), keys=keys, vectors=vectors.astype(np.float16)
    )


def read_vectors(file: Path, fingerprint: str) -> dict[bytes, Vectors]:
    """Return what `write_vectors` wrote, by `text_key`; nothing if it is another model's, or unreadable."""
    try:
        with file.open("rb") as stream, np.load(stream) as content:
            if str(content["fingerprint"]) != fingerprint:
                return {}
            vectors = content["vectors"].astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            return dict(zip(content["keys"].tolist(), vectors, strict=True))
    except _UNREADABLE:
        return {}


def text_key(text: str) -> bytes:
    """Return what a text is known by, its SHA-256."""
    # As hexadecimal digits, because NumPy strips zero bytes from the end of fixed-width strings.
    return hashlib.sha256(text.encode()).hexdigest().encode()
