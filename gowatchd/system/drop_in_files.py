"""Our drop-ins on the disk, in the way in which the history takes changes back: nothing there is ``b""``."""

from __future__ import annotations

import contextlib
import glob
import os
import stat

from gowatchd.services.ports import Contents, Look, Reading, Swap, SwapOutcome
from gowatchd.system.drop_in_trade import STRAY, remove_empty, replace_file
from gowatchd.system.environment_files import read_text
from gowatchd.system.new_file import create
from gowatchd.system.system_error import error_text
from gowatchd.unitfile import drop_in, shared_file

FOLDER_MODE = 0o700  # as systemctl edit would make it under this daemon's umask
FILE_MODE = 0o600
SIZE = 1 << 16  # bytes; ours have some hundred


def is_drop_in(path: str) -> bool:
    """Say whether ``path`` is one that we write: ``NAME.service.d/50-gowatchd.conf`` or our environment.d."""
    folder, name = os.path.split(path)
    if name == shared_file.NAME:
        return os.path.basename(folder) == shared_file.FOLDER
    return name in {drop_in.NAME, drop_in.INSTANCE_NAME} and folder.endswith(".service.d")


class DropInFiles:
    """Writes and removes our drop-ins; never through a link, and never over what is not as expected."""

    def read(self, path: str) -> Reading:
        """Read the drop-in at ``path``; what is not there reads as nothing."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return Reading(path, Look.CONTENT)
        except OSError as error:
            return Reading(path, Look.DENIED, reason=error_text(error))
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return Reading(path, Look.SPECIAL, reason="not a regular file")
            data = os.read(descriptor, SIZE + 1)
        except OSError as error:
            return Reading(path, Look.TROUBLE, reason=error_text(error))
        finally:
            os.close(descriptor)
        return Reading(path, Look.TOO_LARGE if len(data) > SIZE else Look.CONTENT, data)

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        """Make ``path`` hold ``new`` if it holds ``expected``; an empty ``new`` removes it and its folder."""
        if (reason := linked_component(path)) is not None:
            return Swap(SwapOutcome.REFUSED, reason)
        found = self.read(path)
        if found.look is not Look.CONTENT:
            return Swap(SwapOutcome.REFUSED, f"{path}: {found.reason or found.look.value}")
        if found.data != expected:
            return Swap(SwapOutcome.CHANGED, f"{path} is not as it was left")
        folder = os.path.dirname(path)
        try:
            if not expected:
                swap = _create(path, new) if new else Swap(SwapOutcome.WRITTEN)
            else:
                clean_drop_in_folder(folder)
                swap = replace_file(path, expected, new)
            if not new:
                remove_empty(folder)
        except OSError as error:
            return Swap(SwapOutcome.FAILED, error_text(error))
        return swap

    def flush(self, path: str) -> None:
        """Have the drop-in and its name on the disk itself."""
        for place in (path, os.path.dirname(path), os.path.dirname(os.path.dirname(path))):
            with contextlib.suppress(OSError):
                descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)


class RoutedFiles:
    """Sends drop-ins to their own ``Contents`` and everything else to ``others``: one history for both."""

    def __init__(self, others: Contents) -> None:
        self._others = others
        self._drop_ins = DropInFiles()

    def read(self, path: str) -> Reading:
        """Read ``path``."""
        return self._of(path).read(path)

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        """Replace the bytes of ``path``."""
        return self._of(path).swap(path, expected, new)

    def flush(self, path: str) -> None:
        """Have ``path`` on the disk itself."""
        self._of(path).flush(path)

    def _of(self, path: str) -> Contents:
        return self._drop_ins if is_drop_in(path) else self._others


def linked_component(path: str) -> str | None:
    """Say that the drop-in folder is a link, so that a write would land in somebody else's folder, or None.

    home-manager and stow link whole ``.d`` folders into a store.
    """
    folder = os.path.dirname(path)
    return f"{folder} is a symbolic link: what is behind it is not ours" if os.path.islink(folder) else None


def clean_unit_folders(folders: list[str]) -> None:
    """Remove what a kill in the middle of a write left in the drop-in folders of these folders of units."""
    for folder in folders:
        for path in glob.glob(os.path.join(glob.escape(folder), "*.service.d")):
            with contextlib.suppress(OSError):  # a hidden file, which systemd does not read
                clean_drop_in_folder(path)


def clean_drop_in_folder(folder: str) -> None:
    """Remove what a kill in the middle of a write of ours left in ``folder``; raises OSError.

    A hidden file with somebody else's bytes is an edit that came between, and stays.
    """
    try:
        strays = [one for one in map(STRAY.fullmatch, os.listdir(folder)) if one is not None]
    except (FileNotFoundError, NotADirectoryError):
        return
    for stray in strays:
        path = os.path.join(folder, stray[0])
        if stray["aside"] is None or drop_in.is_ours(read_text(path, SIZE) or ""):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
    if strays:
        remove_empty(folder)


def _create(path: str, new: bytes) -> Swap:
    folder = os.path.dirname(path)
    os.makedirs(os.path.dirname(folder), mode=FOLDER_MODE, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, FOLDER_MODE)
    clean_drop_in_folder(folder)
    os.makedirs(folder, mode=FOLDER_MODE, exist_ok=True)
    swap = create(path, new)
    if swap.outcome is SwapOutcome.WRITTEN:
        os.chmod(path, FILE_MODE)
    else:
        with contextlib.suppress(OSError):  # the reason of the failure counts
            remove_empty(folder)
    return swap
