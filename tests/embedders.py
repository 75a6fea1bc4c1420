"""A small embedding model for tests: deterministic, instant, and close in meaning where words are shared."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import Stemmer

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Bags of hashed stems as unit vectors; a token is a word.

    Parameters
    ----------
    seed
        Another seed is another model: other vectors, another fingerprint.
    adapter
        Another one is another question fingerprint; the vectors stay the same.
    delay
        Seconds that each batch takes.
    """

    dimension = 64
    max_tokens = 256

    def __init__(self, *, seed: int = 0, adapter: str = "", batch_size: int = 8, delay: float = 0.0) -> None:
        self.fingerprint = f"hashing-{seed}@{self.dimension}"
        self.embedded: list[str] = []
        """Every text that was embedded for the index, in order."""
        self.question_fingerprint = f"{self.fingerprint} {adapter}"
        self._seed = seed
        self._batch_size = batch_size
        self._delay = delay
        self._stemmer = Stemmer.Stemmer("english")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORD.findall(text)) for text in texts]

    def embed_documents(self, texts: Sequence[str]) -> Iterator[tuple[list[int], npt.NDArray[np.float32]]]:
        order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
        for first in range(0, len(order), self._batch_size):
            time.sleep(self._delay)
            positions = order[first : first + self._batch_size]
            self.embedded += [texts[position] for position in positions]
            yield positions, np.stack([self.embed_query(texts[position]) for position in positions])

    embed_questions = embed_documents

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        # A small constant keeps the vector of a text without words from being zero.
        vector = np.full(self.dimension, 0.01, np.float32)
        for stem in self._stemmer.stemWords(_WORD.findall(text.lower())):
            digest = hashlib.blake2b(f"{self._seed} {stem}".encode(), digest_size=8).digest()
            number = int.from_bytes(digest, "big")
            vector[number % self.dimension] += 1.0 if number >> 32 & 1 else -1.0
        return vector / np.linalg.norm(vector)
