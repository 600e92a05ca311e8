"""Whether the user manager of this person outlives their last session (loginctl(1), enable-linger)."""

from __future__ import annotations

import os

from gowatchd.system.room import name_of

FOLDER = "/var/lib/systemd/linger"  # where logind keeps a file for each who lingers
BOOTED = "/run/systemd/system"  # sd_booted(3)


def lingers(folder: str = FOLDER) -> bool:
    """Say whether it does."""
    return os.path.exists(os.path.join(folder, name_of(os.getuid())))


def systemd_is_running(marker: str = BOOTED) -> bool:
    """Say whether this system was booted with systemd."""
    return os.path.isdir(marker)
