"""Whether every sentence of a corpus is its own: found in one pattern only, and in no other document.

    python benchmarks/originality.py
    python benchmarks/originality.py corpus --against ~/library notes.jsonl

Prints each sentence of ten words or more that stands in several places, and exits with 1 if there is one.
Marks, case and line breaks make no difference, nor does what stands around the sentence.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from navigator.corpus import load_corpus
from navigator.corpus.blocks import scan
from navigator.pattern import Pattern
from navigator.text import plain, sentence_spans

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
ENDINGS = frozenset({".md", ".txt", ".jsonl"})

FEWEST_WORDS = 10
"""Shorter sentences are common property."""

_OPENING = 3
"""Sentences are looked up by so many of their first words."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SPELLINGS = (("\\n", " "), ("\\u2019", "'"), ("’", "'"))
"""What stands for a line break or an apostrophe, escapes of JSON among them."""

_LINK_TARGET = re.compile(r"\]\([^()\s]*\)")

Words = tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    """Print the sentences that are not original; return 1 if there are any, 0 otherwise."""
    parser = argparse.ArgumentParser(description="Find the sentences of a corpus that stand elsewhere too.")
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS, help="folder of the corpus")
    parser.add_argument(
        "--against", nargs="+", type=Path, default=[], metavar="PATH", help="further files and folders"
    )
    options = parser.parse_args(arguments)
    patterns = load_corpus([options.corpus]).patterns
    others = [file for path in options.against for file in _files(path)]
    repeated = find_repeated(patterns, others)
    for sentence, places in repeated.items():
        print(f"“{sentence}”")
        for place in places:
            print(f"    {place}")
    print(f"{len(patterns)} patterns, {len(others)} other documents: {len(repeated)} sentences repeated.")
    return 1 if repeated else 0


def find_repeated(patterns: Sequence[Pattern], others: Iterable[Path]) -> dict[str, list[Path]]:
    """Map each sentence of the patterns that stands in several files to those files, in order."""
    written: dict[Words, str] = {}
    places: defaultdict[Words, set[Path]] = defaultdict(set)
    for pattern in patterns:
        for sentence in _sentences(pattern):
            spoken = _spoken(sentence)
            if len(spoken) >= FEWEST_WORDS:
                written.setdefault(spoken, sentence)
                places[spoken].add(Path(pattern.path))
    openings: defaultdict[Words, list[Words]] = defaultdict(list)
    for spoken in written:
        openings[spoken[:_OPENING]].append(spoken)
    for file in [*(Path(pattern.path) for pattern in patterns), *others]:
        for spoken in _found(openings, _spoken(file.read_text("utf-8", errors="replace"))):
            places[spoken].add(file)
    return {written[spoken]: sorted(files) for spoken, files in places.items() if len(files) > 1}


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.suffix in ENDINGS and file.is_file())
    else:
        yield path


def _sentences(pattern: Pattern) -> Iterator[str]:
    """Yield the sentences that the author of a pattern wrote; labels, links and sources are none."""
    ontology = pattern.ontology
    body = Path(pattern.path).read_text("utf-8").partition("\n---\n")[2]
    texts = [
        pattern.summary,
        ontology.commons_assessment.vitality_reasoning,
        *(situation.text for situation in ontology.search_hints.situations),
        *(plain(block.text) for block in scan(body)),
    ]
    for text in texts:
        for start, end in sentence_spans(text):
            sentence = text[start:end]
            yield sentence
            yield sentence.partition(": ")[2]  # the same words under another lead-in are no new sentence


def _spoken(text: str) -> Words:
    """Return the words of a text, which may be lines of JSON, without marks and addresses."""
    for written, meant in _SPELLINGS:
        text = text.replace(written, meant)
    return tuple(_WORD.findall(_LINK_TARGET.sub("] ", text).lower()))


def _found(openings: dict[Words, list[Words]], text: Words) -> Iterator[Words]:
    """Yield the sentences that stand in a text, wherever they begin."""
    for start, opening in enumerate(zip(text, text[1:], text[2:], strict=False)):
        for sentence in openings.get(opening, ()):
            if text[start : start + len(sentence)] == sentence:
                yield sentence


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
