from __future__ import annotations

import pytest

from navigator.corpus.hints import (
    are_junk_keywords,
    is_filler_label,
    is_junk_label,
    is_junk_tension,
    is_sentence_label,
    label_owner,
)


@pytest.mark.parametrize(
    ("label", "title", "junk"),
    [
        ("Med", "Weak Signals", True),
        ("x", "Weak Signals", True),
        ("…", "Weak Signals", True),
        ("OKR", "Goals in the Open", False),
        ("Ask", "Ask First", False),
        ("Triage", "Weak Signals", False),
    ],
)
def test_junk_labels(label: str, title: str, junk: bool):
    assert is_junk_label(label, title) is junk


@pytest.mark.parametrize(
    ("label", "title", "owner"),
    [
        ("Open Books for Movements", "Open Books", "activist"),
        ("Open Books in Public Service", "Open Books", "government"),
        ("Engineers share the pager", "Shared Watch", "tech"),
        ("Executives who listen", "Listening", "corporate"),
        ("Executive Function Policy", "Executive Function Scaffolding", None),
        ("Government by Lot", "Government by Lot", None),
        ("Shared Watch", "Shared Watch", None),
    ],
)
def test_whom_a_label_is_for(label: str, title: str, owner: str | None):
    assert label_owner(label, title) == owner


@pytest.mark.parametrize(
    ("label", "filler"),
    [
        ("Open Books for Organizations", True),
        ("open books", True),
        ("Open Books for Bakers", False),
        ("Ledgers for Organizations", False),
    ],
)
def test_filler_labels(label: str, filler: bool):
    assert is_filler_label(label, "Open Books") is filler


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("Notice what the ledger shows, and speak of it before anyone asks.", True),
        ("Who pays whom.", False),
        (" ".join(["word"] * 16), True),
        ("Open-Book Management in Regional Offices", False),
    ],
)
def test_sentence_labels(label: str, sentence: bool):
    assert is_sentence_label(label) is sentence


@pytest.mark.parametrize(
    ("tension", "title", "junk"),
    [
        ("Distributed vs. Complexity", "Distributed Leadership in Complexity", True),
        ("The vs. Life", "The Second Half of Life", True),
        ("Coffee vs. Design", "Coffee House Design", True),
        ("Long vs. Strategy", "Long-Game Policy Strategy", True),
        ("Founder vs. Exit", "The Founder's Exit", True),
        ("Speed vs.", "Slow Bread", True),
        ("Restoration vs. Recreation", "Restoration vs Recreation", False),
        ("Speed vs. Coherence", "Distributed Leadership in Complexity", False),
        ("Us vs. Them", "Shared Tables", False),
        ("being reachable and getting things done", "Quiet Mornings", False),
    ],
)
def test_junk_tensions(tension: str, title: str, junk: bool):
    assert is_junk_tension(tension, title) is junk


@pytest.mark.parametrize(
    ("keywords", "junk"),
    [
        (["quiet", "mornings", "nobody", "meets", "before"], True),
        (["often", "three", "these"], True),
        (["quiet hours", "deep work", "interruptions", "maker schedule", "meetings"], False),
        (["quiet", "mornings", "focus", "deep work"], False),
        ([], False),
    ],
)
def test_junk_keywords(keywords: list[str], junk: bool):
    assert (
        are_junk_keywords(keywords, "Quiet Mornings", "Nobody meets before ten, so that work gets done.")
        is junk
    )
