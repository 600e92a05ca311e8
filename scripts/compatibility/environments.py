"""Pythons with chosen versions of watchdog and pydantic, in build/compat; what is there is used again."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .matrix import Distribution

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build/compat"
SYSTEM = Path("/usr/bin/python3")
INSTALL_SECONDS = 1800  # PyGObject is compiled
# The last PyGObject for libgirepository 1, which Debian 12 and Ubuntu 22.04 have.
TO_COMPILE = ("build-essential", "libcairo2-dev", "libgirepository1.0-dev", "pkg-config")
BINDINGS = ("PyGObject<3.51", "pydbus", "sdnotify", "jeepney", "tomli; python_version < '3.11'")
NOT_NEEDED = ("mypy", "ruff")  # development tools that no test imports
VERSIONS = """\
from importlib.metadata import version
import sys, watchdog, pydantic
print("%d.%d" % sys.version_info[:2], version("watchdog"), version("pydantic"))
"""


class UnavailableError(Exception):
    """An environment cannot be had here; the text says why."""


def python_on_path(version: str) -> Path:
    """Return a Python of that ``version``, such as 3.10, from PATH."""
    found = shutil.which(f"python{version}")
    if found is None:
        raise UnavailableError(f"there is no python{version} on PATH")
    asked = [found, "-c", "import sys, ensurepip; print(sys.executable, '%d.%d' % sys.version_info[:2])"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    path, _, is_version = done.stdout.strip().rpartition(" ")
    if is_version != version:  # or it lacks what a virtual environment needs
        raise UnavailableError(f"{found} does not work: {(done.stderr.strip() or '?').splitlines()[-1]}")
    return Path(path)


def test_tools() -> list[str]:
    """Return what `make test` takes from PyPI to run tests: the newest that a Python can have of each."""
    lines = (ROOT / "requirements-dev.txt").read_text().splitlines()
    return [line.split(">=")[0] for line in lines if line and not line.startswith(("#", *NOT_NEEDED))]


def for_system(watchdog: str, pydantic: str) -> Path:
    """Return the distribution's Python, with its GLib, and with these versions in front of its own."""
    libraries = [_library("watchdog", watchdog), _library("pydantic", pydantic)]
    folder = PLACE / f"system-{watchdog}-{pydantic}"
    if not (folder / "bin/python").exists():
        _run(SYSTEM, "-m", "venv", "--system-site-packages", "--without-pip", folder)
    # What a .pth file names comes before the distribution's packages, in processes that a test starts too.
    (tools,) = (ROOT / ".venv").glob("lib/python3*/site-packages")
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "compat.pth").write_text("".join(f"{path}\n" for path in (*libraries, ROOT, tools)))
    return folder / "bin/python"


def for_other(python: Path, one: Distribution) -> Path:
    """Return ``python`` with what gowatchd and its tests need from PyPI, in the versions of ``one``."""
    folder = PLACE / f"{one.suite}-python{one.python}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run(ROOT / "scripts/install-packages", *TO_COMPILE)
        _run(python, "-m", "venv", folder)
        wanted = (*BINDINGS, f"watchdog=={one.watchdog}", f"pydantic=={one.pydantic}", *test_tools())
        _run(folder / "bin/python", "-m", "pip", "install", "-q", *wanted)
        (packages,) = folder.glob("lib/python3*/site-packages")
        (packages / "compat.pth").write_text(f"{ROOT}\n")
        (folder / "complete").touch()
    return folder / "bin/python"


def tools_for(version: str) -> Path:
    """Return a folder of what runs the tests, for a Python of that ``version`` that somebody else has."""
    return _installed(
        f"tools-{version}",
        *test_tools(),
        "--only-binary=:all:",
        f"--python-version={version}",
        "--implementation=cp",
    )


def versions(*python: str | Path) -> tuple[str, ...]:
    """Return the versions of Python, watchdog and pydantic that the command ``python`` has."""
    return tuple(_run(*python, "-c", VERSIONS).split())


def _library(name: str, version: str) -> Path:
    return _installed(f"{name}-{version}", f"{name}=={version}")


def _installed(name: str, *wanted: str) -> Path:
    folder = PLACE / name
    if not folder.is_dir():
        part = PLACE / f"{name}.part"
        shutil.rmtree(part, ignore_errors=True)
        _run(SYSTEM, "-m", "pip", "install", "-q", "--no-compile", "--target", part, *wanted)
        part.rename(folder)
    return folder


def _run(*command: str | Path) -> str:
    words = list(map(str, command))
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False, env=environment
    )
    if done.returncode != 0:
        raise UnavailableError((done.stderr.strip() or done.stdout.strip() or words[0]).splitlines()[-1])
    return done.stdout
