"""The vectors that ship: those of the bundled corpus, so that the first start embeds nothing.

They are known by their texts and the embedding model, as in `navigator.store.cache`; whatever else a library
holds, or another model is to embed, is embedded as ever. A test tells when the file is out of date:
``python -m navigator.shipped`` writes it anew, in about a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from navigator.build import cut_for
from navigator.corpus import load_corpus
from navigator.embedding import Embedder, SentenceTransformerEmbedder
from navigator.settings import data_folder
from navigator.store.cache import write_vectors


def vectors_file() -> Path:
    """Return where the vectors lie."""
    return data_folder("corpus") / "vectors.npz"


def bundled_texts(embedder: Embedder) -> list[str]:
    """Return what a build of the bundled corpus embeds, each text once."""
    corpus = load_corpus([data_folder("corpus")], shipped_situations=data_folder("situations"))
    chunks = (
        chunk for document in (*corpus.patterns, *corpus.readings) for chunk in cut_for(embedder, document)
    )
    return list(dict.fromkeys(chunk.embedded_text for chunk in chunks if chunk.embedded_text))


def ship(texts: Sequence[str], embedder: Embedder, file: Path) -> None:
    """Embed texts and write their vectors to a file."""
    vectors = np.zeros((len(texts), embedder.dimension), np.float32)
    for positions, embedded in embedder.embed_documents(texts):
        vectors[positions] = embedded
    write_vectors(file, embedder.fingerprint, texts, vectors)


if __name__ == "__main__":
    model = SentenceTransformerEmbedder()
    ship(bundled_texts(model), model, vectors_file())
