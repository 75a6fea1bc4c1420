"""The beginning of a new pattern: a file in the form of spec v7.1, with the spec's guidance as comments.

The form itself is ``scaffold.md``, beside this module. Its guidance stands in comments of YAML and of
HTML, which the reader passes over: what an author has not written yet is missing, not filled with advice.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from string import Template

from typeid import TypeID

from navigator.errors import ScaffoldError
from navigator.text import slugify

ID_PREFIX = "pat"
"""What the TypeID of a pattern begins with."""


def write_scaffold(title: str, folder: Path) -> Path:
    """Write the scaffold of a pattern into a folder and return the file, ``<slug>.md``.

    Raises
    ------
    ScaffoldError
        The title makes no slug, the file exists already, or it cannot be written.
    """
    title = " ".join(title.split())
    slug = slugify(title)
    if not slug or not title.isprintable():
        raise ScaffoldError(
            f"The title {title!r} makes no file name. Give it Latin letters or digits; the title itself can "
            "be changed in the file afterwards."
        )
    path = folder / f"{slug}.md"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_scaffold(title, slug))
    except FileExistsError as error:
        raise ScaffoldError(
            f"{path} exists already and was left as it is. Choose another title or another --folder."
        ) from error
    except OSError as error:
        raise ScaffoldError(
            f"{path} cannot be written: {error.strerror}. Choose another place with --folder."
        ) from error
    return path


def _scaffold(title: str, slug: str) -> str:
    form = Template(resources.files("navigator").joinpath("scaffold.md").read_text("utf-8"))
    quoted = json.dumps(title, ensure_ascii=False)  # of printable characters, also a string of YAML
    return form.substitute(id=TypeID(prefix=ID_PREFIX), slug=slug, title=quoted)
