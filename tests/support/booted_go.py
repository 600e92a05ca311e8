"""A real go inside a booted container, without compiler and library: nothing is built there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.support.go import NEWEST, TOOLCHAINS

if TYPE_CHECKING:
    from tests.support.booted import Booted

FILES = ("VERSION", "go.env", "bin/go")


def install_go(machine: Booted) -> None:
    """Put it where its archive would."""
    machine.path("/usr/local/go/pkg/tool").mkdir(parents=True)  # by which go knows its own place
    for name in FILES:
        place = machine.path(f"/usr/local/go/{name}")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOOLCHAINS[NEWEST] / name, place)
