"""A watcher on a real main loop, and somebody who writes down what it says."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from gowatchd.system.watching import Watcher
from tests.support.main_loop import MainLoop

if TYPE_CHECKING:
    from collections.abc import Callable


class Recorder:
    """Writes down what the watcher reports; ``after_file`` is called with each path."""

    def __init__(self) -> None:
        self.files: Counter[str] = Counter()
        self.beside: list[str] = []
        self.repositories: list[str] = []
        self.roots_moved: list[str] = []
        self.signs: list[str] = []
        self.restored = 0
        self.scans = 0
        self.arrivals = 0
        self.near = 0
        self.degraded: list[str] = []
        self.restored = 0
        self.after_file: Callable[[str], None] = lambda _: None

    def on_file(self, path: str) -> None:
        self.files[path] += 1
        self.after_file(path)

    def on_found(self, path: str) -> None:
        self.on_file(path)

    def on_beside(self, path: str) -> None:
        self.beside.append(path)

    def on_repository(self, git_directory: str) -> None:
        self.repositories.append(git_directory)

    def on_root_moved(self, root: str) -> None:
        self.roots_moved.append(root)

    def on_sign(self, path: str) -> None:
        self.signs.append(path)

    def on_near(self) -> None:
        self.near += 1

    def on_arrived(self) -> None:
        self.arrivals += 1

    def on_rescanned(self) -> None:
        self.scans += 1

    def on_degraded(self, text: str) -> None:
        self.degraded.append(text)

    def on_restored(self) -> None:
        self.restored += 1


class Watched:
    """A watcher that has done its first scan of ``root``."""

    def __init__(self, root: Path, *roots: Path, excludes: tuple[str, ...] = (), **options: object) -> None:
        self.root = root
        self.heard = Recorder()
        self.loop = MainLoop()
        self.watcher = Watcher(self.loop, [str(root), *map(str, roots)], excludes, self.heard, **options)
        self.watcher.start()
        self.loop.run_until(lambda: self.heard.scans)
        self.heard.files.clear()

    def path(self, name: str) -> str:
        return os.path.join(os.path.realpath(self.root), name)

    def wait_for(self, name: str) -> None:
        """Wait until the file ``name`` below the root is reported, from now on."""
        path = self.path(name)
        self.heard.files.clear()
        self.loop.run_until(lambda: self.heard.files[path])

    def wait_until_known(self, *names: str) -> None:
        """Wait until exactly the files ``names`` below the root are known."""
        wanted = tuple(sorted(map(self.path, names)))
        self.loop.run_until(lambda: self.watcher.known_files() == wanted)

    def kernel_watches(self) -> int:
        """Return how many watches the kernel counts."""
        return Path(f"/proc/self/fdinfo/{self.watcher._inotify.fileno()}").read_text().count("inotify wd:")

    def quiet(self) -> None:
        """Wait until a probe, written now, has come through: everything before it has been heard."""
        probe = self.root / "quiet-probe" / "go.mod"
        probe.parent.mkdir(exist_ok=True)
        probe.write_text("module probe\n")
        self.wait_for("quiet-probe/go.mod")
        probe.unlink()
        self.wait_for("quiet-probe/go.mod")


def write(path: Path, text: str = "module example.com/m\n") -> Path:
    """Write ``text`` to ``path``, whose folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
