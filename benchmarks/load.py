"""Let many visitors talk to ``navigator chat`` at once, rebuild the index meanwhile, and see who notices.

    python benchmarks/load.py                       # 25 visitors for five minutes
    python benchmarks/load.py --seconds 20          # to try it
    python benchmarks/load.py --corpus LIBRARY      # over documents of your own; the index is built first

Each visitor holds a session over the protocol that Streamlit's own page speaks, asks what the situations of
the patterns say, now and then what could go wrong, reads for a while (``--pause``, on average), and begins
anew after a few questions. An answer is complete when the server has sent all of it. Halfway a document is
added to a copy of the corpus and ``navigator index`` runs in a process of its own; in the end a visitor asks
for that document. Prints a Markdown table for benchmarks/README.md; fails where an answer was wrong or a
session was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from served import NAVIGATOR, REPOSITORY, Served, chat, environment
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from navigator.corpus import load_corpus
from navigator.pattern import Pattern

FOLLOW_UPS = ("What could go wrong?", "Who has done this?", "What comes first?")
CONVERSATION = 6
"""Questions after which a visitor begins a new conversation."""

PATIENCE = 60
"""Seconds after which an answer counts as missing."""

WANTED_P95 = 3.0
NEWCOMER = REPOSITORY / "tests" / "documents" / "rolling-handover.md"
SEED = 0


class WrongAnswerError(Exception):
    """The page showed an error, or not the answer."""


@dataclass
class Tally:
    """What all visitors saw.

    Attributes
    ----------
    answers
        When each question was asked, and the seconds until its answer was complete.
    errors
        What was wrong, as the page or the protocol said it.
    lost
        Why sessions ended before their time.
    """

    answers: list[tuple[float, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


class Visitor:
    """One session of the page, held over a websocket as a browser would."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._page = ""
        self._question = ""
        self._anew = ""
        self._asked = 0

    async def arrive(self) -> None:
        """Have the page drawn for the first time."""
        await self._run(WidgetStates())

    async def ask(self, text: str) -> str:
        """Ask, wait for the whole answer, and return all that the page says then."""
        state = WidgetState(id=self._question)
        state.chat_input_value.data = text
        blocks, texts = await self._run(WidgetStates(widgets=[state]))
        if not any(f"answer-{self._asked}-" in block for block in blocks):
            raise WrongAnswerError(f"No answer {self._asked} to {text!r}.")
        self._asked += 1
        return "\n".join(texts)

    async def begin_anew(self) -> None:
        """Click on *New conversation*."""
        await self._run(WidgetStates(widgets=[WidgetState(id=self._anew, trigger_value=True)]))
        self._asked = 0

    async def _run(self, widgets: WidgetStates) -> tuple[list[str], list[str]]:
        """Have the script run to its end, and return the names of blocks and the texts that it drew."""
        message = BackMsg(rerun_script=ClientState(widget_states=widgets, page_script_hash=self._page))
        await self._connection.send(message.SerializeToString())
        blocks: list[str] = []
        texts: list[str] = []
        async with asyncio.timeout(PATIENCE):
            while True:
                came = ForwardMsg.FromString(bytes(await self._connection.recv(decode=False)))
                kind = came.WhichOneof("type")
                if kind == "navigation":
                    self._page = came.navigation.page_script_hash
                elif kind == "delta":
                    self._see(came.delta, blocks, texts)
                elif kind == "script_finished":
                    if came.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                        return blocks, texts
                    if came.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        raise WrongAnswerError("The app could not be compiled.")

    def _see(self, delta: Delta, blocks: list[str], texts: list[str]) -> None:
        """Remember what a piece of the page is good for."""
        if delta.WhichOneof("type") == "add_block":
            blocks.append(delta.add_block.id)
            return
        element = delta.new_element
        match element.WhichOneof("type"):
            case "chat_input":
                self._question = element.chat_input.id
            case "button" if element.button.id.endswith("-new-conversation"):
                self._anew = element.button.id
            case "markdown":
                texts.append(element.markdown.body)
            case "heading":
                texts.append(element.heading.body)
            case "exception":
                raise WrongAnswerError(element.exception.message)
            case "alert" if element.alert.format == Alert.ERROR:
                raise WrongAnswerError(element.alert.body)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=300, help="how long (default: 300)")
    parser.add_argument("--visitors", type=int, default=25, help="how many at once (default: 25)")
    parser.add_argument(
        "--pause", type=float, default=15, help="seconds of reading between two questions (default: 15)"
    )
    parser.add_argument("--corpus", type=Path, default=REPOSITORY / "corpus", help="folder of documents")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="navigator-load-") as scratch:
        home = Path(scratch)
        documents = shutil.copytree(arguments.corpus, home / "documents")
        questions = [
            situation.text
            for pattern in load_corpus([documents]).patterns
            if isinstance(pattern, Pattern)
            for situation in pattern.ontology.search_hints.situations
        ]
        if not questions:
            sys.exit(f"No pattern in {arguments.corpus} has situations to ask about.")
        settings = {"NAVIGATOR_CORPUS": str(documents), "NAVIGATOR_INDEX": str(home / "index")}
        print("building the index and starting the server", file=sys.stderr, flush=True)
        with chat(home, settings) as served:
            load = Load(served, home, settings, questions, arguments.seconds, arguments.pause)
            asyncio.run(load.run(arguments.visitors))
    print(load.table(arguments.visitors))
    sys.exit(0 if load.passed else 1)


class Load:
    """A run: the visitors, the rebuild halfway, and the memory of the server."""

    def __init__(
        self,
        served: Served,
        home: Path,
        settings: Mapping[str, str],
        questions: list[str],
        seconds: float,
        pause: float,
    ) -> None:
        self.served, self.home, self.settings = served, home, settings
        self.questions, self.seconds, self.pause = questions, seconds, pause
        self.tally = Tally()
        self.memory: list[float] = []
        self.processor_seconds = 0.0
        self.rebuilt: tuple[float, float] | None = None
        self._server = psutil.Process(served.process.pid)

    @property
    def passed(self) -> bool:
        """Whether nobody saw anything wrong, and the rebuild is what is answered from."""
        return not self.tally.errors and not self.tally.lost and self.rebuilt is not None

    async def run(self, visitors: int) -> None:
        """Let everybody in, and wait until all have left."""
        async with session(self.served.url) as first:  # loads the model, as the first visitor of the day does
            await first.ask(self.questions[0])
        print(f"{visitors} visitors for {self.seconds:.0f} s", file=sys.stderr, flush=True)
        self._end = time.monotonic() + self.seconds
        before = self._processor_seconds()
        watching = asyncio.create_task(self._watch_memory())
        await asyncio.gather(*(self._visit(number) for number in range(visitors)), self._rebuild())
        self.processor_seconds = self._processor_seconds() - before
        self._weigh()
        await watching
        await self._seen(self._find_newcomer())

    async def _visit(self, number: int) -> None:
        """Be one visitor, until time is up."""
        dice = random.Random(f"{SEED}-{number}")
        await asyncio.sleep(dice.uniform(0, min(self.pause, self.seconds / 4)))
        await self._seen(self._talk(dice))

    async def _seen(self, doing: Awaitable[None]) -> None:
        """Note how a visit fails, if it does."""
        try:
            await doing
        except (ConnectionClosed, OSError) as error:
            self.tally.lost.append(repr(error))
        except (WrongAnswerError, TimeoutError) as error:
            self.tally.errors.append(repr(error))

    async def _talk(self, dice: random.Random) -> None:
        async with session(self.served.url) as visitor:
            for turn in itertools.count(1):
                first = turn % CONVERSATION == 1
                follow_up = not first and dice.random() < 1 / 3
                question = dice.choice(FOLLOW_UPS if follow_up else self.questions)
                start = time.monotonic()
                await visitor.ask(question)
                self.tally.answers.append((start, time.monotonic() - start))
                pause = dice.uniform(0, 2 * self.pause)
                if time.monotonic() + pause > self._end:
                    return
                await asyncio.sleep(pause)
                if turn % CONVERSATION == 0:
                    await visitor.begin_anew()

    async def _rebuild(self) -> None:
        """Halfway, add a document and bring the index up to date, as a librarian would beside the chat."""
        await asyncio.sleep(self.seconds / 2)
        shutil.copyfile(NEWCOMER, self.home / "documents" / NEWCOMER.name)
        start = time.monotonic()
        build = await asyncio.create_subprocess_exec(
            *NAVIGATOR,
            "index",
            cwd=self.home,
            env=environment(self.home, self.settings),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, complaint = await build.communicate()
        if build.returncode:
            self.tally.errors.append(f"The rebuild failed: {complaint.decode()}")
        else:
            self.rebuilt = start, time.monotonic()

    async def _find_newcomer(self) -> None:
        async with session(self.served.url) as visitor:
            if "Rolling Handover" not in await visitor.ask("Rolling Handover"):
                raise WrongAnswerError("The rebuilt index is not what is answered from.")

    async def _watch_memory(self) -> None:
        while time.monotonic() < self._end:
            self._weigh()
            await asyncio.sleep(min(1.0, self.seconds / 20))

    def _weigh(self) -> None:
        self.memory.append(self._server.memory_info().rss / 1e6)

    def _processor_seconds(self) -> float:
        times = self._server.cpu_times()
        return times.user + times.system

    def table(self, visitors: int) -> str:
        """Return the figures as a Markdown table, and below it whatever was wrong."""
        setting = (
            f"{visitors} visitors, {self.seconds:.0f} s, {self.pause:g} s of reading, {os.cpu_count()} cores"
        )
        return "\n".join(
            [
                setting,
                "",
                "| | measured | wanted |",
                "|---|---|---|",
                *(f"| {' | '.join(row)} |" for row in self._rows()),
                *(f"\n{wrong}" for wrong in [*self.tally.errors, *self.tally.lost][:20]),
            ]
        )

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        yield "errors, lost sessions", f"{len(self.tally.errors)}, {len(self.tally.lost)}", "0, 0"
        seconds = [taken for _, taken in self.tally.answers]
        if len(seconds) > 1:
            yield "complete answers", f"{len(seconds):,}", ""
            yield "question to complete answer, median", f"{statistics.median(seconds):.2f} s", ""
            yield "… 95th percentile", f"{_p95(seconds):.2f} s", f"under {WANTED_P95:g} s"
            yield "… longest", f"{max(seconds):.2f} s", ""
            each = self.processor_seconds / len(seconds)
            yield "processor time of the server for an answer", f"{each:.2f} s", ""
        if self.rebuilt:
            start, end = self.rebuilt
            yield "rebuild beside it", f"{end - start:.1f} s", ""
            beside = [taken for asked, taken in self.tally.answers if start <= asked <= end]
            if len(beside) > 1:
                yield "… 95th percentile of the questions asked meanwhile", f"{_p95(beside):.2f} s", ""
        places = {"start": 0, "middle": len(self.memory) // 2, "end": -1}
        weights = ", ".join(f"{self.memory[place]:,.0f}" for place in places.values())
        yield f"memory of the server: {', '.join(places)}", f"{weights} MB", "steady"
        yield "… peak", f"{max(self.memory):,.0f} MB", ""


@asynccontextmanager
async def session(url: str) -> AsyncIterator[Visitor]:
    """Hold a session for as long as the ``with`` lasts."""
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(
        address,
        subprotocols=[Subprotocol("streamlit")],
        open_timeout=PATIENCE,
        max_size=None,
        proxy=None,
    ) as line:
        visitor = Visitor(line)
        await visitor.arrive()
        yield visitor


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    main()
