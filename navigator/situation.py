"""Understanding what someone typed: a new situation, or a word about the pattern in focus.

Only wording is looked at, by the rules of two tables below; what is not recognised as a follow-up is
taken as a new situation, since answering afresh is the cheaper mistake.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from navigator.answer import Turn
from navigator.corpus.audiences import AUDIENCES, Audience, vocabulary
from navigator.corpus.audiences import words as audience_words
from navigator.corpus.contexts import hear_context
from navigator.text import content_words, words

MAX_QUESTION_LENGTH = 4_000
"""Characters of a question that are read; what goes beyond is left out, and the answer says so."""

MAX_FOLLOW_UP_WORDS = 18
"""A longer message is a situation of its own."""

MAX_ASIDE_WORDS = 12
"""So is a longer one that names a context."""

NEW = "new"
CONTEXT_CHANGE = "context"

_FOLLOW_UPS: tuple[tuple[str, str], ...] = (
    (
        NEW,
        r"different (topic|question|matter)|another (question|topic|matter)|new (question|topic)|unrelated",
    ),
    ("export", r"hand ?out|as a (document|pdf|file)|\bpdf\b|\bword (file|doc)|download|export|print"),
    (
        "provenance",
        r"where does (this|it|that) come from|who (wrote|made)|sources?\b|licen[cs]e|\bcite|author",
    ),
    ("confidence", r"how (sure|certain|confident|reliable|solid)|can (i|we) trust|evidence"),
    (
        "related:requires",
        r"before (we|i|you|one) (begin|start|do)|in place|prerequisite|(comes?|do|needs?) first",
    ),
    (
        "related:alternatives",
        r"another way|instead|alternative|other (way|option|approach)|different approach",
    ),
    ("related:enables", r"after (this|that|it)\b|comes? (after|next)|what('s| is)? next|then what|opens? up"),
    ("related:complementary", r"pairs?\b|goes? (well )?(together )?with|combine|alongside|fits? with"),
    ("Cognitive Era", r"\bai\b|artificial intelligence|language models?|chatgpt|machine learning|automat"),
    (
        "Vitality",
        r"(is|it's|its) (still )?(working|alive|dying|healthy)|\bsigns?\b|tell (if|whether)|decay|progress",
    ),
    (
        "Known Uses",
        r"who (else )?(has|have|had|did|does|uses)|examples?\b|real[- ](life|world)|case stud|done (this|it)",
    ),
    (
        "Consequences",
        r"go wrong|downsides?|risks?\b|dangers?|pitfalls?|drawbacks?|watch out|backfire|side effect",
    ),
    ("Problem", r"so hard|why is (this|it)|pull(s|ing)|tension|underlying|root cause|real problem"),
    ("Solution", r"core idea|(one|a) sentence|in short|nutshell|essence|gist|boil(s|ed)? down|main point"),
    (
        "Implementation",
        r"\bsteps?\b|monday|(get|to|we|i|you) (start|begin)|walk me|practice|implement|how (do|would) (we|i)",
    ),
    ("Context", r"when (does|do|would|should|is)|come up|kind of situation|typical|apply to"),
)
"""What a follow-up wants, and the wording that says so; the first that matches counts."""

_RULES = tuple((wants, re.compile(wording, re.IGNORECASE)) for wants, wording in _FOLLOW_UPS)


_REQUEST = re.compile(
    r"\b(?:say|put|phrase|word|translate|rewrite) (?:it|that|this)\b"
    r"|\b(?:would|does|will|could|might|can) (?:it|that|this) (?:look|sound|read|work|mean|apply)\b"
    r"|\bsame (?:thing |again )?(?:for|in)\b|\bversion for\b|\b(?:what|how) about\b",
    re.IGNORECASE,
)
_SELF_DESCRIPTION = re.compile(
    r"(?:\w+,? ){0,2}?(?:we|i)(?:['’]re|['’]m| are| am| work| run| lead| manage| organi[sz]e) "
    r"(?:an?|the|in|for|with|from|at|part of)\b"
    r"(?!.*\b(?:and|but|because|that|who|which|whose|where|when|nobody|nothing|no)\b)[^,.;:!?]*[.!]?$",
    re.IGNORECASE,
)
"""The two ways to ask for another context: "say it for a council", "we're a software shop actually"."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What was understood.

    Attributes
    ----------
    question
        The message, cleaned of control characters and cut to `MAX_QUESTION_LENGTH`.
    wants
        ``"new"``, a section role, ``"related:<kind>"``, ``"context"``, ``"confidence"``, ``"provenance"``
        or ``"export"``.
    context
        The context to answer in, if any.
    focus
        Slug of the pattern that a follow-up is about.
    shortened
        Whether the question was longer than is read.
    """

    question: str
    wants: str
    context: str | None
    focus: str | None
    shortened: bool = False

    def in_context(self, default: str | None) -> Situation:
        """Return the same with ``default`` as its context where it has none."""
        return self if self.context else replace(self, context=default)


def understand(
    question: str,
    *,
    context: str | None,
    history: Sequence[Turn] = (),
    audiences: tuple[Audience, ...] = AUDIENCES,
) -> Situation:
    """Work out what ``question`` wants, given the context asked for and the turns before.

    The context is the one given, else the one that the message speaks of ("our agency …"), else that
    of the last turn. A message that only changes the context keeps the pattern in focus.
    """
    cleaned = clean(question)
    text = cleaned[:MAX_QUESTION_LENGTH]
    heard = hear_context(text, audiences)
    last = history[-1] if history else None
    focus = last.focus if last else None
    wants = _wants(text) if focus else NEW
    if wants == NEW and focus and heard and _is_aside(text):
        wants, context = CONTEXT_CHANGE, heard
    return Situation(
        question=text,
        wants=wants,
        context=context or heard or (last.context if last else None),
        focus=focus if wants != NEW else None,
        shortened=len(text) < len(cleaned),
    )


def clean(question: str) -> str:
    """Return the question without control characters, white space collapsed."""
    return " ".join("".join(c if c.isprintable() else " " for c in question).split())


def _wants(text: str) -> str:
    if len(words(text)) > MAX_FOLLOW_UP_WORDS:
        return NEW
    return next((wants for wants, rule in _RULES if rule.search(text)), NEW)


def _is_aside(text: str) -> bool:
    """Return whether a message that names a context is no more than that."""
    if len(words(text)) > MAX_ASIDE_WORDS:
        return False
    return bool(_REQUEST.search(text) or _SELF_DESCRIPTION.match(text)) or not _told_besides(text)


def _told_besides(text: str) -> frozenset[str]:
    """Return the words that say something and don't belong to the world of a context."""
    spoken = audience_words(text)
    named = {
        n for mention in vocabulary(AUDIENCES).mentions(spoken) for n in range(mention.start, mention.end)
    }
    return content_words(" ".join(word for n, word in enumerate(spoken) if n not in named))
