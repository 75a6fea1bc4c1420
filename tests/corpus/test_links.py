from __future__ import annotations

from navigator.corpus.links import FORMER_NAMES, resolve_links
from navigator.pattern import GraphGarden, InferredLink, Link, Pattern


def pattern(
    slug: str, *targets: str, identifier: str = "", title: str = "", former: tuple[str, ...] = ()
) -> Pattern:
    return Pattern(
        slug=slug,
        title=title or slug,
        id=identifier,
        form="v7.1",
        path=f"{slug}.md",
        relationships={"enables": tuple(Link(slug=None, target=target) for target in targets)}
        if targets
        else {},
        extra={FORMER_NAMES: list(former)} if former else {},
    )


def slugs(*patterns: Pattern) -> list[str | None]:
    resolved, _ = resolve_links(patterns, lambda path, target: 1)
    return [link.slug for link in resolved[0].relationships["enables"]]


def test_a_link_names_its_target_by_slug_id_title_or_former_name():
    others = (
        pattern("open-door", identifier="pat_1", title="The Open Door"),
        pattern("quiet-hour", former=("pat_old", "12-quiet-hour")),
    )
    targets = ("open-door", "pat_1", "The Open Door", "Open Door", "pat_old", "12-quiet-hour", "nowhere")
    assert slugs(pattern("keys", *targets), *others) == [
        "open-door",
        "open-door",
        "open-door",
        "open-door",
        "quiet-hour",
        "quiet-hour",
        None,
    ]


def test_a_slug_comes_before_an_id_and_an_id_before_a_title():
    assert slugs(
        pattern("keys", "a", "b"), pattern("a", identifier="b"), pattern("c", identifier="a", title="b")
    ) == ["a", "a"]


def test_an_id_of_several_documents_leads_nowhere():
    twins = pattern("one", identifier="pat_x"), pattern("two", identifier="pat_x")
    assert slugs(pattern("keys", "pat_x", "one"), *twins) == [None, "one"]
    _, findings = resolve_links(twins, lambda path, target: 1)
    assert [(finding.code, finding.path) for finding in findings] == [("ambiguous-id", "two.md")]


def test_inferred_links_are_resolved_too_and_each_dangling_target_is_told_once():
    garden = GraphGarden(inferred_links=(InferredLink(target="nowhere"), InferredLink(target="keys")))
    keys = pattern("keys", "nowhere", "nowhere").model_copy(update={"graph_garden": garden})
    (resolved,), findings = resolve_links([keys], lambda path, target: 7)
    assert [link.slug for link in resolved.graph_garden.inferred_links] == [None, "keys"]
    assert [(finding.code, finding.line) for finding in findings] == [("dangling-link", 7), ("self-link", 7)]
