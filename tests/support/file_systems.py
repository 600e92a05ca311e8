"""File systems of every kind that this machine can have."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The least that each can be made of, in bytes; the file is sparse.
IMAGES = {"ext4": 64 << 20, "xfs": 320 << 20, "btrfs": 128 << 20}
FILE_SYSTEMS = ("disk", "tmpfs", "overlay", *IMAGES)


def missing_for(file_system: str) -> str | None:
    """Say why there can be no folder on ``file_system`` here, None if there can."""
    if file_system == "disk":
        return None
    if os.geteuid() != 0:
        return f"needs root to mount a {file_system}"
    if file_system not in Path("/proc/filesystems").read_text().split():
        return f"the kernel knows no {file_system}"
    if file_system in IMAGES:
        if not Path("/dev/loop-control").exists():
            return "there are no loop devices"
        if shutil.which(f"mkfs.{file_system}") is None:
            return f"there is no mkfs.{file_system}"
    return None


@contextmanager
def file_system_on(kind: str, folder: Path) -> Iterator[Path]:
    """Make a file system of ``kind`` (one of FILE_SYSTEMS) below ``folder``, and give a folder on it.

    The mount is seen by everybody, unless the caller has a mount namespace of its own.
    """
    point = folder / kind
    point.mkdir()
    if kind == "disk":
        yield point
        return
    options, what = ["-t", kind], kind
    if kind == "overlay":
        for name in ("lower", "upper", "work"):
            (folder / name).mkdir()
        options += ["-o", f"lowerdir={folder}/lower,upperdir={folder}/upper,workdir={folder}/work"]
    elif kind in IMAGES:
        what = str(folder / "image")
        with open(what, "wb") as image:
            image.truncate(IMAGES[kind])
        subprocess.run([f"mkfs.{kind}", "-q", what], check=True, timeout=60, stdout=subprocess.DEVNULL)
        options += ["-o", "loop"]
    subprocess.run(["mount", *options, what, str(point)], check=True, timeout=60)
    try:
        yield point
    finally:
        subprocess.run(["umount", "-l", str(point)], check=True, timeout=60)
