"""Plain text out of Markdown, and sentences out of plain text, with offsets kept.

Everything here maps a string to strings or spans of it; nothing knows what a pattern is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import Stemmer

STOP_WORDS = frozenset(
    "a about above after again against ain't all also am an and any are aren't as at be because been "
    "before being below between both but by can could couldn't did didn't do does doesn't doing don't "
    "down during each else even ever every few for from further get gets getting go goes going got had "
    "hadn't has hasn't have haven't having he her here hers herself him himself his how i i'd i'll i'm "
    "i've if in into is isn't it it's its itself just keep keeps let like made make many me mightn't more "
    "most much mustn't my myself need needn't no nor not now of off on once one only or other our ours "
    "ourselves out over own per really same say says shan't she she's should should've shouldn't so some "
    "still such than that that'll that's the their theirs them themselves then there these they thing "
    "things this those through to too under until up us very want was wasn't we we're we've were weren't "
    "what when where which while who whom why will with won't would wouldn't you you'd you'll you're "
    "you've your yours yourself yourselves".split()
)
"""English words that say nothing about what a text is about."""

_MARKS = re.compile(
    r"!?\[(?P<anchor>[^\[\]]*)\]\((?:[^()]++|\([^()]*+\))*+\)"  # links and images
    r"|(?<!\d)\*\*(?=\S)|(?<=\S)\*\*(?!\d)"  # strong, but not 2**10
    r"|(?<!\w)__(?=[^\s_])|(?<=[^\s_])__(?!\w)"  # but not a ___ to fill in
    r"|(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])"  # emphasis
    r"|(?<![\w_])_(?=[^\s_])|(?<=[^\s_])_(?![\w_])"
    r"|`+"
)
_LINE_MARKS = re.compile(
    r"^[ \t]*(?:>[ \t]?)*(?:#{1,6}[ \t]+|[-*+•][ \t]+)?(?:\[![A-Z]+\][ \t]*)?",
    re.MULTILINE,
)
_NUMBERING = re.compile(r"(?:\A|(?<=\n\n))[ \t]*(?:>[ \t]?)*\d{1,3}[.)][ \t]+")
"""Of a list item that opens a block; in the middle of one, "12." ends a sentence."""
_TABLE_RULE = re.compile(r"^(?=.*---)[ \t:|-]++$", re.MULTILINE)
_TABLE_PIPES = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Inc|Ltd|Co|Corp|No|Nos|Vol|Fig|approx|ca|c|p|pp|v)"
    r"|\b[A-Z])\.$"
)
_LONGEST_ABBREVIATION = len("approx")
_NUMBER = re.compile(r"[\s>*_]*\d+")
"""Before a full stop, no sentence: it numbers the one that follows."""
_BOUNDARY = re.compile(r"[.!?…][\"'”’)\]*_]*(?=\s+(?:>\s*)*+[\"'“‘(\[*_#>\-]*[A-Z0-9À-Þ])|\n[ \t]*\n")
_CONTROLS = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0)} - set(map(ord, "\t\n")), "\N{REPLACEMENT CHARACTER}"
)
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_REFERENCE = re.compile(
    r"(?:(?:in|for|within|at|among|across)\s[^,:.!?]{2,60}[,:]\s+)?"  # whom it is for: "In tech, this …"
    r"(?:(?:this|that|these|those|such)\b(?!\s+(?:pattern|practice|as)\b)"
    r"|(?:instead|rather)\b(?!\s+(?:of|than)\b)"
    r"|(?:it|they|them|he|she|his|her|him|their|its|doing so|however|but|yet|and|so|or|nor|then|thus"
    r"|hence|otherwise|likewise|similarly|conversely|moreover|furthermore|additionally|also|still|again"
    r"|consequently|accordingly|as a result|for (?:example|instance)|in (?:contrast|turn|addition)"
    r"|the (?:former|latter|result|others?)|not an?)\b)",
    re.IGNORECASE,
)


def plain(markdown: str) -> str:
    """Return ``markdown`` without its marks, whitespace collapsed to single spaces.

    Words, their order and their punctuation stay; link targets and images are dropped.
    """
    text = _TABLE_RULE.sub("", markdown)
    text = _TABLE_PIPES.sub(lambda row: row[0].replace("|", " "), text)
    text = _LINE_MARKS.sub("", _NUMBERING.sub("", text))
    text = _MARKS.sub(lambda match: match["anchor"] or "", text)
    return " ".join(text.split())


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans ``(start, end)`` of the sentences of ``text``, surrounding whitespace excluded.

    The spans are in order and do not overlap, and between them lies nothing but whitespace.
    """
    start = 0
    for match in _BOUNDARY.finditer(text):
        before = max(start, match.start() - _LONGEST_ABBREVIATION)
        if _ABBREVIATION.search(text, before, match.start() + 1):
            continue
        if _NUMBER.fullmatch(text, start, match.start()):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        start += len(piece) - len(piece.lstrip())
        yield start, start + len(inner)


def refers_back(sentence: str) -> bool:
    """Whether a plain sentence opens with a word that only the sentence before it explains: "This …"."""
    return _REFERENCE.match(sentence) is not None


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, accents kept."""
    return _WORD.findall(text.lower())


def stems(text: str) -> list[str]:
    """Return the stems of the words of ``text`` that carry meaning, in order, stop words left out."""
    return [stem for word in words(text) if (stem := _stem(word))]


def content_words(text: str) -> frozenset[str]:
    """Return the set of the `stems` of ``text``."""
    return frozenset(stems(text))


@lru_cache(maxsize=1 << 18)
def _stem(word: str) -> str:
    """Return the Snowball stem of a word, nothing for a stop word."""
    word = word.replace("’", "'")
    # A stemmer must not be shared between threads, and costs a microsecond to make.
    return "" if word in STOP_WORDS else Stemmer.Stemmer("english", 0).stemWord(word)


def visible(text: str) -> str:
    """Return ``text`` with a replacement character for every control character but tabs and line ends.

    A terminal would obey them: one file name could hide a line, or type a command.
    """
    return text.translate(_CONTROLS)


def one_line(text: str) -> str:
    """Return ``text`` without characters that are not to be seen, white space collapsed to single spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def slugify(text: str) -> str:
    """Return ``text`` as a slug: ASCII letters and digits, joined by single hyphens."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text.lower()))
