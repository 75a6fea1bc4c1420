"""Looking the set-up over: every setting with its origin, and what an answer depends on."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Mapping
from typing import Any

from navigator import __version__
from navigator.embedding import SentenceTransformerEmbedder
from navigator.errors import IndexDamagedError, NavigatorError
from navigator.health import IndexFacts
from navigator.library import Library
from navigator.llm.models import chat_model
from navigator.llm.rewriting import REWRITING
from navigator.pattern import Record
from navigator.prompts import load_prompts
from navigator.settings import Settings, chosen_adapter, data_folder, load_settings, origins

ENOUGH_DISK = 500_000_000
"""Bytes that the index of a library of some thousand patterns takes while it is built."""


class SettingInForce(Record):
    """A setting, its value as text and where that came from."""

    name: str
    value: str
    origin: str


class Check(Record):
    """One thing that was looked at; ``detail`` says what was seen or what to do."""

    what: str
    passed: bool
    detail: str


class Examination(Record):
    """What the doctor found."""

    settings: tuple[SettingInForce, ...]
    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)


def examine(flags: Mapping[str, Any]) -> Examination:
    """Examine the set-up that is in force with these flags.

    Raises
    ------
    SettingsError
        A setting cannot be used, so there is nothing to examine.
    """
    settings = load_settings(**flags)
    where = origins(flags)
    looks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("version", _version),
        ("corpus", _corpus),
        ("prompts", _prompts),
        ("embedding model", _model),
        ("adapter", _adapter),
        ("index", _index),
        ("disk", _disk),
        ("language model", _language_model),
    )
    return Examination(
        settings=tuple(
            SettingInForce(name=name, value=_shown(getattr(settings, name)), origin=where[name])
            for name in Settings.model_fields
        ),
        checks=tuple(_check(what, look, settings) for what, look in looks),
    )


def _check(what: str, look: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return Check(what=what, passed=True, detail=look(settings))
    except (NavigatorError, OSError) as error:
        return Check(what=what, passed=False, detail=str(error))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "not set" if value is None else str(value)


def _version(settings: Settings) -> str:
    return f"pattern-navigator {__version__} on Python {platform.python_version()}"


def _corpus(settings: Settings) -> str:
    from navigator.corpus import document_files

    files = document_files(settings.corpus)
    if not files:
        raise NavigatorError(f"There is no document in {_shown(settings.corpus)}; set NAVIGATOR_CORPUS.")
    own = [audience.name for audience in settings.own_contexts]
    return f"{len(files):,} files" + (f", contexts of your own: {', '.join(own)}" if own else "")


def _prompts(settings: Settings) -> str:
    folder = data_folder("prompts")
    count = len(load_prompts(folder, settings.prompts).by_name)
    return f"{count} in {folder}" + (f", some replaced from {settings.prompts}" if settings.prompts else "")


def _model(settings: Settings) -> str:
    embedder = SentenceTransformerEmbedder(settings.model)
    return f"{embedder.fingerprint}, {embedder.dimension} dimensions, {embedder.max_tokens} tokens"


def _adapter(settings: Settings) -> str:
    adapter = chosen_adapter(settings)
    if adapter is None:
        return "none: questions are embedded as passages are"
    embedder = SentenceTransformerEmbedder(settings.model, adapter=adapter)
    return f"{adapter.fingerprint} for {embedder.model}, rank {adapter.rank}, in {adapter.folder}"


def _index(settings: Settings) -> str:
    library = Library.open(settings.index)
    manifest = library.generation.manifest
    manifest.check(SentenceTransformerEmbedder(settings.model).fingerprint)
    with library.generation.open_vectors() as vectors:
        count = vectors.count()
    if count != manifest.vectors:
        raise IndexDamagedError(
            f"The index holds {count:,} vectors and not {manifest.vectors:,}. Run `navigator index --force`."
        )
    facts = IndexFacts.of(manifest)
    return f"generation {facts.generation}, {facts.held}, built {facts.created:%Y-%m-%d %H:%M} UTC"


def _disk(settings: Settings) -> str:
    place = next(folder for folder in [settings.index, *settings.index.absolute().parents] if folder.exists())
    free = shutil.disk_usage(place).free
    if free < ENOUGH_DISK:
        raise NavigatorError(
            f"Only {free / 1e6:,.0f} MB are free in {place}; make room, or set NAVIGATOR_INDEX."
        )
    return f"{free / 1e9:,.0f} GB free in {place}"


def _language_model(settings: Settings) -> str:
    if settings.llm is None:
        return "none configured; answers are composed from the authors' own sentences"
    chat_model(settings.llm, base_url=settings.llm_base_url, limits=REWRITING)
    return f"{settings.llm}, at {settings.llm_base_url or 'its provider'}"
