"""Prompts: YAML files whose variables are declared and checked.

A prompt file has the keys ``version``, ``variables`` and ``text``; the text holds the variables in braces.
A folder of the user's may hold files that take the place of those that ship.

Whatever a variable holds comes from people or documents, so it enters as data between fences that nobody
can forge: their name is a digest of all that they hold.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import yaml
from pydantic import ValidationError

from navigator.errors import SettingsError
from navigator.pattern import Record

SYSTEM = "system"
"""Name of the prompt that goes before each of the others."""


class Prompt(Record):
    """A prompt as its file gives it."""

    version: int
    variables: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts by name."""

    by_name: Mapping[str, Prompt]

    def messages(self, name: str, /, **values: str) -> list[tuple[str, str]]:
        """Return a prompt, filled, as pairs of role and text.

        Raises
        ------
        KeyError
            Naming a variable without a value.
        """
        fence = blake2b("\0".join(values.values()).encode("utf-8", "replace"), digest_size=8).hexdigest()
        fenced = {
            variable: f'<data-{fence} name="{variable}">\n{value}\n</data-{fence}>'
            for variable, value in values.items()
        }
        system, prompt = self.by_name[SYSTEM], self.by_name[name]
        return [("system", system.text.format(fence=fence)), ("human", prompt.text.format(**fenced))]


def load_prompts(shipped: Path, own: Path | None = None) -> Prompts:
    """Read the prompts that ship, and those of the user's that take their places.

    Parameters
    ----------
    shipped, own
        Folders of files ``NAME.yaml``.

    Raises
    ------
    SettingsError
        Naming a file that is not a prompt, uses other variables than it declares, or takes the place of
        none that ships or only of an earlier version; or the folder that is not there.
    """
    prompts = {file.stem: load_prompt(file) for file in sorted(shipped.glob("*.yaml"))}
    if own is None:
        return Prompts(prompts)
    if not own.is_dir():
        raise SettingsError(
            f"The folder of prompts {own} is not there; correct NAVIGATOR_PROMPTS or unset it."
        )
    mine = {file.stem: file for file in sorted(own.glob("*.yaml"))}
    return Prompts(
        prompts | {name: _in_place_of(prompts.get(name), file, shipped) for name, file in mine.items()}
    )


def load_prompt(file: Path) -> Prompt:
    """Read a prompt file.

    Raises
    ------
    SettingsError
        The file is missing, is not a prompt, or uses other variables than it declares.
    """
    try:
        prompt = Prompt.model_validate(yaml.safe_load(file.read_text("utf-8")))
        used = {name for _, name, _, _ in string.Formatter().parse(prompt.text)}
    except (OSError, ValueError, yaml.YAMLError, ValidationError) as error:
        raise SettingsError(f"The prompt {file} cannot be used: {error}") from error
    differing = (used - {None}) ^ set(prompt.variables)
    if differing:
        names = ", ".join(sorted(name or "{}" for name in differing))
        raise SettingsError(f"The prompt {file} must declare just the variables it uses; look at {names}.")
    return prompt


def _in_place_of(replaced: Prompt | None, file: Path, shipped: Path) -> Prompt:
    """Read a prompt that is to take the place of another."""
    if replaced is None:
        names = ", ".join(sorted(each.name for each in shipped.glob("*.yaml")))
        raise SettingsError(f"The prompt {file} takes the place of none; there are {names}.")
    prompt = load_prompt(file)
    if prompt.version != replaced.version:
        raise SettingsError(
            f"The prompt {file} is for version {prompt.version}, and version {replaced.version} is needed: "
            f"compare it with {shipped / file.name}, and then raise its version."
        )
    unknown = set(prompt.variables) - set(replaced.variables)
    if unknown:
        raise SettingsError(
            f"The prompt {file} uses {', '.join(sorted(unknown))}; "
            f"there is only {', '.join(replaced.variables)}."
        )
    return prompt
