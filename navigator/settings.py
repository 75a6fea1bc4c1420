"""Settings: a flag over the environment over ``navigator.toml`` over the default.

Every setting is a field of :class:`Settings`; ``navigator doctor`` prints each with where its value
came from (:func:`origins`).
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from navigator.adapter import Adapter
from navigator.corpus.audiences import Audience
from navigator.corpus.declared import read_contexts
from navigator.embedding import DEFAULT_MODEL
from navigator.errors import SettingsError

CONFIG_FILE = "navigator.toml"
"""Looked for in the working directory."""

NO_ADAPTER = "none"
TRAINED_ADAPTER = "adapter"
"""Folder in that of the index, which `navigator train` writes."""

_CHECKOUT = Path(__file__).resolve().parent.parent


def is_checkout() -> bool:
    """Whether this package runs from a clone of its repository rather than from a wheel."""
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "corpus").is_dir()


def data_folder(name: str) -> Path:
    """Return what ships with the product: ``corpus``, ``situations``, ``prompts`` or ``app.py``."""
    if is_checkout():
        return _CHECKOUT / name
    return Path(str(resources.files("navigator") / "data" / name))


def chosen_adapter(settings: Settings) -> Adapter | None:
    """Return the adapter that questions are embedded with, if any.

    Raises
    ------
    AdapterError
        The one that is set, or trained on the index, cannot be read.
    """
    if settings.adapter == NO_ADAPTER:
        return None
    if settings.adapter is not None:
        return Adapter.open(Path(settings.adapter).expanduser())
    trained = settings.index / TRAINED_ADAPTER
    if trained.is_dir():
        return Adapter.open(trained)
    bundled = data_folder("adapters") / "accounts"
    return Adapter.open(bundled) if settings.model == DEFAULT_MODEL and bundled.is_dir() else None


def default_index() -> Path:
    """Return ``index/`` of a checkout, the user's data folder otherwise."""
    if is_checkout():
        return _CHECKOUT / "index"
    return user_folder() / "index"


def user_folder() -> Path:
    """Return the folder for what belongs to the user of this machine."""
    return platformdirs.user_data_path("pattern-navigator", appauthor=False)


class Settings(BaseSettings):
    """What can be set. Each field is also the environment variable ``NAVIGATOR_<FIELD>``."""

    model_config = SettingsConfigDict(
        env_prefix="NAVIGATOR_", toml_file=CONFIG_FILE, extra="forbid", frozen=True, env_ignore_empty=True
    )

    corpus: Annotated[tuple[Path, ...], NoDecode] = Field(
        default_factory=lambda: (data_folder("corpus"),),
        description="Files and folders of pattern documents, separated as in PATH.",
    )
    index: Path = Field(default_factory=default_index, description="Folder that holds the index.")
    context: str | None = Field(
        default=None, description="Context to answer in: corporate, government, activist, tech or your own."
    )
    contexts: Path | None = Field(
        default=None, description="YAML file that declares contexts of your own; unset for those of the form."
    )
    model: str = Field(default=DEFAULT_MODEL, description="Name or folder of a sentence-transformers model.")
    adapter: str | None = Field(
        default=None,
        description="Folder of an adapter for questions, or none; unset for the one trained on the index, "
        "else the one that comes with the bundled model.",
    )
    chroma_url: str | None = Field(
        default=None, description="A Chroma server, such as http://127.0.0.1:8000; unset for an embedded one."
    )
    llm: str | None = Field(
        default=None,
        description="Language model that rewrites questions for the search and puts answers into prose, such "
        "as openai:gpt-4o-mini; unset for none.",
    )
    llm_base_url: str | None = Field(
        default=None, description="Address of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1."
    )
    llm_timeout: float = Field(
        default=30, gt=0, le=3600, description="Seconds that the language model may take for an answer."
    )
    rewrite: bool = Field(
        default=True, description="Whether the language model rewrites a question before the search."
    )
    prompts: Path | None = Field(
        default=None, description="Folder of prompt files that take the places of those that ship."
    )

    @field_validator("corpus", mode="before")
    @classmethod
    def _split_paths(cls, value: Any) -> Any:
        """Read several paths from one string, separated as in PATH."""
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("corpus")
    @classmethod
    def _expand_homes(cls, paths: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(path.expanduser() for path in paths)

    @field_validator("index", "prompts")
    @classmethod
    def _expand_home(cls, path: Path | None) -> Path | None:
        return path and path.expanduser()

    @field_validator("chroma_url", "llm_base_url")
    @classmethod
    def _check_address(cls, url: str | None) -> str | None:
        if url is not None and not (urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname):
            raise ValueError("write it with http:// or https:// and the name of a host")
        return url

    @field_validator("llm_base_url")
    @classmethod
    def _check_secrets(cls, url: str | None) -> str | None:
        """Refuse a password in an address that is shown; keys come from the environment alone."""
        if url is not None and "@" in urlsplit(url).netloc:
            raise ValueError("leave name and password out; the key is read from the environment")
        return url

    @property
    def own_contexts(self) -> tuple[Audience, ...]:
        """The contexts that the librarian declared, see `navigator.corpus.declared`.

        Raises
        ------
        SettingsError
            The file cannot be used.
        """
        return () if self.contexts is None else read_contexts(self.contexts.expanduser())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: what the caller passes, the environment, ``navigator.toml``."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


Origin = Literal["flag", "environment", "navigator.toml", "default"]


def load_settings(**flags: Any) -> Settings:
    """Return the settings in force; flags that are ``None`` count as not given.

    Raises
    ------
    SettingsError
        Naming each setting that cannot be used, where it came from, and why.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    config = _config_names()
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = str(problem["loc"][0]) if problem["loc"] else "settings"
            lines.append(f"{name} (from {_origin(name, given, config)}): {problem['msg']}")
        raise SettingsError(
            "These settings cannot be used: "
            + "; ".join(lines)
            + ". `navigator doctor` lists the valid ones."
        ) from error


def origins(flags: Mapping[str, Any] | None = None) -> dict[str, Origin]:
    """Return for every setting where its value came from, given the same flags as `load_settings`."""
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    config = _config_names()
    return {name: _origin(name, given, config) for name in Settings.model_fields}


def _origin(name: str, given: Mapping[str, Any], config: frozenset[str]) -> Origin:
    if name in given:
        return "flag"
    if os.environ.get(f"NAVIGATOR_{name.upper()}"):
        return "environment"
    return "navigator.toml" if name in config else "default"


def _config_names() -> frozenset[str]:
    path = Path(CONFIG_FILE)
    try:
        return frozenset(tomllib.loads(path.read_text("utf-8"))) if path.is_file() else frozenset()
    except (OSError, ValueError) as error:  # of Unicode and of TOML
        raise SettingsError(f"{path.absolute()} cannot be read: {error}") from error
