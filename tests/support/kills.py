"""The real daemon, killed at any moment between a save and its formatting, and started again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.race import formatted, forms

FILES = 8  # saved at once, so that we are busy for a while
LONG = 300  # requirements in every second file: several pages
READY = "checked what is remembered"  # from then on saves are answered
FIRST_GUESS = 0.05  # seconds from the first save to the last formatting


@dataclass
class Deaths:
    """What the kills hit, and what stood on the disk then."""

    kills: int = 0
    groups: int = 0  # of those, kills of the whole process group
    files: Counter[str] = field(default_factory=Counter)  # what they held at the kill
    intended: int = 0  # changes recorded and not settled at the kill
    strays: int = 0  # temporary files at the kill
    undone: int = 0  # changes taken back after it

    def __str__(self) -> str:
        found = ", ".join(f"{number} {name}" for name, number in sorted(self.files.items()))
        return (
            f"{self.kills}, of these {self.groups} of the whole group; files at the kill: {found}; "
            f"{self.intended} changes and {self.strays} temporary files in the middle; {self.undone} undone"
        )


class Killing:
    """Saves files below ``folder``, kills the daemon at a random moment, starts it and looks; many times."""

    def __init__(self, folder: Path, seed: int = 5) -> None:
        self.deaths = Deaths()
        self._chance = random.Random(seed)
        self._folder = folder
        self._span = FIRST_GUESS
        self._last = 0  # the newest change that was looked at
        self._round = 0

    def run(self, kills: int) -> Deaths:
        """Do it ``kills`` times; raise AssertionError where something is not put right."""
        with PrivateBus(self._folder) as bus:
            daemon = Daemon(self._folder / "home", bus, config="[format]\nsettle_ms = 0\n")
            daemon.own_group = True
            self._paths = [daemon.source / f"m{number}" / "go.mod" for number in range(FILES)]
            for path in self._paths:
                path.parent.mkdir()
                path.write_bytes(b"module example.com/m\n")
            try:
                self._go_on(daemon, kills)
            except BaseException:  # whatever ends us, no daemon stays behind
                if daemon.alive:
                    daemon.kill()
                raise
        return self.deaths

    def _go_on(self, daemon: Daemon, kills: int) -> None:
        daemon.start()
        assert daemon.stop() == 0  # now it knows the folders, and begins with them
        daemon.start(until=READY)
        for _ in range(kills):
            saved = self._save_and_kill(daemon)
            daemon.start(until=READY)
            self._look(daemon, saved)
        assert daemon.stop() == 0
        assert "Traceback" not in daemon.log(), daemon.log()

    def _save_and_kill(self, daemon: Daemon) -> dict[Path, bytes]:
        self._round += 1
        saved = {path: _text(self._round, number) for number, path in enumerate(self._paths)}
        moment = time.monotonic() + self._chance.random() * self._span
        with ExitStack() as held:
            for number, (path, text) in enumerate(saved.items()):
                path.write_bytes(text)
                if number % 4 == 3:
                    held.enter_context(path.open("rb"))  # so that it is exchanged
            while time.monotonic() < moment:
                time.sleep(0.0001)  # the moment is what this is about
            if self._chance.random() < 0.25:
                self.deaths.groups += 1
                os.killpg(daemon.process.pid, signal.SIGKILL)
            daemon.kill()
        self.deaths.kills += 1
        self._take_stock(saved)
        return saved

    def _take_stock(self, saved: dict[Path, bytes]) -> None:
        done = 0
        for path, text in saved.items():
            found = path.read_bytes()
            new = formatted(text)
            done += found == new
            kind = "old" if found == text else "new" if found == new else "filled up"
            assert found in forms(text), f"damaged: {path} holds {found!r}"
            self.deaths.files[kind] += 1
            self.deaths.strays += len(os.listdir(path.parent)) - 1
        # so that the kills fall between the first and the last formatting
        self._span *= 0.9 if done > FILES // 2 else 1.1
        copy = self._folder / "copy"
        shutil.copytree(self._folder / "home/state/gowatchd", copy)
        with closing(sqlite3.connect(copy / "history.sqlite3")) as store:
            (count,) = store.execute("SELECT count(*) FROM change WHERE state = 'intended'").fetchone()
        self.deaths.intended += count
        shutil.rmtree(copy)

    def _look(self, daemon: Daemon, saved: dict[Path, bytes]) -> None:
        """Hold the files against the history: a change is done if, and only if, its file has it."""
        changes = daemon.ask("GetLog", "xu", self._last, 1000)["entries"]
        states: dict[str, list[str]] = {}
        for one in changes:
            states.setdefault(one["path"], []).append(one["state"])
            self._last = max(self._last, one["id"])
        assert "intended" not in Counter(one["state"] for one in changes)
        assert "interrupted" not in Counter(one["state"] for one in changes), daemon.log()
        for path, text in saved.items():
            assert os.listdir(path.parent) == ["go.mod"]
            found = path.read_bytes()
            assert found in {text, formatted(text)}, f"damaged: {path} holds {found!r}"
            done = states.get(str(path), []).count("done")
            assert done == (found != text), f"{path}: {states.get(str(path))}, and it holds {found!r}"
        standing = [one for one in changes if one["state"] == "done"]
        if standing:
            one = self._chance.choice(standing)
            answer = daemon.ask("Undo", "x", one["id"])
            assert answer["outcome"] == "undone", answer
            assert Path(one["path"]).read_bytes() == saved[Path(one["path"])]
            self._last += 1
            self.deaths.undone += 1


def _text(round_number: int, number: int) -> bytes:
    """Return a messy go.mod that there was never before."""
    requirements = LONG if number % 2 else 3
    lines = [f"\texample.com/r{n:03}   v1.0.{round_number}\n" for n in range(requirements)]
    return f"module   example.com/m{number}\n\n\ngo   1.21\n\nrequire (\n{''.join(lines)})\n".encode()
