"""What a short message asks of the pattern in focus, learned from examples of what people say.

``phrases.txt`` lists them by what they want. A linear model tells these wants apart, by the vector of a
message and by its words: on 155 messages that it had not seen it was right in .90 of the cases, a table of
patterns of wording in .43 (``docs/decisions/0007-conversation.md``). It is fitted in closed form within a
fraction of a second once the examples are embedded; ``weights.npz`` holds it for the default embedding model,
and for any other one the examples are embedded when the first message is to be understood.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from navigator.embedding import Embedder, Vectors
from navigator.text import words

PHRASES = Path(__file__).parent / "phrases.txt"
WEIGHTS = Path(__file__).parent / "weights.npz"

WORDS_SHARE = 0.5
"""Length of the vector of words, where that of the meaning has 1."""

COMMON = 2
"""Examples that a word must be in to count."""

PENALTY = 0.3
"""Of the ridge regression, on the squares of the weights."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """A linear model of what messages want.

    Attributes
    ----------
    wants
        What it tells apart, in the order of ``phrases.txt``.
    vocabulary
        The words that count.
    weights
        One row for each dimension of the embedding and each word, and one for the constant; one column for
        each of ``wants``.
    """

    wants: tuple[str, ...]
    vocabulary: tuple[str, ...]
    weights: Floats

    def ranked(self, message: str, embedder: Embedder) -> list[tuple[str, float]]:
        """Return what the message may want, best first, with scores of about 0 to 1."""
        scores = _features([message], _embedded([message], embedder), self.vocabulary)[0] @ self.weights
        order = np.argsort(-scores, kind="stable")
        return [(self.wants[n], float(scores[n])) for n in order]


def phrasebook(embedder: Embedder) -> Phrasebook:
    """Return the phrasebook for an embedding model, see the module."""
    book = _books.get(embedder.fingerprint)
    if book is None:
        book = _books[embedder.fingerprint] = _stored(embedder) or fit(embedder)
    return book


_books: dict[str, Phrasebook] = {}
"""Those in use, by the fingerprint of their embedding model."""


def _stored(embedder: Embedder) -> Phrasebook | None:
    """Return the phrasebook that ships, None where it was made from other examples or for another model."""
    if not WEIGHTS.is_file():
        return None
    with np.load(WEIGHTS) as stored:
        if str(stored["made_from"]) != made_from(embedder):
            return None
        return Phrasebook(
            wants=tuple(stored["wants"].tolist()),
            vocabulary=tuple(stored["vocabulary"].tolist()),
            weights=stored["weights"].astype(np.float32),
        )


def fit(embedder: Embedder) -> Phrasebook:
    """Fit a phrasebook: ridge regression from the features of the examples to what they want.

    An example weighs the less the more there are that want the same.
    """
    examples = list(read_phrases())
    texts = [text for text, _ in examples]
    vocabulary = _vocabulary(texts)
    features = _features(texts, _embedded(texts, embedder), vocabulary).astype(np.float64)
    wants = tuple(dict.fromkeys(want for _, want in examples))
    targets = np.array([[float(want == each) for each in wants] for _, want in examples])
    often = Counter(want for _, want in examples)
    balance = np.array([often[want] ** -0.5 for _, want in examples])
    weighted = features.T * (balance / balance.mean())
    weights = np.linalg.solve(weighted @ features + PENALTY * np.eye(features.shape[1]), weighted @ targets)
    return Phrasebook(wants, vocabulary, weights.astype(np.float32))


def save(book: Phrasebook, embedder: Embedder) -> None:
    """Write the phrasebook of the default embedding model to ``weights.npz``."""
    np.savez_compressed(
        WEIGHTS,
        made_from=np.array(made_from(embedder)),
        wants=np.array(book.wants),
        vocabulary=np.array(book.vocabulary),
        weights=book.weights.astype(np.float16),
    )


def read_phrases() -> Iterator[tuple[str, str]]:
    """Yield the examples with what they want."""
    want = ""
    for line in PHRASES.read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            want = line[1:-1]
        elif line and not line.startswith("#"):
            yield line, want


def _embedded(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Return the vectors of texts, shape (texts, dimension).

    As passages are embedded: an adapter that is trained to bring situations near to patterns has no say.
    """
    vectors = np.zeros((len(texts), embedder.dimension), np.float32)
    for positions, embedded in embedder.embed_documents(texts):
        vectors[positions] = embedded
    return vectors


def made_from(embedder: Embedder) -> str:
    """Return what the weights rest on: the files of the model, and the examples."""
    phrases = "\n".join(PHRASES.read_text("utf-8").splitlines())
    model = embedder.fingerprint.rpartition("@")[2]
    return f"{model}+{hashlib.sha256(phrases.encode()).hexdigest()[:16]}"


def _vocabulary(texts: Sequence[str]) -> tuple[str, ...]:
    counted = Counter(word for text in texts for word in set(_words(text)))
    return tuple(sorted(word for word, number in counted.items() if number >= COMMON))


def _features(texts: Sequence[str], vectors: Vectors, vocabulary: Sequence[str]) -> Floats:
    """Return one row for each text: its vector, its words as a vector of length `WORDS_SHARE`, and 1."""
    place = {word: n for n, word in enumerate(vocabulary)}
    spoken = np.zeros((len(texts), len(vocabulary)), np.float32)
    for row, text in enumerate(texts):
        for word in _words(text):
            if word in place:
                spoken[row, place[word]] = 1.0
    length = np.linalg.norm(spoken, axis=1, keepdims=True)
    spoken *= WORDS_SHARE / np.maximum(length, 1.0)
    return np.hstack([vectors, spoken, np.ones((len(texts), 1), np.float32)])


def _words(text: str) -> list[str]:
    return words(text.replace("’", "'"))
