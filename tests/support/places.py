"""Folders on real file systems of several kinds."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
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


@contextmanager
def small_disk(point: Path, size: str) -> Iterator[Path]:
    """Mount a tmpfs of ``size`` at ``point``; needs root."""
    point.mkdir(exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(point)], check=True, timeout=10
    )
    try:
        yield point
    finally:
        subprocess.run(["umount", "-l", str(point)], check=True, timeout=10)
