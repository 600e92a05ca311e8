"""Whether the wall clock can be right: what is there was made before now."""

from __future__ import annotations

import ctypes
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNSYNCHRONISED = 0x40  # STA_UNSYNC of adjtimex(2)
_ERROR = 5  # TIME_ERROR, what adjtimex returns beside it
_TIMEX_WORDS = 64  # 512 bytes: struct timex has 208 on the largest architecture
_STATUS_OFFSET = 40  # bytes of ``status`` in struct timex, where long has 64 bits


@dataclass(frozen=True, slots=True)
class Clock:
    """The time ``now`` and the newest of the files that were made elsewhere, as Unix seconds.

    ``kept`` says whether something (NTP, a hypervisor) keeps the clock; None where the kernel does not say.
    """

    now: float
    newest: float
    newest_path: str
    kept: bool | None


def clock(paths: Iterable[str]) -> Clock:
    """Hold the clock against the modification times of ``paths``."""
    newest, newest_path = 0.0, ""
    for path in paths:
        try:
            changed = os.stat(path).st_mtime
        except OSError:  # not there: it proves nothing
            continue
        if changed > newest:
            newest, newest_path = changed, path
    return Clock(time.time(), newest, newest_path, _is_kept())


def _is_kept() -> bool | None:
    if ctypes.sizeof(ctypes.c_long) != 8:
        return None
    answer = (ctypes.c_long * _TIMEX_WORDS)()  # all zero: to read, and change nothing
    library = ctypes.CDLL(None, use_errno=True)
    state = int(library.adjtimex(ctypes.byref(answer)))
    if state < 0:  # a sandbox that does not grant it
        return None
    status = ctypes.c_int.from_buffer(answer, _STATUS_OFFSET).value
    return not (status & _UNSYNCHRONISED or state == _ERROR)
