"""Prompt files: what they must declare, and what is said about those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from navigator.errors import SettingsError
from navigator.prompts import load_prompt
from navigator.settings import data_folder

GOOD = """
version: 1
variables: [name, place]
system: "You are {name}."
user: "Go to {place}, {name}."
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prompt.yaml"


def test_a_prompt_is_filled(file: Path):
    file.write_text(GOOD, "utf-8")
    filled = load_prompt(file).filled(name="Ann", place="{name} & <b>")
    assert filled == [("system", "You are Ann."), ("human", "Go to {name} & <b>, Ann.")]


def test_a_missing_value_is_named(file: Path):
    file.write_text(GOOD, "utf-8")
    with pytest.raises(KeyError, match="place"):
        load_prompt(file).filled(name="Ann")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[name, place]", "[name]", "place"),
        ("[name, place]", "[name, place, time]", "time"),
        ("{place}", "{place.__class__}", "place.__class__"),
        ("{place}", "{}", "{}"),
        ("{place}", "{place", "cannot be used"),
        ("version: 1", "version: one", "version"),
        ('user: "', 'uses: "', "user"),
        ("variables: [", "variables: [[", "cannot be used"),
        (GOOD, "just text", "cannot be used"),
    ],
)
def test_what_is_wrong_with_a_prompt_is_named_with_its_file(file: Path, old: str, new: str, said: str):
    file.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(SettingsError, match=r"prompt\.yaml") as caught:
        load_prompt(file)
    assert said in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_prompt_that_cannot_be_read(file: Path, content: bytes | None):
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"prompt\.yaml"):
        load_prompt(file)


def test_the_prompts_that_ship_are_good():
    files = sorted(data_folder("prompts").glob("*.yaml"))
    assert "translate.yaml" in {file.name for file in files}
    for file in files:
        prompt = load_prompt(file)
        assert prompt.filled(**{name: f"<{name}>" for name in prompt.variables})
