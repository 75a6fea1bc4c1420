"""Whom a passage speaks to: small sections of our own, then the labelled blocks of real patterns."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from navigator.corpus import load_corpus
from navigator.corpus.audiences import AUDIENCES, Audience, audiences_of, nearest
from navigator.corpus.blocks import scan
from navigator.corpus.contexts import hear_context, tag_blocks
from navigator.pattern import CONTEXTS, Block, Pattern

SHARED = Path(__file__).resolve().parents[3] / "shared"
LABELLED = SHARED / "eval" / "context_blocks.dev.jsonl"
SEEDS = SHARED / "seeds"

EVERYONE: tuple[str, ...] = ()
ALL = ("corporate", "government", "activist", "tech")


def blocks_of(markdown: str) -> list[Block]:
    return [
        Block(kind=raw.kind, text=raw.text, start=raw.start, end=raw.end)
        for raw in scan(markdown, 0, len(markdown))
    ]


def tags(markdown: str, section: str = "Implementation") -> list[tuple[str, ...]]:
    return [block.contexts for block in tag_blocks(section, blocks_of(markdown))]


def test_the_table_names_the_contexts_of_the_form():
    assert tuple(audience.name for audience in AUDIENCES) == CONTEXTS


def test_blocks_come_back_as_they_were_but_for_their_contexts():
    blocks = blocks_of("Keep a list.\n\n**In government:** publish the list.")
    tagged = tag_blocks("Implementation", blocks)
    untagged = {"contexts": (), "sentence_contexts": ()}
    assert [block.model_copy(update=untagged) for block in tagged] == blocks


@pytest.mark.parametrize(
    ("lead_in", "context"),
    [
        ("**In corporate settings:** ", "corporate"),
        ("**In a company:** ", "corporate"),
        ("**Corporate.** ", "corporate"),
        ("**For business teams:** ", "corporate"),
        ("In **government**, ", "government"),
        ("**In government**: ", "government"),
        ("**4. In government contexts:** ", "government"),
        ("For government agencies: ", "government"),
        ("**Government (Shared Rosters Policy):** ", "government"),
        ("**For public servants**, ", "government"),
        ("*Activist callout:* ", "activist"),
        ("**Activist translation—Rosters for Movements:** ", "activist"),
        ("**In a movement:** ", "activist"),
        ("For activist movements: ", "activist"),
        ("**[Tech]** ", "tech"),
        ("**In product teams:** ", "tech"),
        ("**For tech/product contexts** (Roster AI): ", "tech"),
        ("**Step 3 (tech context):** ", "tech"),
    ],
)
def test_a_lead_in_names_the_context(lead_in: str, context: str):
    assert tags(f"{lead_in}post the roster where all can see it.") == [(context,)]


@pytest.mark.parametrize(
    "opening",
    [
        "**Product pricing.** ",
        "**Policy first.** ",
        "**Make the incorporation visible.** ",
        "**Who holds the budget?** ",
        "**Across all contexts:** ",
        "In every setting, ",
        "In practice: ",
        "In corporate, government and activist settings, ",
    ],
)
def test_a_topic_is_no_lead_in(opening: str):
    assert tags(f"{opening}post the roster where all can see it.") == [EVERYONE]


def test_a_lead_in_for_two_contexts():
    assert tags("**For government and activist groups:** swap the roster monthly.") == [
        ("government", "activist")
    ]


def test_a_heading_holds_until_the_next_one():
    text = """#### Government

Publish the roster.

**Step 1: Ask.** Put it to the clerks.

- in writing

#### All together

Read it aloud.
"""
    government = ("government",)
    assert tags(text) == [government, government, government, government, EVERYONE, EVERYONE]


def test_a_paragraph_leads_the_list_below_it_until_the_next_title():
    text = """In tech teams:

- a rota in the repository
- a pager

**Every month:** read the log.

- once through
"""
    assert tags(text) == [("tech",), ("tech",), ("tech",), EVERYONE, EVERYONE]


def test_items_have_lead_ins_of_their_own():
    text = "1. Ask around.\n2. **Corporate:** ask the board.\n3. **Tech:** ask the team.\n4. Write it down."
    assert tags(text) == [EVERYONE, ("corporate",), ("tech",), EVERYONE]


def test_the_lead_in_of_an_item_is_its_own():
    assert tags("- **Corporate:** ask the board.\n- Write it down.") == [("corporate",), EVERYONE]


def test_everyone_is_addressed_again_after_a_lead_in():
    text = "**For tech:**\n\nAsk the team.\n\nAcross all contexts, write down who was asked."
    assert tags(text) == [("tech",), ("tech",), EVERYONE]


def test_a_word_that_everyone_uses_counts_beside_other_contexts_only():
    assert tags("Organizations forget. Engineers forget what was never written.", "Context") == [("tech",)]
    text = "Organizations forget. Engineers forget. Civil servants forget."
    assert tags(text, "Context") == [("corporate", "government", "tech")]


def test_a_paragraph_about_one_contexts_version_is_its_own_to_the_end():
    text = """The tech translation of this is changing too. Agents sign for people, and few ask them twice.
What should still wait for a hand? Organizations that let everything pass will forget how to ask.

Who may sign is said aloud."""
    assert tags(text, "Cognitive Era") == [("tech",), EVERYONE]


def test_a_title_alone_holds_for_the_paragraphs_it_heads():
    text = "**For government:**\n\nAsk the clerks.\n\nThen ask again.\n\n**For tech:**\n\nAsk the team."
    assert tags(text) == [("government",)] * 3 + [("tech",)] * 2


def test_a_lead_in_with_text_holds_as_long_as_the_one_before_it():
    carried = "**Corporate:** ask.\n\nAsk twice.\n\n**Government:** ask.\n\nAsk twice."
    assert tags(carried) == [("corporate",)] * 2 + [("government",)] * 2
    single = "**Corporate:** ask.\n\n**Government:** ask.\n\nWhoever asked, write it down."
    assert tags(single) == [("corporate",), ("government",), EVERYONE]


def test_a_general_opening_and_a_sentence_for_each_context():
    text = """Count what waits. In corporate offices, count unsigned contracts. In government, count files on
the desk. Activists count unanswered calls. In product teams, count open reviews."""
    assert tags(text, "Context") == [ALL]


def test_one_sentence_in_passing_does_not_claim_a_block():
    text = """Count what waits, every Friday, with the people who do the waiting, and hang the number where
the coffee is made so that nobody has to ask for it twice. Then ask what one signature less would do. In tech,
count open reviews. Keep the counting going for a quarter before you change anything at all."""
    assert tags(text) == [EVERYONE]


def test_examples_count_as_advice_and_not_as_setting():
    text = (
        """Work piles up. A software team waits for one reviewer. A public agency waits for one signature."""
    )
    assert tags(text, "Implementation") == [("government", "tech")]
    assert tags(text, "Context") == [EVERYONE]


def told(markdown: str, section: str = "Implementation") -> list[tuple[str, ...]]:
    """Whom each sentence speaks to."""
    tagged = tag_blocks(section, blocks_of(markdown))
    return [sentence.contexts for block in tagged for sentence in block.sentences]


@pytest.mark.parametrize(
    ("sentence", "contexts"),
    [
        ("In government, publish the roster.", ("government",)),
        ("**Corporate:** ask the board.", ("corporate",)),
        ("Activist groups meet in the open.", ("activist",)),
        ("For engineers and technical teams, write it in the repository.", ("tech",)),
        ("When civil servants rotate, hand over the log.", ("government",)),
        ("Organizations forget.", EVERYONE),
        ("In practice, write it down.", EVERYONE),
        ("Write it down and tell the government.", EVERYONE),
    ],
)
def test_sentences_by_their_opening(sentence: str, contexts: tuple[str, ...]):
    assert told(sentence) == [contexts]


def test_each_sentence_of_a_round_speaks_to_its_own_context():
    text = """Count what waits. In corporate offices, count unsigned contracts. In government, count files on
the desk. Activists count unanswered calls. In product teams, count open reviews. Then look up."""
    contexts = [EVERYONE, ("corporate",), ("government",), ("activist",), ("tech",), EVERYONE]
    assert told(text, "Context") == contexts


def test_between_two_settings_everything_belongs_to_the_first():
    text = """Keep a list. In government, file it with the clerk. Auditors find it there. In tech, keep it in
the repository. The build reads it. Look at it once a month."""
    government, tech = ("government",), ("tech",)
    assert told(text) == [EVERYONE, government, government, tech, tech, EVERYONE]


def test_another_setting_ends_what_was_said_to_the_last():
    text = "Ask around. In government, ask the clerk. In choirs, ask the tenor. In tech, ask the maintainer."
    assert told(text) == [EVERYONE, ("government",), EVERYONE, ("tech",)]


def test_what_refers_back_goes_with_what_it_refers_to():
    text = """Count what waits, every Friday, with the people who do the waiting, and hang the number up
where coffee is made. Ask what one signature less would do, and for whom. In tech, count open reviews.
They tell the most. Keep counting for a quarter before you change anything at all, and say so aloud."""
    assert tags(text) == [EVERYONE]
    assert told(text) == [EVERYONE, EVERYONE, ("tech",), ("tech",), EVERYONE]


def test_a_lead_in_for_two_is_divided_by_its_sentences():
    text = """**Government and corporate:** In a ministry, ask the office. In a company, ask the board.
Write both answers down."""
    assert tags(text) == [("corporate", "government")]
    assert told(text) == [("government",), ("corporate",), ("corporate", "government")]


def test_a_block_speaks_to_the_union_of_its_sentences():
    text = "Ask around. In tech, ask the maintainers. For activist movements: ask the plenary. Write it down."
    (block,) = tag_blocks("Implementation", blocks_of(text))
    assert {context for each in block.sentence_contexts for context in each} == set(block.contexts)
    assert len(block.sentence_contexts) == 4


def test_a_document_is_written_for_the_further_contexts_that_it_has_labels_for():
    assert [each.name for each in audiences_of(("community", "tech"))] == [*ALL, "community"]
    blocks = blocks_of("**In communities:** ask at the well.\n\n**For universities:** ask the senate.")
    tagged = tag_blocks("Implementation", blocks, audiences_of(("community", "academic")))
    assert [block.contexts for block in tagged] == [("community",), ("academic",)]


@pytest.mark.parametrize(
    ("context", "others", "there"),
    [
        ("community", {"corporate", "activist"}, "activist"),
        ("academic", {"tech", "government"}, "government"),
        ("government", {"tech"}, "tech"),
        ("tech", {"tech"}, None),
        ("a-context-of-our-own", {"tech", "corporate"}, "corporate"),
        ("tech", set(), None),
    ],
)
def test_the_nearest_context(context: str, others: set[str], there: str | None):
    assert nearest(context, others) == there


def test_stories_follow_the_authors_tag():
    text = """**The Ferry Rota (Government):** Deckhands and engineers wrote code for the rota.

**The Orchard Line (Tech & Corporate):**

Pickers swapped shifts by radio.
"""
    assert tags(text, "Known Uses") == [("government",), ("corporate", "tech"), ("corporate", "tech")]


def test_stories_without_a_tag_belong_to_the_world_they_are_from():
    text = """**Harbour Street (2011).** Tenants kept a phone tree, and organizers of the rent strike passed
it on from protest to protest.

**The claims desk (2014).** At an insurer, the chief executive let employees settle customer claims; profit
rose and competitors copied it.

**The river towns (2003).** Mayors and city departments gave residents a say in the county budget.

**The build farm (2019).** Maintainers of an open-source compiler let contributors merge code at once.

**The Sunday table.** A family keeps a slate by the door on which each of them writes when they will be home.
"""
    assert tags(text, "Known Uses") == [("activist",), ("corporate",), ("government",), ("tech",), EVERYONE]


def test_a_librarians_own_context_works_like_the_others():
    academic = Audience(
        name="academic",
        names=("academic", "university", "faculty member", "researcher"),
        marks=("tenure", "dissertation"),
        hints=("student", "seminar", "lecture"),
    )
    audiences = (*AUDIENCES, academic)
    blocks = blocks_of("**In universities:** ask the senate.\n\n**In tech:** ask the maintainers.")
    assert [block.contexts for block in tag_blocks("Implementation", blocks, audiences)] == [
        ("academic",),
        ("tech",),
    ]
    assert hear_context("I'm a researcher with five students", audiences) == "academic"
    assert tags("**In universities:** ask the senate.") == [EVERYONE]


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ("we're a city department", "government"),
        ("I run a software shop", "tech"),
        ("I organise tenants", "activist"),
        ("My company has 300 employees and two plants", "corporate"),
        ("could you say it for a town council?", "government"),
        ("and for activists?", "activist"),
        ("thanks, what are the risks?", None),
        ("who has done this before?", None),
        ("", None),
        ("our company builds software for the ministry, and the union organizers hate it", None),
    ],
)
def test_hearing_where_a_person_is_from(message: str, context: str | None):
    assert hear_context(message) == context


@pytest.mark.parametrize("text", ["**", "#", "- ", "**:**", "In ", ":", "((((", "**In government" * 500])
def test_odd_blocks_are_tagged_without_complaint(text: str):
    block = Block(kind="paragraph", text=text, start=0, end=len(text))
    for section in ("Implementation", "Known Uses"):
        assert len(tag_blocks(section, [block])) == 1


def test_long_blocks_take_no_more_than_their_length():
    block = Block(kind="paragraph", text="In government, **ask (twice; " * 5_000, start=0, end=0)
    start = time.perf_counter()
    tag_blocks("Implementation", [block])
    tag_blocks("Known Uses", [block])
    assert time.perf_counter() - start < 5


def labelled_sections() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    for (_, section), group in itertools.groupby(rows, key=lambda row: (row["slug"], row["section"])):
        yield section, list(group)


def kind_of(text: str) -> Any:
    return "heading" if text.startswith("#") else "item" if text.startswith("- ") else "paragraph"


def scores(pairs: Sequence[tuple[set[str], set[str]]]) -> tuple[float, float]:
    """Return micro F1 over (block, context) pairs and the share of blocks that are exactly right."""
    hits = sum(len(found & true) for found, true in pairs)
    total = sum(len(found) + len(true) for found, true in pairs)
    return 2 * hits / total, sum(found == true for found, true in pairs) / len(pairs)


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled blocks of real patterns are not here")
def test_labelled_blocks_of_real_patterns():
    pairs = []
    for section, rows in labelled_sections():
        blocks = [Block(kind=kind_of(row["text"]), text=row["text"], start=0, end=0) for row in rows]
        for block, row in zip(tag_blocks(section, blocks), rows, strict=True):
            pairs.append((set(block.contexts), set(row["contexts"])))
    f1, exact = scores(pairs)
    assert f1 >= 0.95
    assert exact >= 0.95


@pytest.mark.skipif(not SEEDS.exists(), reason="the seed documents are not here")
def test_the_seeds_tag_perfectly():
    by_slug = {pattern.slug: pattern for pattern in load_corpus([SEEDS]).patterns}
    leading, organizing = by_slug["distributed-leadership-in-complexity"], by_slug["distributed-organizing"]

    def found(pattern: Pattern, role: str) -> list[tuple[str, ...]]:
        section = pattern.section(role)
        assert section is not None
        return [block.contexts for block in section.blocks]

    corporate, government, activist, tech = ((context,) for context in ALL)
    general = EVERYONE
    assert found(leading, "Context") == [general, ALL, general, general]
    steps = [general, general, corporate, government, activist, tech, general, general, general]
    steps += [
        general,
        general,
        tech,
        corporate,
        government,
        activist,
        general,
        general,
        general,
        general,
        general,
    ]
    assert found(leading, "Implementation") == steps
    assert set(found(leading, "Consequences")) == {general}
    assert found(leading, "Known Uses") == [tech, tech, government, government, tech, tech]
    assert found(organizing, "Implementation") == [activist, corporate, government, tech]
    assert found(organizing, "Known Uses") == [activist, corporate, tech]
    assert found(organizing, "Cognitive Era") == [general, general, tech]
    for role in ("Context", "Problem", "Solution", "Consequences", "Vitality"):
        assert set(found(organizing, role)) == {general}
