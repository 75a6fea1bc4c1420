"""Asking, through the façade: the right pattern, in the right words, and no message that fails."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from embedders import HashingEmbedder
from places import DOCUMENTS

from navigator.answer import Answer
from navigator.build import build_index
from navigator.conversation import State
from navigator.embedding import SentenceTransformerEmbedder
from navigator.errors import IndexMismatchError, IndexMissingError, PatternNotFoundError
from navigator.export import answer_markdown
from navigator.navigator import Navigator
from navigator.pattern import CONTEXTS, SECTION_NAMES
from navigator.retrieve import kind_of
from navigator.settings import load_settings
from navigator.situation import MAX_QUESTION_LENGTH
from navigator.text import words

SITUATION = "Only one person knows how this works, and she has resigned"
SECTIONS = list(enumerate(SECTION_NAMES, start=1))
RECIPE = "How long do I roast a chicken of two kilograms?"


@pytest.fixture(scope="module")
def first(navigator: Navigator) -> Answer:
    return navigator.ask(SITUATION, context="tech")


@pytest.fixture(scope="module")
def begun(navigator: Navigator) -> State:
    """A conversation after its first answer, in a context that was heard."""
    return navigator.converse(State(heard="tech"), SITUATION)[1]


def ask_on(navigator: Navigator, message: str, state: State) -> Answer:
    return navigator.converse(state, message)[0]


def said(answer: Answer, kind: str) -> str:
    return " ".join(s.text for part in answer.parts if part.kind == kind for s in part.sentences)


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("Our bookkeeper retires soon and nobody else has ever run the payroll", "rolling-handover"),
        ("If our one expert leaves, nobody can keep the machine running", "rolling-handover"),
        ("People don't tell me about trouble until it is too late", "bad-news-first"),
        ("The status slides say all is well, then the project collapses", "bad-news-first"),
        ("Rumours of layoffs are spreading as nobody is allowed to see the finances", "open-till"),
        ("I sit in calls from nine to five and cannot concentrate on anything", "quiet-mornings"),
        ("Our team is under water and the neighbouring department will not lend us anyone", "lent-hands"),
    ],
)
def test_a_situation_in_other_words_finds_its_pattern(navigator: Navigator, question: str, slug: str):
    answer = navigator.ask(question)
    assert answer.answered
    assert answer.patterns[0].slug == answer.focus == slug
    assert answer.confidence > 0.5
    assert {"tension", "therefore", "actions", "risks"} <= {part.kind for part in answer.parts}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Shadowed Departure", "Shadowed Departure"),
        ("rolling handover", "Rolling Handover"),
        ("continuity-of-post", "Continuity of Post"),
        ("BUSFACTOR PAIRNG", "Bus Factor Pairing"),
    ],
)
def test_a_pattern_is_found_by_any_of_its_names(navigator: Navigator, typed: str, name: str):
    answer = navigator.ask(typed)
    assert answer.focus == "rolling-handover"
    assert answer.confidence == 1
    assert [hit.matched_name for hit in answer.patterns[:2]] == [name, ""]
    found_by = [evidence.retriever for evidence in answer.patterns[0].evidence]
    assert found_by[0] == "name"
    assert len(found_by) == len(set(found_by))


def test_the_answer_is_in_the_words_of_the_context(navigator: Navigator):
    labels = {context: navigator.ask(SITUATION, context=context).label for context in CONTEXTS}
    assert labels == {
        "corporate": "Always-On Succession",
        "government": "Continuity of Post",
        "activist": "Two on Every Task",
        "tech": "Bus Factor Pairing",
    }
    answer = navigator.ask(SITUATION, context="government")
    assert said(answer, "actions").startswith("In government: write the second name into the job description")
    assert answer.patterns[0].label == "Continuity of Post"
    assert answer.patterns[0].title == "Rolling Handover"


def test_a_label_that_says_nothing_gives_way_to_the_title(navigator: Navigator):
    answer = navigator.ask("Books on the Counter", context="government")
    assert answer.label == "Open Till"
    assert answer.label_note == "It has no name of its own for government; this is its title."
    assert answer.message == (
        "Nothing in this pattern was written for government; these are its general passages, and those for "
        "the nearest context, marked as such."
    )
    marked = next(part for part in answer.parts if part.kind == "actions_elsewhere")
    assert marked.heading == "What to do, as written for corporate, the nearest"
    assert {sentence.contexts for sentence in marked.sentences} == {("corporate",)}


def test_a_context_is_heard_and_kept(navigator: Navigator):
    heard, state = navigator.converse(
        State(),
        "We're a software startup and the one developer who knew how the import works has left without notes",
    )
    assert (heard.context, heard.label) == ("tech", "Bus Factor Pairing")
    follow_up = ask_on(navigator, "And the risks?", state)
    assert follow_up.context == "tech"
    chosen = ask_on(navigator, "And the risks?", state.speaking("activist"))
    assert (chosen.context, chosen.label) == ("activist", "Two on Every Task")


def test_the_context_of_the_settings_is_the_last_resort(navigator: Navigator):
    settings = navigator.settings.model_copy(update={"context": "activist"})
    opened = Navigator(settings, navigator.embedder)
    assert opened.ask(SITUATION).context == "activist"
    assert opened.ask(SITUATION, context="tech").context == "tech"
    assert (
        ask_on(opened, "And the risks?", navigator.converse(State(context="tech"), SITUATION)[1]).context
        == "tech"
    )
    opened.library.close()


def test_another_context_keeps_the_pattern(navigator: Navigator, first: Answer, begun: State):
    answer, state = navigator.converse(begun, "We're a city department, say it for us")
    assert (answer.focus, answer.context, answer.label) == (first.focus, "government", "Continuity of Post")
    assert said(answer, "actions").startswith("In government:")
    again = ask_on(navigator, "And what could go wrong?", state)
    assert (again.focus, again.context) == (first.focus, "government")


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("When does this come up?", "Context"),
        ("Why is this so hard?", "Problem"),
        ("And in one sentence?", "Solution"),
        ("What do we do on Monday?", "Implementation"),
        ("And the risks?", "Consequences"),
        ("Who has done this?", "Known Uses"),
        ("What does AI change?", "Cognitive Era"),
        ("How can we tell if it is still working?", "Vitality"),
    ],
)
def test_a_follow_up_opens_a_section(navigator: Navigator, begun: State, question: str, role: str):
    answer = ask_on(navigator, question, begun)
    (part,) = answer.parts
    assert (part.kind, part.heading) == ("section", role)
    assert {sentence.source.section for sentence in part.sentences} == {role}
    assert (answer.focus, answer.confidence) == ("rolling-handover", 1)
    section = navigator.library.pattern("rolling-handover").section(role)
    assert section is not None
    others = sum(len(words(b.text)) for b in section.blocks if b.contexts and "tech" not in b.contexts)
    assert len(words(said(answer, "section"))) >= 0.9 * (len(words(section.text)) - others)


def test_a_name_is_no_follow_up_though_it_sounds_like_one(tmp_path: Path):
    for slug, title in (("signs", "Signs of Risk"), ("barn", "Barn Door")):
        sections = "\n\n".join(f"### Section {n}: {name}\n\nClerks of {slug} sing." for n, name in SECTIONS)
        (tmp_path / f"{slug}.md").write_text(f"---\nslug: {slug}\ntitle: {title}\n---\n\n{sections}\n")
    build_index([tmp_path], tmp_path / "index", HashingEmbedder())
    navigator = Navigator(load_settings(index=tmp_path / "index"), HashingEmbedder())
    asked = {
        message: ask_on(navigator, message, State(focus="barn"))
        for message in ("signs-of-risk", "Any signs?")
    }
    navigator.library.close()
    assert [answer.focus for answer in asked.values()] == ["signs", "barn"]


def test_every_section_of_the_form_can_be_opened():
    asked = [
        mark.args[1] for mark in test_a_follow_up_opens_a_section.pytestmark if mark.name == "parametrize"
    ]
    assert {role for _, role in asked[0]} == set(SECTION_NAMES)


def test_a_section_that_is_missing_is_said_to_be(navigator: Navigator):
    answer = ask_on(navigator, "Who has done this?", State(focus="kept-promises"))
    assert answer.parts == ()
    assert answer.message == "Kept Promises says nothing under “Known Uses”."


@pytest.mark.parametrize(
    ("question", "message", "slugs"),
    [
        ("What must be in place first?", "It leans on these", ["quiet-mornings"]),
        ("What comes next?", "These become possible", ["lent-hands"]),
        ("What goes well with it?", "These go well", ["open-till", "bad-news-first"]),
        (
            "Is there another way?",
            "The authors name no alternative",
            ["quiet-mornings", "lent-hands", "open-till", "bad-news-first"],
        ),
    ],
)
def test_neighbours(navigator: Navigator, begun: State, question: str, message: str, slugs: list[str]):
    answer = ask_on(navigator, question, begun)
    assert answer.message.startswith(message)
    assert [neighbour.slug for neighbour in answer.related] == slugs


def test_what_to_read_next(first: Answer):
    assert [(neighbour.slug, neighbour.kind, neighbour.label) for neighbour in first.related] == [
        ("quiet-mornings", "requires", "Maker Hours"),
        ("lent-hands", "enables", "Embedded Tour"),
        ("open-till", "complementary", "Open Till"),
        ("bad-news-first", "complementary", "Failing Loudly"),
    ]


def test_where_it_comes_from(navigator: Navigator, begun: State, first: Answer):
    assert first.provenance is not None
    assert first.provenance.license == "CC0-1.0"
    assert first.provenance.stars == "★★☆"
    answer = ask_on(navigator, "Where does this come from?", begun)
    assert answer.message == (
        "The test bench of the Pattern Navigator. It draws on Notes of the Hollowell Repair Guild (2024); "
        "A retired harbour master, in conversation. Licence: CC0-1.0."
    )
    assert answer.provenance == first.provenance


def test_how_sure_it_is(navigator: Navigator, begun: State):
    assert "★★☆ of three" in ask_on(navigator, "How sure are you?", begun).message
    unrated = State(focus="open-till")
    assert "no confidence rating" in ask_on(navigator, "How sure are you?", unrated).message
    assert ask_on(navigator, "Who wrote this?", unrated).message.startswith("Its author is not named.")


def test_a_handout_is_pointed_to(navigator: Navigator, begun: State):
    message = ask_on(navigator, "Can I have a handout?", begun).message
    assert "`navigator show rolling-handover --context tech > handout.md`" in message


def test_nothing_that_fits_is_an_answer_too(navigator: Navigator):
    answer = navigator.ask(RECIPE, context="government")
    assert not answer.answered
    assert answer.confidence < 0.5
    assert (answer.parts, answer.related, answer.provenance, answer.focus) == ((), (), None, None)
    assert 0 < len(answer.patterns) <= 3
    assert answer.message.startswith("Nothing in this library fits that. The nearest are “")
    assert all(hit.label in answer.message for hit in answer.patterns)


def test_a_new_situation_leaves_the_pattern(navigator: Navigator, begun: State, first: Answer):
    answer = ask_on(
        navigator, "Different topic: people keep bad news from me until the newspapers have it", begun
    )
    assert answer.focus == "bad-news-first"
    assert answer.context == "tech"


def test_an_article_is_a_reading_and_never_the_pattern(navigator: Navigator):
    answer = navigator.ask("Why we closed on Mondays")
    assert [hit.slug for hit in answer.readings] == ["why-we-closed-on-mondays"]
    assert "why-we-closed-on-mondays" not in [hit.slug for hit in answer.patterns]
    assert answer.confidence < 1  # of an article's name, no pattern is certain


def test_where_only_an_article_fits_no_pattern_is_put_forward(
    documents: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder
):
    (documents / "chicken.txt").write_text(
        "Roasting a chicken\n\nA chicken of two kilograms takes an hour and a half in a hot oven. "
        "Rub it with butter and salt beforehand.\n\nLet it rest for ten minutes before you carve it.\n",
        "utf-8",
    )
    index = tmp_path / "index"
    build_index([documents / "chicken.txt", documents / "kept-promises.md"], index, embedder)
    navigator = Navigator(load_settings(index=index), embedder)
    answer = navigator.ask(RECIPE)
    assert (answer.answered, answer.parts, answer.focus) == (False, (), None)
    assert [hit.slug for hit in answer.readings] == ["roasting-a-chicken"]
    assert answer.message.startswith("No pattern in this library fits that, but an article does.")
    navigator.library.close()


@pytest.mark.parametrize(
    "question",
    [
        "",
        " \n\t ",
        "\0\0",
        "?",
        "🙂🙂🙂",
        "\u202e\u200b",
        "\ud800",
        "日本語で質問します。部署間の調整がうまくいきません。",
        "Unsere Leute erzählen mir nichts, bis es zu spät ist.",
        "a" * 50_000,
        "Everything waits for me. " * 2_000,
        "<script>alert(1)</script> {question} %s \\ ' \" --",
        "[bold]red[/] $where: {'a': 1}",
        "AND OR NOT * ( NEAR/3",
    ],
    ids=lambda question: repr(question[:12]),
)
def test_no_question_fails(navigator: Navigator, begun: State, question: str):
    for state in (State(context="tech"), begun):
        answer, after = navigator.converse(state, question)
        assert State.model_validate_json(after.model_dump_json()) == after
        assert answer.answered or answer.message
        assert Answer.model_validate_json(answer.model_dump_json()) == answer
        assert len(answer.question) <= MAX_QUESTION_LENGTH
        assert answer_markdown(answer).startswith("> ")


def test_an_empty_question_is_asked_back(navigator: Navigator):
    answer = navigator.ask(" ")
    assert (answer.answered, answer.confidence, answer.patterns) == (False, 0, ())
    assert answer.message.startswith("Tell me what is going on")


def test_a_shortened_question_says_so(navigator: Navigator):
    assert "its first 4,000 characters were read" in navigator.ask(f"{SITUATION}. " * 100).message


def test_a_pattern_that_is_gone_is_no_focus(navigator: Navigator):
    answer = ask_on(navigator, "And the risks?", State(focus="no-longer-there"))
    assert "no-longer-there" not in {hit.slug for hit in answer.patterns}
    assert not any(part.kind == "section" for part in answer.parts)


def test_the_matching_passage_is_shown_with_its_place(first: Answer):
    for hit in first.patterns:
        file = Path(hit.passage.path).read_text("utf-8")
        assert words(hit.passage.text) == [
            word for word in words(file[hit.passage.start : hit.passage.end]) if word not in {"1", "2", "3"}
        ]
        assert hit.passage.chunk.startswith(f"{hit.slug}#")
        assert set(hit.matched_words) <= set(words(first.question))
        assert hit.evidence
    assert first.patterns[0].matched_words


def test_an_explanation_names_the_sentence_that_a_passage_matched(navigator: Navigator):
    told = "We are nine. Only one person knows how this works, and she has resigned! It rains a lot."
    explained = navigator.ask(told, explain=True)
    best = explained.patterns[0]
    assert (best.slug, best.matched_sentence) == (
        "rolling-handover",
        "Only one person knows how this works, and she has resigned!",
    )
    assert all(hit.matched_sentence in told for hit in explained.patterns)
    plain = navigator.ask(told)
    assert not any(hit.matched_sentence for hit in plain.patterns)
    assert [hit.slug for hit in plain.patterns] == [hit.slug for hit in explained.patterns]
    assert navigator.ask(SITUATION, explain=True).patterns[0].matched_sentence == SITUATION


def test_a_situation_of_others_is_named_as_the_reason(navigator: Navigator):
    said = navigator.library.situations()[0]
    hit = navigator.ask(said.text).patterns[0]
    assert (hit.slug, hit.matched_situation) == (said.slug, said.text)
    assert kind_of(hit.passage.chunk) == "section"


def test_json_has_the_documented_keys(first: Answer):
    written = json.loads(first.model_dump_json())
    assert written["schema"] == "navigator.answer/1"
    assert {"answered", "confidence", "context", "patterns", "parts"} <= set(written)
    assert isinstance(written["answered"], bool)
    assert 0 <= written["confidence"] <= 1
    pattern = written["patterns"][0]
    assert {"slug", "title", "label", "score", "passage"} <= set(pattern)
    assert {"section", "text", "path", "start", "end"} <= set(pattern["passage"])
    part = written["parts"][0]
    assert {"kind", "heading", "sentences"} <= set(part)
    assert {"text", "source"} <= set(part["sentences"][0])
    assert {"slug", "section", "path", "start", "end"} <= set(part["sentences"][0]["source"])
    assert written == first.model_dump(mode="json")
    assert Answer.model_validate(written) == first


def test_the_same_question_has_the_same_answer(navigator: Navigator, first: Answer):
    assert navigator.ask(SITUATION, context="tech") == first


def test_a_pattern_can_be_said_in_a_context_without_a_question(navigator: Navigator):
    answer = navigator.translate("Protected Mornings", context="activist")
    assert (answer.focus, answer.label, answer.context) == ("quiet-mornings", "Breathing Time", "activist")
    assert said(answer, "actions").startswith("In activist networks:")


def test_the_catalogue_and_names(navigator: Navigator):
    assert [entry.title for entry in navigator.catalogue()] == [
        "Bad News First",
        "Kept Promises",
        "Lent Hands",
        "Open Till",
        "Quiet Mornings",
        "Rolling Handover",
        "Why we closed on Mondays",
    ]
    for name in ("open-till", "Open Till", "BOOKS ON THE COUNTER", "shared purse"):
        assert navigator.pattern(name).slug == "open-till"
    assert navigator.pattern("why-we-closed-on-mondays").form == "article"
    assert navigator.pattern("open til").slug == "open-till"
    with pytest.raises(PatternNotFoundError, match=r"'open drawer till'.*Did you mean open-till"):
        navigator.pattern("open drawer till")
    with pytest.raises(PatternNotFoundError):
        navigator.pattern("")


def test_what_an_author_tells_word_for_word_is_answered(navigator: Navigator):
    for situation in navigator.library.situations():
        told = navigator.ask(situation.text.upper())
        assert (told.focus, told.confidence) == (situation.slug, 1.0)


def test_examples_to_start_from(navigator: Navigator):
    texts = navigator.examples(count=3)
    assert len(texts) == len(set(texts)) == 3
    assert len(navigator.examples("government", count=9)) == 2
    assert navigator.examples("nobody's", count=3) == []
    assert navigator.examples(count=0) == []


def test_asking_embeds_the_question_and_nothing_else(tmp_path: Path):
    embedder = HashingEmbedder()
    build_index([DOCUMENTS], tmp_path, embedder)
    embedded = len(embedder.embedded)
    navigator = Navigator(load_settings(index=tmp_path), embedder)
    assert navigator.ask("only one person knows how, and she left without notes").patterns
    assert len(embedder.embedded) == embedded
    navigator.library.close()


def test_a_switch_of_the_index_is_noticed_between_two_questions(tmp_path: Path):
    folder, index, embedder = tmp_path / "documents", tmp_path / "index", HashingEmbedder()
    shutil.copytree(DOCUMENTS, folder)
    build_index([folder], index, embedder)
    navigator = Navigator(load_settings(index=index), embedder)
    before = navigator.library
    assert navigator.ask("Quiet Mornings").label == "Quiet Mornings"
    assert navigator.library is before

    file = folder / "quiet-mornings.md"
    file.write_text(file.read_text("utf-8").replace("title: Quiet Mornings", "title: Silent Dawns"), "utf-8")
    (folder / "open-till.md").unlink()
    build_index([folder], index, embedder)

    assert navigator.ask("Silent Dawns").label == "Silent Dawns"
    assert navigator.library is not before
    assert "open-till" not in {entry.slug for entry in navigator.catalogue()}
    follow_up = ask_on(navigator, "And the risks?", State(focus="open-till"))
    assert "open-till" not in {hit.slug for hit in follow_up.patterns}
    before.close()
    navigator.library.close()


def test_a_refresh_reads_what_the_index_was_built_from(
    documents: Path, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "navigator.navigator.SentenceTransformerEmbedder", lambda model, **_: HashingEmbedder()
    )
    built = Navigator.build(load_settings(corpus=(documents,), index=tmp_path / "index"))
    assert (built.patterns, built.readings) == (6, 1)
    unnamed = load_settings(index=tmp_path / "index")
    assert Navigator.refresh(unnamed).unchanged
    (documents / "open-till.md").unlink()
    assert Navigator.refresh(unnamed).patterns == 5
    named = load_settings(corpus=(documents / "kept-promises.md",), index=tmp_path / "index")
    assert Navigator.refresh(named).patterns == 1


def test_an_index_of_another_model_is_refused(navigator: Navigator):
    with pytest.raises(IndexMismatchError, match=r"hashing-0.*navigator index"):
        Navigator(navigator.settings, HashingEmbedder())


def test_without_an_index_the_command_is_named(tmp_path: Path, embedder: SentenceTransformerEmbedder):
    with pytest.raises(IndexMissingError, match="navigator index"):
        Navigator(load_settings(index=tmp_path), embedder)
