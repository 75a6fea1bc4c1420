"""Building the index in a process of its own, while this one goes on answering from the old one.

A build takes all that a processor has. The process stands back behind whoever asks a question, its memory
is the system's again when it is done, and if it dies, nothing else does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import redirect_stdout, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from navigator.build import BuildReport, OnProgress, Stage, build_index
from navigator.embedding import SentenceTransformerEmbedder
from navigator.errors import NavigatorError
from navigator.settings import Settings, chosen_adapter, data_folder, load_settings
from navigator.shipped import vectors_file

STAGES: tuple[Stage, ...] = ("reading", "writing", "embedding", "storing", "checking", "drawing")
"""What a build does, in this order; it leaves out what is not called for."""

SETTLED = 2.0
"""Seconds into a stage from which on its speed says how long it will take."""

_NICE = 5
_APART = 0.1
"""Seconds between two reports of the process."""


def build(
    settings: Settings,
    *,
    on_progress: OnProgress = lambda stage, done, total: None,
    force: bool = False,
) -> BuildReport:
    """Bring the index up to date with the corpus that the settings name, see `build_index`."""
    return build_index(
        [path.absolute() for path in settings.corpus],
        settings.index,
        SentenceTransformerEmbedder(settings.model, adapter=chosen_adapter(settings)),
        server=settings.chroma_url,
        shipped_situations=data_folder("situations"),
        shipped_vectors=vectors_file(),
        contexts=settings.own_contexts,
        on_progress=on_progress,
        force=force,
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is.

    Attributes
    ----------
    stage
        What is being done; None before the first word of it.
    done, total
        Things done in this stage, and their number; 0 of 0 where it cannot be told.
    seconds
        How long the whole rebuild has taken so far, or took.
    remaining
        Seconds that this stage will take at its present speed; None where that cannot be told yet.
    report
        What it did, once it is done.
    failure
        Why it came to nothing, as a sentence; empty while it runs and where it did not fail.
    """

    stage: Stage | None = None
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    remaining: float | None = None
    report: BuildReport | None = None
    failure: str = ""

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.report is None and not self.failure

    @property
    def share(self) -> float:
        """The part of this stage that is done, 0 to 1."""
        return self.done / self.total if self.total else 0.0


class Rebuild:
    """A build in a process of its own, and how far it is. Any number of threads may look.

    Parameters
    ----------
    command
        What to run. It reads ``told`` and writes JSON, an object to a line: a stage with what is done of
        it, and at last a report or a failure.
    """

    def __init__(self, command: list[str], told: str) -> None:
        self._lock = threading.Lock()
        self._began = self._stage_began = time.monotonic()
        self._progress = Progress()
        self._thread = threading.Thread(
            target=self._follow, args=(command, told), name="rebuild", daemon=True
        )
        self._thread.start()

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        with self._lock:
            if not self._progress.running:
                return self._progress
            now = time.monotonic()
            at_it, seen = now - self._stage_began, self._progress
            known = at_it >= SETTLED and seen.done and seen.total
            return replace(
                seen,
                seconds=now - self._began,
                remaining=at_it / seen.done * (seen.total - seen.done) if known else None,
            )

    def wait(self, seconds: float | None = None) -> Progress:
        """Wait until it is over, or for so many seconds, and return how far it is."""
        self._thread.join(seconds)
        return self.progress

    def _follow(self, command: list[str], told: str) -> None:
        try:
            with subprocess.Popen(  # noqa: S603 - our own command
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            ) as process:
                assert process.stdin is not None and process.stdout is not None  # noqa: PT018, S101
                # It may be over before it has read a word; then its end is what there is to say.
                with suppress(OSError):
                    process.stdin.write(told)
                    process.stdin.close()
                for line in process.stdout:
                    self._hear(json.loads(line))
            end = f"ended with code {process.returncode} and without a word"
        except (OSError, ValueError, TypeError) as error:
            end = f"could not be followed ({error})"
        if self.progress.running:
            self._set(
                failure=f"The process that was to rebuild the index {end}. What the index was before still "
                "answers; run `navigator index` to see the reason."
            )

    def _hear(self, message: Mapping[str, Any]) -> None:
        if "stage" in message:
            if message["stage"] != self._progress.stage:
                self._stage_began = time.monotonic()
            self._set(stage=message["stage"], done=message["done"], total=message["total"])
        elif "report" in message:
            self._set(report=BuildReport(**message["report"]))
        else:
            self._set(failure=str(message["failure"]))

    def _set(self, **changes: Any) -> None:
        with self._lock:
            self._progress = replace(self._progress, seconds=time.monotonic() - self._began, **changes)


def begin(settings: Settings) -> Rebuild:
    """Begin to bring the index up to date with the corpus that the settings name."""
    # Without -P, a folder called navigator where the server was started would come first.
    command = [sys.executable, "-P", "-c"]
    home = str(Path(__file__).parents[1])
    command.append(f"import sys; sys.path.insert(0, {home!r}); from navigator.rebuild import main; main()")
    return Rebuild(command, settings.model_dump_json())


def main() -> None:
    """Build with the settings on standard input, and tell on standard output how it goes."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    out = sys.stdout
    settings = load_settings(**json.loads(sys.stdin.read()))
    # Whatever a library prints must not come between.
    with redirect_stdout(sys.stderr), suppress(KeyboardInterrupt, BrokenPipeError):
        try:
            report = asdict(build(settings, on_progress=_Teller(out)))
            _tell(out, {"report": {**report, "findings": ()}})
        except NavigatorError as error:
            _tell(out, {"failure": str(error)})


class _Teller:
    """Tells how a build goes, not more often than anybody looks."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._stage: Stage | None = None
        self._next = 0.0

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage or now >= self._next or done == total:
            self._stage, self._next = stage, now + _APART
            _tell(self._out, {"stage": stage, "done": done, "total": total})


def _tell(out: TextIO, message: Mapping[str, Any]) -> None:
    print(json.dumps(message), file=out, flush=True)
