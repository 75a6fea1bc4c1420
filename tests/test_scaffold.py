"""A fresh scaffold: in form all right, and in substance all missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typeid import TypeID

from navigator.cli import main
from navigator.corpus import load_corpus
from navigator.errors import ScaffoldError
from navigator.lint import FEWEST_LINKS, KEYWORDS, SECTION_WORDS, lint_corpus
from navigator.pattern import CONTEXTS, SECTION_NAMES, Pattern
from navigator.scaffold import write_scaffold

UNWRITTEN = {
    "few-links",
    "keyword-count",
    "missing-label",
    "missing-sources",
    "section-length",
    "weak-tension",
}
"""The findings of a scaffold: what its author has not written yet. None is about its form."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_scaffold("Bad News First", tmp_path)


def read(file: Path) -> Pattern:
    (pattern,) = load_corpus([file]).patterns
    return pattern


def guidance(file: Path, section: str) -> str:
    found = re.search(rf"^### Section \d: {section}\n\n<!--(.+?)-->", file.read_text("utf-8"), re.M | re.S)
    assert found is not None
    return " ".join(found[1].split())


def test_it_is_a_pattern_of_eight_sections(file: Path):
    pattern = read(file)
    assert file.name == "bad-news-first.md"
    assert (pattern.form, pattern.slug, pattern.title) == ("v7.1", "bad-news-first", "Bad News First")
    assert tuple(section.role for section in pattern.sections) == SECTION_NAMES


def test_each_context_has_a_place_in_the_implementation(file: Path):
    section = read(file).section("Implementation")
    assert section is not None
    assert [block.contexts for block in section.blocks if block.contexts] == [(name,) for name in CONTEXTS]


def test_only_what_is_unwritten_is_found(file: Path):
    assert {finding.code for finding in lint_corpus(load_corpus([file]))} == UNWRITTEN


def test_guidance_is_nobodys_text(file: Path):
    for section in read(file).sections:
        assert "<!--" not in section.text
        assert guidance(file, section.name)[:40] not in " ".join(section.text.split())


def test_the_guidance_asks_for_what_the_checks_ask_for(file: Path):
    for section, (fewest, most) in SECTION_WORDS.items():
        assert guidance(file, section).startswith(f"{fewest} to {most} words.")
    front_matter = file.read_text("utf-8")
    assert f"{KEYWORDS[0]} to {KEYWORDS[1]} words" in front_matter
    assert f"At least {FEWEST_LINKS} links" in front_matter


def test_the_id_is_a_type_id_of_its_own(file: Path, tmp_path: Path):
    other = write_scaffold("Good News Later", tmp_path)
    ids = [TypeID.from_string(read(each).id) for each in (file, other)]
    assert [(each.prefix, each.uuid.version) for each in ids] == [("pat", 7)] * 2
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ('Say "No": #1 of {two} rules', "say-no-1-of-two-rules"),
        ("Café $5 \\ 'crème' – it's ½ price", "cafe-5-creme-it-s-12-price"),
        ("  three \n lines\tin one ", "three-lines-in-one"),
        ("../../etc/passwd", "etc-passwd"),
        ("yes", "yes"),
        ("2026-11-21", "2026-11-21"),
    ],
)
def test_any_title_comes_back_as_it_was(tmp_path: Path, title: str, slug: str):
    pattern = read(write_scaffold(title, tmp_path))
    assert (pattern.title, pattern.slug) == (" ".join(title.split()), slug)
    assert [path.name for path in tmp_path.iterdir()] == [f"{slug}.md"]


@pytest.mark.parametrize("title", ["", "…?!", "北京", "bell \a", "half a letter \udcff"])
def test_a_title_that_makes_no_file_name_is_refused(tmp_path: Path, title: str):
    with pytest.raises(ScaffoldError, match="makes no file name"):
        write_scaffold(title, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_exists_is_left_as_it_was(file: Path):
    file.write_text("months of work", "utf-8")
    with pytest.raises(ScaffoldError, match=re.escape(f"{file} exists already")):
        write_scaffold("Bad news, first!", file.parent)
    assert file.read_text("utf-8") == "months of work"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(ScaffoldError, match=re.escape(str(tmp_path / "nowhere"))):
        write_scaffold("Bad News First", tmp_path / "nowhere")


def test_the_command_writes_here_and_prints_the_path(elsewhere: Path, capsys: pytest.CaptureFixture[str]):
    assert run("new", "Bad News First") == 0
    shown = capsys.readouterr()
    assert shown.out == "bad-news-first.md\n"
    assert "navigator lint bad-news-first.md" in shown.err
    assert read(elsewhere / "bad-news-first.md").title == "Bad News First"


def test_the_command_writes_elsewhere_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("new", "Bad News First", "--folder", str(tmp_path)) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'bad-news-first.md'}\n"
    assert run("new", "Bad News First", "--folder", str(tmp_path)) == 1
    assert "exists already" in capsys.readouterr().err


def run(*arguments: str) -> int | str | None:
    """Run the command line and return its exit code."""
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    return stopped.value.code
