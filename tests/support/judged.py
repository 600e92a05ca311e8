"""Stand-ins for what is around the pipeline: a tidier, a listener, a go command, files in use."""

from __future__ import annotations

from gowatchd.services.ports import Look, Reading
from gowatchd.services.saves import TidyOptions
from tests.support.files import PlainFiles

MOD = "module example.com/{}\n\ngo 1.21\n"


class Saves:
    """Stands in for the tidier: writes down what it is told."""

    options = TidyOptions()

    def __init__(self) -> None:
        self.told: list[tuple] = []

    def saved(self, path, data):
        self.told.append(("saved", path, data))

    def gone(self, path):
        self.told.append(("gone", path))

    def close(self):
        self.told.append(("closed",))


class Verdicts:
    def __init__(self) -> None:
        self.heard: list[tuple[str, list[str]]] = []

    def checked(self, verdict, previous):
        self.heard.append((verdict.workspace.path, [one.code for one in verdict.diagnostics]))

    def vanished(self, verdict):
        self.heard.append((verdict.workspace.path, ["vanished"]))

    def reading(self, trouble):
        self.heard.append(("reading", trouble))


class Go:
    """A go command that answers when a test says so."""

    def __init__(self) -> None:
        self.asked: list = []

    def check(self, workspace, ours, done):
        self.asked.append((workspace, ours, done))


class BusyFiles(PlainFiles):
    """Files that somebody may be writing."""

    writing = False
    trouble = ""

    def read(self, path, largest=None):
        if self.trouble:
            return Reading(path, Look.TROUBLE, reason=self.trouble)
        return Reading(path, Look.WRITER) if self.writing else super().read(path, largest)
