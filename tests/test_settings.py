"""Settings: which source wins, and what is said about a value that cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from navigator.embedding import DEFAULT_MODEL
from navigator.errors import SettingsError
from navigator.settings import Settings, data_folder, default_index, load_settings, origins

pytestmark = pytest.mark.usefixtures("elsewhere")


def configure(text: str) -> None:
    Path("navigator.toml").write_text(text, "utf-8")


def test_defaults_are_the_bundled_ones():
    settings = load_settings()
    assert settings.corpus == (data_folder("corpus"),)
    assert settings.index == default_index()
    assert settings.model == DEFAULT_MODEL
    assert (settings.context, settings.chroma_url, settings.llm) == (None, None, None)
    assert set(origins().values()) == {"default"}
    assert set(origins()) == set(Settings.model_fields)


def test_a_flag_wins_over_the_environment_over_the_file_over_the_default(monkeypatch: pytest.MonkeyPatch):
    def context() -> tuple[str | None, str]:
        return load_settings().context, origins()["context"]

    assert context() == (None, "default")
    configure('context = "activist"')
    assert context() == ("activist", "navigator.toml")
    monkeypatch.setenv("NAVIGATOR_CONTEXT", "tech")
    assert context() == ("tech", "environment")
    assert load_settings(context="corporate").context == "corporate"
    assert origins({"context": "corporate"})["context"] == "flag"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("context", "a-context-of-our-own"),
        ("model", "/models/mine"),
        ("chroma_url", "http://127.0.0.1:8000"),
        ("llm", "openai:gpt-4o-mini"),
        ("llm_base_url", "http://127.0.0.1:11434/v1"),
        ("prompts", "/my/prompts"),
    ],
)
def test_every_text_can_be_set_from_each_source(monkeypatch: pytest.MonkeyPatch, field: str, value: str):
    assert str(getattr(load_settings(**{field: value}), field)) == value
    configure(f'{field} = "{value}"')
    assert str(getattr(load_settings(), field)) == value
    configure("")
    monkeypatch.setenv(f"NAVIGATOR_{field.upper()}", value)
    assert str(getattr(load_settings(), field)) == value


def test_flags_that_are_not_given_and_empty_variables_do_not_count(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NAVIGATOR_CONTEXT", "")
    configure('context = "activist"')
    assert load_settings(context=None).context == "activist"
    assert origins({"context": None})["context"] == "navigator.toml"


def test_paths_are_separated_as_in_path(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NAVIGATOR_CORPUS", os.pathsep.join(["a", "~/b", ""]))
    assert load_settings().corpus == (Path("a"), Path("~/b").expanduser())
    configure('index = "~/index"')
    assert load_settings().index == Path("~/index").expanduser()


def test_paths_can_be_a_list_in_the_file():
    configure('corpus = ["a", "~/b"]')
    assert load_settings().corpus == (Path("a"), Path("~/b").expanduser())
    assert load_settings(corpus=[Path("~/c")]).corpus == (Path("~/c").expanduser(),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("index = 3", "index (from navigator.toml)"),
        ("corpus = 3", "corpus (from navigator.toml)"),
        ("context = true", "context (from navigator.toml)"),
        ('contxt = "tech"', "contxt (from navigator.toml)"),
        ("context = ", "navigator.toml cannot be read"),
        ("chroma_url = 8000", "chroma_url (from navigator.toml)"),
    ],
)
def test_a_bad_value_is_named_with_its_origin(text: str, said: str):
    configure(text)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert said in str(caught.value)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://127.0.0.1", "http://", "nonsense"])
def test_an_address_that_is_none_is_refused_at_once(monkeypatch: pytest.MonkeyPatch, url: str):
    monkeypatch.setenv("NAVIGATOR_CHROMA_URL", url)
    with pytest.raises(SettingsError, match=r"chroma_url \(from environment\)"):
        load_settings()
    with pytest.raises(SettingsError, match=r"llm_base_url \(from flag\)"):
        load_settings(chroma_url="http://localhost:1", llm_base_url=url)


def test_a_password_in_an_address_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NAVIGATOR_LLM_BASE_URL", "https://me:sk-secret@example.org/v1")
    with pytest.raises(SettingsError, match="the key is read from the environment") as caught:
        load_settings()
    assert "sk-secret" not in str(caught.value)


def test_rewriting_is_on_until_it_is_switched_off(monkeypatch: pytest.MonkeyPatch):
    assert load_settings().rewrite
    monkeypatch.setenv("NAVIGATOR_REWRITE", "off")
    assert not load_settings().rewrite


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "inf"])
def test_a_time_limit_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, seconds: str):
    monkeypatch.setenv("NAVIGATOR_LLM_TIMEOUT", seconds)
    with pytest.raises(SettingsError, match=r"llm_timeout \(from environment\)"):
        load_settings()


def test_every_bad_value_is_named():
    configure("index = 3\ncontext = 4")
    with pytest.raises(SettingsError, match=r"index .*context .*navigator doctor"):
        load_settings()


def test_a_file_that_is_not_text_is_named():
    Path("navigator.toml").write_bytes(b"\xff\xfe")
    for read in (load_settings, origins):
        with pytest.raises(SettingsError, match=r"navigator\.toml"):
            read()


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().context = "tech"


def test_what_ships_is_there():
    assert sorted(data_folder("corpus").glob("*.md"))
    assert (data_folder("prompts") / "translate.yaml").is_file()
