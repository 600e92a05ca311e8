"""The package under test as another version of itself: the same files and scripts, under another number.

Only what says the version is changed. A second build would take a minute, and differ in nothing else.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MODULE = "usr/lib/python3/dist-packages/gowatchd/__init__.py"


def with_version(package: Path, version: str, folder: Path) -> Path:
    """Make the .deb at ``package`` anew in ``folder``, which does not exist yet, as that of ``version``."""
    folder.mkdir(parents=True)
    _dpkg_deb("--raw-extract", package, folder / "files")
    control = folder / "files/DEBIAN/control"
    _replace(control, r"^Version: .*$", f"Version: {version}")
    module = folder / "files" / MODULE
    _replace(module, r'^__version__ = ".*"$', f'__version__ = "{version}"')
    sum_of_module = hashlib.md5(module.read_bytes(), usedforsecurity=False).hexdigest()
    _replace(folder / "files/DEBIAN/md5sums", f"^[0-9a-f]+  {MODULE}$", f"{sum_of_module}  {MODULE}")
    made = folder / f"gowatchd_{version}_all.deb"
    # not worth xz: it lives for one test
    _dpkg_deb("--root-owner-group", "-Zgzip", "-z1", "--build", folder / "files", made)
    return made


def _replace(path: Path, pattern: str, text: str) -> None:
    changed, count = re.subn(pattern, text, path.read_text(), flags=re.MULTILINE)
    assert count == 1, f"{path}: {count} lines are {pattern}"
    path.write_text(changed)


def _dpkg_deb(*words: object) -> None:
    done = subprocess.run(
        ["dpkg-deb", *map(str, words)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
