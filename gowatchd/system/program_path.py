"""PATH, without what depends on where a program is started.

An empty entry and "." mean the working directory. For a child of ours that is a repository, and what is
called ``git`` or ``go`` there came with a clone.
"""

from __future__ import annotations

import os


def steady_path(path: str) -> str:
    """Return the PATH ``path`` without entries that are not absolute, or the system's own if none is left."""
    return os.pathsep.join(filter(os.path.isabs, path.split(os.pathsep))) or os.defpath


def find_program(name: str) -> str | None:
    """Return the program that PATH means by ``name``; shutil's own comes with 3 ms of archive formats."""
    for folder in steady_path(os.environ.get("PATH", os.defpath)).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None
