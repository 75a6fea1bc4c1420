"""Show how dense retrieval grows with a library, in time, memory and disk, on made vectors.

    python benchmarks/growth.py                        # 10,000 and 100,000 chunks, 1,000,000 extrapolated
    python benchmarks/growth.py 10000 100000 1000000   # all measured

Vectors of 384 dimensions lie in the store and the matrix of an index, each with a text of 600 characters.
They are made in the likeness of all-MiniLM-L6-v2's on a real library: topics of 50 documents of 20 chunks. A
question asks the store for the nearest chunks, and the matrix for all chunks of their documents. Filling and
asking run in processes of their own, so that the memory of asking is that of a process which answers
questions; its embedding model, words and records come on top. Prints a Markdown table for
benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from run import peak_memory

from navigator.chunking import Chunk
from navigator.retrieve import NEAREST_CHUNKS, candidates
from navigator.store.passages import Passages
from navigator.store.vectors import VectorStore

DIMENSION = 384
BLOCK, TOPIC, DOCUMENT = 10_000, 1_000, 20
"""Chunks that are made at a time, of one topic, and of one document."""

TEXT = "Sixty characters of text, as many times as a passage has it. " * 10
QUESTIONS, RECALLED = 200, 50
MATRIX = "passages"
EXTRAPOLATED = 1_000_000
RESERVED = 2e9
"""Bytes of a machine that are left to the system, the model, words and records."""

Vectors = npt.NDArray[np.float32]
T = TypeVar("T")


@dataclass(frozen=True)
class Size:
    """What was measured with so many chunks: seconds, shares and bytes."""

    chunks: int
    add: float
    query: float
    slowest: float
    recall: float
    filling: float
    asking: float
    disk: float


def main() -> None:
    """Measure the sizes that the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("chunks", type=int, nargs="*", default=[10_000, 100_000], help="numbers of chunks")
    sizes = sorted(set(parser.parse_args().chunks))
    if sizes[0] % BLOCK or sizes[0] <= 0 or any(size % BLOCK for size in sizes):
        parser.error(f"Give multiples of {BLOCK:,}.")
    measured = []
    for size in sizes:
        print(f"{size:,} chunks", file=sys.stderr, flush=True)
        measured.append(measure(size))
    print(table(measured))


def measure(chunks: int) -> Size:
    """Fill a store, ask it, and compare with exact search."""
    with tempfile.TemporaryDirectory(prefix="navigator-growth-") as scratch:
        folder = Path(scratch)
        add, filling = in_process(fill, folder, chunks)
        milliseconds, found, asking = in_process(ask, folder, chunks)
        disk = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    exact = nearest_exactly(questions(chunks), chunks)
    shares = [
        len(set(ours[:RECALLED]) & set(theirs)) / RECALLED for ours, theirs in zip(found, exact, strict=True)
    ]
    return Size(
        chunks=chunks,
        add=add,
        query=statistics.median(milliseconds),
        slowest=statistics.quantiles(milliseconds, n=20)[-1],
        recall=statistics.fmean(shares),
        filling=filling,
        asking=asking,
        disk=disk / 1e6,
    )


def in_process(act: Callable[[Path, int], T], folder: Path, chunks: int) -> T:
    """Run ``act`` in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(act, folder, chunks).result()


def fill(folder: Path, chunks: int) -> tuple[float, float]:
    """Return the seconds that adding takes, and the peak memory in MB."""
    seconds, ids, vectors = 0.0, [], []
    with VectorStore(folder, "chunks", create=True) as store:
        for first in range(0, chunks, BLOCK):
            made = made_vectors(first)
            named = [made_chunk(number) for number in range(first, first + BLOCK)]
            start = time.perf_counter()
            store.add(named, made)
            seconds += time.perf_counter() - start
            ids += [chunk.id for chunk in named]
            vectors.append(made)
            print(f"\r{first + BLOCK:,} added in {seconds:,.0f} s  ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    Passages(ids, np.concatenate(vectors)).save(folder / MATRIX)
    return seconds, peak_memory()


def ask(folder: Path, chunks: int) -> tuple[list[float], list[list[str]], float]:
    """Return the milliseconds of each question, the chunks that it finds, and the peak memory in MB."""
    asked = questions(chunks)
    milliseconds, found = [], []
    passages = Passages.load(folder / MATRIX)
    with VectorStore(folder, "chunks") as store:
        store.query(asked[0], NEAREST_CHUNKS)
        for vector in asked:
            start = time.perf_counter()
            nearest = store.query(vector, NEAREST_CHUNKS)
            passages.similarities(vector, candidates(nearest, {}))
            milliseconds.append((time.perf_counter() - start) * 1e3)
            found.append([chunk for chunk, _ in nearest])
    return milliseconds, found, peak_memory()


def made_chunk(number: int) -> Chunk:
    """Return the chunk with this number, a part of its document."""
    return Chunk(f"document-{number // DOCUMENT}", "section", "Solution", number % DOCUMENT, TEXT, TEXT)


def made_vectors(first: int) -> Vectors:
    """Return the unit vectors of ``BLOCK`` chunks from number ``first`` on, the same each time.

    On 39,313 chunks of a real library the 1st, 10th, 50th and 1,000th neighbour are .80, .67, .58 and .42
    similar, and half of the variance lies in 30 dimensions; here .83, .79, .50 and .32, and in 26.
    """
    random = np.random.default_rng(first)

    def spread(count: int) -> Vectors:
        return random.standard_normal((count, DIMENSION), dtype=np.float32)

    topics = np.repeat(spread(BLOCK // TOPIC), TOPIC // DOCUMENT, axis=0)
    documents = np.repeat(1.2 * topics + 1.4 * spread(BLOCK // DOCUMENT), DOCUMENT, axis=0)
    return unit((0.6 + documents + spread(BLOCK)) * weights())


def questions(chunks: int) -> Vectors:
    """Return unit vectors about .55 similar to chunks from all over the library."""
    per_block = max(1, QUESTIONS * BLOCK // chunks)
    blocks = range(0, chunks, BLOCK)[:: max(1, chunks // BLOCK // QUESTIONS)]
    near = np.concatenate([made_vectors(first)[:: BLOCK // per_block] for first in blocks])[:QUESTIONS]
    noise = np.random.default_rng(1).standard_normal(near.shape, dtype=np.float32)
    return unit(near + 1.5 * unit(noise * weights()))


def weights() -> Vectors:
    """Return how much each dimension matters."""
    return np.arange(1, DIMENSION + 1, dtype=np.float32) ** np.float32(-0.4)


def unit(vectors: Vectors) -> Vectors:
    """Return the vectors at length one."""
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def nearest_exactly(asked: Vectors, chunks: int) -> list[list[str]]:
    """Return the ids of the chunks that are nearest to each question."""
    best = np.empty((len(asked), 0), np.float32)
    numbers = np.empty((len(asked), 0), np.int64)
    for first in range(0, chunks, BLOCK):
        best = np.hstack([best, asked @ made_vectors(first).T])
        numbers = np.hstack([numbers, np.tile(np.arange(first, first + BLOCK), (len(asked), 1))])
        order = np.argsort(-best, axis=1)[:, :RECALLED]
        best, numbers = np.take_along_axis(best, order, 1), np.take_along_axis(numbers, order, 1)
    return [[made_chunk(number).id for number in row] for row in numbers.tolist()]


def extrapolate(sizes: Sequence[Size], chunks: int) -> Size:
    """Return the figures to expect: time for a chunk grows with the logarithm, memory and disk in proportion.

    So does search in such a graph: Y. Malkov and D. Yashunin, *Efficient and robust approximate nearest
    neighbor search using HNSW graphs*, 2016, section 4.2.
    """

    def fitted(figure: Callable[[Size], float], scale: Callable[[int], float]) -> float:
        slope, base = np.polyfit([scale(size.chunks) for size in sizes], [figure(size) for size in sizes], 1)
        return float(base + slope * scale(chunks))

    return Size(
        chunks=chunks,
        add=chunks * fitted(lambda size: size.add / size.chunks, math.log),
        query=fitted(lambda size: size.query, math.log),
        slowest=fitted(lambda size: size.slowest, math.log),
        recall=math.nan,
        filling=fitted(lambda size: size.filling, float),
        asking=fitted(lambda size: size.asking, float),
        disk=fitted(lambda size: size.disk, float),
    )


def table(sizes: Sequence[Size]) -> str:
    """Return the sizes as a Markdown table, and in a line how many chunks this machine can serve."""
    lines = [
        f"| chunks | add s | query ms | p95 ms | recall@{RECALLED} | filling MB | asking MB | disk MB |",
        "|---" * 8 + "|",
        *(row(size) for size in sizes),
    ]
    if len(sizes) > 1:
        if sizes[-1].chunks < EXTRAPOLATED:
            lines.append(row(extrapolate(sizes, EXTRAPOLATED)) + " (extrapolated)")
        first, last = sizes[0], sizes[-1]
        each = (last.asking - first.asking) * 1e6 / (last.chunks - first.chunks)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        served = (memory - RESERVED - first.asking * 1e6) / each + first.chunks
        lines.append(
            f"\nA chunk takes {each / 1e3:.1f} kB of memory: with 2 GB left to everything else, a machine of "
            f"{memory / 2**30:.0f} GiB serves about {served / 1e6:.1f} million chunks."
        )
    return "\n".join(lines)


def row(size: Size) -> str:
    """Return one size as a row of the table."""
    recall = "" if math.isnan(size.recall) else f"{size.recall:.4f}"
    figures = [f"{size.chunks:,}", f"{size.add:,.0f}", f"{size.query:.1f}", f"{size.slowest:.1f}", recall]
    figures += [f"{megabytes:,.0f}" for megabytes in (size.filling, size.asking, size.disk)]
    return f"| {' | '.join(figures)} |"


if __name__ == "__main__":
    main()
