"""What the daemon costs while nothing happens: CPU time, wake-ups and memory, with 50 workspaces.

Beside it in the same minute: `inotifywait -m -r` on the same tree, the least that any watcher costs.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import workbench

WORKSPACES = 50
MODULES = 4
SECONDS = 60
WATCHDOG_USEC = 5 * 60 * 1_000_000  # what units/gowatchd.service asks for


def cpu(pid: int) -> float:
    """Return CPU milliseconds of ``pid`` so far, threads that ended included."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


def switches(pid: int) -> dict[str, int]:
    """Return how often each thread of ``pid`` gave or lost the CPU so far."""
    counts = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        counts[task.name] = sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)
    return counts


def wait_ready(receiver: socket.socket) -> None:
    """Return when READY=1 has come."""
    receiver.settimeout(60)
    while b"READY=1" not in receiver.recv(4096):
        pass


def main() -> int:
    """Print the table."""
    print(workbench.machine())
    print(f"{WORKSPACES} workspaces of {MODULES} modules, {SECONDS} s of nothing\n")
    with (
        tempfile.TemporaryDirectory(dir=workbench.ROOT / "build") as temporary,
        workbench.private_bus() as bus,
    ):
        folder = Path(temporary)
        for number in range(WORKSPACES):
            workbench.make_workspace(folder / "src" / f"w{number:02}", MODULES)
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiver.bind(str(folder / "notify"))
        config = f'[watch]\nroots = ["{folder / "src"}"]\n'
        asked = {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": str(WATCHDOG_USEC)}
        watcher = subprocess.Popen(
            ["inotifywait", "-m", "-r", "-q", str(folder / "src")], stdout=subprocess.DEVNULL
        )
        try:
            with workbench.daemon(folder / "home", bus, config, **asked) as process:
                wait_ready(receiver)
                time.sleep(10)  # the first cross-checks of all workspaces
                pids = {"gowatchd": process.pid, "inotifywait -m -r": watcher.pid}
                before = {name: (cpu(pid), switches(pid)) for name, pid in pids.items()}
                time.sleep(SECONDS)  # what is measured
                for name, pid in pids.items():
                    spent, woken = before[name]
                    spent = cpu(pid) - spent
                    now = switches(pid)
                    times = sum(count - woken.get(thread, 0) for thread, count in now.items())
                    threads = len(os.listdir(f"/proc/{pid}/task"))
                    print(
                        f"{name:18} CPU {spent:4.0f} ms   context switches {times:3}   threads {threads}"
                        f"   PSS {workbench.pss_kib(pid) / 1024:5.1f} MiB"
                    )
        finally:
            watcher.terminate()
            watcher.wait(10)
    return 0


if __name__ == "__main__":
    sys.exit(main())
