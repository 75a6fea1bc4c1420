"""The corpora that every flow of every page is driven on: the one that a new user meets, and a real library.

What a test says and what it expects comes from the corpus that is served, through a façade on the same index.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from browsing import Site
from places import SHARED
from playwright.sync_api import Page
from served import NAVIGATOR, environment
from talking import Talk
from watching import watched

DOCUMENTS = 300


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """``navigator chat`` on documents from all over a real library."""
    folder = SHARED / "library" / "commons-os"
    if not folder.is_dir():
        pytest.skip("the public library is not on this machine")
    home = tmp_path_factory.mktemp("library")
    documents, files = home / "documents", sorted(folder.glob("*.md"))
    documents.mkdir()
    for number in range(DOCUMENTS):
        shutil.copy(files[number * len(files) // DOCUMENTS], documents)
    given = {"NAVIGATOR_CORPUS": str(documents), "NAVIGATOR_INDEX": str(home / "index")}
    subprocess.run([*NAVIGATOR, "index"], env=environment(home, given), check=True, capture_output=True)
    with watched(home, documents) as served:
        yield served


@pytest.fixture(scope="session", params=["bundled", "library"])
def site(request: pytest.FixtureRequest) -> Site:
    served: Site = request.getfixturevalue(request.param)
    return served


@pytest.fixture
def talk(visitor: Page, site: Site) -> Talk:
    return Talk(visitor, site)
