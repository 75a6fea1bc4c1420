"""Every way in which libraries are dirty: what is found, and what is made of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import navigator.corpus
from navigator.corpus import load_corpus
from navigator.corpus.findings import CODES
from navigator.pattern import Corpus

HEAD = """\
---
id: pat_{0}
slug: {0}
title: Shared {0}
summary: Who opens the shop.
ontology: {{domain: trust}}
{1}---
"""
SECTIONS = "".join(
    f"### Section {number}: {name}\n\nWhat stands under {name}.\n\n"
    for number, name in enumerate(
        [
            "Context",
            "Problem",
            "Solution",
            "Implementation",
            "Consequences",
            "Known Uses",
            "Cognitive Era",
            "Vitality",
        ],
        start=1,
    )
)


def pattern(slug: str = "keys", more: str = "", body: str = SECTIONS) -> str:
    return HEAD.format(slug, more) + body


def labels(**given: str) -> str:
    return "context_labels:\n" + "".join(f"  {context}: {label}\n" for context, label in given.items())


def hints(**given: str) -> str:
    return pattern().replace(
        "{domain: trust}", "{search_hints: {" + ", ".join(f"{k}: {v}" for k, v in given.items()) + "}}"
    )


def long_text(opening: str) -> str:
    return "".join(
        f"{opening} This is sentence {number} of a text that stands in two files. " for number in range(9)
    )


# Code, files (their names and contents), line of the finding, a part of its message.
DIRT: list[tuple[str, dict[str, str | bytes], int, str]] = [
    ("empty-file", {"a.md": " \n"}, 1, "a.md is empty"),
    ("empty-file", {"a.md": "<!-- nothing -->\n"}, 1, "a.md holds no text"),
    ("binary-file", {"a.md": b"%PDF-1.7 text"}, 1, "a.md"),
    ("binary-file", {"a.txt": bytes(range(32)) * 9}, 1, "a.txt"),
    ("file-too-large", {"a.md": b"word " * 1_000_001}, 1, "5 MB"),
    ("invalid-utf8", {"a.md": pattern().encode() + b"Caf\xe9.\n"}, 8 + 32, "0xe9"),
    (
        "control-characters",
        {"a.md": pattern(body=SECTIONS.replace("under Problem", "un\0der Problem"))},
        14,
        "NUL",
    ),
    ("front-matter-syntax", {"a.md": pattern(more="aliases: [a, b\n")}, 8, "expected ',' or ']'"),
    ("front-matter-syntax", {"a.md": "---\n[not, a, mapping]\n---\n" + SECTIONS}, 2, "key: value"),
    ("front-matter-unclosed", {"a.md": pattern().replace("---\n###", "###")}, 1, "never closed"),
    ("front-matter-too-large", {"a.md": pattern(more=f"note: {'x' * 300_000}\n")}, 2, "256,000"),
    ("front-matter-too-deep", {"a.md": pattern(more=f"note: {'[' * 10_000}\n")}, 7, "40 levels"),
    (
        "front-matter-expansion",
        {
            "a.md": pattern(
                more="a0: &a0 [x, x]\n"
                + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
            )
        },
        20,
        "50,000",
    ),
    ("front-matter-expansion", {"a.md": pattern(more="a: &a [*a]\n")}, 7, "50,000"),
    (
        "front-matter-leaked",
        {"a.md": pattern(body="---\nid: x\nslug: y\ntitle: z\nlicense: w\n---\n" + SECTIONS)},
        9,
        "body",
    ),
    (
        "wrong-type",
        {"a.md": pattern(more="license: [CC0, MIT]\n")},
        7,
        "license is a list where a text is wanted",
    ),
    (
        "wrong-type",
        {"a.md": pattern(more="lifecycle: later\n")},
        7,
        "lifecycle is a text where a group of keys is wanted",
    ),
    ("out-of-range", {"a.md": pattern(more="lifecycle:\n  confidence: 7\n")}, 8, "lifecycle.confidence is 7"),
    ("missing-title", {"old-keys.md": pattern().replace("title: Shared keys\n", "")}, 1, "'Old keys'"),
    ("unsafe-slug", {"a.md": pattern("../../etc/passwd")}, 3, "'etc-passwd' stands for it"),
    ("duplicate-slug", {"a.md": pattern(), "b.md": pattern().replace("Shared", "Other")}, 3, "a.md"),
    ("no-text", {"a.md": pattern(body="")}, 1, "no text"),
    (
        "missing-section",
        {"a.md": pattern(body=SECTIONS.partition("### Section 7")[0])},
        1,
        "Cognitive Era, Vitality",
    ),
    (
        "empty-section",
        {"a.md": pattern(body=SECTIONS.replace("What stands under Problem.", ""))},
        12,
        "'Problem'",
    ),
    (
        "repeated-section",
        {"a.md": pattern(body=SECTIONS + "### Section 1: Context\n\nWhat stands under Context.\n")},
        40,
        "'Context'",
    ),
    (
        "placeholder",
        {"a.md": pattern(body=SECTIONS.replace("What stands under Problem.", "[To be added]"))},
        14,
        "[To be added]",
    ),
    ("cut-off", {"a.md": pattern(body=SECTIONS.rstrip() + " And then it")}, 38, "And then it"),
    (
        "template-hint",
        {"a.md": pattern(body=SECTIONS.replace("Problem\n", "Problem (100-200 words)\n"))},
        12,
        "1 headings",
    ),
    (
        "padding",
        {"a.md": pattern(body=SECTIONS.replace("under Problem", "under" + " " * 9999 + "Problem"))},
        14,
        "9,998 characters",
    ),
    (
        "near-duplicate",
        {"a.md": pattern("keys"), "b.md": pattern("locks").replace("Shared locks", "Shared Keys (at night)")},
        1,
        "a.md",
    ),
    (
        "near-duplicate",
        {
            "a.md": pattern("keys", body=SECTIONS + long_text("It is so.")),
            "b.md": pattern("locks", body=SECTIONS + long_text("No.")),
        },
        1,
        "a.md",
    ),
    ("junk-label", {"a.md": pattern(more=labels(tech="Med"))}, 8, "tech label 'Med'"),
    ("junk-label", {"a.md": pattern(more=labels(tech='"…"'))}, 8, "'…'"),
    (
        "sentence-label",
        {"a.md": pattern(more=labels(corporate="Notice who opens the shop, and thank them for it."))},
        8,
        "Notice",
    ),
    (
        "misplaced-label",
        {"a.md": pattern(more=labels(corporate="Open Doors for Movements"))},
        8,
        "one for activist",
    ),
    (
        "misplaced-label",
        {"a.md": pattern(more=labels(tech="Government clerks share the stamps"))},
        8,
        "one for government",
    ),
    (
        "filler-label",
        {"a.md": pattern(more=labels(government="Shared keys in Public Service"))},
        8,
        "Shared keys in Public Service",
    ),
    ("junk-tension", {"a.md": hints(primary_tension="Shared vs. Keys")}, 6, "'Shared vs. Keys'"),
    (
        "junk-keywords",
        {"a.md": hints(vector_keywords="[shared, keys, opens, shop, three]")},
        6,
        "shared, keys, opens",
    ),
    (
        "dangling-link",
        {"a.md": pattern(more="relationships:\n  enables:\n    - slug: nowhere\n")},
        9,
        "'nowhere'",
    ),
    ("ambiguous-id", {"a.md": pattern("a"), "b.md": pattern("b").replace("pat_b", "pat_a")}, 1, "'pat_a'"),
    ("self-link", {"a.md": pattern(more="relationships:\n  enables:\n    - pat_keys\n")}, 9, "'pat_keys'"),
]


def lay_out(folder: Path, files: dict[str, str | bytes]) -> Corpus:
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_corpus([folder])


def test_a_clean_pattern_has_no_finding(tmp_path: Path):
    corpus = lay_out(tmp_path, {"a.md": pattern()})
    assert corpus.findings == ()
    assert [section.role for section in corpus.patterns[0].sections][:2] == ["Context", "Problem"]


@pytest.mark.parametrize(
    ("code", "files", "line", "message"), DIRT, ids=[f"{row[0]}-{n}" for n, row in enumerate(DIRT)]
)
def test_dirt_is_found_where_it_is(
    tmp_path: Path, code: str, files: dict[str, str | bytes], line: int, message: str
):
    corpus = lay_out(tmp_path, files)
    (found,) = [finding for finding in corpus.findings if finding.code == code]
    assert found.path == str(tmp_path / sorted(files)[-1])
    assert (found.line, found.level) == (line, CODES[code].level)
    assert message in found.message


def test_every_code_of_the_reader_has_a_case():
    folder = Path(navigator.corpus.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "findings.py")
    used = {code for code in CODES if re.search(rf'"{code}"', source)}
    elsewhere = {  # see test_files.py and test_sidecars.py
        "unreadable-file",
        "outside-link",
        "broken-situation",
        "situation-without-pattern",
    }
    assert used - {row[0] for row in DIRT} == elsewhere


def junk(corpus: Corpus) -> tuple[str, ...]:
    return corpus.patterns[0].junk


def test_junk_stays_in_the_record_and_out_of_the_search(tmp_path: Path):
    more = labels(tech="Med", corporate="Shared keys for Organizations", government="Keys of the Town Hall")
    text = pattern(more=more).replace(
        "{domain: trust}", "{search_hints: {primary_tension: Keys vs. Shared, vector_keywords: [who, opens]}}"
    )
    (read,) = lay_out(tmp_path, {"a.md": text}).patterns
    assert read.junk == ("context_labels.tech", "primary_tension", "vector_keywords")
    assert read.context_labels["tech"] == "Med"
    assert read.label("tech") == "Shared keys"
    assert read.label("corporate") == "Shared keys"  # of no use to tell it by, but it may be asked for
    assert read.label("government") == "Keys of the Town Hall"
    assert (read.usable_tension, read.usable_keywords) == ("", ())
    assert read.ontology.search_hints.primary_tension == "Keys vs. Shared"


def test_of_two_documents_with_one_slug_the_first_path_stands(tmp_path: Path):
    corpus = lay_out(tmp_path, {"b.md": pattern().replace("Shared", "Other"), "a.md": pattern()})
    assert [read.title for read in corpus.patterns] == ["Shared keys"]
    assert corpus.documents == 2


def test_broken_front_matter_keeps_what_parses_alone(tmp_path: Path):
    (read,) = lay_out(tmp_path, {"a.md": pattern(more="aliases: [a, b\nlicense: CC0\n")}).patterns
    assert (read.title, read.license, read.aliases) == ("Shared keys", "CC0", ())
    assert len(read.sections) == 8


def test_front_matter_beyond_bounds_costs_only_itself(tmp_path: Path):
    (read,) = lay_out(
        tmp_path, {"deep-keys.md": "---\nnote: " + "[" * 10_000 + "\n---\n" + SECTIONS}
    ).patterns
    assert (read.title, len(read.sections)) == ("Deep keys", 8)


def test_wrong_types_never_stop_the_reading(tmp_path: Path):
    wrong = "".join(
        f"{key}: {value}\n"
        for key, value in {
            "title": "[1, 2]",
            "slug": "{a: b}",
            "aliases": "7",
            "summary": "[[]]",
            "context_labels": "[x]",
            "ontology": "x",
            "lifecycle": "[1]",
            "relationships": "{enables: 3, requires: {slug: [a]}, tools: [null, [b]]}",
            "graph_garden": "{entities: x, communities: [[1]], inferred_links: [{target: {}}]}",
            "gravitational_hubs": "[1, {hub_id: [2]}]",
            "orbital_layer": ".nan",
            "contributors": "{name: ana}",
            "sources": "[{a: b}, 2020-01-01]",
            "2020-01-01": "yes",
            "version": "!!binary aGk=",
        }.items()
    )
    corpus = lay_out(tmp_path, {"a.md": f"---\n{wrong}---\n{SECTIONS}"})
    (read,) = corpus.patterns
    assert (read.title, read.slug, len(read.sections)) == ("1", "1", 8)
    assert {finding.code for finding in corpus.findings} >= {"wrong-type", "dangling-link"}
    read.model_dump_json()


@pytest.mark.parametrize(
    "tag",
    ["!!python/object/apply:os.system [echo]", "!!int x", "!!float {}", "!x y", "!!timestamp 2020-99-99"],
)
def test_no_tag_makes_anything_but_plain_data(tmp_path: Path, tag: str):
    (read,) = lay_out(tmp_path, {"a.md": pattern(more=f"note: {tag}\n")}).patterns
    assert read.title == "Shared keys"


def test_findings_come_in_order_of_path_and_line(tmp_path: Path):
    corpus = lay_out(
        tmp_path, {"b.md": pattern("b", labels(tech="Med", corporate="X")), "a.md": " ", "c.md": "Text\0."}
    )
    places = [(Path(finding.path).name, finding.line) for finding in corpus.findings]
    assert places == sorted(places)
    assert len({path for path, _ in places}) == 3
