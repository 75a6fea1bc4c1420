"""Python loads this as it starts, from ``PYTHONPATH``.

What the process tries to reach beyond this machine is refused, and written to the file that
``ATTEMPTS`` names.
"""

import os
import sys
from pathlib import Path

import offline


class _Written(list[str]):
    def append(self, attempt: str) -> None:
        with Path(os.environ["ATTEMPTS"]).open("a", encoding="utf-8") as file:
            file.write(f"{attempt}\n")


offline.attempts = _Written()
sys.addaudithook(offline.refuse_network)
