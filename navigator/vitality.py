"""Whether a pattern is alive where somebody lives it: signs to look for, a reading, a note to print."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from navigator.answer import Provenance
from navigator.leads import Lead, signs_under
from navigator.pattern import Pattern

Reading = Literal["alive", "watch", "replant"]

ENOUGH = 0.5
"""Share of the signs of one sort at which they speak."""

TOLERABLE = 0.25
"""Share of the signs of decay that something alive may show."""


_LEADS: tuple[Lead, ...] = ("signs_of_life", "signs_of_decay", "replant")


@dataclass(frozen=True, slots=True)
class Signs:
    """What the author says to look for, in the words of one context.

    Attributes
    ----------
    life, decay
        Signs, each a sentence or two.
    replant
        When and how to plant it anew.
    """

    life: tuple[str, ...]
    decay: tuple[str, ...]
    replant: tuple[str, ...]


def signs_of(pattern: Pattern, context: str | None = None) -> Signs:
    """Return the signs that a pattern lists, those for other contexts left out."""
    return Signs(*(_told(pattern, lead, context) for lead in _LEADS))


def _told(pattern: Pattern, lead: Lead, context: str | None) -> tuple[str, ...]:
    return tuple(" ".join(each.text for each in sign) for sign in signs_under(pattern, lead, context))


def reading(signs: Signs, life: Collection[int], decay: Collection[int]) -> Reading | None:
    """Return what the signs add up to, nothing where none was seen.

    *Alive* where at least half of the signs of life were seen and at most a quarter of those of decay;
    *replant* where at least half of those of decay were seen and less than half of those of life;
    *watch* otherwise. Where the author lists signs of one sort only, the other counts as unseen. The
    shares are a convention of ours; no author gives any.

    Parameters
    ----------
    life, decay
        Positions of the signs that were seen.
    """
    if not life and not decay:
        return None
    living, decaying = _share(life, signs.life), _share(decay, signs.decay)
    if living >= ENOUGH and decaying <= TOLERABLE:
        return "alive"
    return "replant" if decaying >= ENOUGH and living < ENOUGH else "watch"


def _share(seen: Collection[int], signs: Collection[str]) -> float:
    return len(seen) / len(signs) if signs else 0.0


READINGS: dict[Reading, str] = {
    "alive": "Alive: keep on, and look again in a season.",
    "watch": "Watch: it is neither thriving nor gone. Choose one sign to work on, and look again in a month.",
    "replant": "Replant: the form is there and the life is not. Do not push harder; plant it anew.",
}


def note_html(
    pattern: Pattern,
    signs: Signs,
    life: Collection[int],
    decay: Collection[int],
    *,
    context: str | None,
    on: date,
) -> str:
    """Return a page to print: the signs with what was seen, the reading, and where it all comes from."""
    label, provenance = pattern.label(context), Provenance.of(pattern)
    found = reading(signs, life, decay)
    lines = [
        "<!doctype html>",
        f'<html lang="en"><meta charset="utf-8"><title>{_safe(f"Vitality check: {label}")}</title>',
        f"<style>{_PRINTED}</style>",
        f"<h1>{_safe(label)}</h1>",
        f"<p>Vitality check, {on.day} {on:%B %Y}" + (f", {_safe(pattern.title)}" * (label != pattern.title)),
        f"<p class=reading>{_safe(READINGS[found] if found else 'No sign was ticked yet.')}",
        "<h2>Signs of life</h2>",
        *_ticked(signs.life, life),
        "<h2>Signs of decay</h2>",
        *_ticked(signs.decay, decay),
    ]
    if signs.replant:
        lines += ["<h2>When to replant</h2>", f"<p>{_safe(' '.join(signs.replant))}"]
    lines += ["<h2>Where and by whom it was looked at</h2>", "<p class=blank><p class=blank>"]
    sources = f"Sources: {'; '.join(provenance.sources)}. " if provenance.sources else ""
    stars = f"Confidence {provenance.stars}. " if provenance.stars else ""
    rights = ". ".join(filter(None, [provenance.attribution, provenance.license]))
    lines.append(f"<footer>{_safe(stars + sources + rights)}</footer>")
    return "\n".join(lines) + "\n"


_PRINTED = (
    "body{font:12pt/1.5 Georgia,serif;max-width:40em;margin:2em auto;padding:0 1em;color:#222}"
    "h1{margin-bottom:0}h2{font-size:1.1em;margin:1.4em 0 .3em}ul{list-style:none;padding:0}"
    ".reading{font-weight:bold;border-left:4px solid;padding-left:.8em}"
    ".blank{border-bottom:1px solid;height:2em}"
    "footer{font-size:.85em;margin-top:2em;color:#555}"
)


def _ticked(signs: Iterable[str], seen: Collection[int]) -> list[str]:
    items = [f"<li>{'☑' if n in seen else '☐'} {_safe(sign)}" for n, sign in enumerate(signs)]
    return ["<ul>", *items, "</ul>"] if items else ["<p>The author lists none."]


def _safe(text: str) -> str:
    return html.escape(text)
