"""Why a document was found: the passage, and the words and the sentence of the question that it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from navigator.chunking import Chunk
from navigator.text import content_words, sentence_spans, words


def matched_words(question: str, passage: str) -> tuple[str, ...]:
    """Return the words of the question that the passage uses too, whatever their endings."""
    stems = content_words(passage)
    return tuple(dict.fromkeys(word for word in words(question) if content_words(word) & stems))


def closest_in_words(question: str, chunks: Sequence[Chunk]) -> Chunk:
    """Return the passage that shares most words with the question, the first of equals.

    Parameters
    ----------
    chunks
        All of a document's, in its order. Only where none is a passage is a card or situation returned.
    """
    passages = [chunk for chunk in chunks if chunk.kind == "section"] or chunks
    return max(passages, key=lambda chunk: _shared(question, chunk.text))


def matched_sentences(
    question: str, passages: Sequence[Chunk], nearness: Callable[[str], Mapping[str, float]]
) -> list[str]:
    """Return for each passage the sentence of the question that is nearest to it, the first of equals.

    A passage without a vector is nearest to the sentence that it shares most words with.

    Parameters
    ----------
    nearness
        Returns for a sentence how near it is to the chunks that have a vector, by their ids. It is not
        called for a question of one sentence.
    """
    sentences = [question[start:end] for start, end in sentence_spans(question)]
    if len(sentences) < 2:
        return [question] * len(passages)
    near = {sentence: nearness(sentence) for sentence in sentences}
    return [
        max(near, key=lambda sentence: (near[sentence].get(passage.id, 0.0), _shared(sentence, passage.text)))
        for passage in passages
    ]


def _shared(question: str, passage: str) -> int:
    """Return how many words of the question the passage uses too."""
    return len(content_words(question) & content_words(passage))
