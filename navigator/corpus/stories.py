"""Stories: whose world what happened in is from.

A story belongs to the context of its author's tag, or else to the world that its words are from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from navigator.corpus.audiences import Tier, Vocabulary, words
from navigator.corpus.openings import ASIDE, TITLE, lead_in, stands_alone
from navigator.pattern import Block

STORY_EVIDENCE = 5.0
"""Least evidence, see `Vocabulary.weigh`, that places a story in a context."""

OPENING = 12
"""So many words stand for the title of a story that has none: they name who did it."""

STORY_RIVAL = 0.75
"""Share of the strongest context's evidence with which another context counts as well."""

STORY_WEIGHTS: dict[Tier, float] = {"names": 3.0, "marks": 2.0, "hints": 1.0, "settings": 0.0}
"""What finding one term tells about the world a story is from; twice that in its title."""

_NUMBERING = re.compile(r"(?:case|example|use|story|known use)\b[^:]{0,12}:\s*", re.IGNORECASE)


def story_tags(blocks: Sequence[Block], terms: Vocabulary) -> Iterator[tuple[str, ...]]:
    """Yield the contexts of each block, story by story."""
    for story in _stories(blocks):
        yield from [_story_contexts("\n".join(block.text for block in story), terms)] * len(story)


def _stories(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield the stories of a section: a block each, or a title that stands alone and what it heads."""
    story: list[Block] = []
    headed = False
    for block in blocks:
        titled = block.kind == "heading" or TITLE.match(block.text) is not None
        if story and (titled or not headed):
            yield story
            story = []
        if not story:
            headed = block.kind == "heading" or stands_alone(block.text)
        story.append(block)
    if story:
        yield story


def _story_contexts(story: str, terms: Vocabulary) -> tuple[str, ...]:
    if lead := lead_in(_NUMBERING.sub("", story, count=1) if story[:2] == "**" else story, terms):
        return lead
    match = TITLE.match(story)
    title = _NUMBERING.sub("", match["title"]) + (match["aside"] or "") if match else ""
    for aside in ASIDE.findall(title):
        text = words(aside)
        tagged = terms.ordered(
            c for mention in terms.mentions(text) for c in mention.contexts("names", "settings")
        )
        if tagged and len(text) <= 8:
            return tagged
    evidence = terms.weigh(words(story), STORY_WEIGHTS, title=len(words(title)) or OPENING)
    if not evidence:
        return ()
    enough = max(STORY_EVIDENCE, STORY_RIVAL * max(evidence.values()))
    return terms.ordered(context for context, weight in evidence.items() if weight >= enough)
