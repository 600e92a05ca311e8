"""A small JSON file in the state folder: read with suspicion, replaced whole, set aside when it is bad."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import secrets
import stat
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gowatchd.system.system_error import error_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

SCHEMA = 1
MAX_SIZE = 4 << 20  # bytes: 4,096 paths, each a quarter of the longest that the kernel takes
MAX_ASIDE = 3  # set-aside files to look into; more would only fill the disk
_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # a FIFO would wait for its writer for ever


class StateFileError(Exception):
    """The file cannot be read or written; the text names it and says why."""


class StateFile:
    """The file ``name`` in ``folder``: one JSON object with ``"schema": 1``, for its owner's eyes only.

    ``read`` and ``write`` raise StateFileError for what the system says, and for nothing else. ``check`` gets
    what was read and raises ValueError, KeyError or TypeError where it makes no sense.
    """

    def __init__(self, folder: str, name: str, check: Callable[[dict[str, Any]], object]) -> None:
        self.path = os.path.join(folder, name)
        self._folder = folder
        self._check = check

    def read(self) -> dict[str, Any] | None:
        """Return the object, None where there is no file, or only a bad one, which is set aside then."""
        try:
            data = self._read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateFileError(f"{self.path}: {error_text(error)}") from error
        try:
            value = _parse(data)
            self._check(value)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            self._set_aside(error)
            return None
        return value

    def write(self, value: dict[str, Any], *, durable: bool) -> None:
        """Replace the file by ``value``; what is ``durable`` survives a power cut from then on."""
        draft = f"{self.path}.{secrets.token_hex(8)}"
        data = json.dumps({"schema": SCHEMA, **value}).encode()
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            try:
                _write(draft, data, durable=durable)
                os.replace(draft, self.path)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(draft)
            if durable:
                _flush_folder(self._folder)
        except OSError as error:
            raise StateFileError(f"{self.path}: {error_text(error)}") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from changing the file between a ``read`` and a ``write``."""
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            lock = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | _FLAGS, 0o600)
        except OSError as error:
            raise StateFileError(f"{self.path}.lock: {error_text(error)}") from error
        try:
            try:
                # without waiting: whoever has it needs a millisecond, or is stuck, and then so would we be
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                text = "another program is changing it: try again"
                raise StateFileError(f"{self.path}: {text}") from error
            yield
        finally:
            os.close(lock)

    def _read(self) -> bytes:
        fd = os.open(self.path, os.O_RDONLY | _FLAGS)
        with open(fd, "rb") as stream:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                return b""
            return stream.read(MAX_SIZE + 1)

    def _set_aside(self, error: Exception) -> None:
        stamp = time.strftime("%Y%m%dT%H%M%S")
        aside = f"{self.path}.corrupt-{stamp}"
        log.warning("%s makes no sense (%s): kept as %s, a new one is begun", self.path, error, aside)
        name = os.path.basename(self.path)
        with contextlib.suppress(OSError):
            os.replace(self.path, aside)
            old = sorted(one for one in os.listdir(self._folder) if one.startswith(f"{name}.corrupt-"))
            for one in old[:-MAX_ASIDE]:
                os.unlink(os.path.join(self._folder, one))


def _parse(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_SIZE:
        raise ValueError(f"larger than {MAX_SIZE >> 20} MiB")
    value = json.loads(data)
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise ValueError(f'no JSON object with "schema": {SCHEMA}')
    return value


def _write(path: str, data: bytes, *, durable: bool) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
    with open(fd, "wb") as stream:
        stream.write(data)
        stream.flush()
        if durable:
            os.fsync(fd)


def _flush_folder(path: str) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
