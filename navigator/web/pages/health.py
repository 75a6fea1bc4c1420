"""The page *Health*: what a librarian looks after, and the button that brings the index up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import PurePath

import streamlit as st

from navigator.build import IndexState
from navigator.errors import NavigatorError
from navigator.health import IndexFacts, LabelQuality, Skew, Twins, choose, folder_of
from navigator.navigator import Navigator
from navigator.pattern import Finding, Level, Pattern
from navigator.store.records import CatalogueEntry
from navigator.web.charts import spread_chart
from navigator.web.contexts import context_name
from navigator.web.files import Shorten, from_roots
from navigator.web.markdown import blocks_markdown, escape_markdown, escape_message, unturned
from navigator.web.rebuilding import about, show_rebuild
from navigator.web.roles import may_see_paths
from navigator.web.visit import Visit, errors_as_sentences, link_to_pattern

FINDINGS, TWINS = 20, 8
"""So many stand on a page."""

_LEVELS: dict[Level, str] = {"error": "Error", "warning": "Warning", "info": "Note"}
_COLOURS: dict[Level, str] = {"error": "red", "warning": "primary", "info": "gray"}
_WORDS: Mapping[str, str] = {str(level): word for level, word in _LEVELS.items()}
_SECTIONS_BESIDE = 3
_LEAST_SHARE = 0.005
"""Of all patterns; a smaller share rounds to nothing."""
_HANDS = {"people": "Drawn by people", "machine": "Proposed by a machine"}
_STATES: dict[IndexState, str] = {
    "current": "The documents are as they were then.",
    "stale": "Documents have changed since then, or the program has: a rebuild takes it in.",
    "missing": "The index cannot be read any more: a rebuild makes a new one.",
}


def show_health(visit: Visit) -> None:
    """Draw the page."""
    st.set_page_config(page_title="Health · Pattern Navigator")
    st.title("Health", anchor=False)
    navigator = visit.navigator
    with st.spinner("Looking the library over…"):
        health = navigator.health()
    with st.container(key="health-lead", gap="small"):
        st.markdown(_lead(health.facts))
        state = st.empty()
    show_rebuild(navigator)
    with st.container(key="health-parts", horizontal=True):
        for target, name in _PARTS.items():
            st.markdown(f"[{name}](#{target})", width="content")
    _show_findings(visit)
    _show_twins(visit)
    _show_links(visit, health.skews)
    _show_labels(health.labels)
    _show_index(health.facts, _shorten(navigator))
    # Last: it reads every file.
    with state:
        st.markdown(_state(navigator, health.facts.generation))


_PARTS = {
    "findings": "Findings",
    "twins": "Near twins",
    "links": "Links",
    "labels": "Labels",
    "index": "The index",
}
"""Anchors on the page, with the headings that they stand at."""


def _lead(facts: IndexFacts) -> str:
    age = (datetime.now(UTC) - facts.created).total_seconds()
    readings = f" and {_counted(facts.readings, 'article')}" if facts.readings else ""
    return f"{_counted(facts.patterns, 'pattern')}{readings}, indexed {about(age)} ago."


def _state(navigator: Navigator, generation: str) -> str:
    try:
        return _STATES[_index_state(navigator, generation)]
    except NavigatorError as error:
        return escape_message(_shorten(navigator)(str(error)))


def _findings(navigator: Navigator) -> Sequence[Finding]:
    """Return what is wrong with the documents, files by the names that the visitor may see."""
    health = navigator.health()
    if may_see_paths():
        return health.findings
    return _shortened(health.findings, _shorten(navigator), health.facts.generation)


@st.cache_resource(max_entries=2, show_spinner=False)
def _shortened(_findings: Sequence[Finding], _shorten: Shorten, generation: str) -> Sequence[Finding]:
    return [
        found.model_copy(update={"path": _shorten(found.path), "message": _shorten(found.message)})
        for found in _findings
    ]


def _shorten(navigator: Navigator) -> Shorten:
    """Return what makes of a path of the server, or of a text with such, what the visitor may see."""
    if may_see_paths():
        return str
    return from_roots([*navigator.health().facts.paths, str(navigator.library.folder)])


@st.cache_data(ttl=60, max_entries=8, show_spinner=False)
def _index_state(_navigator: Navigator, generation: str) -> IndexState:
    return _navigator.index_state()


def _heading(target: str) -> None:
    st.header(_PARTS[target], anchor=target)


@st.fragment
def _show_findings(visit: Visit) -> None:
    """Draw what is wrong with the documents. A fragment: a filter leaves the rest of the page alone."""
    with errors_as_sentences(), st.container(key="findings"):
        _heading("findings")
        shorten = _shorten(visit.navigator)
        findings = _findings(visit.navigator)
        if not findings:
            st.markdown("Nothing is wrong with any document.")
            return
        chosen = _chosen(findings)
        st.markdown(_counts(chosen, len(findings)))
        if not chosen:
            return
        pages = -(-len(chosen) // FINDINGS)
        key = f"findings-page-{hash((len(chosen), chosen[0].path, chosen[-1].path))}"
        number = min(int(st.session_state.get(key, 1) or 1), pages)
        by_path = {shorten(entry.path): entry for entry in visit.navigator.catalogue()}
        shown = chosen[(number - 1) * FINDINGS : number * FINDINGS]
        for place, (path, of_file) in enumerate(groupby(shown, key=lambda found: found.path)):
            with st.container(key=f"whole-file-{place}", gap="small"):
                _show_file(path, by_path.get(path), visit.context)
                for found in of_file:
                    _show_finding(found)
        if pages > 1:
            with st.container(key="findings-pages", horizontal_alignment="center"):
                st.pagination(pages, key=key)


def _chosen(findings: Sequence[Finding]) -> list[Finding]:
    """Draw the filters and return what they leave."""
    text = st.text_input(
        "Search the findings",
        key="findings-search",
        type="search",
        live="200ms",
        icon=":material/search:",
        placeholder="A file, a rule or a word of the message",
        label_visibility="collapsed",
    )
    with st.container(key="findings-filters"):
        levels = _filter("Level", Counter(found.level for found in findings), _WORDS)
        codes = _filter("Rule", Counter(found.code for found in findings))
        by_folder = Counter(map(folder_of, findings))
        folders = _filter("Folder", by_folder) if len(by_folder) > 1 else []
    wanted: list[Level] = [level for level in _LEVELS if level in levels]
    return choose(findings, levels=wanted, codes=codes, folders=folders, text=text or "")


def _filter(name: str, counts: Mapping[str, int], words: Mapping[str, str] | None = None) -> list[str]:
    """Draw the choice among values, the most frequent first, and return what is chosen."""
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    return st.multiselect(
        name,
        ordered,
        format_func=lambda value: f"{(words or {}).get(value, value)} ({counts.get(value, 0):,})",
        key=f"findings-{name.lower()}",
        placeholder="Any",
        select_all=False,
        wrap=False,
    )


def _counts(chosen: Sequence[Finding], total: int) -> str:
    if not chosen:
        return "No finding is like this. Fewer letters find more, and so do fewer filters."
    by_level = Counter(found.level for found in chosen)
    told = ", ".join(
        _counted(by_level[level], word.lower()) for level, word in _LEVELS.items() if by_level[level]
    )
    return f"{told}." if len(chosen) == total else f"{told}, of {_counted(total, 'finding')}."


def _show_file(path: str, entry: CatalogueEntry | None, context: str | None) -> None:
    if entry is not None:
        link_to_pattern(entry.slug, entry.label(context), context)
    else:
        st.markdown(f"**{escape_markdown(PurePath(path).name)}**")


def _show_finding(found: Finding) -> None:
    mark = f":{_COLOURS[found.level]}[**{_LEVELS[found.level]}**]"
    st.markdown(f"{mark} {escape_markdown(found.message)} :gray[{found.code}]")
    st.code(unturned(f"{found.path}:{found.line}"), language=None, wrap_lines=True)


@st.fragment
def _show_twins(visit: Visit) -> None:
    """Draw the pairs that say nearly the same."""
    with errors_as_sentences(), st.container(key="twins"):
        _heading("twins")
        twins = visit.navigator.health().twins
        if not twins:
            st.markdown("No two patterns say nearly the same.")
            return
        st.markdown(
            f"{_counted(len(twins), 'pair')} of patterns say nearly the same, by the meaning of title, "
            "names, summary and tension. 1.00 would be word for word."
        )
        pages = -(-len(twins) // TWINS)
        number = min(int(st.session_state.get("twins-page", 1) or 1), pages)
        for place, pair in enumerate(twins[(number - 1) * TWINS : number * TWINS]):
            with st.container(key=f"twin-{place}"):
                st.markdown(f"{pair.similarity:.2f}")
                with st.container(key=f"whole-twin-{place}", gap="xsmall"):
                    for slug in (pair.first, pair.second):
                        _show_link(visit, slug)
                st.button(
                    "Side by side",
                    key=f"beside-{pair.first}-{pair.second}",
                    icon=":material/compare:",
                    on_click=partial(st.session_state.__setitem__, "twins-beside", pair),
                )
        if pages > 1:
            with st.container(key="twins-pages", horizontal_alignment="center"):
                st.pagination(pages, key="twins-page")
        if beside := st.session_state.pop("twins-beside", None):
            _show_beside(visit, beside)


def _show_link(visit: Visit, slug: str) -> None:
    # The page may be older than the index: what is gone by now is named, and leads nowhere.
    entry = visit.navigator.library.catalogue.get(slug)
    if entry is None:
        st.markdown(escape_markdown(slug))
    else:
        link_to_pattern(slug, entry.label(visit.context), visit.context)


@st.dialog("Side by side", width="large")
def _show_beside(visit: Visit, pair: Twins) -> None:
    """Draw the opening of both patterns next to each other."""
    with errors_as_sentences():
        for column, slug in zip(st.columns(2, gap="large"), (pair.first, pair.second), strict=True):
            with column, st.container(key=f"whole-beside-{slug}", gap="small"):
                document = visit.navigator.pattern(slug)
                link_to_pattern(slug, document.title, visit.context)
                if isinstance(document, Pattern) and document.usable_tension:
                    st.markdown(f"*{escape_markdown(document.usable_tension)}*")
                if document.summary:
                    st.markdown(escape_markdown(document.summary))
                for section in document.sections[:_SECTIONS_BESIDE]:
                    st.subheader(escape_markdown(section.role or section.name), anchor=False)
                    st.markdown(blocks_markdown(section.blocks))


def _show_links(visit: Visit, skews: Sequence[Skew]) -> None:
    _heading("links")
    drawn = [skew for skew in skews if skew.links]
    if not drawn:
        st.markdown("No pattern links to another.")
        return
    st.markdown(
        "Links that fall on a few patterns say little: whoever follows them ends up at the same place from "
        "everywhere."
    )
    for column, skew in zip(st.columns(2, gap="large"), skews, strict=True):
        with column, st.container(key=f"skew-{skew.by}", gap="small"):
            st.subheader(_HANDS[skew.by], anchor=False)
            st.markdown(_skew(skew))
            if skew.links:
                _show_hubs(visit, skew)
    spoken = ". ".join(
        f"{_HANDS[skew.by]}: " + ", ".join(f"{number:,} with {links}" for links, number in skew.spread)
        for skew in drawn
    )
    st.vega_lite_chart(
        spread_chart({_HANDS[skew.by]: skew.spread for skew in drawn}),
        theme=None,
        width="stretch",
        alt=f"Patterns by the number of links to them. {spoken}",
    )


def _skew(skew: Skew) -> str:
    if not skew.links:
        return "None."
    top = (
        "most linked pattern holds" if skew.top == 1 else f"{skew.top:,} most linked, one in a hundred, hold"
    )
    return (
        f"{_counted(skew.links, 'link')} to {skew.linked:,} of {_counted(skew.patterns, 'pattern')}. "
        f"The {top} **{skew.top_share:.1%}** of them. Gini **{skew.gini:.2f}**, where 0 is alike "
        "for all and 1 is all to one."
    )


def _show_hubs(visit: Visit, skew: Skew) -> None:
    for place, hub in enumerate(skew.hubs):
        with st.container(key=f"whole-hub-{skew.by}-{place}"):
            st.markdown(f"{hub.links:,}")
            _show_link(visit, hub.slug)


def _show_labels(labels: Sequence[LabelQuality]) -> None:
    _heading("labels")
    st.markdown(
        "Whether patterns have a name in each context's words. *Usable* names say something that the title "
        "does not; *filler* is the title with a word for whom it is; *junk* is of no use, and ignored."
    )
    rows = [
        f"| {escape_markdown(context_name(label.context))} | "
        + " | ".join(
            _part(n, label.patterns) for n in (label.usable, label.filler, label.junk, label.missing)
        )
        + " |"
        for label in labels
    ]
    with st.container(key="labels"):
        st.markdown(
            "\n".join(["| Context | Usable | Filler | Junk | Missing |", "|---|--:|--:|--:|--:|", *rows])
        )


def _part(number: int, total: int) -> str:
    if not number:
        return "–"
    return f"{number / total:.0%}" if number / total >= _LEAST_SHARE else "< 1%"


def _show_index(facts: IndexFacts, shorten: Shorten) -> None:
    _heading("index")
    shown = {
        "Generation": facts.generation,
        "Built": f"{facts.created:%d %B %Y, %H:%M} UTC",
        "From": ", ".join(map(shorten, facts.paths)),
        "Holds": facts.held,
        "Vectors": f"{facts.vectors:,}",
        "Embedding model": f"{facts.model}, {facts.dimension} dimensions",
        "On disk": _megabytes(facts.size) + (f", the vectors on {facts.server}" if facts.server else ""),
        "Made by": f"version {facts.package_version}, with chunks of form {facts.chunker_version} and "
        f"records of form {facts.records_version}",
    }
    with st.container(key="index-facts"):
        st.markdown("\n\n".join(f"**{name}** {escape_markdown(value)}" for name, value in shown.items()))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size >= 1e7 else f"{size / 1e6:,.1f} MB"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
