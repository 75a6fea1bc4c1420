"""The vectors of one index generation as a matrix, document by document.

Chroma finds the nearest chunks among all; how well a document fits as a whole is a matter of all of its
chunks, near or not. Those are read from here: a copy of the vectors in the order of the documents, mapped
into memory, so that only the rows of the documents in question are touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from navigator.errors import damage_in

_IDS, _VECTORS = "ids.json", "vectors.npy"


class Passages:
    """Chunk ids, those of a document one after the other, and their vectors, shape (n_chunks, dimension)."""

    def __init__(self, ids: Sequence[str], vectors: npt.NDArray[np.float32]) -> None:
        self.ids = ids
        self.vectors = vectors
        self._rows: dict[str, tuple[int, int]] = {}
        for row, chunk in enumerate(ids):
            slug = chunk.partition("#")[0]
            self._rows[slug] = (self._rows.get(slug, (row, row))[0], row + 1)

    def save(self, folder: Path) -> None:
        """Write them into a folder of their own."""
        folder.mkdir(exist_ok=True)
        (folder / _IDS).write_text(json.dumps(list(self.ids)), "utf-8")
        np.save(folder / _VECTORS, self.vectors)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open saved ones; the vectors stay on disk until a question touches them.

        Raises
        ------
        IndexDamagedError
            Files are missing or cannot be read.
        """
        with damage_in("The vectors", folder):
            ids = json.loads((folder / _IDS).read_text("utf-8"))
            vectors = np.load(folder / _VECTORS, mmap_mode="r")
            if len(ids) != len(vectors):
                raise ValueError(f"{len(ids)} ids for {len(vectors)} vectors")
        return cls(ids, vectors)

    def similarities(
        self, vector: npt.NDArray[np.float32], slugs: Iterable[str]
    ) -> dict[str, list[tuple[str, float]]]:
        """Return the chunks of documents with their cosine similarities to a vector, best first.

        Parameters
        ----------
        vector
            Shape (dimension,), unit length.
        """
        spans = {slug: self._rows[slug] for slug in slugs if slug in self._rows}
        if not spans:
            return {}
        rows = np.concatenate([np.arange(start, end) for start, end in spans.values()])
        documents = np.repeat(np.arange(len(spans)), [end - start for start, end in spans.values()])
        # Not `@`: the threads of a BLAS wait for the next product in a loop, in the way of the model's own.
        values = np.einsum("ij,j->i", self.vectors[rows], vector)
        order = np.lexsort((-values, documents))
        ids = (self.ids[row] for row in rows[order].tolist())
        pairs = zip(ids, values[order].tolist(), strict=True)
        return {slug: list(islice(pairs, end - start)) for slug, (start, end) in spans.items()}
