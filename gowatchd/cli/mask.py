"""Whether the person keeps gowatchd from starting: a mask, which ``gowatchctl disable`` makes."""

from __future__ import annotations

import os

UNIT = "gowatchd.service"


def own_unit_folder() -> str:
    """Return the folder of the person's own unit files."""
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(config, "systemd/user")


def is_masked() -> bool:
    """Say whether there is a mask of the person's own."""
    try:
        return os.readlink(os.path.join(own_unit_folder(), UNIT)) == os.devnull
    except OSError:  # no such file, or one that is no link
        return False
