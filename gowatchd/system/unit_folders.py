"""The unit files on the disk: which units are the person's own, and what all their files say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.services.unit_ports import ManagerState, UnitFiles
from gowatchd.system.environment_files import read_environment_files, read_text
from gowatchd.unitfile.unit_name import is_template, is_valid, template_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SUFFIX = ".service"
# Bytes: systemd itself refuses a line of more than 1 MiB; units are some hundred bytes.
FILE_SIZE = 1 << 20
_MADE_BY_SYSTEMD = ("/generator", "/generator.early", "/generator.late", "/transient", "/user.control")


class UnitFolderScan:
    """The ``UnitFolders`` port over ``scandir``; what was read stays until the file is another one."""

    def __init__(self, home: str, runtime: str) -> None:
        self._home = os.path.realpath(home)
        self._runtime = os.path.realpath(runtime) if runtime else ""
        self._texts: dict[str, tuple[object, str]] = {}

    def units(self, state: ManagerState, also: tuple[str, ...] = ()) -> Iterator[UnitFiles]:
        """Yield the units of which a file lies in a folder of the person, and those in ``also``.

        A template stands for itself only where none of its instances is in ``also``.
        """
        listing = _Listing(state.unit_path)
        own = frozenset(folder for folder in state.unit_path if self.is_own(folder))
        named = {name for folder in own for name in listing.named_in(folder)}
        names = set(filter(is_valid, named)) | set(also)
        instances = {template_of(name) for name in names}
        read: set[str] = set()
        for name in sorted(names):
            if is_template(name) and name in instances:
                continue
            fragment, drop_ins = listing.fragment(name), listing.drop_ins(name)
            if fragment and listing.is_alias(name, fragment):
                continue  # the unit is listed under its own name
            paths = ([fragment] if fragment else []) + drop_ins
            mine = any(os.path.dirname(os.path.dirname(path)) in own for path in drop_ins)
            mine = mine or os.path.dirname(fragment) in own
            if mine or name in also:
                read.update(paths)
                yield UnitFiles(name, fragment, tuple(drop_ins), tuple(map(self._text, paths)), mine)
        for gone in self._texts.keys() - read:
            del self._texts[gone]

    def place(self, state: ManagerState) -> str | None:
        """Return the strongest folder in which the person keeps units for good."""
        kept = (one for one in state.unit_path if self.is_own(one) and self._is_below(one, self._home))
        return next(kept, None)

    def environment_files(
        self, named: Iterable[str]
    ) -> tuple[tuple[Mapping[str, str], ...], tuple[str, ...]]:
        """Return what the files of EnvironmentFile= set, and those that are missed; a ``-`` allows that."""
        return read_environment_files((name.lstrip("-"), name.startswith("-")) for name in named)

    def is_own(self, folder: str) -> bool:
        """Say whether ``folder``, one of UnitPath, is where a person keeps units."""
        if folder.endswith(_MADE_BY_SYSTEMD):
            return False
        return self._is_below(folder, self._home) or self._is_below(folder, self._runtime)

    def _is_below(self, folder: str, base: str) -> bool:
        return bool(base) and os.path.realpath(folder).startswith(f"{base}/")

    def _text(self, path: str) -> str:
        try:
            found = os.stat(path)
        except OSError:
            return ""
        mark = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        known = self._texts.get(path)
        if known is not None and known[0] == mark:
            return known[1]
        text = read_text(path, FILE_SIZE) or ""
        self._texts[path] = mark, text
        return text


class _Listing:
    """What stands in the folders of UnitPath now."""

    def __init__(self, unit_path: tuple[str, ...]) -> None:
        self._folders = unit_path
        self._names = {folder: _names(folder) for folder in unit_path}

    def named_in(self, folder: str) -> Iterator[str]:
        """Yield the services that have a fragment or drop-ins in ``folder``."""
        for name in self._names[folder]:
            if name.endswith(SUFFIX):
                yield name
            elif (
                name.endswith(f"{SUFFIX}.d")
                and name != f"{SUFFIX[1:]}.d"
                and not name.endswith(f"-{SUFFIX}.d")
            ):
                yield name[:-2]

    def fragment(self, name: str) -> str:
        """Return the path of the strongest unit file of ``name``, or of its template, or nothing."""
        for wanted in filter(None, (name, template_of(name))):
            for folder in self._folders:
                if wanted in self._names[folder]:
                    return os.path.join(folder, wanted)
        return ""

    def is_alias(self, name: str, fragment: str) -> bool:
        """Say whether ``fragment`` is a link to another unit beside it, so ``name`` another name of that.

        A link to a file elsewhere is a unit of its own: so home-manager and stow keep them.
        """
        try:
            target = os.path.join(os.path.dirname(fragment), os.readlink(fragment))
        except OSError:
            return False
        folder, other = os.path.split(target)
        if other in {name, template_of(name)} or not other.endswith(SUFFIX):
            return False
        return os.path.realpath(folder) in {os.path.realpath(one) for one in self._folders}

    def drop_ins(self, name: str) -> list[str]:
        """Return the paths of the drop-ins of ``name`` in the order in which they count (systemd.unit(5))."""
        found: dict[str, str] = {}
        for folder_name in _drop_in_folders(name):
            for folder in self._folders:
                if folder_name in self._names[folder]:
                    path = os.path.join(folder, folder_name)
                    for one in _names(path):
                        if one.endswith(".conf") and not one.startswith("."):
                            found.setdefault(one, os.path.join(path, one))
        return [path for _, path in sorted(found.items())]


def _drop_in_folders(name: str) -> Iterator[str]:
    """Yield the names of the folders whose drop-ins count for ``name``, the most particular first."""
    template = template_of(name)
    for one in filter(None, (name, template)):
        yield f"{one}.d"
        stem = one.rpartition(".")[0]
        while "-" in stem.rstrip("-"):
            stem = stem.rstrip("-").rpartition("-")[0]
            yield f"{stem}-{SUFFIX}.d"
    yield f"{SUFFIX[1:]}.d"


def _names(folder: str) -> frozenset[str]:
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries)
    except OSError:
        return frozenset()
