"""We are stopped in the middle of a rewrite, for longer than the kernel waits for the holder of a lease."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

from gowatchd.services.ports import Swap
from gowatchd.system import exchange, safe_write
from gowatchd.system.files import SafeFiles
from tests.support.bus import wait_for
from tests.support.other_process import Fork

OLD = b"module   example.com/old\n\n\n\ngo 1.21\n"
NEW = b"module example.com/old\n\ngo 1.21\n"
SAVED = b"module example.com/saved\n\ngo 1.22\n"


def hold(after: Callable[..., object]) -> Callable[..., object]:
    """Return ``after`` with a stop of the whole process behind it, as from SIGSTOP, once."""
    stopped = []

    def held(*arguments: object) -> object:
        answer = after(*arguments)
        if not stopped:
            stopped.append(True)
            os.kill(os.getpid(), signal.SIGSTOP)
        return answer

    return held


# Where we are stopped, and whether a reader leads to an exchange there.
MOMENTS = {
    "before the first byte": (safe_write, "objection", False),
    "between the bytes and the cut": (safe_write, "_write", False),
    "after the exchange": (exchange, "exchange", True),
}


class Stopping:
    """One file for each moment below ``folder``; an editor wants to save it while we are stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self) -> Iterator[str]:
        """Stop at each moment at once; yield what came of it. Takes as long as the kernel's patience."""
        with ExitStack() as held:
            waiting = []
            for number, moment in enumerate(MOMENTS):
                path = self._folder / f"stop-{number}" / "go.mod"
                path.parent.mkdir()
                path.write_bytes(OLD)
                if MOMENTS[moment][2]:
                    held.enter_context(path.open("rb"))
                writer = Fork(lambda path=path, moment=moment: _swap(path, moment))
                wait_for(lambda writer=writer: _is_stopped(writer.pid), f"the stop {moment}")
                waiting.append((moment, path, writer, Fork(lambda path=path: _save(path))))
            for moment, path, writer, editor in waiting:
                seconds = editor.answer()
                os.kill(writer.pid, signal.SIGCONT)
                swap = writer.answer()
                assert isinstance(swap, Swap)
                assert path.read_bytes() == SAVED, f"{moment}: {path.read_bytes()!r} after {swap}"
                assert os.listdir(path.parent) == ["go.mod"], moment
                came = f"the editor waited {seconds:.1f} s, its save stands"
                yield f"{moment}: {came}; our swap ended as {swap.outcome.value}"


def _swap(path: Path, moment: str) -> Swap:
    module, name, _ = MOMENTS[moment]
    with mock.patch.object(module, name, hold(getattr(module, name))):
        return SafeFiles().swap(str(path), OLD, NEW)


def _save(path: Path) -> float:
    began = time.monotonic()
    path.write_bytes(SAVED)
    return time.monotonic() - began


def _is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
