"""The object that gowatchctl and scripts talk to: D-Bus on the outside, a Manager on the inside."""

from __future__ import annotations

import logging
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gi.repository import Gio, GLib
from pydbus.generic import signal

import gowatchd
from gowatchd.services.manager import (
    HistoryOffError,
    NoSuchChangeError,
    NoSuchUnitError,
    NoSuchWorkspaceError,
    RequestError,
)
from gowatchd.system.bus_address import INTERFACE
from gowatchd.system.dbus_text import clean, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.manager import Manager

T = TypeVar("T")

INTROSPECTION = Path(__file__).with_name("org.gowatchd.Manager1.xml").read_text(encoding="utf-8")
PATH_MOST = 4095  # bytes: PATH_MAX without its NUL; to resolve one of a megabyte takes minutes
ERROR_PREFIX = "org.gowatchd.Error."
ERROR_NAMES: dict[type[RequestError], str] = {
    NoSuchWorkspaceError: "NoSuchWorkspace",
    NoSuchChangeError: "NoSuchChange",
    NoSuchUnitError: "NoSuchUnit",
    HistoryOffError: "HistoryOff",
}


class ManagerObject:
    """``org.gowatchd.Manager1``, in the form in which pydbus exports an object.

    Methods and properties have the names of the introspection file, where they are described; a class
    attribute ``signal()`` becomes a D-Bus signal when it is called.
    """

    WorkspaceChecked = signal()
    FileFormatted = signal()
    FileFixed = signal()
    ChangeUndone = signal()
    UnitRepaired = signal()
    StatusChanged = signal()
    PropertiesChanged = signal()

    def __init__(self, manager: Manager) -> None:
        self._manager = manager
        self.Version = gowatchd.__version__
        self.StatusText = ""

    def GetStatus(self) -> str:
        return to_json(_answer(self._manager.status))

    def GetMetrics(self) -> str:
        return to_json(_answer(self._manager.metrics))

    def Check(self, root: str) -> str:
        return to_json(_answer(lambda: self._manager.check(root)))

    def Undo(self, change: int) -> str:
        return to_json(_answer(lambda: self._manager.undo(change)))

    def PreviewUndo(self, change: int) -> str:
        return to_json(_answer(lambda: self._manager.preview(change)))

    def GetChange(self, change: int) -> str:
        return to_json(_answer(lambda: self._manager.shown(change)))

    def GetLog(self, after: int, limit: int) -> str:
        return to_json(_answer(lambda: self._manager.log(after, limit)))

    def ApplyFix(self, path: bytes, before: bytes, after: bytes, titles: list[str]) -> str:
        return to_json(_answer(lambda: self._manager.apply_fix(_path(path), before, after, tuple(titles))))

    def List(self) -> str:
        return to_json(_answer(self._manager.list))

    def Add(self, path: bytes, dry_run: bool) -> str:
        return to_json(_answer(lambda: self._manager.add(_path(path), dry_run=dry_run)))

    def Remove(self, path: bytes, dry_run: bool) -> str:
        return to_json(_answer(lambda: self._manager.remove(_path(path), dry_run=dry_run)))

    def Mute(self, path: bytes, seconds: int, dry_run: bool) -> str:
        return to_json(_answer(lambda: self._manager.mute(_path(path), seconds, dry_run=dry_run)))

    def Unmute(self, path: bytes, dry_run: bool) -> str:
        return to_json(_answer(lambda: self._manager.unmute(_path(path), dry_run=dry_run)))

    def Pause(self, seconds: int, dry_run: bool) -> str:
        return to_json(_answer(lambda: self._manager.pause(seconds, dry_run=dry_run)))

    def Resume(self, dry_run: bool) -> str:
        return to_json(_answer(lambda: self._manager.resume(dry_run=dry_run)))

    def GetUnits(self, everybodys: bool) -> str:
        return to_json(_answer(lambda: self._manager.units(everybodys=everybodys)))

    def PreviewUnit(self, unit: str) -> str:
        return to_json(_answer(lambda: self._manager.preview_unit(unit)))

    def RepairUnit(self, unit: str, reload_others: bool) -> None:
        _answer(lambda: self._manager.repair_unit(unit, reload_others=reload_others))

    def UndoUnit(self, unit: str) -> str:
        return to_json(_answer(lambda: self._manager.undo_unit(unit)))

    def PreviewShared(self, names: list[str]) -> str:
        return to_json(_answer(lambda: self._manager.preview_shared(tuple(names))))

    def WriteShared(self, names: list[str], reload_others: bool) -> None:
        _answer(lambda: self._manager.write_shared(tuple(names), reload_others=reload_others))

    def UndoShared(self) -> str:
        return to_json(_answer(self._manager.undo_shared))

    def Rescan(self) -> None:
        _answer(self._manager.rescan)

    def Reload(self) -> None:
        _answer(self._manager.reload)

    def workspace_checked(
        self, root: str, kind: str, errors: int, warnings: int, diagnostics: object
    ) -> None:
        """Tell that a workspace was checked; ``diagnostics`` is the array of ``check --json``."""
        _tell(self.WorkspaceChecked, clean(root), kind, errors, warnings, to_json(diagnostics))

    def file_formatted(self, change: int, path: str) -> None:
        """Tell that ``path`` was formatted."""
        _tell(self.FileFormatted, change, clean(path))

    def file_fixed(self, change: int, path: str, titles: tuple[str, ...]) -> None:
        """Tell that ``path`` was fixed."""
        _tell(self.FileFixed, change, clean(path), [clean(title) for title in titles])

    def change_undone(self, change: int, path: str) -> None:
        """Tell that ``change`` was undone."""
        _tell(self.ChangeUndone, change, clean(path))

    def unit_repaired(self, unit: str, result: dict[str, object]) -> None:
        """Tell how the repair of ``unit`` ended."""
        _tell(self.UnitRepaired, clean(unit), to_json(result))

    def status_changed(self, line: str) -> None:
        """Set the one-line summary, and tell if it is another one."""
        line = clean(line)
        if line != self.StatusText:
            self.StatusText = line
            _tell(self.PropertiesChanged, INTERFACE, {"StatusText": line}, [])
            _tell(self.StatusChanged, line)


def _path(path: bytes) -> str:
    """Return the absolute path that came as bytes."""
    if len(path) > PATH_MOST:
        raise RequestError(f"a path has at most {PATH_MOST} bytes")
    text = os.fsdecode(path)
    if not text.startswith("/") or "\0" in text:
        raise RequestError(f"{clean(text)} is not an absolute path")
    return re.sub("/{2,}", "/", text)


def _tell(send: Callable[..., None], *arguments: object) -> None:
    """Send a signal; on a bus that just died, before its connection told us, nobody hears it."""
    try:
        send(*arguments)
    except GLib.Error as error:
        if not error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED):
            raise


def _answer(request: Callable[[], T]) -> T:
    """Grant ``request``, or raise what pydbus turns into one of our D-Bus errors."""
    try:
        return request()
    except RequestError as error:
        raise _dbus_error(ERROR_NAMES.get(type(error), "Refused"), error) from error
    except Exception as error:  # whatever it is: pydbus would take it for an answer
        # pydbus would log it and go on; a bug has to reach the daemon's guard, as from any other callback.
        sys.excepthook(type(error), error, error.__traceback__)
        raise _dbus_error("Internal", error) from error


def _dbus_error(name: str, error: Exception) -> Exception:
    """Return an exception of the kind that pydbus sends as an error: the type's name is the D-Bus name."""
    kind = type(ERROR_PREFIX + name, (Exception,), {})
    answer: Exception = kind(clean(str(error)))
    return answer


def _unexpected(record: logging.LogRecord) -> bool:
    """Say whether pydbus logs something else than an error that we answer on purpose."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or not kind.__name__.startswith(ERROR_PREFIX)


logging.getLogger("pydbus.registration").addFilter(_unexpected)
