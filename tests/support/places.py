"""Folders on real file systems of several kinds."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = Path("/dev/shm")
KINDS = [
    pytest.param(None, id="disk"),
    pytest.param(
        MEMORY, id="tmpfs", marks=pytest.mark.skipif(not MEMORY.is_dir(), reason="no /dev/shm here")
    ),
]


@contextmanager
def folder_on(where: Path | None, owner: int | None = None) -> Iterator[Path]:
    """Make a folder below ``where`` (or where temporary files go) that ``owner`` owns, and remove it."""
    with tempfile.TemporaryDirectory(dir=where, prefix="gowatchd-test-") as name:
        os.chmod(name, 0o755)
        if owner is not None:
            os.chown(name, owner, owner)
        yield Path(name)


def fill(folder: Path) -> Path:
    """Leave no room where ``folder`` is; return the file that takes it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as stream, suppress(OSError):
        for size in (1 << 16, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    stream.write(b"x" * size)
    return ballast


@contextmanager
def small_disk(point: Path, size: str) -> Iterator[Path]:
    """Mount a tmpfs of ``size`` at ``point``; needs root."""
    point.mkdir(exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(point)], check=True, timeout=90
    )
    try:
        yield point
    finally:
        subprocess.run(["umount", "-l", str(point)], check=True, timeout=90)


@contextmanager
def quota_disk(point: Path, size: str) -> Iterator[Path]:
    """Mount a btrfs and yield a folder on it that may hold ``size`` and no more; needs root."""
    point.mkdir(exist_ok=True)
    image = point.with_name(f"{point.name}.image")
    folder = point / "limited"
    try:
        with image.open("wb") as stream:
            stream.truncate(150 << 20)  # it wants 109 MiB at least; most of it is never written
        _run("mkfs.btrfs", "-q", str(image))
        _run("mount", "-o", "loop", str(image), str(point))
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no btrfs can be made and mounted here: {error}")
    try:
        _run("btrfs", "quota", "enable", str(point))
        _run("btrfs", "subvolume", "create", str(folder))
        _run("btrfs", "qgroup", "limit", size, str(folder))
        yield folder
    finally:
        _run("umount", "-l", str(point))


class FailingDisk:
    """An ext4 at ``point`` that the kernel makes read-only under whoever has files open on it; needs root."""

    def __init__(self, point: Path) -> None:
        self._point = point
        self._image = point.with_name(f"{point.name}.image")

    def __enter__(self) -> FailingDisk:  # noqa: PYI034 typing.Self is of Python 3.11
        self._point.mkdir(exist_ok=True)
        with self._image.open("wb") as stream:
            stream.truncate(16 << 20)
        try:
            _run("mkfs.ext4", "-q", "-O", "^has_journal", str(self._image))
            self.mount()
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no ext4 can be made and mounted here: {error}")
        return self

    def __exit__(self, *_details: object) -> None:
        _run("umount", "-l", str(self._point))

    def mount(self) -> None:
        _run("mount", "-o", "loop,errors=remount-ro", str(self._image), str(self._point))

    def unmount(self) -> None:
        """Take it away; fails while somebody has files open on it."""
        _run("umount", str(self._point))

    def fail(self) -> None:
        """Have the kernel find an error on it."""
        device = os.stat(self._point).st_dev
        name = os.path.basename(os.readlink(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"))
        Path(f"/sys/fs/ext4/{name}/trigger_fs_error").write_text("1")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=60, stdout=subprocess.DEVNULL)
