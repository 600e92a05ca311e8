"""Programs along a PATH, and whom their folders belong to."""

from __future__ import annotations

import os
import shutil
import stat

from gowatchd.system.trust import trusted_owners


class ProgramSearch:
    """The ``Programs`` port of the unit audit."""

    def find(self, program: str, path: str) -> str | None:
        """Return where ``program`` stands along the PATH ``path``."""
        return shutil.which(program, path=path) if path and "/" not in program else None

    def is_trusted(self, directory: str) -> bool:
        """Say whether only this person and root can put programs into ``directory``."""
        try:
            found = os.stat(directory)
        except OSError:
            return False
        return found.st_uid in trusted_owners() and not found.st_mode & (stat.S_IWOTH | stat.S_IWGRP)
