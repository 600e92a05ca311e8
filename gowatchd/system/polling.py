"""Looking at known workspaces from time to time, where inotify is blind: watchdog's polling, in threads.

inotify hears what this machine does on a network file system, and nothing of what others do there.
"""

from __future__ import annotations

import logging
import os
import stat
import threading
from typing import TYPE_CHECKING, NamedTuple

from watchdog.events import EVENT_TYPE_MOVED, FileSystemEventHandler
from watchdog.observers.polling import PollingObserverVFS

from gowatchd.system.discovery import BESIDE_NAMES, FILE_NAMES, MODULES_LIST, OWN_FILE, VENDOR, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from watchdog.events import FileSystemEvent

    from gowatchd.services.ports import Handle
    from gowatchd.system.loop import MainLoop
    from gowatchd.system.mounts import Mounts

log = logging.getLogger(__name__)

# Somebody at another machine saved: whoever looks here then has walked over. NFS itself shows what others
# did only after 3 s to a minute (acregmin and acdirmax of nfs(5)).
POLL_SECONDS = 10.0

FOLDERS_MOST = 1000  # six questions each: 600 a second, which a server has in its memory
POINTS_MOST = 8  # a thread for each file system, so that a server that hangs keeps no other waiting
_BATCH = 16  # what is looked at between other things that the main loop has to do

_NAMES = (*sorted(FILE_NAMES | BESIDE_NAMES | {OWN_FILE}), join(VENDOR, MODULES_LIST).lstrip(b"/"))


class FolderPoller:
    """Calls ``changed`` in the main loop with each file of the chosen folders that is another one by now.

    It lives in threads of watchdog's, one for each file system where inotify is blind, and in none where
    there is no such folder. The main thread never waits for them: one that a dead server holds is left
    behind.
    """

    def __init__(self, loop: MainLoop, changed: Callable[[str], None]) -> None:
        self._loop = loop
        self._changed = changed
        self._folders: tuple[str, ...] = ()
        self._wanted: dict[str, tuple[_Entry, ...]] = {}  # by mount point; replaced as a whole, never changed
        self._observer: PollingObserverVFS | None = None
        self._found: dict[str, None] = {}  # what the threads came across, in order
        self._lock = threading.Lock()
        self._due: Handle | None = None

    def describe(self, roots: Iterable[str], mounts: Mounts) -> str:
        """Say which file systems are polled, or would be for ``roots``, and how slowly; nothing for none."""
        kinds = {point: mounts.blind_type(os.fsencode(point)) for point in self._wanted}
        for root in map(os.fsencode, roots):
            if mounts.blind_type(root):
                kinds[os.fsdecode(mounts.point_of(root))] = mounts.blind_type(root)
        if not kinds:
            return ""
        places = ", ".join(f"{point} ({kind})" for point, kind in sorted(kinds.items()))
        return (
            f"changes made from elsewhere on {places} are seen within {POLL_SECONDS:.0f} s in known "
            "workspaces; what comes new there, after systemctl --user reload gowatchd"
        )

    def choose(self, folders: Iterable[str], mounts: Mounts) -> None:
        """Poll those of ``folders`` that are on file systems where ``mounts`` says that inotify is blind."""
        self._folders = tuple(folders)
        self.remount(mounts)

    def remount(self, mounts: Mounts) -> None:
        """Take ``mounts`` for what is mounted now."""
        before, self._wanted = self._wanted, _wanted(self._folders, mounts) if mounts.any_blind else {}
        if self._wanted.keys() == before.keys():
            return
        self._leave()
        if self._wanted:
            self._begin()

    def close(self) -> None:
        """Stop for good; nobody is called any more."""
        self._folders, self._wanted = (), {}
        self._leave()
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _begin(self) -> None:
        self._observer = PollingObserverVFS(_stat, self._list, polling_interval=POLL_SECONDS)
        handler = _Handler(self._came)
        for point in self._wanted:
            self._observer.schedule(handler, _NOWHERE + point, recursive=False)
        self._observer.start()
        places = ", ".join(self._wanted)
        log.info("looking every %.0f s, since inotify is blind there: %s", POLL_SECONDS, places)

    def _leave(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            # stop() waits for the threads, and one may wait for a dead server
            threading.Thread(target=observer.stop, name="polling-end", daemon=True).start()

    def _list(self, key: str) -> tuple[_Entry, ...]:
        """Return the files to look at, absolute; none on the main thread, which starts the emitters.

        So the first round reports every file: what changed since it was listed is not missed.
        """
        if threading.current_thread() is threading.main_thread():
            return ()
        return self._wanted.get(os.fspath(key)[len(_NOWHERE) :], ())

    def _came(self, path: str) -> None:
        """Hand ``path`` to the main loop, from a thread."""
        with self._lock:
            first = not self._found
            self._found[path] = None
        if first:
            self._loop.call_from_thread(self._deliver)

    def _deliver(self) -> None:
        with self._lock:
            batch = [*self._found][:_BATCH]
            for path in batch:
                del self._found[path]
            more = bool(self._found)
        self._due = self._loop.call_when_idle(self._deliver) if more else None
        for path in batch:
            if self._wanted:  # not after the end
                self._changed(path)


# Emitters are known by a path. Some releases of watchdog look at it on the main thread, where a dead server
# would hold us: so it is one below which nothing can be.
_NOWHERE = "/dev/null"


class _Entry(NamedTuple):
    """What os.scandir would give: watchdog asks for no more than the name."""

    name: str


class _Handler(FileSystemEventHandler):  # type: ignore[misc] # watchdog has no types in every release
    """Passes on the paths of files, in watchdog's thread."""

    def __init__(self, came: Callable[[str], None]) -> None:
        super().__init__()
        self._came = came

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass on both ends of ``event``."""
        if not event.is_directory:
            self._came(os.fsdecode(event.src_path))
            if event.event_type == EVENT_TYPE_MOVED:
                self._came(os.fsdecode(event.dest_path))


_FOLDER = os.stat_result((stat.S_IFDIR, 0, 0, 1, 0, 0, 0, 0, 0, 0))


def _stat(path: str) -> os.stat_result:
    """Look at the file ``path``; what stands for the folder of all is taken for granted."""
    if threading.current_thread() is threading.main_thread() or not _is_wanted(path):
        return _FOLDER
    return os.stat(path)


def _is_wanted(path: str) -> bool:
    return os.fsencode(os.path.basename(path)) in _LAST_NAMES


_LAST_NAMES = frozenset(os.path.basename(name) for name in _NAMES)


def _wanted(folders: Iterable[str], mounts: Mounts) -> dict[str, tuple[_Entry, ...]]:
    wanted: dict[str, list[_Entry]] = {}
    number = 0
    for folder in sorted(folders):
        path = os.fsencode(folder)
        if not mounts.blind_type(path):
            continue
        point = os.fsdecode(mounts.point_of(path))
        if number == FOLDERS_MOST or (point not in wanted and len(wanted) == POINTS_MOST):
            continue
        number += 1
        wanted.setdefault(point, []).extend(_Entry(os.fsdecode(join(path, name))) for name in _NAMES)
    return {point: tuple(entries) for point, entries in wanted.items()}
