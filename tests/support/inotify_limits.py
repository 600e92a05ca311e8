"""Few inotify watches or instances for one process: its own user namespace has limits of its own."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import pytest

from tests.support.other_process import Fork

_NEWUSER = 0x10000000  # CLONE_NEWUSER of unshare(2)
_LIMITS = Path("/proc/sys/user")


def limit(**limits: int) -> None:
    """Give this process ``watches`` and ``instances`` of inotify; for forks only, there is no way back."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    for name, value in limits.items():
        (_LIMITS / f"max_inotify_{name}").write_text(str(value))


def _possible() -> bool:
    def attempt() -> bool:
        try:
            limit(watches=10)
        except OSError:
            return False
        return True

    return bool(Fork(attempt).answer())


needs_own_limits = pytest.mark.skipif(not _possible(), reason="a user namespace is not granted here")
