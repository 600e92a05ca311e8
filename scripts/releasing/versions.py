"""Where the version stands: in gowatchd/__init__.py, which everything else asks, and in the changelogs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .changelogs import debian_entry, newest, released, unreleased
from .checkout import RefusedError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

STATED = re.compile(r'^__version__ = "([^"]*)"$', re.MULTILINE)
# Three numbers are the same version for pip, dpkg and Semantic Versioning; of the rest each has its own idea.
FORM = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


def stated(root: Path) -> str:
    """Return the version that the checkout at ``root`` has; where it says two, raise ``RefusedError``."""
    version = STATED.findall((root / "gowatchd/__init__.py").read_text())[0]
    packaged = newest((root / "debian/changelog").read_text())
    if packaged != version:
        raise RefusedError(
            f"gowatchd/__init__.py says {version} and debian/changelog {packaged}: make them agree"
        )
    return version


def check_next(version: str, root: Path) -> None:
    """Raise ``RefusedError`` where ``version`` cannot follow the one at ``root``."""
    if not FORM.fullmatch(version):
        raise RefusedError(f"'{version}' is no version: three numbers, like 1.2.3")
    now = stated(root)
    if _numbers(version) <= _numbers(now):
        raise RefusedError(f"{version} is not higher than {now}, the version that gowatchd has")


def set_everywhere(version: str, root: Path, date: datetime) -> None:
    """Write ``version`` wherever it stands, with what CHANGELOG.md says is new in it."""
    changelog = root / "CHANGELOG.md"
    text = changelog.read_text()
    maintainer = re.findall(r"^Maintainer: (.+)$", (root / "debian/control").read_text(), re.MULTILINE)[0]
    packaged = root / "debian/changelog"
    packaged.write_text(
        debian_entry(unreleased(text), version, maintainer, date) + "\n" + packaged.read_text()
    )
    changelog.write_text(released(text, version, date))
    module = root / "gowatchd/__init__.py"
    module.write_text(STATED.sub(f'__version__ = "{version}"', module.read_text()))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
