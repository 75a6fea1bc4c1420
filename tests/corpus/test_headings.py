from __future__ import annotations

import pytest

from navigator.corpus.headings import parse_heading


@pytest.mark.parametrize(
    ("text", "name", "number", "role"),
    [
        ("### Section 1: Context", "Context", 1, "Context"),
        ("Section 8 — Vitality", "Vitality", 8, "Vitality"),
        ("## 1. Overview (150-300 words)", "Overview", 1, "Context"),
        ("**3) Key Practices**", "Key Practices", 3, "Implementation"),
        ("5. 7 Pillars Assessment", "7 Pillars Assessment", 5, None),
        ("7 Pillars Assessment", "7 Pillars Assessment", None, None),
        ("6. Evidence & Impact:", "Evidence & Impact", 6, "Known Uses"),
        ("7. Anti-Patterns and Gotchas", "Anti-Patterns and Gotchas", 7, "Consequences"),
        ("8. Vitality: The Quality Without a Name", "Vitality: The Quality Without a Name", 8, "Vitality"),
        ("2.1 Problem", "Problem", None, "Problem"),
        ("3. Problem-Solving Together", "Problem-Solving Together", 3, None),
        ("Implementation Guide", "Implementation Guide", None, None),
        ("1984", "1984", None, None),
        ("10 Ways to Listen", "10 Ways to Listen", None, None),
        ("9. *Loose* `ends`", "Loose ends", 9, None),
        ("##", "##", None, None),
    ],
)
def test_headings(text: str, name: str, number: int | None, role: str | None):
    heading = parse_heading(text)
    assert (heading.name, heading.number, heading.role) == (name, number, role)
