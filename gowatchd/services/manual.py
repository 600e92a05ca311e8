"""The manual page of a rule as a value, and what its fix makes of its own bad example."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.lint.facts import Facts, GoEnvironment
from gowatchd.services.manual_sections import sections, summary
from gowatchd.services.ports import Look, Reading, Swap, SwapOutcome
from gowatchd.services.workspaces import Workspaces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gowatchd.lint.diagnostic import Severity
    from gowatchd.lint.rule import Rule
    from gowatchd.workspace.model import Workspace

EXAMPLE_ROOT = "/example"
EXAMPLE_GO = "1.27.3"


@dataclass(frozen=True, slots=True)
class Manual:
    """What a rule is about: ``bad`` and ``good`` are files in txtar form, or nothing.

    ``fixes`` are the titles of the fixes that the rule offers for its bad example.
    """

    code: str
    severity: Severity
    summary: str
    what: str
    why: str
    bad: str
    good: str
    fixes: tuple[str, ...]

    @classmethod
    def of(cls, rule: Rule) -> Manual:
        """Return the manual page of ``rule``."""
        found = sections(rule.manual)
        bad = found.get("Bad", "")
        files = example_files(bad)
        facts = example_facts(files)
        findings = (one for each in example_workspaces(files) for one in rule.check(each, facts))
        fixes = {one.fix.title: None for one in findings if one.fix is not None}
        return cls(
            rule.code,
            rule.severity,
            summary(rule.manual),
            found.get("What", ""),
            found.get("Why", ""),
            bad,
            found.get("Good", ""),
            tuple(fixes),
        )

    def as_json(self) -> dict[str, object]:
        """Return what ``gowatchctl explain --json`` prints of it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "summary": self.summary,
            "what": self.what,
            "why": self.why,
            "bad": self.bad,
            "good": self.good,
            "fixes": list(self.fixes),
        }


class ExampleFiles:
    """The port ``Files`` over the files of a txtar text, which nothing can write."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, path: str, largest: int | None = None) -> Reading:  # noqa: ARG002 all of it is small
        """Return the file of the example."""
        data = self._files.get(path)
        return Reading(path, Look.MISSING) if data is None else Reading(path, Look.CONTENT, data)

    def mark(self, path: str) -> object:
        """Return the bytes themselves."""
        return self._files.get(path)

    def is_directory(self, path: str) -> bool:
        """Say whether a file of the example is in ``path``."""
        return any(name.startswith(f"{path}/") for name in self._files)

    def exists(self, path: str) -> bool:
        """Say whether the example has a file or a directory at ``path``."""
        return path in self._files or self.is_directory(path)

    def swap(self, _path: str, _expected: bytes, _new: bytes) -> Swap:
        """Refuse."""
        return Swap(SwapOutcome.REFUSED, "it is an example")

    def flush(self, path: str) -> None:
        """Do nothing."""


def example_files(text: str) -> dict[str, bytes]:
    """Return the files of a txtar ``text``, below EXAMPLE_ROOT."""
    files: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("-- ") and line.endswith(" --"):
            lines = files.setdefault(posixpath.join(EXAMPLE_ROOT, line[3:-3].strip()), [])
        else:
            lines.append(line)
    return {path: "".join(f"{line}\n" for line in content).encode() for path, content in files.items()}


def example_facts(files: Mapping[str, bytes]) -> Facts:
    """Return the world of an example: its file ``go/env`` is what ``go env`` says there."""
    text = files.get(f"{EXAMPLE_ROOT}/go/env", b"").decode()
    settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    environment = GoEnvironment(**{name.lower(): value for name, value in settings.items()})
    return Facts(EXAMPLE_GO, switches_toolchain=False, environment=environment)


def example_workspaces(files: Mapping[str, bytes]) -> tuple[Workspace, ...]:
    """Return the workspaces of an example."""
    paths = [path for path in files if posixpath.basename(path) in {"go.work", "go.mod"}]
    return Workspaces(ExampleFiles(files)).load(paths)


def manuals(rules: Iterable[Rule]) -> tuple[Manual, ...]:
    """Return the manual pages of ``rules``, by code."""
    return tuple(sorted(map(Manual.of, rules), key=lambda manual: manual.code))
