"""Take the pictures of the app anew: all into ``build/screenshots``, the best into ``docs/screenshots``.

    pip install -e '.[test]'
    python docs/screenshots.py

The browser test that visits every page takes them: by day, by night and on a phone, on the bundled corpus.
So a picture shows a page that is accessible and fits its window, or there is none.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[1]
TAKEN = REPOSITORY / "build" / "screenshots"
KEPT = Path(__file__).resolve().parent / "screenshots"
BEST = (
    "answer-light",
    "pattern-dark",
    "map-light",
    "handout-light",
    "library-light",
    "answer-phone",
    "pattern-phone-dark",
)
LARGEST = 150_000
"""Bytes of a picture that the repository keeps."""


def keep(name: str) -> None:
    """Write one picture into the documentation, pixel for pixel, in as few bytes as that takes."""
    file = KEPT / f"{name}.webp"
    with Image.open(TAKEN / f"{name}.png") as picture:
        picture.convert("RGB").save(file, lossless=True, quality=100, method=6)
    if file.stat().st_size > LARGEST:
        sys.exit(f"{file} has {file.stat().st_size:,} bytes; the repository keeps {LARGEST:,} at most.")


if __name__ == "__main__":
    visits = [str(REPOSITORY / "tests" / "web" / "test_every_page.py"), "-k", "fits_the_window", "-q"]
    taken = subprocess.run([sys.executable, "-m", "pytest", *visits], cwd=REPOSITORY, check=False)  # noqa: S603
    if taken.returncode:
        sys.exit("No picture was kept: a page is not as it should be, see above.")
    KEPT.mkdir(exist_ok=True)
    for best in BEST:
        keep(best)
    print(f"All pictures are in {TAKEN}, the best in {KEPT}.")
