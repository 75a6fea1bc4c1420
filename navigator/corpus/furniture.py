"""What a web page wraps around its text: share buttons, dates, menus, teasers, notices, wrappers.

The rules look at the shape of single lines and at how lines follow each other, never at the names of
particular sites. Where a line could be text, it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from navigator.corpus.blocks import RawBlock
from navigator.text import words

LONG = 200
"""A paragraph of so many characters is running text."""


def _one_of(*shapes: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{shape})" for shape in shapes), re.IGNORECASE)


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?"
_CLOCK = r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: [a-z]{2,4})?"
_DATE = (
    rf"(?:{_WEEKDAY} )?(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.? {_MONTH},? \d{{4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
    rf"(?:(?:,| at| -| –)? ?{_CLOCK})?"
)
_DATE_LINE = re.compile(
    rf"(?:(?:first |last )?(?:published|posted|updated|modified|date)(?: on)?:? )?(?P<date>{_DATE})",
    re.IGNORECASE,
)
_NAME = r"(?: [A-ZÀ-Þ][\w.'’-]+){2,4}"
_BYLINE = re.compile(rf"(?i:by|written by|posted by|words by|author:)({_NAME})(?:,? (?:and|&)({_NAME}))?")
_BUTTON = _one_of(
    r"advertisement|advertising|ad|sponsored(?: content| post)?|promoted(?: content)?",
    r"(?:story|article) continues (?:after|below).*|scroll to continue.*|continue reading|see all|view all",
    r"skip to (?:main )?(?:content|navigation)|(?:toggle|open|close|main) (?:navigation|menu)|menu",
    r"search|close|reply|post comment|privacy policy|cookie policy|accept(?: all)?(?: cookies)?",
    r"log ?in|log ?out|sign (?:in|up)(?: now)?|subscribe(?: now| today)?|cancel(?: reply)?|learn more",
    r"back to top|load more.*|show (?:more|less)|read (?:more|full article)|click here|table of contents",
    r"(?:next|previous|older|newer)(?: posts?| articles?)?|listen(?: to this article)?|terms of use",
    r"share (?:this|on)\b.{0,30}|follow us\b.{0,30}|stay (?:in touch|connected|informed).{0,30}",
    r"\d+ ?min(?:ute)?s?\.?(?: read)?|reading time:? .{1,20}",
    r"(?:no|\d[\d.,]*k?m?) (?:comments?|views?|shares?|likes?|replies|claps)",
    r"(?:[-–—=_*~#.•◦‣▪»«>]\s*)+",
)
"""Lines, or parts of a line, that are a button, a counter or an ornament."""

_PARTS = re.compile(r" *[|·•] *| {2,}| [–—-] ")
_NOTICE = _one_of(
    r"your email address will not be published|required fields are marked|save my name,? email",
    r"(?:uses?|using) cookies|we value your privacy|this site uses akismet|enable javascript",
    r"(?:subscribe|sign up)(?: \w+){0,3} (?:to|for) (?:our|the|my) (?:\w+ ){0,3}newsletter",
    r"all rights reserved|^(?:©|\(c\)|copyright (?:©|\(c\)|\d{4}))|^powered by ",
)
_CAPTION = _one_of(
    r"!\[[^\]]*\]\([^)]*\)$",
    r"(?:photo(?:graph)?|image|picture|illustration|graphic)s?(?: credits?)?(?::| by | courtesy | ©)",
    r".*\b(?:unsplash|shutterstock|getty images|pexels|pixabay|istock(?:photo)?|adobe stock)\W*$",
)
_FILING = _one_of(r"(?:tags?|tagged|filed under|categor(?:y|ies)|posted in):? ", r"home ?[>»›/→]")
_WRAPPER = re.compile(r"""[\s{}\[\]"“”',:]*|[{\[\s]*["“”]\w+["“”]\s*:\s*["“”{\[]?""")

_NETWORKS = frozenset(
    "facebook twitter x linkedin reddit whatsapp telegram pinterest instagram youtube tiktok messenger"
    " threads mastodon bluesky tumblr pocket flipboard tweet share shares email print".split()
)
_SHARING = _NETWORKS | frozenset(
    "on via this article post page story by to with us follow copy link save like pin it or and".split()
)
_MENU = frozenset(
    "home menu search about contact blog news login register newsletter subscribe sitemap archive archives"
    " careers events podcast podcasts shop store cart account faq help support resources topics us".split()
)

_MENU_SHARE = 0.6
"""A line is a menu where it has three words of one, and this share of its words are."""

_CLOSING = _one_of(
    r"(?:leave|post|add|write) a (?:reply|comment)|join the (?:conversation|discussion)",
    r"(?:\d+ )?comments?(?: \(\d+\))?|\d+ (?:responses|thoughts on .*)",
)
"""Headings below which nothing of the article comes."""

_TEASING = _one_of(
    r"(?:related|similar|recommended|suggested|popular|recent|latest|featured|trending|other|more)"
    r" (?:articles?|patterns|posts?|stories|story|content|news|insights)(?: .{0,40})?",
    r"you (?:may|might) (?:also )?(?:like|enjoy|be interested in).*|more from .{1,40}|don['’]t miss",
    r"recommended for you|(?:read|up|what to read) next.*|read also.*|most (?:read|popular)",
    r"trending(?: now)?|editor['’]s picks?|about the authors?",
)
"""Headings below which teasers come, and at times the article goes on."""


def without_furniture(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """Return the blocks that are the page's own text."""
    teasers = _teasers(blocks)
    own = [block for index, block in enumerate(blocks) if index not in teasers]
    return [block for block in own if not is_furniture(block.text)]


def is_furniture(line: str) -> bool:
    """Whether a line can be nothing but furniture."""
    line = _bare(line)
    return is_wrapper(line) or _NOTICE.search(line[:LONG]) is not None or _is_label(line) or _is_meta(line)


def is_wrapper(line: str) -> bool:
    """Whether a line is what is left of a JSON object around the text."""
    return len(line) <= LONG and _WRAPPER.fullmatch(line) is not None


def date_of(line: str) -> str:
    """Return the date that a line of date, author and the like gives, empty where there is none."""
    line = _bare(line)
    if not _is_meta(line):
        return ""
    return next((match["date"] for part in _PARTS.split(line) if (match := _DATE_LINE.fullmatch(part))), "")


def authors_of(line: str) -> tuple[str, ...]:
    """Return whom a line of author, date and the like names."""
    line = _bare(line)
    if not _is_meta(line):
        return ()
    bylines = (match for part in _PARTS.split(line) if (match := _BYLINE.fullmatch(part)))
    return tuple(name.strip() for byline in bylines for name in byline.groups() if name)


def _bare(line: str) -> str:
    return line.strip(" \t#*_>")


def _is_label(line: str) -> bool:
    """Whether a line is a caption, a list of tags, a path through the site, a menu or share buttons."""
    if len(line) > LONG:
        return False
    spoken = {word for word in words(line) if not word.isdigit()}
    sharing = spoken <= _SHARING and bool(spoken & _NETWORKS)
    menu = len(spoken & _MENU) > 2 and len(spoken & _MENU) >= len(spoken) * _MENU_SHARE
    return sharing or menu or any(shape.match(line) for shape in (_CAPTION, _FILING))


def _is_meta(line: str) -> bool:
    """Whether a line is made of dates, authors, reading times and buttons alone."""
    if len(line) > LONG:
        return False
    shapes = (_DATE_LINE, _BYLINE, _BUTTON)
    return all(any(shape.fullmatch(part) for shape in shapes) for part in _PARTS.split(line) if part)


def _teasers(blocks: Sequence[RawBlock]) -> set[int]:
    """Return the indices of what leads away from the page: comments, teasers of other articles."""
    teasers = set(_dated_tail(blocks))
    index = 0
    while index < len(blocks):
        heading = _bare(blocks[index].text[:LONG])
        if _CLOSING.fullmatch(heading):
            return teasers | set(range(index, len(blocks)))
        stop = _resumes(blocks, index + 1) if _TEASING.fullmatch(heading) else index
        teasers |= set(range(index, stop))
        index = max(stop, index + 1)
    return teasers


def _resumes(blocks: Sequence[RawBlock], start: int) -> int:
    """Return where an article goes on: at two long paragraphs, or a heading over a longer one."""
    for index in range(start, len(blocks) - 1):
        block, following = blocks[index], blocks[index + 1]
        if block.level and len(following.text) >= 2 * LONG:
            return index
        if all(each.kind == "paragraph" and len(each.text) >= LONG for each in (block, following)):
            return index
    return len(blocks)


def _dated_tail(blocks: Sequence[RawBlock]) -> range:
    """Return the run of at least three teasers, each with its date below it, that a page may end with."""
    dates = [index for index, block in enumerate(blocks) if date_of(block.text)]
    if not dates or dates[-1] != len(blocks) - 1:
        return range(0)
    first = len(dates) - 1
    while first and 2 <= dates[first] - dates[first - 1] <= 4:
        first -= 1
    if len(dates) - first < 3:
        return range(0)
    step = dates[first + 1] - dates[first]
    return range(max(dates[first] - step + 1, 0), len(blocks))
