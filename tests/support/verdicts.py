"""Everything that a daemon says of its workspaces over the bus, in order."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jeepney import HeaderFields, MatchRule, message_bus
from jeepney.io.blocking import open_dbus_connection

from tests.support.bus import wait_for
from tests.support.daemon import MANAGER

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Verdict:
    """One WorkspaceChecked signal."""

    root: str
    kind: str
    errors: int
    diagnostics: list[dict[str, Any]]

    @property
    def codes(self) -> list[str]:
        return [one["code"] for one in self.diagnostics]


class Verdicts:
    """Listens to the daemon's signals until left."""

    def __init__(self, address: str) -> None:
        self.heard: list[Verdict] = []
        self.formatted: list[str] = []
        self._connection = open_dbus_connection(address, auth_timeout=30)
        rule = MatchRule(type="signal", interface=MANAGER.interface)
        self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=90)
        self._end = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Verdicts:  # noqa: PYI034 typing.Self is of Python 3.11
        return self

    def __exit__(self, *_details: object) -> None:
        self._end.set()
        self._listener.join(10)
        self._connection.close()

    def _listen(self) -> None:
        while not self._end.is_set():
            with contextlib.suppress(TimeoutError):
                message = self._connection.receive(timeout=0.2)
                member = message.header.fields.get(HeaderFields.member)
                if member == "WorkspaceChecked":
                    root, kind, errors, _warnings, report = message.body
                    self.heard.append(Verdict(root, kind, errors, json.loads(report)))
                elif member == "FileFormatted":
                    self.formatted.append(message.body[1])

    def of(self, root: Path) -> list[Verdict]:
        """Return what was said of the workspaces at ``root``."""
        return [one for one in tuple(self.heard) if one.root == os.path.realpath(root)]

    def wait_for_code(self, root: Path, code: str) -> None:
        """Wait until the newest verdict on ``root`` has ``code``."""
        wait_for(lambda: (heard := self.of(root)) and code in heard[-1].codes, f"{code} for {root}")
