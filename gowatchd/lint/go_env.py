"""Rules on what ``go env`` says: settings that make go fail, or pass over these files."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from gowatchd.lint.rule import Finding
from gowatchd.lint.versions import sort_key
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.position import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Workspace

_FLAG = re.compile(r"(?:^|[ \t\n\r'\"])--?(mod|modfile)=([^ \t\n\r'\"]*)")
FIRST_TO_REWORD = sort_key("1.24")  # says it of GOPATH and GOROOT in other words
_MODES_OF_A_WORKSPACE = frozenset({"readonly", "vendor"})


def mod_flag(goflags: str) -> str | None:
    """Return the value of the last ``-mod`` flag in GOFLAGS, or None."""
    values = [value for name, value in _FLAG.findall(goflags) if name == "mod"]
    return values[-1] if values else None


def has_modfile_flag(goflags: str) -> bool:
    """Say whether GOFLAGS names another file to take for go.mod."""
    return any(name == "modfile" for name, _ in _FLAG.findall(goflags))


def goflags_against_workspace(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """GOFLAGS forbids workspaces.

    What: GOFLAGS has ``-mod=mod`` or ``-modfile=FILE``.
    Why: neither goes with a go.work, so every go command in the workspace fails.
    Bad:
        -- go/env --
        GOFLAGS=-mod=mod
        -- go.work --
        go 1.22

        use .
        -- go.mod --
        module example.com/m
    Good:
        -- go/env --
        GOFLAGS=-mod=readonly
        -- go.work --
        go 1.22

        use .
        -- go.mod --
        module example.com/m

        go 1.22
    """
    if workspace.kind is Kind.MOD or not facts.environment.goflags:
        return
    if has_modfile_flag(facts.environment.goflags):
        words = "-modfile cannot be used in workspace mode"
    elif (mode := mod_flag(facts.environment.goflags)) is not None and mode not in _MODES_OF_A_WORKSPACE:
        words = (
            f'-mod may only be set to readonly or vendor when in workspace mode, but it is set to "{mode}"'
        )
    else:
        return
    yield _at_top(workspace, f"{words}; take it out of GOFLAGS ('go env -u GOFLAGS'), or set GOWORK=off")


def modules_disabled(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """GO111MODULE switches modules off, or says what Go does not understand.

    What: GO111MODULE is neither empty nor ``on`` nor ``auto``.
    Why: with ``off`` go reads neither go.work nor go.mod; with anything else it stops.
    Bad:
        -- go/env --
        GO111MODULE=off
        -- go.mod --
        module example.com/m

        go 1.22
    Good:
        -- go/env --
        GO111MODULE=on
        -- go.mod --
        module example.com/m

        go 1.22
    """
    setting = facts.environment.go111module
    if setting in {"", "on", "auto"}:
        return
    if setting == "off":
        name = workspace.file.kind.file_name
        words = f"go list -m cannot be used with GO111MODULE=off, and {name} is not read"
    else:
        words = f"unknown environment setting GO111MODULE={setting}"
    yield _at_top(workspace, f"{words}; unset it ('go env -u GO111MODULE')")


def invalid_gowork(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """GOWORK is not an absolute path, or that of no file.

    What: GOWORK is a relative path, or names a file that is not there or cannot be read; ``off``, ``auto``
    and nothing are fine.
    Why: every go command that loads modules fails, in every directory.
    Bad:
        -- go/env --
        GOWORK=go.work
        -- go.mod --
        module example.com/m

        go 1.22
    Good:
        -- go/env --
        GOWORK=off
        -- go.mod --
        module example.com/m

        go 1.22
    """
    setting = facts.environment.gowork
    if setting not in {"", "auto", "off"} and not setting.startswith("/"):
        yield _at_top(
            workspace, f"invalid GOWORK: not an absolute path: {setting}; unset it, or write the whole path"
        )
    elif trouble := facts.environment.gowork_trouble:
        yield _at_top(
            workspace,
            f"reading go.work: {trouble}; GOWORK names it: unset that ('go env -u GOWORK'), or mend the file",
        )


def ignored_go_work(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """GOWORK makes go pass over this go.work.

    What: GOWORK is ``off``, or the path of another go.work.
    Why: each module is built as if it stood alone, or by what the other go.work says.
    Bad:
        -- go/env --
        GOWORK=off
        -- go.work --
        go 1.22

        use .
        -- go.mod --
        module example.com/m
    Good:
        -- go/env --
        GOWORK=
        -- go.work --
        go 1.22

        use .
        -- go.mod --
        module example.com/m

        go 1.22
    """
    setting = facts.environment.gowork
    if workspace.kind is Kind.MOD or setting in {"", "auto"} or facts.environment.gowork_trouble:
        return
    if setting == "off":
        yield _at_top(workspace, "go does not use this file: GOWORK=off is set; unset it, or keep it so")
    elif setting.startswith("/") and posixpath.normpath(setting) != workspace.path:
        yield _at_top(workspace, f"go does not use this file, but GOWORK={setting}; unset it, or keep it so")


def gopath_is_goroot(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """GOPATH and GOROOT are the same directory.

    What: GOPATH names the directory of the toolchain.
    Why: go warns at every run, and what it downloads and installs ends up in the toolchain.
    Bad:
        -- go/env --
        GOROOT=/usr/local/go
        GOPATH=/usr/local/go
        -- go.mod --
        module example.com/m

        go 1.22
    Good:
        -- go/env --
        GOROOT=/usr/local/go
        GOPATH=/home/me/go
        -- go.mod --
        module example.com/m

        go 1.22
    """
    gopath, goroot = facts.environment.gopath, facts.environment.goroot
    if gopath and goroot and posixpath.normpath(gopath) == posixpath.normpath(goroot):
        old = facts.go_version is not None and sort_key(facts.go_version) < FIRST_TO_REWORD
        words = (
            f"GOPATH set to GOROOT ({gopath}) has no effect"
            if old
            else f"both GOPATH and GOROOT are the same directory ({gopath})"
        )
        yield _at_top(workspace, f"{words}; unset GOPATH, or give it a directory of its own")


def file_in_module_cache(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A go.work or go.mod stands in the module cache.

    What: the file is in GOMODCACHE, where go keeps the modules that it downloads.
    Why: the cache belongs to go. Changes there change what every other module is built from, until ``go clean
    -modcache`` removes them, and a go.work above the downloaded modules captures them.
    Bad:
        -- go/env --
        GOMODCACHE=/example
        -- go.mod --
        module example.com/m

        go 1.22
    Good:
        -- go/env --
        GOMODCACHE=/home/me/go/pkg/mod
        -- go.mod --
        module example.com/m

        go 1.22
    """
    cache = facts.environment.gomodcache
    if cache and workspace.path.startswith(f"{posixpath.normpath(cache)}/"):
        yield _at_top(
            workspace,
            f"this file is in the module cache ({cache}), which belongs to go; "
            "work on a copy elsewhere, and replace the module by it",
        )


def file_in_gopath(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A go.work or go.mod stands in GOPATH itself.

    What: the file is directly in the first directory of GOPATH.
    Why: go warns of a go.mod there, at every run. A go.work there captures whatever is below, among it
    the module cache.
    Bad:
        -- go/env --
        GOPATH=/example
        -- go.mod --
        module example.com/m

        go 1.22
    Good:
        -- go/env --
        GOPATH=/home/me/go
        -- go.mod --
        module example.com/m

        go 1.22
    """
    gopath = facts.environment.gopath.partition(":")[0]
    if gopath and workspace.root == posixpath.normpath(gopath):
        name = workspace.file.kind.file_name
        words = f"ignoring go.mod in $GOPATH {gopath}" if workspace.kind is Kind.MOD else f"{name} in $GOPATH"
        yield _at_top(workspace, f"{words}; move it to a directory of its own, or set GOPATH to another one")


def _at_top(workspace: Workspace, message: str) -> Finding:
    return Finding(workspace.path, Span.at(1), message)
