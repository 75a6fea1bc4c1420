"""Write ``weights.npz`` anew for the default embedding model: ``python -m navigator.phrases``."""

from __future__ import annotations

from navigator.embedding import SentenceTransformerEmbedder
from navigator.phrases import fit, save

embedder = SentenceTransformerEmbedder()
save(fit(embedder), embedder)
