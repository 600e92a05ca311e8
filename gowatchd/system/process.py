"""One child process: how it is started, read, ended and cleaned away, for whoever waits for it.

``ChildPool`` waits in the GLib loop, ``run_child`` waits in place; the rules are the same. No Python code
runs between fork and exec, so it is safe beside GLib's own threads.
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import select
import selectors
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.services.ports import Finished
from gowatchd.system.program_path import steady_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_OUTPUT = (
    1 << 20
)  # bytes of each stream; the errors of a workspace with 1,000 broken members are below 200 kB
MAX_INPUT = 4096  # bytes; the smallest buffer a pipe can have, so that writing them never blocks
NICENESS = 10  # gives way to whatever the person runs
READ_SIZE = 1 << 16
KILL_SECONDS = (
    1.0  # a killed process is gone by then, unless the kernel holds it (a dead network file system)
)

# No room for another process, descriptor or page: true of this moment, not of the program.
_PASSING = frozenset({errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM})

# What the service manager and our unit said to us alone. A child that believed the manager would answer in
# our name; a go that is a Python script of the person's would not find its parts.
_MANAGERS_OWN = (
    "NOTIFY_SOCKET",
    "WATCHDOG_USEC",
    "WATCHDOG_PID",
    "LISTEN_FDS",
    "LISTEN_PID",
    "LISTEN_FDNAMES",
    "JOURNAL_STREAM",
    "INVOCATION_ID",
    "SYSTEMD_EXEC_PID",
    "MANAGERPID",
    "MANAGERPIDFDID",
    "MEMORY_PRESSURE_WATCH",
    "MEMORY_PRESSURE_WRITE",
    "PYTHONFAULTHANDLER",
    "PYTHONNOUSERSITE",
    "PYTHONUNBUFFERED",
)


def child_environment(**values: str) -> dict[str, str]:
    """Return our own environment for a child: in English, without what the service manager told us alone.

    Its PATH has no folder that depends on where the child is started.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _MANAGERS_OWN}
    path = steady_path(environment.get("PATH", os.defpath))
    return {**environment, "PATH": path, "LC_ALL": "C", "LANGUAGE": "", **values}


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run, where, with what, and for how long at most.

    ``timeout`` is in seconds, ``limit`` in bytes of each output stream. ``stdin`` holds at most ``MAX_INPUT``
    bytes; without it the child reads /dev/null. ``memory`` is how many bytes of its own it may have, or 0.
    """

    argv: tuple[str, ...]
    cwd: str
    timeout: float
    env: Mapping[str, str] = field(default_factory=child_environment)
    stdin: bytes = b""
    limit: int = MAX_OUTPUT
    memory: int = 0


class Child:
    """A ``Command`` under way, in a session and process group of its own, at low priority.

    ``outputs`` are the descriptors to ``drain`` when they are readable, ``pidfd`` becomes readable when the
    process has ended; then ``finish`` is due. Raises ``OSError`` and ``ValueError`` where it cannot start.
    """

    def __init__(self, command: Command) -> None:
        stdin = _filled_pipe(command.stdin) if command.stdin else subprocess.DEVNULL
        try:
            with _limited(command.memory):
                self._process = subprocess.Popen(
                    command.argv,
                    cwd=command.cwd,
                    env=command.env,
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    bufsize=0,
                    start_new_session=True,
                )
        finally:
            if stdin != subprocess.DEVNULL:
                os.close(stdin)
        self._streams = (self._process.stdout, self._process.stderr)
        self.outputs = tuple(stream.fileno() for stream in self._streams if stream is not None)
        self._said = {fd: bytearray() for fd in self.outputs}
        self._limit = command.limit
        self._truncated = False
        try:
            self.pidfd = os.pidfd_open(self._process.pid)
        except OSError:  # a sandbox that does not know the call (Linux 5.3)
            self.kill()
            self._process.wait()
            self._close_streams()
            raise
        for fd in self.outputs:
            os.set_blocking(fd, False)
        self._be_nice()

    def drain(self, fd: int) -> bool:
        """Take what is there to read in ``fd``; return whether there can be more.

        A child that says more than its limit is ended.
        """
        said = self._said[fd]
        try:
            chunk = os.read(fd, READ_SIZE)
        except BlockingIOError:
            return True
        room = self._limit - len(said)
        said += chunk[:room]
        if len(chunk) > room:
            self._truncated = True
            self.kill()
        return bool(chunk)

    def has_ended(self) -> bool:
        """Say whether it has, without waiting."""
        poll = select.poll()
        poll.register(self.pidfd, select.POLLIN)
        return bool(poll.poll(0))

    def kill(self) -> None:
        """End it, and every process that it started and that stayed in its group; harmless when repeated."""
        if self._process.returncode is None:  # not yet waited for, so that the number is still its own
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def finish(self, *, timed_out: bool = False) -> Finished:
        """Clean up after a process that has ended and return how; what its group left behind ends too."""
        self.kill()
        exit_code = self._process.wait()
        os.close(self.pidfd)
        finished = self.so_far(exit_code, timed_out=timed_out)
        self._close_streams()
        return finished

    def so_far(self, exit_code: int | None = None, *, timed_out: bool = False) -> Finished:
        """Return what it said until now, without waiting for anything."""
        for fd in self.outputs:
            self._drain_what_is_there(fd)
        stdout, stderr = (bytes(self._said[fd]) for fd in self.outputs)
        return Finished(exit_code, stdout, stderr, timed_out, self._truncated, passing=timed_out)

    def _drain_what_is_there(self, fd: int) -> None:
        before = -1
        while len(self._said[fd]) != before and not self._truncated:
            before = len(self._said[fd])
            self.drain(fd)

    def _be_nice(self) -> None:
        # The group may be gone already, and we may be lower than that ourselves: both are fine.
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PGRP, self._process.pid, NICENESS)

    def _close_streams(self) -> None:
        for stream in self._streams:
            if stream is not None:
                stream.close()


@contextmanager
def _limited(memory: int) -> Iterator[None]:
    """Let what is started inside have ``memory`` bytes of its own, or any number for 0 (setrlimit(2)).

    It is our own limit meanwhile, since a child begins with that; set afterwards it would come too late. What
    it maps of files, such as git's packs, does not count.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if not memory or soft != resource.RLIM_INFINITY:
        yield  # whoever has set a limit knows better
        return
    resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def run_child(command: Command) -> Finished:
    """Run ``command`` and wait for it, no longer than its timeout; never raises for what the child does."""
    return await_child(command, start_child(command))


def start_child(command: Command) -> Child | Finished:
    """Start ``command``, for ``await_child``; what could not be started is finished already."""
    try:
        return Child(command)
    except (OSError, ValueError) as error:
        return not_started(command, error)


def await_child(command: Command, child: Child | Finished) -> Finished:
    """Wait for ``child``, which ``command`` started, no longer than its timeout; never raises."""
    if isinstance(child, Finished):
        return child
    if wait_for(child, command.timeout):
        return child.finish()
    child.kill()
    if wait_for(child, KILL_SECONDS):
        return child.finish(timed_out=True)
    return child.so_far(timed_out=True)


def wait_for(child: Child, seconds: float) -> bool:
    """Read what ``child`` says until it ends; return whether it did, within ``seconds``."""
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for fd in (*child.outputs, child.pidfd):
            selector.register(fd, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            ready = [key.fd for key, _ in selector.select(left)]
            if child.pidfd in ready:
                return True
            for fd in ready:
                if not child.drain(fd):
                    selector.unregister(fd)
    return False


def not_started(command: Command, error: OSError | ValueError) -> Finished:
    """Return what became of a program that could not be started: one line says which, and why."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    where = f" in {command.cwd}" if isinstance(error, OSError) and error.filename == command.cwd else ""
    passing = isinstance(error, OSError) and error.errno in _PASSING
    return Finished(None, error=f"{command.argv[0]} cannot be started{where}: {reason}", passing=passing)


def _filled_pipe(data: bytes) -> int:
    if len(data) > MAX_INPUT:
        raise ValueError(f"a child gets at most {MAX_INPUT} bytes of input, not {len(data)}")
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return reading
