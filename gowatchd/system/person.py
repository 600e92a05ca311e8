"""Where this person keeps things: the XDG base directories, as the environment names them."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """The folders of the person that the process runs for (XDG Base Directory Specification 0.8)."""

    home: str
    config_home: str
    state_home: str
    runtime_home: str

    @classmethod
    def of_environment(cls) -> Person:
        """Read them from the environment; a relative path there is invalid and counts as unset."""
        home = os.path.expanduser("~")
        return cls(
            home,
            _folder("XDG_CONFIG_HOME", f"{home}/.config"),
            _folder("XDG_STATE_HOME", f"{home}/.local/state"),
            _folder("XDG_RUNTIME_DIR", ""),
        )

    @property
    def config_file(self) -> str:
        """The person's configuration."""
        return f"{self.config_home}/gowatchd/config.toml"

    @property
    def state_folder(self) -> str:
        """Where the history is kept."""
        return f"{self.state_home}/gowatchd"

    @property
    def passing_folder(self) -> str:
        """Where files may lie that are of no use after this session; the state folder where there is none."""
        return f"{self.runtime_home}/gowatchd" if self.runtime_home else self.state_folder


def _folder(name: str, default: str) -> str:
    value = os.environ.get(name, "")
    return value if value.startswith("/") else default
