"""`gowatchctl status` beside `systemctl --user status gowatchd`: the same daemon, in turns. As root.

Both answer "how is it?" to a person who waits. The daemon runs as a unit of a real user manager and watches
20 workspaces; the journal is not read (-n 0): the manager here has none.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import workbench

sys.path.insert(0, str(workbench.ROOT))

from tests.support.bus import wait_for
from tests.support.user_manager import RunningManager, obstacle, user_manager

ROUNDS = 41
GOAL = 80.0  # milliseconds, for the status of gowatchctl
WORKSPACES, MODULES = 20, 3
UNIT = """[Service]
Type=notify
ExecStart={python} -m gowatchd
Environment=PYTHONPATH={root}
"""


def start(manager: RunningManager) -> None:
    """Start the daemon as a unit, and wait until it has looked at everything."""
    for number in range(WORKSPACES):
        workbench.make_workspace(manager.home / f"src/app{number:02}", MODULES)
    (manager.home / ".config/gowatchd").mkdir(parents=True)
    (manager.home / ".config/gowatchd/config.toml").write_text('[watch]\nroots = ["~/src"]\n')
    manager.write("gowatchd.service", UNIT.format(python=workbench.PYTHON, root=workbench.ROOT))
    manager.systemctl("daemon-reload")
    manager.systemctl("start", "gowatchd.service")
    found = f"Watching {WORKSPACES} workspaces, {WORKSPACES * MODULES} modules"
    wait_for(lambda: found in manager.show("gowatchd.service", "StatusText"), "all of it is watched", 120)


def main() -> int:
    """Print the table; return 1 where the goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    if reason := obstacle():
        print(f"bench_status: {reason}", file=sys.stderr)
        return 0
    print(workbench.machine())
    with (
        tempfile.TemporaryDirectory(dir=workbench.scratch()) as folder,
        user_manager(Path(folder), "gowatchd-bench") as manager,
    ):
        start(manager)
        commands = {
            "gowatchctl status": (*workbench.gowatchctl(), "status"),
            "gowatchctl --json status": (*workbench.gowatchctl(), "--json", "status"),
            "systemctl --user status gowatchd": ("systemctl", "--user", "status", "-n", "0", "gowatchd"),
            "python3 -c pass": (workbench.PYTHON, "-c", "pass"),
        }
        environment = {**manager.environment, "PYTHONPATH": str(workbench.ROOT)}
        costs: dict[str, list[workbench.Cost]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                costs[name].append(workbench.cost(command, manager.home, environment))
        manager.systemctl("stop", "gowatchd.service")
    print(f"{'':34} {'median':>8} {'least':>8} {'CPU':>8}   (ms, of {options.rounds})")
    for name, several in costs.items():
        middle, least = workbench.median(several), min(one.wall for one in several)
        print(f"{name:34} {middle.wall * 1000:8.1f} {least * 1000:8.1f} {middle.cpu * 1000:8.1f}")
    return 0 if statistics.median(one.wall for one in costs["gowatchctl status"]) * 1000 <= GOAL else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error}\n{error.stderr}")
