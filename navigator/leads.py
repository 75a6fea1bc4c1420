"""The parts of a section that its author marked off by a lead-in ("**What risks emerge:**") or by wording."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from navigator.excerpts import PROSE, Excerpt, heard, sections_of
from navigator.pattern import Block, Pattern, Section
from navigator.text import refers_back

Lead = Literal["risks", "signs_of_life", "signs_of_decay", "replant"]

SIGN_SENTENCES = 2
"""So many sentences tell a sign."""

_ROLES: Mapping[str, str] = MappingProxyType(
    {
        "flourishes": "Consequences",
        "risks": "Consequences",
        "signs_of_life": "Vitality",
        "signs_of_decay": "Vitality",
        "replant": "Vitality",
    }
)
"""The section that each part stands in."""

_LEADS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"[\s>*_#-]*(?:{lead})[\s*_]*(?::[\s*_]*|$|\n)", re.IGNORECASE)
    for name, lead in {
        "flourishes": r"what (?:flourishes|this pattern creates)|benefits",
        "risks": r"what (?:risks emerge|this pattern risks)(?: if neglected)?|risks(?: if neglected)?"
        r"|liabilities|drawbacks|downsides",
        "signs_of_life": r"signs of (?:life|vitality|health)(?: in this pattern)?",
        "signs_of_decay": r"signs of decay(?: in this pattern)?|warning signs",
        "replant": r"when to replant",
        "question": r"(?:the |a )?diagnostic question|when not to use this pattern",
    }.items()
}
"""The lead-ins that divide Consequences and Vitality, alone in a block or opening one."""

_CUES: dict[str, re.Pattern[str]] = {
    name: re.compile(cue, re.IGNORECASE)
    for name, cue in {
        "flourishes": r"\bflourish|\bstrength|\bbenefit",
        "risks": r"\b(?:risks?|dangers?|liabilit\w+|drawbacks?|downsides?|pitfalls?|shadow|fails?|failure)\b",
        "signs_of_life": r"\b(?:signs? of (?:life|vitality|health)|alive|thriv\w+|vital|vibran\w+)\b",
        "signs_of_decay": r"\b(?:decay\w*|dying|dead|hollow\w*|warning signs?)\b",
        "replant": r"\breplant",
    }.items()
}
"""What a paragraph says in its first sentence where a section has no such lead-ins."""

_ALL_RISKS = re.compile(r"anti-?patterns|gotchas|pitfalls|risks", re.IGNORECASE)
"""Names of sections, of the first spec, that tell of nothing but risks."""


def led(pattern: Pattern, lead: Lead, context: str | None) -> list[list[Excerpt]]:
    """Return the sentences under one lead-in of a section, block by block."""
    groups: list[list[Excerpt]] = []
    for section in sections_of(pattern, _ROLES[lead]):
        openings = [_lead_of(block) for block in section.blocks]
        if lead == "risks" and _ALL_RISKS.search(section.name):
            openings = [("risks", 0) if number == 0 else None for number in range(len(openings))]
        elif not any(openings):
            openings = [_cue_of(section, block, _ROLES[lead]) for block in section.blocks]
        under = ""
        for block, opening in zip(section.blocks, openings, strict=True):
            under, after = opening or (under, 0)
            if (
                under == lead
                and block.kind in PROSE
                and (told := heard(section, block, context, after=after))
            ):
                groups.append(told)
    return groups


def signs_under(pattern: Pattern, lead: Lead, context: str | None) -> list[list[Excerpt]]:
    """Return what is under a lead-in as one sign after the other, also where it is told in one paragraph.

    A sign is a list item's first sentences, or a sentence of prose with those that refer back to it.
    """
    signs: list[list[Excerpt]] = []
    for group in led(pattern, lead, context):
        if group[0].block.kind == "item":
            signs.append(group[:SIGN_SENTENCES])
            continue
        for excerpt in group:
            if not refers_back(excerpt.text):
                signs.append([excerpt])
            elif signs and signs[-1][-1].place[0] == excerpt.place[0] and len(signs[-1]) < SIGN_SENTENCES:
                signs[-1].append(excerpt)
    return signs


def _lead_of(block: Block) -> tuple[str, int] | None:
    """Return the lead-in that a block opens with, and how long it is."""
    return next(((name, m.end()) for name, lead in _LEADS.items() if (m := lead.match(block.text))), None)


def _cue_of(section: Section, block: Block, role: str) -> tuple[str, int] | None:
    """Return what the first sentence of a block says it is about, if anything."""
    told = heard(section, block, None)[:1] if block.kind in PROSE else []
    found = [
        (m.start(), name) for name, cue in _CUES.items() for each in told if (m := cue.search(each.text))
    ]
    return (min(found)[1], 0) if found else None
