"""A race for one file: a program saves it at any moment, and we format it as fast as we can."""

from __future__ import annotations

import os
import random
import re
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gowatchd.modfile import Kind
from gowatchd.services import rewriting
from gowatchd.services.history import History
from gowatchd.services.ports import Look, Swap, SwapOutcome
from gowatchd.services.saves import TidyOptions
from gowatchd.services.tidying import Tidier
from gowatchd.style.formatter import tidy
from gowatchd.system import safe_write
from gowatchd.system.editors import Editors
from gowatchd.system.files import SafeFiles
from gowatchd.system.git import GitState
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.holders import Holders
from gowatchd.system.loop import MainLoop
from tests.support.bus import wait_for
from tests.support.other_process import Fork
from tests.support.saves import Habit
from tests.support.scheduler import ManualScheduler

TEXT = b"module   example.com/n%d\n\n\ngo   1.21\n\n\n\nrequire   example.com/n%d   v1.0.0\n"
WHOLE = re.compile(rb"\s*|module +example\.com/n(\d+)\n+go +1\.21\n+require +example\.com/n\1 +v1\.0\.0\n+")

# Seconds between two saves, at most: as long as we take, so that a save comes at any moment of a rewrite.
ALONE_SECONDS = 0.001
READER_SECONDS = 0.006
HISTORY_SECONDS = 0.010


@dataclass
class Tally:
    """What came of the races: each a save, after which the file had to hold it."""

    races: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reads: int = 0

    def __str__(self) -> str:
        ended = ", ".join(f"{number} {name}" for name, number in sorted(self.outcomes.items()))
        return f"{self.races} saves; our swaps: {ended or 'none'}; {self.reads} reads beside"

    def __iadd__(self, other: Tally) -> Tally:  # noqa: PYI034 typing.Self is of Python 3.11
        self.races += other.races
        self.outcomes += other.outcomes
        self.reads += other.reads
        return self


@dataclass(frozen=True)
class Race:
    """``habit`` against us in ``folder``, which is empty, ``rounds`` times.

    With ``reader`` somebody keeps the file open for reading. With ``history`` we take the whole way of a
    formatting, with a history and its flushes to the disk, and else only read and swap.
    """

    folder: Path
    habit: Habit
    rounds: int
    reader: bool = False
    history: bool = False
    seed: int = 11
    patience: float = 60.0  # seconds for a save to stand

    @property
    def path(self) -> Path:
        return self.folder / "app" / "go.mod"

    @property
    def stop(self) -> Path:
        return self.folder / "stop"

    def run(self) -> Tally:
        """Race; raise AssertionError where a save was lost, half written or something is left over."""
        self.path.parent.mkdir()
        self.habit.make(self.path)
        others = [Fork(self._format_with_history if self.history else self._format)]
        if self.habit.atomic:
            others.append(Fork(self._spy))
        try:
            last = self._save_all()
            self.stop.touch()
            outcomes, *reads = [others.pop(0).answer() for _ in tuple(others)]
        except BaseException:  # whatever ends us, nobody stays behind
            for other in others:
                other.kill()
            raise
        tally = Tally(self.rounds, outcomes, sum(reads))
        assert not outcomes.get(SwapOutcome.FAILED.value), tally
        assert self.path.read_bytes() in forms(last)
        left = set(os.listdir(self.path.parent))
        assert left <= self.habit.leaves, f"left by {self.habit.name}: {left}"
        return tally

    def _save_all(self) -> bytes:
        chance = random.Random(self.seed)
        longest = HISTORY_SECONDS if self.history else READER_SECONDS if self.reader else ALONE_SECONDS
        text = b""
        with ExitStack() as held:
            for number in range(self.rounds):
                text = TEXT % (number, number)
                self.habit.save(self.path, text)
                if self.reader:
                    held.pop_all().close()
                    held.enter_context(self.path.open("rb"))
                moment = time.perf_counter() + chance.random() * longest
                while time.perf_counter() < moment:
                    pass
                # A save that hits an exchange is out of place until that is undone, microseconds later.
                wanted = forms(text)
                wait_for(
                    lambda wanted=wanted: self.path.read_bytes() in wanted,
                    f"save {number}, {self.habit.name}",
                    self.patience,
                )
        return text

    def _format(self) -> Counter[str]:
        """Swap each save for its tidy form; return how often and how."""
        files = _Counting()
        while not self.stop.exists():
            reading = files.read(str(self.path))
            if reading.look is Look.CONTENT and (new := formatted(reading.data)) != reading.data:
                files.swap(str(self.path), reading.data, new)
            assert reading.look in {Look.CONTENT, Look.MISSING, Look.WRITER}, reading
        return files.outcomes

    def _format_with_history(self) -> Counter[str]:
        """Let the daemon's own tidier do it, which knows only that the file was saved."""
        # no program of a person changes a file that often
        rewriting.REWRITES_SECONDS = rewriting.REWRITES_OF_ANY_SECONDS = 0.0
        files, scheduler = _Counting(), ManualScheduler()
        database = HistoryDatabase(str(self.folder / "state"))
        tidier = Tidier(
            scheduler,
            files,
            History(database, files),
            GitState(_NoChildren()),  # type: ignore[arg-type] # without a repository none is started
            Holders(Editors(()), MainLoop(), lambda _path: None),
            _Deaf(),
            TidyOptions(settle_seconds=0.0),
        )
        while not self.stop.exists():
            reading = files.read(str(self.path))
            if reading.look is Look.CONTENT and reading.data:
                tidier.gone(str(self.path))
                tidier.saved(str(self.path), reading.data)
                scheduler.advance(0.0)
        assert database.unsettled() == ()
        database.close()
        return files.outcomes

    def _spy(self) -> int:
        """Read what anybody might read; return how often, and fail on half a save."""
        reads = 0
        while not self.stop.exists():
            try:
                with open(self.path, "rb", buffering=0) as file:
                    # in one call: who reads on at the end gets what an editor has written behind it meanwhile
                    data = file.read(1 << 16)
            except FileNotFoundError:  # the folder is being moved
                continue
            assert WHOLE.fullmatch(data), f"half a save: {data!r}"
            reads += 1
            time.sleep(0.0005)  # a reader, not a hindrance
        return reads


def formatted(text: bytes) -> bytes:
    """What we make of ``text``; itself where it is no whole file."""
    tidied = tidy(text, Kind.MOD)
    return text if tidied.data is None or not text else tidied.data


def forms(text: bytes) -> set[bytes]:
    """What a save may look like afterwards: as it was, formatted, or formatted and still filled up."""
    new = formatted(text)
    return {text, new, new.ljust(len(text), b"\n")}


class _Counting(SafeFiles):
    """Counts how swaps ended, and waits less between its attempts: more races in less time."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: Counter[str] = Counter()
        safe_write._PAUSE = 0.0001

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        swap = super().swap(path, expected, new)
        self.outcomes[swap.outcome.value] += 1
        return swap


class _NoChildren:
    def forget(self, _key: str) -> None:
        pass


class _Deaf:
    """Listens to nothing of what the tidier says."""

    def __getattr__(self, _name: str) -> partial[None]:
        return partial(lambda *_: None)
