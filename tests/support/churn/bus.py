"""Everybody who talks to the daemon, and a notification server that comes and goes."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections import Counter
from pathlib import Path

from tests.support.churn.pace import Pace
from tests.support.churn.programs import run, systemctl

EVERY_SECONDS = 1.5
LOOKING_SECONDS = 2.0  # how long somebody looks at `status --watch`
NAME, PLACE = "org.gowatchd.Gowatchd1", "/org/gowatchd/Gowatchd1"
INTERFACE = "org.gowatchd.Manager1"
# As tests/support/booted_desktop.py starts it.
SERVER = ("--setenv=DISPLAY=:99", f"--working-directory={Path.home()}", "dunst", "-conf", "dunstrc")
FINE = {0, 1}  # gowatchctl's exit codes where it did what was asked: 1 tells of problems in the files
VERBS = (
    ("status",),
    ("status", "--json"),
    ("list",),
    ("metrics",),
    ("log", "-n", "5"),
    ("log", "--json", "--since", "5m"),
    ("diff",),
    ("env",),
    ("doctor", "daemon", "service", "session-bus"),
    ("check", "shop1"),
    ("fix", "-n", "shop2"),
    ("topology", "-C", "shop3"),
    ("config", "check"),
    ("graph", "-C", "shop4"),
    ("matrix", "-C", "shop5"),
    ("explain", "go-line-too-low"),
    ("version",),
)
CALL = ("gdbus", "call", "--session", "-d", NAME, "-o", PLACE, "-m")
QUESTIONS = (
    ("busctl", "--user", "introspect", NAME, PLACE),
    (*CALL, "org.freedesktop.DBus.Properties.GetAll", INTERFACE),
    (*CALL, f"{INTERFACE}.GetStatus"),
    (*CALL, f"{INTERFACE}.Check", "/nowhere"),
    (*CALL, f"{INTERFACE}.NoSuchMethod"),
    (*CALL, f"{INTERFACE}.Rescan"),
    ("gdbus", "emit", "--session", "-o", PLACE, "-s", f"{INTERFACE}.StatusChanged", "'not by us'"),
)


class BusTalk:
    """Questions and requests, from the folder ``root``; ``outside`` is a folder that no root holds."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._outside = root.parent / "outside"
        self._chance = random.Random(seed)
        self.counts: Counter[str] = Counter()

    def prepare(self) -> None:
        self._outside.mkdir(exist_ok=True)
        (self._outside / "go.mod").write_text("module example.com/outside\n\ngo 1.22\n")

    def run(self, seconds: float) -> None:
        others = (self._ask, self._there_and_back, self._watch, self._desktop)
        for _ in Pace(seconds, EVERY_SECONDS, self._chance).turns():
            self._chance.choice((*[self._verb] * 3, *others))()

    def _verb(self) -> None:
        self._gowatchctl(*self._chance.choice(VERBS))

    def _gowatchctl(self, *words: str) -> None:
        done = run("gowatchctl", *words, folder=self._root, check=False)
        if done.returncode not in FINE:
            raise AssertionError(f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        if "--json" in words:
            json.loads(done.stdout)
        self.counts[f"gowatchctl {words[0]}"] += 1

    def _ask(self) -> None:
        run(*self._chance.choice(QUESTIONS), check=False)  # some are wrong on purpose
        self.counts["other programs on the bus"] += 1

    def _there_and_back(self) -> None:
        """Change something of the running daemon, and change it back."""
        somewhere = str(self._root / f"shop{self._chance.randrange(20)}")
        there, back = self._chance.choice(
            (
                (("mute", "--for", "1h", somewhere), ("unmute", somewhere)),
                (("pause", "--for", "1h"), ("resume",)),
                (("add", str(self._outside)), ("remove", str(self._outside))),
                (("undo",), ("status",)),
            )
        )
        self._gowatchctl(*there)
        self._gowatchctl(*back)

    def _watch(self) -> None:
        """Look on for a while, and go away without a word."""
        words = self._chance.choice((("status", "--watch"), ("log", "-f"), ("status", "--watch", "--json")))
        with subprocess.Popen(["gowatchctl", *words], cwd=self._root, stdout=subprocess.DEVNULL) as looking:
            time.sleep(LOOKING_SECONDS)  # a person looks for a time of their own
            looking.kill()
        self.counts["somebody looked on"] += 1

    def _desktop(self) -> None:
        """Restart the notification server, reload or touch the configuration."""
        what = self._chance.randrange(4)
        if what == 0:
            systemctl("stop", "notifications")
            time.sleep(LOOKING_SECONDS)  # without a server, for a time
            run("systemd-run", "--user", "--quiet", "--unit=notifications", *SERVER)
            self.counts["notification server restarted"] += 1
            return
        configuration = Path.home() / ".config/gowatchd/config.toml"
        before = configuration.read_text()
        if what == 1:
            configuration.write_text(f"{before}\n[format]\nsettle_ms = {self._chance.randrange(50, 200)}\n")
        elif what == 2:
            configuration.write_text(f"{before}\n[format]\nsettle_ms = wrong\n")
        systemctl("reload", "gowatchd")
        configuration.write_text(before)
        systemctl("reload", "gowatchd")
        self.counts["configuration reloaded"] += 2
