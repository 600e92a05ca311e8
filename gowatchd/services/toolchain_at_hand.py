"""Which go a workspace gets: the one that was found, or a newer toolchain at hand that it hands over to.

Follows Select and Exec of cmd/go/internal/toolchain (select.go), as far as nothing has to be fetched. A rule
may not look, and toolchains come and go without go.mod.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.modfile import goversion

if TYPE_CHECKING:
    from gowatchd.lint.facts import Facts
    from gowatchd.services.ports import Files
    from gowatchd.workspace.model import Workspace

FIRST_TO_SWITCH = "1.21"  # an older go hands over to nobody
FETCHED = "golang.org/toolchain@v0.0.1-"  # where a fetched toolchain is in the module cache


def with_toolchain(facts: Facts, workspace: Workspace, files: Files) -> Facts:
    """Return ``facts`` as they are for ``workspace``, where go hands over to a toolchain that is here now."""
    name = _wanted(facts, workspace)
    if not name or not any(files.exists(place) for place in _places(facts, name)):
        return facts
    return replace(facts, go_version=goversion.of_toolchain(name), godebugs=None)


def _wanted(facts: Facts, workspace: Workspace) -> str:
    """Return the name of the newer toolchain that go chooses for ``workspace``, or nothing."""
    running = facts.go_version
    parsed = workspace.file.work or workspace.file.mod
    if running is None or parsed is None or goversion.compare(running, FIRST_TO_SWITCH) < 0:
        return ""
    chosen = parsed.toolchain.name if parsed.toolchain is not None else ""
    if not _mode(facts) or chosen == "default":
        return ""
    if goversion.compare(goversion.of_toolchain(chosen), running) <= 0:
        chosen = ""
    wanted = parsed.go.version if parsed.go is not None else ""
    if goversion.compare(wanted, goversion.of_toolchain(chosen) or running) > 0:
        first = goversion.language(wanted) == wanted and goversion.compare(wanted, FIRST_TO_SWITCH) >= 0
        chosen = f"go{wanted}.0" if first else f"go{wanted}"
    return chosen


def _mode(facts: Facts) -> str:
    """Return where GOTOOLCHAIN lets go take another toolchain from: ``auto``, ``path``, or nowhere."""
    mode = facts.environment.gotoolchain.rpartition("+")[2]
    return mode if mode in {"auto", "path"} else ""


def _places(facts: Facts, name: str) -> tuple[str, ...]:
    """Return the paths at any of which go finds the toolchain ``name``."""
    environment = facts.environment
    places = tuple(posixpath.join(one, name) for one in environment.path.split(":") if one.startswith("/"))
    if _mode(facts) == "auto" and environment.gomodcache:
        fetched = f"{FETCHED}{name}.{environment.platform}"
        places += (posixpath.join(environment.gomodcache, fetched),)
    return places
