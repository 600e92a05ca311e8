"""Bytes on their way to the disk, without waiting for their arrival."""

from __future__ import annotations

import contextlib
import os


def write_out(fd: int) -> None:
    """Have the kernel write what is in the file ``fd`` to the disk now, and do not wait.

    For what a person sits and waits for, and what the same command would make again: ext4 gives the bytes
    their blocks at once and has them there before it lets anything on the disk point to them, so that a power
    cut leaves no empty file, as after its own ``rename``. Waiting takes 5 to 300 ms. Where bytes must not get
    lost, that is ``safe_write.flush``. See posix_fadvise(2): dirty pages are written before they could go.
    """
    with contextlib.suppress(OSError):  # a file system that has no use for it
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)


def write_out_file(path: str) -> None:
    """Do that for the file at ``path``, if it can be opened."""
    with contextlib.suppress(OSError):
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            write_out(fd)
        finally:
            os.close(fd)
