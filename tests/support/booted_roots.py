"""The root directories that containers are booted from: one for each release, kept in build/roots."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROOTS = ROOT / "build" / "roots"
SUITE = os.environ.get("SUITE") or "trixie"
PACKAGES = (
    "dbus",
    "dbus-user-session",
    "dunst",
    "fonts-dejavu-core",
    "git",
    "libglib2.0-bin",
    "libpam-systemd",
    "man-db",
    "passwd",
    "procps",
    "systemd",
    "systemd-sysv",
    "xvfb",
)
MAKE_SECONDS = 900  # apt gives up sooner where an archive does not answer
NO_NETWORK = ("Could not resolve", "Could not connect", "Temporary failure resolving", "Unable to connect")


def depends_of(package: Path) -> str:
    """Return what apt has to install beside the .deb."""
    command = ["dpkg-deb", "--field", str(package), "Depends"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def base_root(suite: str, dependencies: str, name: str = "", more: tuple[str, ...] = ()) -> Path:
    """Return the cached root of ``suite`` with our test programs and a package's ``Depends`` in it.

    One with ``more`` packages has a ``name`` of its own, and begins as a copy of the one without. A later
    change of any of these makes it anew. Of several workers one makes it, and the others wait.
    """
    ROOTS.mkdir(parents=True, exist_ok=True)
    plain = base_root(suite, dependencies) if name else None
    root = ROOTS / (f"{suite}-{name}" if name else suite)
    with root.with_name(f"{root.name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _cached_root(suite, root, (*PACKAGES, *more), dependencies, plain)


def _cached_root(
    suite: str, root: Path, packages: tuple[str, ...], dependencies: str, plain: Path | None
) -> Path:
    recipe = hashlib.sha256("\n".join((*packages, dependencies)).encode()).hexdigest()
    stamp = root.with_name(f"{root.name}.recipe")
    if root.is_dir() and stamp.exists() and stamp.read_text() == recipe:
        return root
    stamp.unlink(missing_ok=True)  # until all of it is there
    apt = ["chroot", str(root), "apt-get", "-qq"]
    if plain is None:
        _make(["scripts/make-root", suite, str(root), *packages])
        resolver = root / "etc/resolv.conf"
        resolver.unlink(missing_ok=True)  # of Ubuntu 22.04 it is a link to what only a running system has
        shutil.copyfile("/etc/resolv.conf", resolver)
        _make([*apt, "satisfy", "-y", "--no-install-recommends", dependencies])
    else:
        _remove(root)
        _make(["cp", "-aT", "--reflink=auto", str(plain), str(root)])
        _make([*apt, "update"])
        _make([*apt, "install", "-y", "--no-install-recommends", *packages])
    for grown in ("var/lib/apt/lists", "var/cache/apt"):  # no network in there, and each boot copies it all
        shutil.rmtree(root / grown)
    stamp.write_text(recipe)
    return root


@contextlib.contextmanager
def copied(base: Path) -> Iterator[Path]:
    """Lend a copy of ``base`` that may be written to, and remove those that nobody has any more."""
    root = base.with_name(f"{base.name}-{os.getpid()}")
    for left in base.parent.glob(f"{base.name}-*"):
        number = re.fullmatch(r"\d+", left.name.removeprefix(f"{base.name}-"))
        if number and left.is_dir() and (left == root or not Path(f"/proc/{number[0]}").exists()):
            # of a killed process, whose number may be ours now
            _remove(left)
    try:
        subprocess.run(["cp", "-aT", "--reflink=auto", str(base), str(root)], timeout=300, check=True)
        yield root
    finally:
        _remove(root)


def _remove(root: Path) -> None:
    """Remove ``root`` as far as it can be, and nothing of what may still be mounted below it."""
    subprocess.run(["rm", "-rf", "--one-file-system", str(root)], timeout=300, check=False)


def _make(command: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=MAKE_SECONDS,
        check=False,
    )
    if done.returncode == 0:
        return
    # Who named a release is told what is wrong; else it is only a machine that cannot do this.
    if "SUITE" not in os.environ and any(text in done.stderr for text in NO_NETWORK):
        pytest.skip(f"no network to make a {SUITE} with: {done.stderr.strip().splitlines()[-1]}")
    said = f"{done.stdout[-2000:]}{done.stderr[-4000:]}"
    pytest.fail(f"{' '.join(command)}: exit {done.returncode}\n{said}", pytrace=False)
