"""Whole documents of every form, from text to record."""

from __future__ import annotations

import pytest
from corpus_cases import cases, shown_document
from hypothesis import given
from hypothesis import strategies as st
from test_blocks import MARKDOWN

from navigator.corpus.documents import read_document
from navigator.corpus.findings import CODES, Report
from navigator.pattern import Document, Pattern

FORMS = ("sections.md", "pages.md", "articles.md", "html.md")


@pytest.mark.parametrize(("text", "expected"), [case for name in FORMS for case in cases(name)])
def test_documents(text: str, expected: str):
    assert shown_document(text) == expected


HEADS = st.sampled_from(
    [
        "",
        "---\ntitle: T\nontology: {domain: d}\n---\n",
        "---\nclassification: {domain: d}\n---\n",
        "---\ntitle: [never\n---\n",
        "---\ntitle: never closed\n",
        "<!doctype html>",
        "<html><body><article>",
        "Section 1: A\n\nSection 2: B\n\nSection 3: C\n\n",
        "\ufeff---\norbital_layer: 3\n---\n",
    ]
)
TAGS = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<h1>",
            "<li>",
            "<td>",
            "<pre>",
            "<title>",
            "</ul>",
            "&lt;",
            "a\nb",
            "  c ",
            "<nav>",
            "<",
        ]
    )
)


@given(head=HEADS, body=st.one_of(MARKDOWN, TAGS.map("".join)))
def test_any_text_is_read_with_spans_in_order_and_verbatim_blocks_verbatim(head: str, body: str):
    text = head + body
    report = Report("any.md")
    read = read_document(text, report)
    assert all(finding.code in CODES and finding.line <= text.count("\n") + 1 for finding in report.findings)
    if read is None:
        assert report.findings
        return
    last = 0
    for section in read.document.sections:
        assert section.blocks
        assert 1 <= section.line <= text.count("\n") + 1
        for block in section.blocks:
            assert last <= block.start < block.end <= len(text)
            last = block.end
            if block.verbatim:
                assert block.text == text[block.start : block.end]


@given(
    words=st.lists(st.sampled_from(["oak", "elm", "ash", "fir", "yew"]), min_size=1),
    breaks=st.lists(st.sampled_from([" ", "\n", "\n\n", "\n- ", "\n### Case\n\n", "\n> "])),
)
def test_no_word_of_a_section_is_lost(words: list[str], breaks: list[str]):
    body = "".join(word + (breaks[index] if index < len(breaks) else " ") for index, word in enumerate(words))
    document = read(f"---\nclassification: {{domain: d}}\ntitle: T\n---\n### 1. Overview\n\n{body}\n")
    told = " ".join(block.text for section in document.sections for block in section.blocks)
    assert [word for word in told.split() if word in words] == words


def read(text: str, path: str = "a-file.md") -> Document:
    found = read_document(text, Report(path))
    assert found is not None
    return found.document


V71 = """\
---
# GROUP 1: CORE IDENTITY
id: pat_01k0000000000000000000000a
slug: shared-keys
title: "Shared Keys"
aliases: [Key Cabinet, Open Keys]
summary: >-
  Who may open
  the shop.
# GROUP 2
context_labels:
  corporate: "Access Without Asking"
  Government: "Keys of the Town Hall"
# GROUP 3
ontology:
  domain: trust
  cross_domains: [work]
  commons_domain:
    - life
  specification_layer: L7
  search_hints:
    primary_tension: "Safety vs. Speed"
    vector_keywords: ["access", "cabinet"]
    situations:
      - The one with the key is ill.
      - {context: tech, text: Only two people can deploy.}
  commons_assessment:
    ownership: 4.0
    vitality: 0
    vitality_reasoning: It turns with use.
    overall_score: 3.5
# GROUP 4
lifecycle: {usage_stage: application, adoption_stage: growth, status: draft, version: 0.1, confidence: 3}
# GROUP 5
relationships:
  enables:
    - slug: open-door
      weight: 0.9
  requires: []
# GROUP 6
graph_garden:
  last_pruned: 2026-02-19
  entities:
    - {id: locksmith, type: person, label: "A Locksmith", relevance: 0.9}
    - Trust
  communities:
    - {id: doors, label: Doors, source: taxonomy, confidence: 0.8}
    - houses
  inferred_links:
    - {target: open-door, type: complementary, confidence: 0.7, reason: "Both open."}
# GROUP 7
contributors: ["ana", {name: Ben, role: author}]
sources:
  - "A book on keys"
license: CC-BY-SA-4.0
attribution: "the locksmiths"
created: 2026-01-28T00:00:00Z
---
### Section 1: Context
Here.
"""


def test_every_group_of_the_spec_is_in_the_record():
    pattern = read(V71)
    assert isinstance(pattern, Pattern)
    assert (pattern.id, pattern.slug, pattern.title) == (
        "pat_01k0000000000000000000000a",
        "shared-keys",
        "Shared Keys",
    )
    assert pattern.aliases == ("Key Cabinet", "Open Keys")
    assert pattern.summary == "Who may open the shop."
    assert pattern.context_labels == {
        "corporate": "Access Without Asking",
        "government": "Keys of the Town Hall",
    }
    assert (pattern.ontology.domain, pattern.ontology.cross_domains) == ("trust", ("work",))
    assert pattern.ontology.commons_domain == ("life",)
    hints = pattern.ontology.search_hints
    assert (hints.primary_tension, hints.vector_keywords) == ("Safety vs. Speed", ("access", "cabinet"))
    assert [(each.context, each.text) for each in hints.situations] == [
        (None, "The one with the key is ill."),
        ("tech", "Only two people can deploy."),
    ]
    assessment = pattern.ontology.commons_assessment
    assert (assessment.ownership, assessment.vitality, assessment.overall_score) == (4.0, 0.0, 3.5)
    assert (assessment.autonomy, assessment.vitality_reasoning) == (None, "It turns with use.")
    assert pattern.lifecycle.model_dump() == {
        "usage_stage": "application",
        "adoption_stage": "growth",
        "status": "draft",
        "version": "0.1",
        "confidence": 3,
    }
    assert list(pattern.relationships) == ["enables"]
    assert (pattern.relationships["enables"][0].target, pattern.relationships["enables"][0].weight) == (
        "open-door",
        0.9,
    )
    garden = pattern.graph_garden
    assert garden.last_pruned == "2026-02-19"
    assert [(entity.id, entity.label) for entity in garden.entities] == [
        ("locksmith", "A Locksmith"),
        ("", "Trust"),
    ]
    assert [community.id for community in garden.communities] == ["doors", "houses"]
    assert garden.inferred_links[0].reason == "Both open."
    assert (pattern.contributors, pattern.sources) == (("ana", "Ben"), ("A book on keys",))
    assert (pattern.license, pattern.attribution) == ("CC-BY-SA-4.0", "the locksmiths")
    assert pattern.extra == {"ontology": {"specification_layer": "L7"}, "created": "2026-01-28T00:00:00Z"}
    assert pattern.junk == ()


def test_the_first_spec_fills_the_same_record():
    pattern = read(
        "---\nid: pat_1\ntitle: T\nversion: 1.0\nclassification: {domain: work, status: draft, era: [now],"
        " commons_domain: [life]}\nrelated: [pat_2, {id: pat_3}]\n---\n## 1. Overview\nText.\n"
    )
    assert isinstance(pattern, Pattern)
    assert pattern.form == "first"
    assert (pattern.ontology.domain, pattern.ontology.commons_domain) == ("work", ("life",))
    assert (pattern.lifecycle.status, pattern.lifecycle.version) == ("draft", "1.0")
    assert [link.target for link in pattern.relationships["related"]] == ["pat_2", "pat_3"]
    assert pattern.extra == {"classification": {"era": ["now"]}}


def test_the_eighth_spec_has_hubs_layers_and_provenance():
    pattern = read(
        "---\ntitle: T\norbital_layer: 2\nsector: Universal\ngravitational_hubs:\n"
        "  - {hub_id: hub-1, principle: Care, influence: 0.8, force: pull}\n"
        "relationships:\n  manifests_as:\n    - {typeid: pat_9, weight: 0.5, description: As a shelf.}\n"
        "provenance:\n  contributors: [ana]\n  license: CC0\n---\n### 1. Context\nText.\n"
    )
    assert isinstance(pattern, Pattern)
    assert (pattern.form, pattern.orbital_layer, pattern.sector) == ("v8.2", 2, "Universal")
    (hub,) = pattern.gravitational_hubs
    assert (hub.hub_id, hub.principle, hub.influence, hub.force) == ("hub-1", "Care", 0.8, "pull")
    (link,) = pattern.relationships["manifests_as"]
    assert (link.target, link.weight, link.reason) == ("pat_9", 0.5, "As a shelf.")
    assert (pattern.contributors, pattern.license) == (("ana",), "CC0")


def test_a_page_gives_domain_aliases_confidence_sources_and_tension():
    (page, *_) = cases("pages.md")
    pattern = read(page.values[0])
    assert isinstance(pattern, Pattern)
    assert (pattern.form, pattern.ontology.domain) == ("page", "slow-work")
    assert pattern.aliases == ("The Quiet Hour", "First Light")
    assert (pattern.lifecycle.confidence, pattern.sources) == (2, ("Monastic Rules, Shift Work",))
    assert pattern.usable_tension == "being reachable vs. getting things done"


def test_the_file_ending_has_no_say():
    assert read(V71, "shared-keys.html").form == "v7.1"
    assert (
        read("<html><body><p>One sentence of text, and not much more.</p></body></html>", "a.md").form
        == "article"
    )


def test_a_byte_order_mark_counts_as_a_character():
    text = "\ufeff---\ntitle: T\nontology: {}\n---\n### 1. Context\nText.\n"
    (section,) = read(text).sections
    assert text[section.blocks[0].start :] == "Text.\n"


def test_a_leaked_head_gives_former_names_and_never_overrides():
    leaky = next(
        case.values[0] for case in cases("sections.md") if str(case.id).startswith("Front matter in the body")
    )
    pattern = read(leaky)
    assert isinstance(pattern, Pattern)
    assert (pattern.title, pattern.id, pattern.license) == ("Leaky", "pat_old", "CC0")
    both = read(leaky.replace("title: Leaky\n", "title: Leaky\nid: pat_new\nslug: leaky\n", 1))
    assert isinstance(both, Pattern)
    assert (both.id, both.slug, both.extra["former_names"]) == ("pat_new", "leaky", ["pat_old", "12-leaky"])


def test_an_article_keeps_who_wrote_it_and_what_it_may_be_used_for():
    (with_byline, *_) = cases("articles.md")
    reading = read(with_byline.values[0])
    assert (reading.contributors, reading.license) == (("Ines Moreau",), "")
    head = "---\ntitle: T\nauthor: Ana\nlicense: CC0\nsources: [A book]\nmood: calm\n---\n"
    reading = read(head + "One sentence, then another.\n")
    assert (reading.contributors, reading.license, reading.sources) == (("Ana",), "CC0", ("A book",))
    assert reading.extra == {"mood": "calm"}


def test_markdown_that_begins_with_a_tag_is_markdown():
    reading = read(
        "<div align='center'>\n\n# The Long Bench\n\n</div>\n\n## Why it is long\n\nMany sit on it.\n"
    )
    assert (reading.title, [section.name for section in reading.sections]) == (
        "The Long Bench",
        ["Why it is long"],
    )
