"""Work in a forked process: to be killed in the middle, to race with, to be nobody."""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
NOBODY = 65534
# In front of a command: whom permissions bind. Root becomes one too, and still reaches what is below /root.
BOUND_BY_PERMISSIONS = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
)

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user or to mount")


class Fork:
    """A forked process that runs ``work``; ``answer`` waits for what it returns."""

    def __init__(self, work: Callable[[], object], uid: int | None = None) -> None:
        self._reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                if uid is not None:
                    os.setgroups([])
                    os.setresgid(uid, uid, uid)
                    os.setresuid(uid, uid, uid)
                with open(writer, "wb") as pipe:
                    pickle.dump(work(), pipe)
                status = 0
            except BaseException:  # noqa: BLE001 - nothing may get back into the test runner's own stack
                traceback.print_exc()
            os._exit(status)
        os.close(writer)

    def answer(self) -> object:
        """Return what the work returned; fail if it failed."""
        with open(self._reader, "rb") as pipe:
            data = pipe.read()
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        assert status == 0, f"the other process ended with {status}"
        return pickle.loads(data)

    def kill(self) -> None:
        """End it with SIGKILL, wherever it is."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._reader)


def as_nobody(work: Callable[[], T]) -> T:
    """Return what ``work`` returns when nobody (65534) does it."""
    return Fork(work, NOBODY).answer()  # type: ignore[return-value] # it came through a pickle
