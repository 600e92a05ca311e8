"""The installed service through an hour of churn in a booted system: is it the same then, and nothing lost?

After a warm-up of the same churn, and again in the end, it is left alone until it rests; what it holds then
is compared. What is below tests/support/churn runs inside.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.booted import booted
from tests.support.booted_desktop import Desktop
from tests.support.booted_go import install_go
from tests.support.booted_roots import ROOT, base_root, depends_of
from tests.support.bus import wait_for
from tests.support.processor import used_seconds
from tests.support.vitals import Vitals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.booted import Booted

KINDS = ("editing", "git", "bus", "units")
MORE_PACKAGES = ("ed", "vim-tiny")  # the editors of the churn
WARM_UP = 1 / 3  # of the time: caches, the history and the allocator have grown to their size by then
REST_SECONDS = 20  # without processor time: it rests
IDLE_SECONDS = 60
IDLE_CPU = 0.05  # of a second, in that time; what it measured itself is in docs/soak.md
SAMPLE_SECONDS = 60
DRIFT = 0.05
GROWING = ("pss", "anonymous")  # judged by how much more it is; less is the kernel's doing, or fine
EQUAL = ("descriptors", "watches", "threads", "tasks")  # judged both ways: fewer watches are deaf folders
LATEST = 300  # seconds until all that was saved is formatted, on whatever machine
CODE = "/opt/soak"
UNIT = "_SYSTEMD_USER_UNIT=gowatchd.service"
CONFIGURATION = '[watch]\nroots = ["~/src"]\n'


class Hour:
    """One such run on ``suite``; ``say`` gets a line now and then."""

    def __init__(self, suite: str, minutes: float, seed: int, say: Callable[[str], None]) -> None:
        self._suite = suite
        self._seconds = minutes * 60
        self._seed = seed
        self._say = say
        self.violations: list[str] = []

    def run(self) -> None:
        """Boot, install, warm up, churn, compare; whatever is wrong is in ``violations``."""
        with self._machine() as machine:
            desktop = _installed(machine)
            self._desktop, self._machine_up = desktop, machine
            self._process = machine.path(f"/proc/{desktop.unit('MainPID')}")
            self._group = _group_of(self._process)
            try:
                self._work()
            except OSError as error:
                if self._process.exists():
                    raise
                self._blame(f"the daemon died: {error}")
            finally:  # where the daemon has died, its journal is what tells why
                self._look_at_the_service()

    def _work(self) -> None:
        self._churn("prepare")
        self._churn_all(self._seconds * WARM_UP, "warm-up")
        before = self._rested()
        counts = self._churn_all(self._seconds, "soak")
        after = self._rested()
        for what, count in sorted(counts.items()):
            self._say(f"  {count:6} {what}")
        self._compare(before, after)
        self._look_idle(after)
        self._look_at_the_files()

    @contextmanager
    def _machine(self) -> Iterator[Booted]:
        build = subprocess.run(["scripts/build-deb"], cwd=ROOT, timeout=900, check=False)
        assert build.returncode == 0, "the package could not be built"
        (deb,) = (ROOT / "build").glob("gowatchd_*_all.deb")
        with booted(base_root(self._suite, depends_of(deb), "soak", MORE_PACKAGES)) as machine:
            shutil.copyfile(deb, machine.path("/root/gowatchd.deb"))
            yield machine

    def _blame(self, what: str) -> None:
        self._say(f"WRONG: {what}")
        self.violations.append(what)

    def _churn(self, kind: str, seconds: float = 0) -> dict[str, int]:
        done = self._desktop.machine.run(
            "env",
            f"PYTHONPATH={CODE}",
            "nice",
            "python3",
            "-m",
            "tests.support.churn",
            kind,
            str(seconds),
            str(self._seed),
            person=self._desktop.person,
            check=False,
            timeout=seconds + 900,
        )
        if done.returncode != 0:
            self._blame(f"{kind}: {done.stderr.strip()[-2000:]}")
            return {}
        return json.loads(done.stdout)

    def _churn_all(self, seconds: float, name: str) -> dict[str, int]:
        """Run every kind at once, and take a sample each minute; return what was done, and how often."""
        self._seed += 1
        over = threading.Event()
        counts: dict[str, int] = {}
        pool = ThreadPoolExecutor(len(KINDS) + 1)
        try:
            sampling = pool.submit(self._sample, name, over)
            for running in [pool.submit(self._churn, kind, seconds) for kind in KINDS]:
                counts.update(running.result())
        finally:
            over.set()
            pool.shutdown(wait=False)  # who interrupts us powers the machine off, which ends what runs in it
        sampling.result()
        return counts

    def _sample(self, name: str, over: threading.Event) -> None:
        place = ROOT / "build" / f"soak-{self._suite}-{name}.csv"
        with place.open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["minute", *Vitals.names()])
            began = time.monotonic()
            while not over.wait(SAMPLE_SECONDS):
                minute = round((time.monotonic() - began) / 60, 1)
                try:
                    vitals = self._vitals()
                except (OSError, KeyError) as gone:  # KeyError: a zombie has no memory to be read
                    self._say(f"{name}, minute {minute}: nothing to be seen of the service: {gone!r}")
                    continue
                table.writerow([minute, *vars(vitals).values()])
                file.flush()
                self._say(f"{name}, minute {minute}: {vitals}")

    def _vitals(self) -> Vitals:
        return Vitals.of(self._process, self._group)

    def _rested(self) -> Vitals:
        """Wait until it used no processor time for a while; return what it holds then."""
        rest = [time.monotonic(), used_seconds(self._process)]

        def rests() -> bool:
            if (cpu := used_seconds(self._process)) != rest[
                1
            ]:  # memory, at every look, costs more than the daemon
                rest[:] = [time.monotonic(), cpu]
            return time.monotonic() - rest[0] > REST_SECONDS

        wait_for(rests, "it rests", LATEST)
        return self._vitals()

    def _compare(self, before: Vitals, after: Vitals) -> None:
        self._say(f"{'':16}{'before':>12}{'after':>12}")
        for name in Vitals.names():
            first, last = getattr(before, name), getattr(after, name)
            self._say(f"{name:16}{first:>12}{last:>12}")
            drift = (last - first) / max(first, 1)
            if (name in GROWING and drift > DRIFT) or (name in EQUAL and abs(drift) > DRIFT):
                self._blame(f"{name} went from {first} to {last}")

    def _look_idle(self, before: Vitals) -> None:
        time.sleep(IDLE_SECONDS)  # idleness is a matter of time
        used = self._vitals().cpu - before.cpu
        self._say(f"idle for {IDLE_SECONDS} s: {used * 1000:.0f} ms of processor time")
        if used > IDLE_CPU:
            self._blame(f"it used {used} s of processor time while idle")

    def _look_at_the_files(self) -> None:
        """Save each file once more: all are heard and formatted, and each can be taken back."""
        saved = self._churn("last")
        waiting = ""

        def formatted() -> bool:
            nonlocal waiting
            waiting = str(self._churn("waiting"))
            return waiting == "{'not formatted': 0}"

        try:
            wait_for(formatted, "all files are formatted", LATEST)
        except AssertionError:
            self._blame(f"of {saved}, {waiting}")
        self._say(f"saved a last time: {saved}; then {waiting}; {self._churn('undo')}")

    def _look_at_the_service(self) -> None:
        restarts = self._desktop.unit("NRestarts")
        if restarts != "0" or not self._process.exists():
            self._blame(f"the service was restarted: NRestarts={restarts}")
        logged = self._machine_up.run("journalctl", "--boot", "--no-pager", "-o", "cat", UNIT).stdout
        place = ROOT / "build" / f"soak-{self._suite}.log"
        place.write_text(logged)
        bad = [line for line in logged.splitlines() if "Traceback" in line or "Error:" in line]
        self._say(f"journal: {len(logged.splitlines())} lines, {len(bad)} of them of a bug")
        if bad:
            self._blame(f"the journal holds {bad[:5]}")


def _installed(machine: Booted) -> Desktop:
    """Install the package, go and the churn for somebody with a desktop."""
    person = machine.add_person("dev")
    desktop = Desktop(machine, person)
    desktop.write(".config/gowatchd/config.toml", CONFIGURATION)
    desktop.run("mkdir", "src")
    for name in ("tests/__init__.py", "tests/support"):
        source, target = ROOT / name, machine.path(f"{CODE}/{name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    install_go(machine)
    machine.run("chmod", "-R", "go+rX", CODE, "/usr/local/go")
    machine.run("apt-get", "install", "-y", "/root/gowatchd.deb", timeout=300)
    wait_for(lambda: desktop.unit("ActiveState") == "active", "the service is active after the installation")
    desktop.show()
    wait_for(lambda: desktop.ask("status")["notifications"]["server"], "the notification server is known")
    return desktop


def _group_of(process: Path) -> Path:
    """Return the folder of the control group of ``process``, as it is seen from outside."""
    found = []
    for line in (process / "cgroup").read_text().splitlines():
        _, controllers, place = line.split(":", 2)
        for root in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"):
            folder = Path(root) / place.lstrip("/")
            listing = folder / "cgroup.procs"
            if controllers in ("", "name=systemd") and listing.exists() and listing.read_text():
                found.append((len(place), folder))
    assert found, f"no control group of {process} is to be seen"
    return max(found)[1]  # where there are two hierarchies, only the container's systemd goes deeper
