"""The map: vectors of documents as points in the plane, near to each other where the vectors are.

The same vectors always give the same points, on the same machine and with the same packages. Up to `SAMPLE`
documents this is t-SNE (van der Maaten and Hinton 2008, in its Barnes-Hut form) begun from the principal
components, which keeps the large picture; of more, every n-th is laid out so and the rest is placed among
them, so that the time grows with the number of documents and no faster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from navigator.chunking import Chunk
from navigator.embedding import Vectors

MAP_VERSION = 2
"""Raise it when the same documents would give another map; an index of another version is rebuilt."""

SAMPLE = 5000
"""Documents that are laid out with regard to each other."""

FEW = 12
"""Up to so many documents the two principal components say it all."""

PERPLEXITY = 30
"""Documents whose nearness counts for each, or a third of all where that is less."""

STEPS, COARSENESS = 500, 0.8
"""Of t-SNE: twice the steps and 0.5 (the default) take three times as long for the same map."""

NEIGHBOURS = 3
"""Documents of the sample among which each of the rest is placed."""

NOISE = 1e-3
"""Coordinates below this are those of equal vectors, and not blown up to fill the map."""

_ROWS = 1000

Points = npt.NDArray[np.float32]


def document_vectors(chunks: Sequence[Chunk], vectors: Vectors) -> dict[str, Vectors]:
    """Return one vector of unit length for each document: its card's, or the mean of all where it has none.

    Parameters
    ----------
    chunks
        Those that have a vector, in order of the documents.
    vectors
        Shape (len(chunks), dimension).
    """
    rows: dict[str, list[int]] = {}
    for row, chunk in enumerate(chunks):
        rows.setdefault(chunk.slug, []).append(row)
    found = {}
    for slug, own in rows.items():
        cards = [row for row in own if chunks[row].kind == "card"]
        mean = vectors[cards or own].mean(axis=0)
        found[slug] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return found


def draw_map(documents: Mapping[str, Vectors]) -> dict[str, tuple[float, float]]:
    """Return a point for each document, the middle of all at 0, 0 and the farthest coordinate at 1 or -1.

    Parameters
    ----------
    documents
        Vectors of unit length, by slug.
    """
    if not documents:
        return {}
    points = project(np.stack(list(documents.values())))
    return {
        slug: (x, y) for slug, (x, y) in zip(documents, points.astype(float).round(4).tolist(), strict=True)
    }


def project(vectors: Vectors) -> Points:
    """Return a point in the plane for each vector, shape (n, 2), see the module.

    Parameters
    ----------
    vectors
        Of unit length, shape (n, dimension), n > 0.
    """
    step = -(-len(vectors) // SAMPLE)
    sample = vectors[::step]
    points = _principal(sample) if len(sample) <= FEW else _neighbourly(sample)
    if step > 1:
        laid_out, points = points, _placed(vectors, sample, points)
        points[::step] = laid_out
    points -= points.mean(axis=0)
    points /= max(float(np.abs(points).max()), NOISE)
    return points


def weighted_mean(points: Points) -> Points:
    """Return where something lies whose neighbours lie at ``points``, nearest first: weighted by 1 / rank.

    Parameters
    ----------
    points
        Shape (..., n, 2).

    Returns
    -------
    Shape (..., 2).
    """
    weights = 1.0 / np.arange(1, points.shape[-2] + 1, dtype=np.float32)
    mean: Points = (weights / weights.sum()) @ points
    return mean


def _principal(vectors: Vectors) -> Points:
    """Return the two principal components, each with the sign that makes its longest part positive."""
    directions, lengths, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    points = np.zeros((len(vectors), 2), np.float32)
    kept = min(2, len(lengths))
    points[:, :kept] = (directions * lengths)[:, :kept]
    longest = np.abs(points).argmax(axis=0)
    return points * np.where(points[longest, [0, 1]] < 0, np.float32(-1), np.float32(1))


def _neighbourly(vectors: Vectors) -> Points:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    first = _principal(vectors)
    # As small as scikit-learn makes its own, which divides by nothing where all vectors are equal.
    first *= 1e-4 / max(float(first[:, 0].std()), NOISE)
    layout = TSNE(
        perplexity=min(PERPLEXITY, len(vectors) / 3),
        init=first,
        max_iter=STEPS,
        angle=COARSENESS,
        random_state=0,
    )
    # Several threads add up their parts in any order, and five hundred steps make much of a last digit.
    with threadpool_limits(1):
        points: Points = layout.fit_transform(vectors)
    return points


def _placed(vectors: Vectors, sample: Vectors, points: Points) -> Points:
    """Return a point for each vector, among those of its nearest in the sample."""
    found = np.empty((len(vectors), 2), np.float32)
    for first in range(0, len(vectors), _ROWS):
        page = vectors[first : first + _ROWS]
        nearest = np.argsort(-(page @ sample.T), axis=1, kind="stable")[:, :NEIGHBOURS]
        found[first : first + _ROWS] = weighted_mean(points[nearest])
    return found
