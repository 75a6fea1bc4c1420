"""The accounts of one index generation: trouble as people told it, its vectors, and the patterns that helped.

Told in plain words and graded by who knows the whole library, they are the step from a person's words to the
library's: what helped with the accounts nearest to a question is likely to help with the question.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from navigator.errors import damage_in
from navigator.pattern import Account

_ACCOUNTS, _VECTORS = "accounts.json", "vectors.npy"


class Accounts:
    """Accounts, and their unit vectors, shape (n_accounts, dimension)."""

    def __init__(self, accounts: Sequence[Account], vectors: npt.NDArray[np.float32]) -> None:
        self.accounts = accounts
        self.vectors = vectors

    def __len__(self) -> int:
        return len(self.accounts)

    def save(self, folder: Path) -> None:
        """Write them into a folder of their own."""
        folder.mkdir(exist_ok=True)
        told = [account.model_dump(exclude_defaults=True) for account in self.accounts]
        (folder / _ACCOUNTS).write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        np.save(folder / _VECTORS, self.vectors)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open saved ones.

        Raises
        ------
        IndexDamagedError
            Files are missing or cannot be read.
        """
        with damage_in("The accounts", folder):
            told = json.loads((folder / _ACCOUNTS).read_text("utf-8"))
            vectors = np.load(folder / _VECTORS)
            if len(told) != len(vectors):
                raise ValueError(f"{len(told)} accounts for {len(vectors)} vectors")
            accounts = [Account.model_construct(**each) for each in told]
        return cls(accounts, vectors)

    def nearest(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[Account, float]]:
        """Return the ``k`` accounts nearest to a unit vector, with cosine similarities, best first."""
        similarities = np.einsum("ij,j->i", self.vectors, vector)  # not `@`, see `Passages.similarities`
        order = np.argsort(-similarities, kind="stable")[:k]
        return [(self.accounts[row], float(similarities[row])) for row in order]
