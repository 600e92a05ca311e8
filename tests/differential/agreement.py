"""Our errors beside what the real go command says of the same tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gowatchd.lint.catalog import check
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.facts import Facts
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.files import SafeFiles
from gowatchd.system.godebug_table import read_godebugs
from gowatchd.workspace.source import State
from tests.support.bus import wait_for
from tests.support.go import TOOLCHAINS, run_go

if TYPE_CHECKING:
    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.workspace.model import Workspace

VERSIONS = ("1.22.10", "1.27.3")

# What go says where files alone do not decide: it would ask the network or the module cache.
UNDECIDED = re.compile(
    r"GOPROXY=off|module lookup disabled|cannot find module providing"
    r"|checksum|cannot query module|no required module provides|invalid version: (unknown|git)"
    r"|version control|unrecognized import path"
    # what a directory that replaces a module requires: its checksums are not looked for
    r"|requires\n\t\S+: missing go\.sum entry"
)
# What an older go does not know yet; the parser is that of the newest.
NEWER_LANGUAGE = re.compile(
    r"unknown directive: (godebug|tool|ignore)|unknown block type: (godebug|tool|ignore)"
)

# The module paths that Go 1.26 began to refuse; older ones panic at "go" and build "toolchain".
SINCE_126 = re.compile(r"which is reserved")

# Vendored modules have no graph to be listed, which is no fault.
VENDORED = re.compile(r"can't compute 'all' using the vendor directory")

# What go says in the listing without failing always; the next build does.
FAILS_LATER = re.compile(r"conflicting replacements found|used for two different module paths")

# What go says of modules, and not of the source code of packages, when it lists these.
# Whether a go.mod is tidy depends on these.
OF_MODULES = re.compile(r"^go: (?!updates to go\.mod needed)", re.MULTILINE)

# Errors that no listing shows where no package imports the module, and the command that always does.
OTHER_COMMANDS = {"shared-replacement": ("work", "sync")}

# Some of go's words for each error. It gives up at the first, so one of ours has to be that.
TIDY = "updates to go.mod needed"
WORDS = {
    "malformed-go-sum": r"^malformed go\.sum:",
    "missing-go-sum-entry": r"missing go\.sum entry",
    # a newer Go looks at the go line first, even of a file that does not parse
    "syntax": r"errors parsing|reading go\.work|requires go >=",
    "missing-module-directive": "missing module declaration|no module directive found",
    # a Go before 1.26 panics at a module called go
    "invalid-module-path": "malformed module path|invalid module path|panic: .*missing go version",
    "malformed-require": "malformed module path",
    "invalid-tool-path": "malformed tool path",
    "use-missing-module": r"cannot load module|open .*go\.mod|is a directory",
    "use-invalid-module": "errors parsing|missing module declaration",
    "duplicate-use": "appears multiple times in workspace",
    "duplicate-module": "appears multiple times in workspace",
    "empty-workspace": r"no modules were found|go\.mod file not found",
    "go-line-too-low": "requires go >=|lists go",
    "go-line-too-new": "requires go >=",
    "go-line-below-dependency": f"{TIDY}|requires go >=",
    "replaced-workspace-module": "is replaced at all versions",
    "conflicting-replacements": "conflicting replacements for",
    "conflicting-member-replacements": "conflicting replacements for",
    "conflicting-versioned-replacement": "conflicting replacements found",
    "replacement-missing": r"reading .*go\.mod: |replacement directory",
    "replacement-invalid": r"parsing .*go\.mod: ",
    "shared-replacement": "used for two different module paths",
    "duplicate-require": TIDY,
    "excluded-require": TIDY,
    "useless-toolchain": TIDY,
    "invalid-go-version": TIDY,
    "require-below-dependency": TIDY,
    "inconsistent-vendoring": "inconsistent vendoring",
    "invalid-godebug": "(?i)godebug|default=",
}


@dataclass
class Agreement:
    """What comparing one tree came to: ``disagreements`` in words; ``counts`` by kind of agreement."""

    disagreements: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)


def compare(root: Path, versions: tuple[str, ...] = VERSIONS) -> Agreement:
    """Compare what stands in ``root`` (a go.work, else a go.mod) for each of ``versions``."""
    agreement = Agreement()
    for version in versions:
        _compare(root, version, agreement)
    return agreement


def _compare(root: Path, version: str, agreement: Agreement) -> None:
    found = diagnose(root, version)
    errors = [one for one in found if one.severity is Severity.ERROR]
    full = _ask(version, root, "list", "-m") or _ask(version, root, "list", "-m", "all")
    if not full:
        packages = _ask(version, root, "list", "all")
        full = packages if OF_MODULES.search(packages) and not UNDECIDED.search(packages) else ""
    kind = _kind(full, errors)
    if kind == "error that go does not have" and any(
        one.code in OTHER_COMMANDS and _ask(version, root, *OTHER_COMMANDS[one.code]) for one in errors
    ):
        kind = "both fail"
    agreement.counts.append(kind)
    if kind in DISAGREEMENTS:
        ours = [f"{one.severity.value} {one.code}: {one.message}" for one in found]
        agreement.disagreements.append(f"{kind}: go {version} says {full!r}, we say {ours}")
    _compare_syntax(root, version, agreement)


DISAGREEMENTS = {"error that go does not have", "error that we miss", "both fail, of different things"}


def _kind(full: str, errors: list[Diagnostic]) -> str:
    if UNDECIDED.search(full) or NEWER_LANGUAGE.search(full):
        return "undecided by the files"
    if errors and not full and all(SINCE_126.search(one.message) for one in errors):
        return "undecided by the files"
    if full:
        if not errors:
            return "error that we miss"
        same = any(one.code in WORDS and re.search(WORDS[one.code], full) for one in errors)
        return "both fail" if same else "both fail, of different things"
    return "error that go does not have" if errors else "both accept"


def _compare_syntax(root: Path, version: str, agreement: Agreement) -> None:
    if not (root / "go.work").is_file():
        return
    theirs = _ask(version, root, "work", "edit", "-json", "go.work")
    workspaces = load(root / "go.work")
    ours = workspaces[0].file.problems if workspaces and workspaces[0].file.state is State.PRESENT else ()
    if bool(theirs) != bool(ours) and not NEWER_LANGUAGE.search(theirs):
        words = [one.message for one in ours]
        agreement.disagreements.append(f"syntax: go {version} says {theirs!r}, we say {words}")


def diagnose(root: Path, version: str) -> list[Diagnostic]:
    """Check what the go command of ``version``, with GOTOOLCHAIN=local, would load in ``root``."""
    facts = facts_of(version)
    for name in ("go.work", "go.mod"):
        if (root / name).is_file():
            return [one for workspace in load(root / name) for one in check(workspace, facts)]
    return []


def load(path: Path) -> tuple[Workspace, ...]:
    """Load what ``path`` makes, once nobody writes to any file of it.

    A go that another thread starts has our descriptors until its exec, those that we write with among them.
    """

    def quiet() -> bool:
        found[:] = Workspaces(SafeFiles()).load([str(path)])
        files = [file for workspace in found for file in workspace.files]
        return all(file.state is not State.UNKNOWN for file in files)

    found: list[Workspace] = []
    wait_for(quiet, f"nobody to write to the files of {path}")
    return tuple(found)


@lru_cache
def facts_of(version: str) -> Facts:
    """Return what the rules know of one toolchain."""
    return Facts(version, switches_toolchain=False, godebugs=read_godebugs(str(TOOLCHAINS[version])))


def _ask(version: str, root: Path, *arguments: str) -> str:
    """Return what go complains of; an empty string where it succeeds."""
    run = run_go(version, *arguments, cwd=root)
    said = run.stderr.decode("utf-8", "replace").strip()
    if VENDORED.search(said):
        return ""
    return (said or "no words") if run.returncode or FAILS_LATER.search(said) else ""
