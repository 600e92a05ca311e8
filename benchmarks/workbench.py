"""What every benchmark needs: a workspace, a private bus with the daemon on it, and honest numbers."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GO_VERSION = "1.27.3"
GOROOT = ROOT / "build" / "toolchains" / GO_VERSION / "go"
GO_ENVIRONMENT = {"GOTOOLCHAIN": "local", "GOFLAGS": "", "GOPROXY": "off", "GOENV": "off"}


def machine() -> str:
    """Describe the machine in one line, for the head of every table."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = names[0].split(":")[1].strip() if names else platform.machine()
    return f"{model}, {os.cpu_count()} CPUs, Linux {platform.release()}, Python {platform.python_version()}"


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
