"""A person's programs, which write down how they were called, and their login shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.bus import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.user_manager import RunningManager

# Writes down how it was called, under its own name, whole or not at all.
PROGRAM = """#!/bin/sh
name=${0##*/}
{ printf '%s\\0' "$@"; } >"$HOME/$name.part"
{ env -0; printf 'CWD=%s\\0' "$PWD"; } >"$HOME/$name.environment"
mv "$HOME/$name.part" "$HOME/$name.words"
"""


class Person:
    """Somebody at a desktop, whose programs write down how they were called."""

    def __init__(self, manager: RunningManager) -> None:
        self.manager = manager
        self.bin = manager.home / "bin"
        self.bin.mkdir(exist_ok=True)

    def has(self, name: str, script: str = PROGRAM) -> None:
        program = self.bin / name
        program.write_text(script)
        program.chmod(0o755)

    def words(self, name: str) -> list[str]:
        """Wait until the program ``name`` was called; return its arguments."""
        found = self.manager.home / f"{name}.words"
        wait_for(found.exists, f"{name} to be called")
        return found.read_text().split("\0")[:-1]

    def environment(self, name: str) -> dict[str, str]:
        self.words(name)
        pairs = (self.manager.home / f"{name}.environment").read_text().split("\0")[:-1]
        return dict(pair.partition("=")[::2] for pair in pairs)

    def called(self, name: str) -> bool:
        return (self.manager.home / f"{name}.words").exists()


class LoginShell:
    """A login shell that exports what it is given."""

    def __init__(self) -> None:
        self.exported: dict[str, str] = {}
        self.asked = 0

    def exports(self, **exported: str) -> None:
        self.exported = exported

    def ask(self, done: Callable[[Mapping[str, str], str], None]) -> None:
        self.asked += 1
        done(self.exported, "")


def units_of(manager: RunningManager) -> list[str]:
    """Return the units in which programs run that were opened."""
    listed = manager.systemctl("list-units", "--plain", "--no-legend", "app-gowatchd-open@*")
    return [line.split()[0] for line in listed.splitlines()]
