"""Workspaces of a person in a booted container, and what the daemon says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.booted_desktop import Desktop

MESSY = """use ./store/
go 1.22


use (
    ./api // the HTTP front end
)
"""
TIDY = """go 1.22

use (
	./api // the HTTP front end
	./store
)
"""
BROKEN = "go 1.22\n\nuse (\n\t./api\n\t./gone\n\t./store\n)\n"


def make_workspace(desktop: Desktop, name: str, go_work: str) -> str:
    """Make ~/src/``name`` with two modules; return the path of its go.work below home."""
    for module in ("api", "store"):
        desktop.write(f"src/{name}/{module}/go.mod", f"module example.com/{name}/{module}\n\ngo 1.22\n")
    desktop.write(f"src/{name}/go.work", go_work)
    return f"src/{name}/go.work"


def diagnostics(desktop: Desktop, name: str) -> list[str] | None:
    """Return the codes that ``gowatchctl status`` tells of a workspace; None before it is known."""
    for workspace in desktop.ask("status")["workspaces"]:
        if workspace["root"] == f"{desktop.person.home}/src/{name}":
            return [found["code"] for found in workspace["diagnostics"]]
    return None
