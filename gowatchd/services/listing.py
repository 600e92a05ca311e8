"""What was found and why: the answer of ``gowatchctl list``."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Severity
from gowatchd.services.report import SCHEMA, readable
from gowatchd.services.restriction import LEVELS, NOWHERE
from gowatchd.services.source_reading import kind_of
from gowatchd.services.status import count, mute_report
from gowatchd.services.territory import excluded_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.services.choices import Choices
    from gowatchd.services.restriction import Restriction, Restrictions
    from gowatchd.services.territory import Territory
    from gowatchd.services.verdict import Verdict
    from gowatchd.workspace.model import Workspace


@dataclass(frozen=True, slots=True)
class Listing:
    """A moment of what is watched.

    ``repository_of`` returns the top of the git work tree that a folder is in, or nothing. While ``scanning``
    the workspaces are those of the last run. ``choices_file`` is where the person's choices are kept,
    ``left_out`` are the files that a repository's own settings leave out, each with the reason.
    """

    territory: Territory
    choices: Choices
    verdicts: tuple[Verdict, ...]
    scanning: bool
    choices_file: str
    now: float
    repository_of: Callable[[str], str]
    restrictions: Restrictions = NOWHERE
    left_out: tuple[tuple[str, str], ...] = ()

    def report(self) -> dict[str, object]:
        """Return what ``gowatchctl list --json`` prints."""
        return {
            "schema": SCHEMA,
            "scanning": self.scanning,
            "roots": [{"path": readable(root.path), "why": root.why} for root in self.territory.roots],
            "excluded": [
                {key: readable(value) for key, value in one.items()}
                for one in excluded_report(self.territory)
            ],
            "choices": readable(self.choices_file),
            "workspaces": [
                *(self._workspace(verdict) for verdict in self.verdicts),
                *(self._left_out(path, reason) for path, reason in self.left_out),
            ],
            "outside": list(self._outside()),
        }

    def _workspace(self, verdict: Verdict) -> dict[str, object]:
        workspace = verdict.workspace
        errors, warnings = count(verdict, Severity.ERROR), count(verdict, Severity.WARNING)
        mute = self.choices.mute_of(workspace.root, self.now)
        root = self.territory.root_of(workspace.path)
        return {
            "root": readable(workspace.root),
            "kind": workspace.kind.value,
            "why": "remembered" if root is None or self.scanning else _below(root.path, root.why),
            "repository": readable(self.repository_of(workspace.root)) or None,
            "state": "problems" if errors or warnings else "ok",
            "errors": errors,
            "warnings": warnings,
            "muted": mute_report(mute),
            "off": [readable(text) for text in _switched_off(self.restrictions.of(workspace.path))],
        }

    def _left_out(self, path: str, reason: str) -> dict[str, object]:
        root = posixpath.dirname(path)
        return {
            "root": readable(root),
            "kind": kind_of(path).value,
            "why": "left out",
            "repository": readable(self.repository_of(root)) or None,
            "state": "off",
            "errors": 0,
            "warnings": 0,
            "muted": None,
            "off": [readable(reason)],
        }

    def _outside(self) -> Iterable[dict[str, object]]:
        """Yield the modules elsewhere that a workspace brings in."""
        seen: set[str] = set()
        for verdict in self.verdicts:
            for folder, why in _brought_in(verdict.workspace):
                if folder not in seen and self.territory.root_of(posixpath.join(folder, "go.mod")) is None:
                    seen.add(folder)
                    yield {"path": readable(folder), "why": readable(why)}


def _switched_off(restriction: Restriction) -> Iterable[str]:
    """Yield what a repository's own file switches off."""
    if restriction.unformatted:
        yield restriction.unformatted
    if not restriction.cross_check:
        yield "[check] cross_check = false"
    if restriction.disable:
        yield f"[check] disable = {', '.join(sorted(restriction.disable))}"
    if restriction.level != LEVELS[-1]:
        yield f"[notify] level = {restriction.level}"


def _below(root: str, why: str) -> str:
    return f"below {readable(root)}, {why}"


def _brought_in(workspace: Workspace) -> Iterable[tuple[str, str]]:
    for member in workspace.members:
        if member.file is not workspace.file:
            yield member.directory, f"used by {workspace.path}"
    for one in workspace.replacements:
        if one.directory is not None:
            yield one.directory, f"replaced by {workspace.path}"
    for member in workspace.members:
        for one in member.replacements:
            if one.directory is not None:
                yield one.directory, f"replaced by {member.file.path}"
