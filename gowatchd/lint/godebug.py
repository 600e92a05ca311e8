"""The rule on godebug lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.rule import Finding
from gowatchd.lint.versions import sort_key
from gowatchd.modfile import goversion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Workspace

FIRST = sort_key("1.23")  # an older go knows no godebug line at all


def invalid_godebug(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A godebug line sets what the toolchain does not know, or to what it refuses.

    What: a setting that is not in the table of the toolchain that runs, or a removed one with an old value, a
    ``default`` that is no version or newer than that toolchain, a comma. In a workspace the lines of go.work
    count, otherwise those of go.mod. Which settings there are is known only where the toolchain's source is
    installed.
    Why: every go command fails.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.23

        godebug default=go1.99
    Good:
        -- go.mod --
        module example.com/m

        go 1.23

        godebug default=go1.21
    """
    parsed = workspace.file.work or workspace.file.mod
    if parsed is None or (facts.go_version is not None and sort_key(facts.go_version) < FIRST):
        return
    for one in parsed.godebug:
        problem = _problem(one.key, one.value, facts)
        if problem:
            yield Finding(
                workspace.path,
                one.line.argument_span(0),
                f"error loading {workspace.file.kind.file_name}: {problem}; correct or remove this line",
            )


def _problem(key: str, value: str, facts: Facts) -> str:
    """Return what CheckGodebug of cmd/go/internal/modload says, or nothing."""
    for name, text in (("key", key), ("value", value)):
        if "," in text:
            return f"{name} contains comma"
    if key == "default":
        return _default_problem(value, facts)
    table = facts.godebugs
    if table is None or key in table.known:
        return ""
    if key not in table.removed:
        return f'unknown godebug "{key}"'
    refused, since = table.removed[key]
    link = f"https://go.dev/doc/godebug#go-1{since}"
    if refused is None:  # Go 1.26
        return f'use of removed godebug "{key}", see {link}'
    return f'removed GODEBUG "{key}" set to old value "{value}" ({link})' if value in refused else ""


def _default_problem(value: str, facts: Facts) -> str:
    version = value[2:]
    if not value.startswith("go") or not goversion.is_valid(version):
        return "value for default= must be goVERSION"
    if facts.go_version is not None and sort_key(version) > sort_key(facts.go_version):
        return f"default={value} too new (toolchain is go{facts.go_version})"
    return ""
