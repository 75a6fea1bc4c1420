"""What the spec asks of a pattern: one that has it all, and the same one with a single thing wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from navigator.corpus import load_corpus
from navigator.corpus.findings import CODES
from navigator.lint import SECTION_WORDS, lint_corpus
from navigator.pattern import Finding
from navigator.settings import data_folder

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
LIBRARY = Path(__file__).resolve().parents[2] / "shared" / "library" / "commons-os"

FRONT_MATTER = """---
id: pat_01m7yt6dp5fa9a1agwd3mxqb99
slug: open-kitchen
title: "Open Kitchen"
aliases: ["The glass wall"]
summary: >-
  Guests may look on while the meal is made. Cooks who are seen keep the pans clean.
context_labels:
  corporate: "Floor walk with visitors"
  government: "Public gallery"
  activist: "Door that stays ajar"
  tech: "Build log on the wall"
ontology:
  domain: hospitality
  search_hints:
    primary_tension: "being watched vs. being trusted"
    vector_keywords: ["nobody sees us", "closed doors", "hidden work", "rumours", "can we just do it",
      "suspicion", "visitors", "inspection"]
    situations:
      - context: corporate
        text: "Head office thinks that we loaf behind the counter, and nobody has come to look since spring."
lifecycle:
  usage_stage: application
relationships:
  requires:
    - {slug: swept-floor, weight: 0.8}
  enables:
    - {slug: long-table, weight: 0.7}
  complementary:
    - {slug: swept-floor, weight: 0.6}
    - {slug: long-table, weight: 0.5}
graph_garden:
  last_pruned: null
contributors: ["a cook"]
sources:
  - "A cook, What the Guests Saw (1991)"
license: CC-BY-SA-4.0
attribution: "a cook"
---
"""

OPENINGS = {
    "Context": "",
    "Problem": "> **The core conflict is being watched vs. being trusted.**\n\n",
    "Solution": "> **Therefore, cook where the guests can see you.**\n\n",
    "Implementation": (
        "**In a company:** walk the floor.\n\n**In government:** open the gallery.\n\n"
        "**In a movement:** leave the door ajar.\n\n**In tech:** show the build.\n\n**First:** sweep.\n\n"
    ),
    "Consequences": "**What flourishes:** clean pans.\n\n**What risks emerge:** stage fright.\n\n",
    "Known Uses": "**Harbour Street (1991).** The cooks were seen.\n\n",
    "Cognitive Era": "",
    "Vitality": (
        "**Signs of life:**\n- guests wave\n\n**Signs of decay:**\n- dust\n\n**When to replant:** now.\n\n"
    ),
}


def told(number: int, section: str) -> str:
    """Return prose of so many words, no two sections alike."""
    stock = [f"{section.lower().replace(' ', '')}{n} steam rises and somebody laughs." for n in range(number)]
    return " ".join(" ".join(stock).split()[: number - 1]) + " again."


def pattern_text() -> str:
    parts = [FRONT_MATTER]
    for number, (section, (fewest, most)) in enumerate(SECTION_WORDS.items(), start=1):
        opening = OPENINGS[section]
        prose = told((fewest + most) // 2 - len(opening.split()), section)
        parts.append(f"\n### Section {number}: {section}\n\n{opening}{prose}\n")
    return "".join(parts)


Lint = Callable[..., list[Finding]]


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """Lint "Open Kitchen" after the given replacements, among its two neighbours and further documents."""

    def run(*replacements: tuple[str, str], **others: str) -> list[Finding]:
        text = pattern_text()
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        documents = {
            "open-kitchen": text,
            "swept-floor": neighbour("swept-floor"),
            "long-table": neighbour("long-table"),
        }
        for name, content in (documents | others).items():
            (tmp_path / f"{name.replace('_', '-')}.md").write_text(content, "utf-8")
        path = str(tmp_path / "open-kitchen.md")
        return [finding for finding in lint_corpus(load_corpus([tmp_path])) if finding.path == path]

    return run


def neighbour(slug: str, relationships: str = "") -> str:
    title = slug.replace("-", " ").title()
    front_matter = f'slug: {slug}\ntitle: "{title}"\ncontext_labels: {{}}\n{relationships}'
    return f"---\n{front_matter}---\n\n### Section 1: Context\n\nIt is there.\n"


def line_of(text: str) -> int:
    return pattern_text().split(text)[0].count("\n") + 1


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_pattern_that_has_it_all_has_no_finding(lint: Lint):
    assert lint() == []


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "said"),
    [
        ("id: pat_01m7yt6dp5fa9a1agwd3mxqb99", "id: kitchen-7", "invalid-id", "id:", "kitchen-7"),
        ("id: pat_01", "id: pat_81", "invalid-id", "id:", "TypeID"),
        ("lifecycle:\n  usage_stage: application\n", "", "missing-group", None, "lifecycle"),
        ("graph_garden:\n  last_pruned: null\n", "", "missing-group", None, "graph_garden"),
        ('attribution: "a cook"\n', "", "missing-group", "contributors:", "attribution"),
        ('  tech: "Build log on the wall"\n', "", "missing-label", "context_labels:", "tech"),
        ('tech: "Build log on the wall"', 'tech: "public gallery"', "same-label", "  tech:", "government"),
        ("being watched vs. being trusted", "trust in cooks", "weak-tension", "    primary", "pair"),
        ('"being watched vs. being', '"an open door vs. being', "weak-tension", "    primary", "open"),
        ('"visitors", "inspection"]', "]", "keyword-count", "    vector", "8 to 14"),
        ('"inspection"]', '"kitchens"]', "weak-keyword", "    vector", "kitchens"),
        ('"inspection"]', '"often"]', "weak-keyword", "    vector", "often"),
        ("behind the counter", "in the kitchen", "weak-situation", "    situations", "kitchen"),
        (
            "> **The core conflict is being",
            "> **It is being",
            "section-shape",
            "### Section 2",
            "core conflict",
        ),
        ("> **Therefore, cook", "> **So cook", "section-shape", "### Section 3", "Therefore"),
        ("**What flourishes:**", "**Gains:**", "section-shape", "### Section 5", "What flourishes"),
        ("**When to replant:**", "**Anew:**", "section-shape", "### Section 8", "When to replant"),
        ("**In a movement:** leave", "Leave", "missing-context", "### Section 4", "activist"),
        ('  - "A cook, What the Guests Saw (1991)"', "  []", "missing-sources", "sources:", "source"),
        ("    - {slug: long-table, weight: 0.5}\n", "", "few-links", "relationships:", "3 links"),
    ],
)
def test_one_thing_wrong(lint: Lint, old: str, new: str, code: str, place: str | None, said: str):
    (finding,) = lint((old, new))
    assert finding.code == code
    assert finding.level == CODES[code].level
    assert said in finding.message
    assert finding.line == (1 if place is None else line_of(f"\n{place}") + 1)


@pytest.mark.parametrize("section", SECTION_WORDS)
@pytest.mark.parametrize("beyond", ["fewer", "more"])
def test_the_length_of_sections(lint: Lint, section: str, beyond: str):
    fewest, most = SECTION_WORDS[section]
    prose = re.search(rf"### Section \d: {section}\n\n{re.escape(OPENINGS[section])}(.*)\n", pattern_text())
    assert prose is not None
    replaced = "Short." if beyond == "fewer" else prose[1] + " " + told(most, "more")
    (finding,) = lint((prose[1], replaced))
    assert finding.code == "section-length"
    assert f"{fewest} to {most}" in finding.message
    assert finding.line == line_of(f": {section}\n")


def test_marks_numbers_and_addresses_are_not_counted_as_words(lint: Lint):
    _, most = SECTION_WORDS["Context"]
    room = most - (sum(SECTION_WORDS["Context"]) // 2)
    items = "".join(f"\n{n}. [*wipe*](https://example.org/a/b/c)" for n in range(1, room + 1))
    assert lint(("\n\n### Section 2", f"\n{items}\n\n### Section 2")) == []


def test_a_circle_of_requirements_is_reported_once(lint: Lint):
    circle = neighbour(
        "swept-floor", "relationships:\n  requires:\n    - {slug: open-kitchen, weight: 1.0}\n"
    )
    (finding,) = lint(swept_floor=circle)
    assert finding.code == "link-cycle"
    assert "open-kitchen" in finding.message
    assert "swept-floor" in finding.message


def test_enabling_what_one_requires_is_a_circle_too(lint: Lint):
    (finding,) = lint(("- {slug: long-table, weight: 0.7}", "- {slug: swept-floor, weight: 0.7}"))
    assert finding.code == "link-cycle"


def test_enabling_and_being_required_say_the_same(lint: Lint):
    agreed = neighbour("long-table", "relationships:\n  requires:\n    - {slug: open-kitchen, weight: 1.0}\n")
    assert lint(long_table=agreed) == []


def test_what_the_reader_called_junk_is_not_judged_again(lint: Lint):
    found = codes(lint(("being watched vs. being trusted", "open vs. kitchen")))
    assert "junk-tension" in found
    assert "weak-tension" not in found


def test_other_forms_are_passed_over(tmp_path: Path):
    text = "---\ntitle: Ledger\nclassification:\n  status: draft\n---\n\n## 1. Overview\n\nA book of sums.\n"
    (tmp_path / "ledger.md").write_text(text, "utf-8")
    corpus = load_corpus([tmp_path])
    assert [pattern.form for pattern in corpus.patterns] == ["first"]
    assert lint_corpus(corpus) == corpus.findings


def test_findings_of_reader_and_checks_come_together_in_order(lint: Lint):
    found = lint(
        ("slug: swept-floor, weight: 0.6", "slug: nowhere, weight: 0.6"), ("id: pat_01", "id: pat_81")
    )
    assert {"dangling-link", "invalid-id"} <= set(codes(found))
    assert [finding.line for finding in found] == sorted(finding.line for finding in found)


def test_the_bundled_corpus_has_no_finding():
    corpus = load_corpus([CORPUS], shipped_situations=data_folder("situations"))
    assert corpus.patterns
    assert [f"{Path(f.path).name}:{f.line} {f.code}: {f.message}" for f in lint_corpus(corpus)] == []


@pytest.mark.slow
@pytest.mark.skipif(not LIBRARY.exists(), reason="the real library is not here")
def test_a_real_library_yields_its_known_findings():
    found = {finding.code for finding in lint_corpus(load_corpus([LIBRARY]))}
    assert {
        "front-matter-syntax",
        "junk-label",
        "filler-label",
        "section-length",
        "section-shape",
        "missing-context",
        "missing-sources",
        "link-cycle",
    } <= found
