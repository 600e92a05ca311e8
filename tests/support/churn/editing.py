"""Somebody who saves go.work and go.mod files, with editors, programs and the go command."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from tests.support.churn.ledger import Ledger
from tests.support.churn.pace import Pace
from tests.support.churn.programs import run
from tests.support.saves import HABITS, truncate_and_write

WORKSPACES = 20
MODULES = 3
EVERY_SECONDS = 0.6  # one save or more
GO = "/usr/local/go/bin/go"
# Lines that differ: more than the daemon remembers as they were read. Each save brings new ones, so what it
# takes for them would otherwise grow for an hour, and look like something that is lost.
MEMORABLE_LINES = 10_000
LINES_IN_A_FILE = 2_000
PLAIN = [habit for habit in HABITS if habit.leaves == {"go.mod"}]  # that need no links beside the file
HEADS = ("go 1.22\n", "go   1.22.0\n", "\n\ngo 1.22\n")
BROKEN = ("use (\n", "go 1.22 1.23\n", "<<<<<<< HEAD\n")


def files_of(root: Path) -> list[Path]:
    """Return the go.work and go.mod files of the workspaces below ``root``."""
    workspaces = [root / f"shop{number}" for number in range(WORKSPACES)]
    return [
        *(workspace / "go.work" for workspace in workspaces),
        *(workspace / f"m{module}" / "go.mod" for workspace in workspaces for module in range(MODULES)),
    ]


def text_of(path: Path, mark: str, chance: random.Random, *, sound: bool = False) -> bytes:
    """Return a new content for ``path``, not formatted; ``mark`` makes it the only one of its kind."""
    head = chance.choice(HEADS)
    if not sound and chance.random() < 0.05:
        head += chance.choice(BROKEN)
    if path.name == "go.work":
        uses = [f"./m{module}" for module in range(MODULES)]
        chance.shuffle(uses)
        return f"use {uses[0]}/  // {mark}\n{head}\nuse (\n    {uses[1]}\n {uses[2]}\n)\n".encode()
    workspace, module = path.parent.parent.name, path.parent.name
    other = f"example.com/{workspace}/m{chance.randrange(MODULES)}x"
    need = f"replace   {other} => ../{chance.choice('012')}\n\n\nexclude {other} v0.0.{chance.randrange(9)}\n"
    return f"module   example.com/{workspace}/{module} // {mark}\n{head}{need}".encode()


class Editing:
    """Saves below ``root``, each in the ledger, which is looked at before the next save of the same file."""

    def __init__(self, root: Path, ledger: Ledger, seed: int) -> None:
        self._root = root
        self._files = files_of(root)
        self._ledger = ledger
        self._chance = random.Random(seed)
        self._mark = f"{seed}"
        self._number = 0
        self.counts: Counter[str] = Counter()

    def prepare(self) -> None:
        """Make the workspaces."""
        for path in self._files:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._save(path, "made", truncate_and_write)
        for number in range(MEMORABLE_LINES // LINES_IN_A_FILE):
            path = self._root / f"long{number}" / "go.mod"
            path.parent.mkdir()
            lines = [
                f"\texample.com/long/m{line:04} v0.0.{number} // line" for line in range(LINES_IN_A_FILE)
            ]
            head = (f"module example.com/long{number}", "", "go 1.22", "", "exclude (")
            path.write_text("\n".join((*head, *lines, ")", "")))

    def run(self, seconds: float) -> None:
        for _ in Pace(seconds, EVERY_SECONDS, self._chance).turns():
            one = self._chance.random()
            if one < 0.04:
                self._save_all()
            elif one < 0.10:
                self._edit_with_go()
            elif one < 0.16:
                self._save(self._any(), "vim", _with_vim)
            elif one < 0.22:
                self._save(self._any(), "ed", _with_ed)
            else:
                habit = self._chance.choice(PLAIN)
                self._save(self._any(), habit.name, habit.save)
        for path in self._files:
            self._ledger.audit(path)

    def once_more(self) -> None:
        """Save each file a last time, such that all of them can be formatted."""
        for path in self._files:
            self._save(path, "last", truncate_and_write, sound=True)

    def _any(self) -> Path:
        return self._chance.choice(self._files)

    def _save_all(self) -> None:
        """As an editor does with many open files."""
        workspace = self._any().parent
        for path in self._files:
            if workspace in path.parents:
                self._save(path, "of many", truncate_and_write)

    def _save(self, path: Path, how: str, save: object, *, sound: bool = False) -> None:
        self._ledger.audit(path)
        self._number += 1
        text = text_of(path, f"{self._mark}-{self._number}", self._chance, sound=sound)
        save(path, text)
        self._ledger.saved[str(path)] = text
        self.counts[f"saved, {how}"] += 1

    def _edit_with_go(self) -> None:
        """Have go change a file. What it makes depends on who was first, it or we; the mark has to stand."""
        path = self._any()
        self._ledger.audit(path)
        mark = self._ledger.saved[str(path)].partition(b"// ")[2].partition(b"\n")[0]
        what = "work" if path.name == "go.work" else "mod"
        done = run(GO, what, "edit", f"-go=1.2{self._chance.choice('1234')}", str(path), check=False)
        if done.returncode == 0:
            self.counts["edited with go"] += 1
            text = path.read_bytes()
            if b"// " + mark not in text:
                raise AssertionError(f"{path}: go edited {text!r}, and {mark!r} was saved")
            self._ledger.saved[str(path)] = text
        elif "errors parsing" not in done.stderr:
            raise AssertionError(f"go {what} edit {path}: {done.stderr!r}")


def _with_vim(path: Path, text: bytes) -> None:
    """With its swap file, which is the sign that it has the file open."""
    content = _beside(text)
    commands = ("silent %d _", f"silent 0read {content}", "wq!")
    words = [word for command in commands for word in ("-c", command)]
    # its exit code tells of warnings too; whether the text was saved is seen in the file
    run("vim.tiny", "-N", "-u", "NONE", "-es", *words, str(path), check=False)


def _with_ed(path: Path, text: bytes) -> None:
    script = f",d\n0r {_beside(text)}\nw\nq\n"
    run("ed", "-s", str(path), stdin=script)


def _beside(text: bytes) -> Path:
    place = Path("/tmp/churn-text")
    place.write_bytes(text)
    return place
