"""Child processes on the GLib loop: a few at a time, the newest question first, the answer as a callback."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gowatchd.services.ports import Finished
from gowatchd.system.process import KILL_SECONDS, Child, Command, not_started, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle
    from gowatchd.system.loop import MainLoop

AT_MOST = 2  # children at once: background work leaves the other processors to the person
MAX_WAITING = 4096  # questions, one a file or workspace: a clone brings them all at once; 6 kB each


class _Job:
    """A question under way; ``done`` is gone once it was answered or a newer one took its place."""

    def __init__(self, key: str, command: Command, done: Callable[[Finished], None]) -> None:
        self.key = key
        self.command = command
        self.done: Callable[[Finished], None] | None = done
        self.child: Child | None = None
        self.watches: dict[int, Handle] = {}  # by descriptor
        self.timer: Handle | None = None

    def unwatch(self) -> None:
        """Call off the timer and every watch."""
        if self.timer is not None:
            self.timer.cancel()
        while self.watches:
            self.watches.popitem()[1].cancel()


class ChildPool:
    """Runs commands beside the main loop, at most ``at_most`` at once, and calls back on the main thread.

    Questions wait for each other: what must not wait for a go that hangs (git's answer, which a format waits
    for) belongs into a pool of its own.
    """

    def __init__(self, loop: MainLoop, at_most: int = AT_MOST) -> None:
        self.started = 0  # children so far
        self._loop = loop
        self._at_most = at_most
        self._waiting: dict[str, _Job] = {}  # by key, in order
        self._running: set[_Job] = set()
        self._newest: dict[str, _Job] = {}  # key -> the question whose answer is still owed

    def start(self, key: str, command: Command, done: Callable[[Finished], None]) -> None:
        """Run ``command`` as soon as there is room, and call ``done`` once, later, with how it finished.

        The newest call for a ``key`` wins: an older one that is not answered yet is ended, and its ``done``
        is never called. What cannot be started, or finds the queue full, is answered with ``Finished.error``.
        """
        self.forget(key)
        job = self._newest[key] = _Job(key, command, done)
        if len(self._waiting) >= MAX_WAITING:
            self._answer_soon(job, Finished(None, error="too many commands are waiting", passing=True))
            return
        self._waiting[key] = job
        self._fill()

    def forget(self, key: str) -> None:
        """End what runs or waits for ``key``; nobody will be called back."""
        job = self._newest.pop(key, None)
        if job is None:
            return
        job.done = None
        if job.child is not None:
            job.child.kill()
        else:
            self._waiting.pop(key, None)

    def close(self) -> None:
        """End everything and forget it, without a callback."""
        for key in tuple(self._newest):
            self.forget(key)
        for job in self._running:
            job.unwatch()
            if job.child is not None:
                job.child.kill()
                if wait_for(job.child, KILL_SECONDS):
                    job.child.finish()
        self._running.clear()

    def _fill(self) -> None:
        while self._waiting and len(self._running) < self._at_most:
            self._run(self._waiting.pop(next(iter(self._waiting))))

    def _run(self, job: _Job) -> None:
        try:
            child = Child(job.command)
        except (OSError, ValueError) as error:
            self._answer_soon(job, not_started(job.command, error))
            return
        job.child = child
        self.started += 1
        self._running.add(job)
        for fd in child.outputs:
            job.watches[fd] = self._loop.watch_fd(fd, partial(self._readable, job, child, fd))
        job.watches[child.pidfd] = self._loop.watch_fd(child.pidfd, partial(self._ended, job, child))
        job.timer = self._loop.call_later(job.command.timeout, partial(self._too_slow, job, child))

    def _readable(self, job: _Job, child: Child, fd: int) -> None:
        if not child.drain(fd):
            job.watches.pop(fd).cancel()

    def _ended(self, job: _Job, child: Child) -> None:
        job.unwatch()
        self._running.discard(job)
        finished = child.finish()
        self._fill()
        self._answer(job, finished)

    def _too_slow(self, job: _Job, child: Child) -> None:
        """End it and answer at once: a process that the kernel holds keeps its place, not its question."""
        if child.has_ended():  # before we were stopped, or the machine slept, and both are told now
            self._ended(job, child)
            return
        child.kill()
        self._answer(job, child.so_far(timed_out=True))

    def _answer_soon(self, job: _Job, finished: Finished) -> None:
        self._loop.call_later(0, partial(self._answer, job, finished))

    def _answer(self, job: _Job, finished: Finished) -> None:
        done, job.done = job.done, None
        if done is None:
            return
        if self._newest.get(job.key) is job:
            del self._newest[job.key]
        done(finished)
