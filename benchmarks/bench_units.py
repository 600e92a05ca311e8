"""What the audit of 200 user units takes on a real user manager: time, stalls of the main loop, idle CPU.

Beside it in the same run: `systemctl --user show -p ...` for the same properties of the same units. As root.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import workbench

sys.path.insert(0, str(workbench.ROOT))

from bench_idle import cpu
from gi.repository import GLib

from gowatchd.services.unit_audit import Surroundings
from gowatchd.services.unit_auditing import Inspection, Inspector
from gowatchd.services.unit_values import Values
from gowatchd.system.environment_files import read_head
from gowatchd.system.program_search import ProgramSearch
from gowatchd.system.unit_reading import PROPERTIES
from tests.support.bus import wait_for
from tests.support.unit_reader import UnitReader
from tests.support.user_manager import RunningManager, obstacle, user_manager

UNITS = 200
AUDITS = 15
SECONDS = 60
UNIT = "[Service]\nExecStart=/bin/sh -c 'echo $$WORKSPACE_ROOT; exec sleep 100000'\n"
DROP_IN = "[Service]\nEnvironment={}=/srv/src\n"
NAMES = [f"bench-{number}.service" for number in range(UNITS)]


class Bench:
    """Audits by the same parts as in the daemon, on the loop of this process."""

    def __init__(self, manager: RunningManager) -> None:
        self._reader = UnitReader(manager)
        self._inspections: list[Inspection] = []
        self._inspector = Inspector(
            self._reader.loop,
            self._reader.manager,
            self._reader.scan,
            lambda environment: Surroundings(
                environment, Values(configured={"WORKSPACE_ROOT": "/srv/src"}), ProgramSearch(), read_head
            ),
            self._inspections.append,
        )
        self.stalls: list[float] = []

    def audit(self) -> tuple[float, int]:
        """Return the milliseconds of one audit, and how many units lack something."""
        context = GLib.MainContext.default()
        self._inspections.clear()
        self.stalls.clear()
        start = time.perf_counter()
        self._inspector.inspect()
        while not self._inspections:
            before = time.thread_time()
            context.iteration(may_block=True)
            self.stalls.append((time.thread_time() - before) * 1000)
        took = (time.perf_counter() - start) * 1000
        return took, sum(bool(one.assignments) for one in self._inspections[0].audits)

    def close(self) -> None:
        self._reader.close()


def show(manager: RunningManager) -> float:
    """Return the milliseconds of `systemctl show` for all units."""
    names = [name for _, name in PROPERTIES]
    start = time.perf_counter()
    manager.systemctl("show", "-p", ",".join(names), *NAMES)
    return (time.perf_counter() - start) * 1000


def measure(manager: RunningManager, what: str, variable: str) -> None:
    """Print one line of the table."""
    for name in NAMES:
        manager.write(f"{name}.d/override.conf", DROP_IN.format(variable))
    manager.systemctl("daemon-reload")
    bench = Bench(manager)
    first, lacking = bench.audit()
    times, stalls, shows = [], [], []
    for _ in range(AUDITS):
        took, lacking = bench.audit()
        times.append(took)
        stalls.append(max(bench.stalls))
        shows.append(show(manager))
    bench.close()
    print(
        f"{what:34} first {first:6.0f} ms   later median {statistics.median(times):6.0f} ms   "
        f"longest stall {statistics.median(stalls):5.1f} ms (worst {max(stalls):5.1f})   "
        f"systemctl show {statistics.median(shows):6.0f} ms   {lacking} lack something"
    )


def idle(manager: RunningManager) -> None:
    """Print what the daemon and the manager cost while no unit changes."""
    config = manager.home / "config.toml"
    config.write_text(
        '[env]\npolicy = "suggest"\nlogin_shell = false\n[env.values]\nWORKSPACE_ROOT = "/srv/src"\n'
    )
    environment = {**manager.environment, "PYTHONPATH": str(workbench.ROOT)}
    with (manager.home / "log").open("wb") as log:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "gowatchd", "--config", str(config)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        said = manager.home / "log"
        wait_for(lambda: said.read_text().count(" lacks WORKSPACE_ROOT") == UNITS, "the first audit", 120)
        time.sleep(10)  # what it leaves to the manager: units that nobody needs any more
        pids = {"gowatchd": daemon.pid, "its user manager": manager.process}
        before = {name: cpu(pid) for name, pid in pids.items()}
        time.sleep(SECONDS)  # what is measured
        spent = ", ".join(f"{name} {cpu(pid) - before[name]:.0f} ms" for name, pid in pids.items())
        size = workbench.pss_kib(daemon.pid) / 1024
        print(f"{SECONDS} s without a change: {spent} of CPU; PSS {size:.1f} MiB")
    finally:
        daemon.terminate()
        daemon.wait(20)


def main() -> int:
    """Print the table."""
    if obstacle():
        print(f"bench_units: {obstacle()}", file=sys.stderr)
        return 0
    print(workbench.machine())
    version = subprocess.run(["systemctl", "--version"], capture_output=True, text=True, check=True)
    print(f"{UNITS} units with a drop-in each, {' '.join(version.stdout.split()[:2])}\n")
    with tempfile.TemporaryDirectory(dir=workbench.scratch()) as temporary:
        folder = Path(temporary)
        with user_manager(folder, f"gowatchd-bench-{os.getpid()}") as manager:
            for name in NAMES:
                manager.write(name, UNIT)
            measure(manager, "nothing missing", "WORKSPACE_ROOT")
            measure(manager, f"all {UNITS} missing", "OTHER")
            manager.systemctl("start", *NAMES)
            measure(manager, f"nothing missing, all {UNITS} run", "WORKSPACE_ROOT")
            measure(manager, f"all {UNITS} missing, all run", "OTHER")
            idle(manager)
    return 0


if __name__ == "__main__":
    sys.exit(main())
