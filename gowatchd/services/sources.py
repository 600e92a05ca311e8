"""The go.work and go.mod files as they were last read: parsed again only where the bytes changed."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gowatchd.modfile.kind import Kind
from gowatchd.services.source_reading import STATES, kind_of, parse_source
from gowatchd.workspace.model import Module
from gowatchd.workspace.source import SourceFile, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.services.ports import Files, Reading


class Sources:
    """What stands in files, by path, and in the modules that go.mod files make, by directory."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._sources: dict[str, SourceFile] = {}
        self._modules: dict[str, Module] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._sources))

    def known(self, path: str) -> SourceFile | None:
        """Return what was last read from ``path``, if it ever was."""
        return self._sources.get(path)

    def of(self, path: str) -> SourceFile:
        """Return what was last read from ``path``; it is read if it never was."""
        return self._sources.get(path) or self.look(path)

    def module(self, directory: str) -> Module:
        """Return the module in ``directory``, as new as its go.mod."""
        module = self._modules.get(directory)
        path = module.file.path if module is not None else posixpath.join(directory, "go.mod")
        source = self.of(path)
        if module is not None and module.file is source and source.state is not State.MISSING:
            return module
        exists = source.state is not State.MISSING or self._files.is_directory(directory)
        self._modules[directory] = module = Module.of(source, directory_exists=exists)
        return module

    def contents(self) -> dict[str, bytes]:
        """Return what was last read from the files that are there, by path."""
        return {path: one.data for path, one in self._sources.items() if one.state is State.PRESENT}

    def look(self, path: str, reading: Reading | None = None) -> SourceFile:
        """Read ``path``, and keep what is known where the bytes are the same or somebody is writing them."""
        old = self._sources.get(path)
        reading = reading or self._files.read(path)
        state = STATES[reading.look]
        if old is not None and (
            state is State.UNKNOWN
            or (old.state, old.data, old.reason) == (state, reading.data, reading.reason)
        ):
            return old
        self._sources[path] = new = parse_source(path, state, reading.data, reading.reason)
        return new

    def forget(self, path: str) -> None:
        """Drop what was read from ``path``, and the module that it made."""
        self._sources.pop(path, None)
        if kind_of(path) is Kind.MOD:
            self._modules.pop(posixpath.dirname(path), None)
