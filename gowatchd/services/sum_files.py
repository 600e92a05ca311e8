"""Reading go.sum and go.work.sum files: again only where they, or what is asked of them, changed."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.modfile.kind import Kind
from gowatchd.services.ports import Look
from gowatchd.services.source_reading import STATES
from gowatchd.workspace.checksums import SumContent, SumFile, asked_for, needed_sums, parse_sums
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from gowatchd.services.ports import Files
    from gowatchd.workspace.checksums import Key
    from gowatchd.workspace.model import Module

# Bytes. One look at 5 MB that changed takes the main loop 30 ms where the machine is busy. Of a larger file
# nothing is said.
LARGEST = 8 << 20

NOTHING = SumContent()


@dataclass(frozen=True, slots=True)
class _Seen:
    """One look at a file: its ``mark`` then, what it was asked for, and what it held."""

    mark: object
    asked: frozenset[Key]
    state: State
    reason: str = ""
    content: SumContent = NOTHING


class SumFiles:
    """The sums beside go.work and go.mod files, looked at again after ``forget``."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._seen: dict[str, _Seen] = {}
        self._modules: dict[str, tuple[Module, SumFile]] = {}  # by folder, as they were told
        self._works: dict[str, SumFile] = {}

    def forget(self, folder: str) -> None:
        """Look again, when asked, whether the sums in ``folder`` changed."""
        self._modules.pop(folder, None)
        self._works.pop(folder, None)

    def forget_all(self) -> None:
        """Look again, when asked, whether any of them changed."""
        self._modules.clear()
        self._works.clear()

    def drop(self, folder: str) -> None:
        """Keep nothing of ``folder``, which nobody asks for any more."""
        self.forget(folder)
        for kind in Kind:
            self._seen.pop(_path(folder, kind), None)

    def of_module(self, module: Module) -> SumFile:
        """Return the go.sum of ``module`` and what it lacks for that."""
        told, file = self._modules.get(module.directory, (None, None))
        if file is not None and told is module:
            return file
        path = _path(module.directory, Kind.MOD)
        needed = module.once(needed_sums)
        seen = self._look(path, asked_for(needed))
        if seen.state is State.UNKNOWN:
            return SumFile(path, seen.state)  # who writes it closes it: it is asked for again
        if seen.state is State.TOO_LARGE:
            file = SumFile(path, seen.state, seen.reason)
        else:
            unlisted = tuple(one for one in needed if one.go_mod not in seen.content.known)
            partial = tuple(
                one
                for one in needed
                if not one.require.indirect
                and one.whole not in seen.content.known
                and one.go_mod in seen.content.known
            )
            vendor = posixpath.join(module.directory, "vendor")
            vendored = bool(unlisted or partial) and self._files.is_directory(vendor)
            file = SumFile(path, seen.state, seen.reason, seen.content, unlisted, partial, vendored)
        self._modules[module.directory] = module, file
        return file

    def of_work(self, root: str) -> SumFile:
        """Return the go.work.sum in ``root``."""
        file = self._works.get(root)
        if file is None:
            path = _path(root, Kind.WORK)
            seen = self._look(path, frozenset())
            file = SumFile(path, seen.state, seen.reason, seen.content)
            if seen.state is not State.UNKNOWN:
                self._works[root] = file
        return file

    def _look(self, path: str, asked: frozenset[Key]) -> _Seen:
        before = self._seen.get(path)
        mark = self._files.mark(path)
        same = before is not None and before.mark == mark
        if before is not None and same and asked <= before.asked:
            return before
        if mark is None:
            seen = _Seen(None, asked, State.MISSING)
        else:
            reading = self._files.read(path, LARGEST)
            if reading.look in {Look.WRITER, Look.TROUBLE}:
                return _Seen(mark, asked, State.UNKNOWN)
            sound = before is not None and same and before.content.is_sound
            content = parse_sums(reading.data, asked, is_sound=sound)
            seen = _Seen(mark, asked, STATES[reading.look], reading.reason, content)
        self._seen[path] = seen
        return seen


def _path(folder: str, kind: Kind) -> str:
    return f"{folder.rstrip('/')}/{'go.work.sum' if kind is Kind.WORK else 'go.sum'}"
