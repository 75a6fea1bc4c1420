"""What a facilitator hands out, read again in each of its forms."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from markdown_it import MarkdownIt
from pypdf import PdfReader
from pypdf.generic import Destination

from navigator.answer import Answer
from navigator.errors import HandoutError, LicenceError, PatternNotFoundError
from navigator.export import Format, render
from navigator.export.files import chosen_format
from navigator.handout import Handout, compose
from navigator.navigator import Navigator
from navigator.pattern import Pattern

STRING = ["rolling-handover", "open-till", "bad-news-first"]
EVERY_FORM: list[Format] = ["md", "html", "docx", "pdf"]
HOSTILE = (
    "<script>alert(1)</script> *a* _b_ `c` [d](javascript:e) | {nb} & &amp; # <!-- \x00\x1b[2J\u202e\ufffe"
)
HOSTILE_SEEN = "<script>alert(1)</script> *a* _b_ `c` [d](javascript:e) | {nb} & &amp; # <!-- [2J"


class Page(HTMLParser):
    """The tags of a page, and its text outside of the style sheet."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data if "head" in self._open else f" {data}"


def handout(
    navigator: Navigator, names: Sequence[str], *, context: str | None = "government", **changes: object
) -> Handout:
    """The handout of patterns, each changed in the same way."""
    patterns = [navigator.library.pattern(name).model_copy(update=changes) for name in names]
    answers = [[navigator.translate(name, context=context)] for name in names]
    return compose(patterns, answers)


def text_of(content: bytes, form: Format) -> str:
    """All that a reader sees, white space collapsed."""
    if form == "docx":
        text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)
    elif form == "pdf":
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif form == "html":
        text = Page(content).text
    else:
        text = Page(MarkdownIt().render(content.decode()).encode()).text
    return " ".join(text.split())


def bookmarks(outline: list[Destination | list[object]], level: int = 0) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for entry in outline:
        if isinstance(entry, list):
            found += bookmarks(entry, level + 1)
        else:
            found.append((level, str(entry.title)))
    return found


# What is in it


@pytest.mark.parametrize("form", EVERY_FORM)
def test_every_form_says_the_same_with_its_source_on_it(navigator: Navigator, form: Format):
    written = text_of(navigator.handout(STRING, to=form, context="government"), form)
    for name in STRING:
        answer = navigator.translate(name, context="government")
        assert answer.label in written
        for part in answer.parts:
            for sentence in part.sentences:
                assert " ".join(sentence.text.split()) in written
        for source in answer.provenance.sources if answer.provenance else ():
            assert source in written
    assert "A string of three patterns" in written
    assert "This handout is under CC0-1.0, as its sources are." in written
    assert "The test bench of the Pattern Navigator" in written
    assert "https://creativecommons.org/publicdomain/zero/1.0/" in written or form == "html"


def test_nobody_asked_so_nothing_says_why_this_one(navigator: Navigator):
    written = navigator.handout(STRING, to="md", context="government").decode()
    assert "## The situation\n" in written
    assert "Why this one" not in written


def test_one_line_says_why_each_pattern_follows(navigator: Navigator):
    lines = [sheet.transition for sheet in handout(navigator, STRING).sheets]
    assert lines == [
        navigator.pattern("rolling-handover").summary.split(". ")[0].rstrip(".") + ".",
        "It goes with “Continuity of Post”.",
        "“Open Till” needs it.",
    ]


def test_a_relationship_counts_from_either_end_and_the_nearest_first(navigator: Navigator):
    one, two = navigator.library.pattern("kept-promises"), navigator.library.pattern("quiet-mornings")
    answers = [[navigator.translate(name, context="tech")] for name in ("kept-promises", "quiet-mornings")]
    bare = {"relationships": {}}
    link = {"slug": "kept-promises", "target": "kept-promises", "reason": "Silence keeps them."}
    tied = Pattern.model_validate({**two.model_dump(), "relationships": {"requires": (link,)}})
    first = compose([one.model_copy(update=bare), tied], answers).sheets[1].transition
    assert first == f"It needs “{answers[0][0].label}” first. Silence keeps them."
    turned = compose([tied, one.model_copy(update=bare)], answers[::-1]).sheets[1].transition
    assert turned == f"“{answers[1][0].label}” needs it. Silence keeps them."
    alone = compose([one.model_copy(update=bare), two.model_copy(update=bare)], answers).sheets[1].transition
    assert alone
    assert two.summary.startswith(alone)


def test_a_pattern_named_twice_is_there_once_and_by_any_of_its_names(navigator: Navigator):
    written = json.loads(navigator.handout(["open-till", "Open Till", "Bad News First"], to="json"))
    assert [sheet["slug"] for sheet in written["sheets"]] == ["open-till", "bad-news-first"]


def test_all_contexts_have_their_say_and_what_is_for_all_stands_once(navigator: Navigator):
    written = navigator.handout(["rolling-handover"], to="md", context="all").decode()
    related = navigator.translate("rolling-handover", context="tech").related
    titles = [neighbour.title for neighbour in related if neighbour.kind == "complementary"]
    assert f"- Goes with: {' and '.join(titles)}\n" in written
    assert written.startswith("# Rolling Handover\n")
    assert "Continuity of Post (government)" in written
    for opening in ("In government:", "In corporate settings:", "In tech:", "In activist networks:"):
        assert written.count(opening) == 1
    assert written.count("List the tasks that would hurt to lose.") == 1


def test_the_brief_form_is_shorter(navigator: Navigator):
    full, brief = (navigator.handout(STRING, to="md", form=form) for form in ("full", "brief"))
    assert len(brief) < 0.7 * len(full)


@pytest.mark.parametrize("form", EVERY_FORM)
def test_the_same_handout_is_the_same_file(navigator: Navigator, form: Format):
    made = handout(navigator, STRING[:1])
    content = render(made, form)
    assert render(made, form) == content
    if form == "pdf":
        assert "/CreationDate" not in (PdfReader(io.BytesIO(content)).metadata or {})
    if form == "docx":
        assert {file.date_time[0] for file in ZipFile(io.BytesIO(content)).infolist()} == {1980}
        assert "dcterms:created" not in docx.Document(io.BytesIO(content)).core_properties._element.xml


def test_json_holds_the_answers_with_their_places(navigator: Navigator):
    written = json.loads(navigator.handout(STRING, to="json", context="tech", title="Monday"))
    assert written["schema"] == "navigator.handout/1"
    assert (written["title"], written["contexts"], written["licence"]) == ("Monday", ["tech"], "CC0-1.0")
    assert Handout.model_validate(written).sheets[0].answers[0].parts[0].sentences[0].source.end > 0


# Licences


def test_a_licence_that_is_to_be_shared_alike_holds_for_the_handout(navigator: Navigator):
    made = handout(navigator, STRING[:1], license="CC-BY-SA-4.0")
    assert made.terms == (
        "This handout is under CC-BY-SA-4.0, as its source is. "
        "Share what you make of it under the same licence."
    )
    assert b"https://creativecommons.org/licenses/by-sa/4.0/" in render(made, "html")


def test_different_licences_are_named_with_each_pattern(navigator: Navigator):
    patterns = [navigator.library.pattern(name) for name in STRING[:2]]
    answers = [[navigator.translate(name)] for name in STRING[:2]]
    mixed = [
        p.model_copy(update={"license": text})
        for p, text in zip(patterns, ("CC0-1.0", "Ours alone"), strict=True)
    ]
    made = compose(mixed, answers)
    assert made.licence == ""
    written = render(made, "md").decode()
    assert "Its patterns are under different licences" in written
    assert "- Licence: CC0-1.0, <https" in written
    assert "- Licence: Ours alone\n" in written
    unknown = [mixed[1], patterns[0].model_copy(update={"license": "CC BY-SA 4.0"})]
    assert compose(unknown, answers).terms.endswith(
        "Share what you make of “Rolling Handover” under CC-BY-SA-4.0."
    )
    alike = [patterns[0], patterns[1].model_copy(update={"license": "CC BY-SA 4.0"})]
    assert "under CC-BY-SA-4.0, as “Open Till” is" in compose(alike, answers).terms


def test_what_may_not_be_adapted_is_refused(navigator: Navigator):
    with pytest.raises(LicenceError, match=r"“Open Till” is under CC-BY-ND-4\.0, which allows no adaptation"):
        handout(navigator, ["open-till"], license="CC-BY-ND-4.0")


# The forms


def test_pdf_has_bookmarks_links_numbers_and_a_footer_on_every_page(navigator: Navigator):
    read = PdfReader(io.BytesIO(navigator.handout(STRING, to="pdf", context="government")))
    marks = bookmarks(read.outline)
    assert [title for level, title in marks if level == 0] == [
        "A string of three patterns",
        *(navigator.translate(name, context="government").label for name in STRING),
    ]
    assert (1, "What to do") in marks
    contents = read.pages[0].extract_text()
    for entry in read.outline[1:]:
        if not isinstance(entry, list):
            page = read.get_destination_page_number(entry)
            assert page is not None
            assert re.search(rf"{re.escape(str(entry.title))}\s+{page + 1}\b", contents)
    assert len(read.pages[0].annotations or []) >= len(STRING)
    for number, page in enumerate(read.pages, start=1):
        assert f"{number} / {len(read.pages)}" in page.extract_text()
        assert "CC0-1.0" in page.extract_text()
    about = read.metadata
    assert about is not None
    assert (about.title, about.author) == (
        "A string of three patterns",
        "The test bench of the Pattern Navigator",
    )


@pytest.mark.parametrize(("paper", "width"), [("a4", 210.0), ("letter", 215.9)])
def test_pages_have_the_size_that_was_asked_for(navigator: Navigator, paper, width: float):
    read = PdfReader(io.BytesIO(navigator.handout(["open-till"], to="pdf", paper=paper)))
    assert float(read.pages[0].mediabox.width) / 72 * 25.4 == pytest.approx(width, abs=0.1)
    document = docx.Document(io.BytesIO(navigator.handout(["open-till"], to="docx", paper=paper)))
    assert document.sections[0].page_width.mm == pytest.approx(width, abs=0.1)
    assert f"size: {width}mm".encode() in navigator.handout(["open-till"], to="html", paper=paper)


def test_word_has_real_styles_lists_and_fields(navigator: Navigator):
    document = docx.Document(io.BytesIO(navigator.handout(STRING, to="docx", context="government")))
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {
        "Title",
        "Heading 1",
        "Heading 2",
        "Body Text",
        "List Bullet",
        "List Number",
        "Intense Quote",
    } <= styles
    assert "Normal" not in styles
    names = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert names == [navigator.translate(name, context="government").label for name in STRING]
    anchors = {mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))}
    assert {link.get(qn("w:anchor")) for link in document.element.iter(qn("w:hyperlink"))} - {None} == anchors
    assert len(document.sections) == 1 + len(STRING)
    for section, name in zip(document.sections[1:], names, strict=True):
        first, second = section.footer.paragraphs
        assert first.text.startswith(name)
        assert "CC0-1.0" in second.text
        fields = [field.get(qn("w:instr")) for field in first._p.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_word_numbers_go_on_and_begin_as_the_authors(navigator: Navigator):
    made = with_items(navigator, ["2.", "3.", "7.", "-"])
    document = docx.Document(io.BytesIO(render(made, "docx")))
    numbering = document.part.numbering_part.element
    lists = [
        p._p.pPr.numPr.numId.val
        for p in document.paragraphs
        if p.style.name == "List Number" and p.text.startswith("It")
    ]
    starts = [
        numbering.num_having_numId(number).find(f".//{qn('w:startOverride')}").get(qn("w:val"))
        for number in lists
    ]
    assert lists[0] == lists[1] != lists[2]
    assert starts == ["2", "2", "7"]
    page = Page(render(made, "html"))
    assert [attributes.get("start") for tag, attributes in page.tags if tag == "ol"] == ["2", "7"]
    rendered = Page(MarkdownIt().render(render(made, "md").decode()).encode())
    assert [attributes.get("start") for tag, attributes in rendered.tags if tag == "ol"] == ["2", "7"]


def test_html_fetches_nothing(navigator: Navigator):
    page = navigator.handout(STRING, to="html", context="government")
    read = Page(page)
    assert not {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in read.tags}
    assert b"url(" not in page
    assert b"@import" not in page
    assert b"default-src 'none'" in page
    anchors = {attributes["id"] for tag, attributes in read.tags if tag == "article"}
    assert {a["href"] for tag, a in read.tags if tag == "a" and (a["href"] or "").startswith("#")} == {
        f"#{anchor}" for anchor in anchors
    }


# Text as it comes


def spoken(navigator: Navigator, text: str, *fields: str) -> Handout:
    """A handout in which everything that a document can say is ``text``, or only these fields are."""
    rights = {} if fields else {"license": text, "attribution": text, "sources": (text,)}
    made = handout(navigator, ["rolling-handover", "open-till"], **rights)
    said = set(fields) or {"title", "label", "transition", "text", "message", "path"}
    return Handout.model_validate(replaced(made.model_dump(), text, said))


def replaced(value: object, text: str, said: set[str]) -> object:
    """Return a dump of a handout with fields of it replaced by ``text``."""
    if isinstance(value, dict):
        return {key: text if key in said else replaced(inner, text, said) for key, inner in value.items()}
    return [replaced(inner, text, said) for inner in value] if isinstance(value, (list, tuple)) else value


def with_items(navigator: Navigator, markers: list[str]) -> Handout:
    """A handout whose list items have these markers."""
    made = handout(navigator, ["open-till"])
    answer = made.sheets[0].answers[0]
    part = next(part for part in answer.parts if part.kind == "actions")
    first = part.sentences[0]
    items = tuple(
        first.model_copy(update={"marker": marker, "block": block, "text": f"It is number {block}."})
        for block, marker in enumerate(markers)
    )
    told = Answer.model_validate(
        {**answer.model_dump(), "parts": (part.model_copy(update={"sentences": items}),)}
    )
    told = told.model_copy(update={"related": ()})
    sheet = made.sheets[0].model_copy(update={"answers": (told,)})
    return made.model_copy(update={"sheets": (sheet,)})


@pytest.mark.parametrize("form", EVERY_FORM)
def test_hostile_text_is_shown_and_does_nothing(navigator: Navigator, form: Format):
    content = render(spoken(navigator, HOSTILE), form)
    written = text_of(content, form)
    assert HOSTILE_SEEN in written
    assert not re.search("[\x00-\x08\x1b\u202e\ufffe]", written)
    if form == "html":
        assert not {"script"} & {tag for tag, _ in Page(content).tags}
        assert content.count(b"</style>") == 1
    if form == "md":
        rendered = Page(MarkdownIt("commonmark").render(content.decode()).encode())
        assert not {"script", "code", "img"} & {tag for tag, _ in rendered.tags}
        assert not any("javascript" in str(attributes) for _, attributes in rendered.tags)


def test_characters_that_the_fonts_lack_have_a_stand_in_and_are_owned_up_to(navigator: Navigator):
    text = "Łódź, naïve “quotes” – Ελλάδα Москва Ｆine 2½ ★☆ e\u0301 日本 שלום"
    written = text_of(render(spoken(navigator, text, "transition"), "pdf"), "pdf")
    assert "Łódź, naïve “quotes” – Ελλάδα Москва Fine 2½ * é ◊◊ ◊◊◊◊" in written
    assert "◊ stands for 6 characters that these fonts lack; the Word and HTML forms have all." in written
    for form in ("docx", "html", "md"):
        assert "日本 שלום" in text_of(render(spoken(navigator, text, "transition"), form), form)
    plain = text_of(navigator.handout(["open-till"], to="pdf"), "pdf")
    assert "◊" not in plain


@pytest.mark.parametrize("form", EVERY_FORM)
@pytest.mark.parametrize("text", ["Word " * 80, "x" * 400], ids=["many words", "one word"])
def test_long_names_are_whole_and_stay_on_the_page(navigator: Navigator, form: Format, text: str):
    written = text_of(render(spoken(navigator, text, "title", "label"), form), form)
    assert written.replace(" ", "").count(text.replace(" ", "")) >= 4


def test_strings_of_ten_are_numbered_through(navigator: Navigator):
    made = handout(navigator, STRING[:2])
    ten = made.model_copy(update={"sheets": made.sheets * 5})
    read = PdfReader(io.BytesIO(render(ten, "pdf")))
    assert len([entry for entry in read.outline if not isinstance(entry, list)]) == 11
    assert "Pattern 10 of 10" in read.pages[-1].extract_text() + read.pages[-2].extract_text()
    assert len(docx.Document(io.BytesIO(render(ten, "docx"))).sections) == 11
    assert render(ten, "html").count(b"<article") == 10


# Where it goes


@pytest.mark.parametrize(
    ("to", "file", "form"),
    [
        (None, None, "md"),
        (None, "a.PDF", "pdf"),
        (None, "a.markdown", "md"),
        ("docx", "a.bin", "docx"),
        ("pdf", None, "pdf"),
    ],
)
def test_the_form_is_named_or_told_by_the_ending(to: str | None, file: str | None, form: str, tmp_path):
    assert chosen_format(to, tmp_path / file if file else None) == form


def test_an_ending_that_names_no_form_is_refused(tmp_path):
    with pytest.raises(HandoutError, match=r"handout\.odt: add --to md, html"):
        chosen_format(None, tmp_path / "handout.odt")


def test_an_article_and_an_unknown_name_are_refused(navigator: Navigator):
    with pytest.raises(PatternNotFoundError, match="is an article"):
        navigator.handout(["open-till", "why-we-closed-on-mondays"], to="md")
    with pytest.raises(PatternNotFoundError, match=r"Did you mean open-till\?"):
        navigator.handout(["open drawer till"], to="md")
