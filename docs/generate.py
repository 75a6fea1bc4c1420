"""Write the generated part of the documentation anew: the table of findings in ``writing-patterns.md``.

python docs/generate.py
"""

from __future__ import annotations

import re
from pathlib import Path

from navigator.corpus.findings import CODES

PAGE = Path(__file__).resolve().parent / "writing-patterns.md"

_TABLE = re.compile(
    r"(?<=<!-- findings: written by docs/generate.py -->\n).*?(?=<!-- findings: end -->)", re.S
)


def with_findings(page: str) -> str:
    """Return the text of the page with the table as the code has it."""
    rows = [f"| `{code}` | {level} | {meaning} |\n" for code, (level, meaning) in CODES.items()]
    table = "".join(["\n| finding | level | what it means |\n", "|---|---|---|\n", *rows, "\n"])
    return _TABLE.sub(lambda _: table, page)


if __name__ == "__main__":
    PAGE.write_text(with_findings(PAGE.read_text("utf-8")), "utf-8")
