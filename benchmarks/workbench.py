"""What every benchmark needs: a workspace, a private bus with the daemon on it, and honest numbers."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GO_VERSION = "1.27.3"
GOROOT = ROOT / "build" / "toolchains" / GO_VERSION / "go"
GO_ENVIRONMENT = {"GOTOOLCHAIN": "local", "GOFLAGS": "", "GOPROXY": "off", "GOENV": "off"}

# What the package has in /usr/bin; the checkout's own programs start with what an editable installation needs
PYTHON = "/usr/bin/python3"
ENTRY_POINT = """import re
import sys
from gowatchd.cli.main import program
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit(program())
"""
LIMIT = 600  # seconds for one command


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds on the clock, and of processors, its children's among them."""

    wall: float
    cpu: float


def median(costs: Sequence[Cost]) -> Cost:
    """Return the medians, each for itself."""
    return Cost(statistics.median(one.wall for one in costs), statistics.median(one.cpu for one in costs))


def cost(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run ``command`` in ``folder``; raise where it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
        timeout=LIMIT,
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def gowatchctl() -> tuple[str, ...]:
    """Return the command that starts ``gowatchctl`` of this checkout as the package starts it."""
    script = scratch() / "gowatchctl"
    script.write_text(ENTRY_POINT)
    # with its .pyc files, as dpkg leaves it
    subprocess.run([PYTHON, "-m", "compileall", "-q", str(ROOT / "gowatchd")], check=True, timeout=120)
    return PYTHON, str(script)


def environment() -> dict[str, str]:
    """Return the environment in which go and gowatchctl are compared."""
    return {
        **os.environ,
        **GO_ENVIRONMENT,
        "PATH": f"{GOROOT}/bin:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
    }


def scratch() -> Path:
    """Return a folder on the disk where the checkout is, for temporary files there might be in memory."""
    folder = ROOT / "build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def machine() -> str:
    """Describe the machine in one line, for the head of every table."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = names[0].split(":")[1].strip() if names else platform.machine()
    load = f"load {os.getloadavg()[0]:.1f}"
    python = f"Python {platform.python_version()}"
    return f"{model}, {os.cpu_count()} CPUs, {load}, Linux {platform.release()}, {python}"


def summary(milliseconds: Sequence[float]) -> str:
    """Return median and 99th percentile of ``milliseconds``."""
    return f"median {statistics.median(milliseconds):7.2f} ms   p99 {percentile(milliseconds, 99):7.2f} ms"


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest of ``values`` that ``percent`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def make_workspace(root: Path, modules: int) -> list[Path]:
    """Make a go.work over ``modules`` modules that require each other; return every file of it."""
    root.mkdir(parents=True)
    files = []
    for number in range(modules):
        folder = root / f"m{number:03}"
        folder.mkdir()
        (folder / "m.go").write_text("package m\n")
        (folder / "go.mod").write_text(tidy_mod(number, modules))
        files.append(folder / "go.mod")
    uses = "".join(f"\t./m{number:03}\n" for number in range(modules))
    (root / "go.work").write_text(f"go 1.21\n\nuse (\n{uses})\n")
    subprocess.run(["git", "-C", str(root), "init", "-q"], check=True)
    return [*files, root / "go.work"]


def tidy_mod(number: int, modules: int) -> str:
    """Return a formatted go.mod."""
    requires = "".join(
        f"\texample.com/m{other:03} v0.1.{other}\n" for other in range(modules) if other != number
    )
    return f"module example.com/m{number:03}\n\ngo 1.21\n\nrequire (\n{requires})\n"


def messy(path: Path) -> bytes:
    """Return the content of ``path`` as a person leaves it: blocks indented by four spaces."""
    return path.read_bytes().replace(b"\n\t", b"\n    ")


@contextmanager
def private_bus() -> Iterator[str]:
    """Run a session bus of our own and yield its address."""
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as bus:
        try:
            assert bus.stdout is not None
            yield bus.stdout.readline().strip()
        finally:
            bus.terminate()


@contextmanager
def daemon(
    home: Path, bus: str, config: str, *, go: bool = True, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run gowatchd with ``config`` in a home of its own; its log goes to home/log."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(config)
    path = f"{GOROOT}/bin:/usr/bin:/bin" if go else "/usr/bin:/bin"
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "gowatchd", "--config", str(home / "config.toml")],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env={
                "HOME": str(home),
                "PATH": path,
                "DBUS_SESSION_BUS_ADDRESS": bus,
                "XDG_RUNTIME_DIR": str(home),
                **environment,
            },
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(10)


def pss_kib(pid: int) -> int:
    """Return the proportional set size of process ``pid`` in KiB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise LookupError(pid)
