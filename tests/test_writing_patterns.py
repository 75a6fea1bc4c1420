"""``docs/writing-patterns.md`` says what the code does."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
from places import REPOSITORY

from navigator.corpus import load_corpus
from navigator.corpus.contexts import tag_blocks
from navigator.corpus.files import ENDINGS
from navigator.lint import SECTION_WORDS, lint_corpus
from navigator.pattern import Block
from navigator.scaffold import write_scaffold

PAGE = (REPOSITORY / "docs" / "writing-patterns.md").read_text("utf-8")
FRONT_MATTER = PAGE.partition("## The front matter")[2].partition("## The eight sections")[0]
WHOM = re.compile(r"^\| `(?P<passage>.+)` \| (?P<whom>[a-z, ]+) \|$", re.MULTILINE)

with_findings: Callable[[str], str] = runpy.run_path(str(REPOSITORY / "docs" / "generate.py"))[
    "with_findings"
]


def test_the_table_of_findings_is_current():
    assert with_findings(PAGE) == PAGE, "Run `python docs/generate.py`."
    assert with_findings(PAGE.replace("`empty-file`", "`hollow-file`")) == PAGE


def test_every_field_of_the_form_is_described(tmp_path: Path):
    form = write_scaffold("Any Title", tmp_path).read_text("utf-8").split("\n---\n")[0]
    keys = set(re.findall(r"^ *(\w+):", form, re.MULTILINE))
    groups = {"ontology", "search_hints", "lifecycle", "relationships", "text"}
    assert {"id", "primary_tension", "attribution"} <= keys
    assert {key for key in keys - groups if f"`{key}`" not in FRONT_MATTER} == set()


def test_the_front_matter_of_the_example_has_nothing_wrong(tmp_path: Path):
    example = "".join(re.findall(r"```yaml\n(.*?)```", FRONT_MATTER, re.DOTALL))
    (tmp_path / "example.md").write_text(f"---\n{example}---\n", "utf-8")
    corpus = load_corpus([tmp_path])
    assert [pattern.title for pattern in corpus.patterns] == ["Bad News First"]
    # It has no sections, and its neighbours are not here.
    assert {finding.code for finding in lint_corpus(corpus)} == {"dangling-link", "no-text"}


@pytest.mark.parametrize("section", SECTION_WORDS)
def test_the_lengths_are_those_that_lint_asks_for(section: str):
    fewest, most = SECTION_WORDS[section]
    assert f"| {section} | {fewest}–{most} |" in PAGE


@pytest.mark.parametrize(("passage", "whom"), WHOM.findall(PAGE))
def test_passages_speak_to_whom_the_page_says(passage: str, whom: str):
    (block,) = tag_blocks("Implementation", [Block(kind="paragraph", text=passage, start=0, end=0)])
    assert (", ".join(block.contexts) or "everyone") == whom


def test_all_endings_of_documents_are_named():
    assert {ending for ending in ENDINGS if f"`{ending}`" not in PAGE} == set()
