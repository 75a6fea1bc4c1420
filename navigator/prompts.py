"""Prompts: YAML files whose variables are declared and checked.

A prompt file has the keys ``version``, ``variables``, ``system`` and ``user``; the two texts hold the
variables in braces.
"""

from __future__ import annotations

import string
from pathlib import Path

import yaml
from pydantic import ValidationError

from navigator.errors import SettingsError
from navigator.pattern import Record


class Prompt(Record):
    """A prompt as its file gives it."""

    version: int
    variables: tuple[str, ...]
    system: str
    user: str

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """Return the messages as pairs of role and text.

        Raises
        ------
        KeyError
            Naming a variable without a value.
        """
        return [("system", self.system.format(**values)), ("human", self.user.format(**values))]


def load_prompt(file: Path) -> Prompt:
    """Read a prompt file.

    Raises
    ------
    SettingsError
        The file is missing, is not a prompt, or uses other variables than it declares.
    """
    try:
        prompt = Prompt.model_validate(yaml.safe_load(file.read_text("utf-8")))
        used = {
            name for text in (prompt.system, prompt.user) for _, name, _, _ in string.Formatter().parse(text)
        }
    except (OSError, ValueError, yaml.YAMLError, ValidationError) as error:
        raise SettingsError(f"The prompt {file} cannot be used: {error}") from error
    differing = (used - {None}) ^ set(prompt.variables)
    if differing:
        names = ", ".join(sorted(name or "{}" for name in differing))
        raise SettingsError(f"The prompt {file} must declare just the variables it uses; look at {names}.")
    return prompt
