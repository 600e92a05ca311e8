"""The watchers that are compared: each is started on a tree, is ready at some time, and names saved files."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import workbench
from jeepney import HeaderFields, MatchRule, message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

READY_SECONDS = 180
OBSERVER = """
import sys
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer
class Handler(FileSystemEventHandler):
    def on_any_event(self, event):
        if event.event_type == "closed" and event.src_path.endswith("/go.mod"):
            print(event.src_path, flush=True)
observer = Observer()
observer.schedule(Handler(), sys.argv[1], recursive=True)
observer.start()
print("ready", flush=True)
observer.join()
"""
QUERY = {"expression": ["name", ["go.mod", "go.work"]], "fields": ["name"]}


class Lines:
    """The lines of a pipe, each waited for with a limit."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._descriptor = stream.fileno()
        self._rest = b""
        self._lines: list[str] = []

    def next(self, seconds: float) -> str | None:
        """Return the next line, or None when none came in time."""
        end = time.monotonic() + seconds
        while not self._lines:
            if not select.select([self._descriptor], [], [], max(0.0, end - time.monotonic()))[0]:
                return None
            data = os.read(self._descriptor, 1 << 20)
            if not data:
                return None
            *whole, self._rest = (self._rest + data).split(b"\n")
            self._lines += [os.fsdecode(line) for line in whole]
        return self._lines.pop(0)


@dataclass
class Peer:
    """A watcher that runs: ``ready`` seconds after its start, ``pid`` is the process that watches."""

    name: str
    pid: int
    ready: float
    watches: int = 0
    heard: list[str] = field(default_factory=list)

    def saved(self, seconds: float) -> str | None:
        """Return the path of the next go.mod that it names, or None when none came in time."""
        raise NotImplementedError


class LinePeer(Peer):
    """One that prints paths."""

    lines: Lines

    def saved(self, seconds: float) -> str | None:
        return self.lines.next(seconds)


class WatchmanPeer(Peer):
    """watchman, through a subscription."""

    lines: Lines
    root: str

    def saved(self, seconds: float) -> str | None:
        while not self.heard:
            line = self.lines.next(seconds)
            if line is None:
                return None
            answer = json.loads(line)
            self.heard += [f"{self.root}/{name}" for name in answer.get("files", ())]
        return self.heard.pop(0)


class DaemonPeer(Peer):
    """gowatchd, through its signals: a path is named when its workspace was checked."""

    bus: DBusConnection

    def saved(self, seconds: float) -> str | None:
        end = time.monotonic() + seconds
        while True:
            try:
                message = self.bus.receive(timeout=max(0.0, end - time.monotonic()))
            except TimeoutError:
                return None
            if message.header.fields.get(HeaderFields.member) == "WorkspaceChecked":
                return f"{message.body[0]}/go.mod"


def watches_of(pid: int) -> int:
    """Return how many inotify watches a process holds."""
    return sum(entry.read_text().count("inotify wd:") for entry in Path(f"/proc/{pid}/fdinfo").iterdir())


@contextmanager
def _running(*command: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def inotifywait(tree: Path, _scratch: Path) -> Iterator[Peer]:
    """Run ``inotifywait -m -r``."""
    begin = time.monotonic()
    command = ("inotifywait", "-m", "-r", "-e", "close_write,moved_to", "--format", "%w%f", str(tree))
    with _running(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        errors = Lines(process.stderr)
        while "established" not in (errors.next(READY_SECONDS) or "established"):
            pass
        peer = LinePeer("inotifywait -m -r", process.pid, time.monotonic() - begin)
        peer.lines = Lines(process.stdout)
        yield peer


@contextmanager
def watchdog(tree: Path, _scratch: Path) -> Iterator[Peer]:
    """Run watchdog's own recursive observer."""
    begin = time.monotonic()
    with _running(
        workbench.PYTHON, "-c", OBSERVER, str(tree), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        lines = Lines(process.stdout)
        assert lines.next(READY_SECONDS) == "ready"
        peer = LinePeer("watchdog Observer", process.pid, time.monotonic() - begin)
        peer.lines = lines
        yield peer


@contextmanager
def watchman(tree: Path, scratch: Path) -> Iterator[Peer]:
    """Run a watchman server of our own, and subscribe."""
    socket, state = scratch / "watchman.sock", scratch / "watchman.state"
    files = (f"--sockname={socket}", f"--logfile={scratch / 'watchman.log'}")
    begin = time.monotonic()
    server = ("watchman", "--foreground", *files, f"--statefile={state}", f"--pidfile={scratch / 'pid'}")
    with _running(*server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not socket.exists():
            assert process.poll() is None, "watchman ended"
            time.sleep(0.01)  # before anything is measured
        client = ("watchman", f"--sockname={socket}", "--no-spawn", "--no-pretty")
        subprocess.run([*client, "watch", str(tree)], check=True, capture_output=True, timeout=READY_SECONDS)
        ask = json.dumps(["query", str(tree), QUERY]).encode()  # answered when all is crawled
        subprocess.run([*client, "-j"], input=ask, check=True, capture_output=True, timeout=READY_SECONDS)
        ready = time.monotonic() - begin
        with _running(*client, "-j", "-p", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as talk:
            assert talk.stdin is not None
            talk.stdin.write(json.dumps(["subscribe", str(tree), "saves", QUERY]).encode() + b"\n")
            talk.stdin.flush()
            peer = WatchmanPeer("watchman", process.pid, ready)
            peer.lines, peer.root = Lines(talk.stdout), str(tree)
            assert peer.lines.next(READY_SECONDS), "watchman did not subscribe us"
            yield peer


@contextmanager
def gowatchd(tree: Path, scratch: Path) -> Iterator[Peer]:
    """Run the daemon of this checkout with its default configuration; it is ready when all is scanned."""
    home = scratch / "home"
    config = f'[watch]\nroots = ["{tree}"]\n'
    with workbench.private_bus() as bus:
        begin = time.monotonic()
        with workbench.daemon(home, bus, config) as process:
            while "checked everything" not in (home / "log").read_text(errors="replace"):
                assert process.poll() is None, (home / "log").read_text()
                time.sleep(0.005)  # as exactly as the result is told
            peer = DaemonPeer("gowatchd", process.pid, time.monotonic() - begin)
            peer.bus = open_dbus_connection(bus=bus)
            rule = MatchRule(type="signal", interface="org.gowatchd.Manager1")
            peer.bus.send_and_get_reply(message_bus.AddMatch(rule))
            yield peer
            peer.bus.close()


PEERS = (gowatchd, inotifywait, watchman, watchdog)
if __name__ == "__main__":
    sys.exit("run bench_watch.py")
