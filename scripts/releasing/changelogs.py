"""What CHANGELOG.md and debian/changelog say of a release. Pure functions over their texts."""

from __future__ import annotations

import re
import textwrap
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

UNRELEASED = "## [Unreleased]"
WIDTH = 78  # of a line of debian/changelog; lintian complains from 81 on
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


class NothingToTellError(ValueError):
    """CHANGELOG.md has no section for a new version, or an empty one."""


def unreleased(text: str) -> str:
    """Return what stands in the section of CHANGELOG.md for what is not released yet, without its heading."""
    if text.count(f"\n{UNRELEASED}\n") != 1:
        raise NothingToTellError(
            f"CHANGELOG.md lacks the section {UNRELEASED}: write there what is new for users"
        )
    section = re.split(r"^## ", text.split(f"\n{UNRELEASED}\n")[1], maxsplit=1, flags=re.MULTILINE)[0].strip()
    if not any(line.startswith("- ") for line in section.splitlines()):
        raise NothingToTellError(
            f"CHANGELOG.md has nothing below {UNRELEASED}: write there what is new for users"
        )
    return section


def released(text: str, version: str, date: datetime) -> str:
    """Return CHANGELOG.md with its unreleased section as that of ``version``, and a new, empty one above."""
    unreleased(text)
    return text.replace(f"\n{UNRELEASED}\n", f"\n{UNRELEASED}\n\n## [{version}] - {date:%Y-%m-%d}\n", 1)


def debian_entry(section: str, version: str, maintainer: str, date: datetime) -> str:
    """Return an entry of debian/changelog (deb-changelog(5)) from a ``section`` of CHANGELOG.md.

    Each item has its heading in front, because a package's changelog has one level only.
    """
    lines = [f"gowatchd ({version}) unstable; urgency=medium", ""]
    for heading, item in _items(section):
        said = f"{heading}: {item}" if heading else item
        lines += textwrap.wrap(
            said,
            WIDTH,
            initial_indent="  * ",
            subsequent_indent="    ",
            break_on_hyphens=False,
        )
    lines += ["", f" -- {maintainer}  {format_datetime(date)}", ""]
    return "\n".join(lines) + "\n"


def newest(debian_changelog: str) -> str:
    """Return the version of the first entry of debian/changelog."""
    found = re.match(r"\S+ \(([^)]+)\) ", debian_changelog)
    return found[1] if found else ""


def _items(section: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    heading = ""
    for line in section.splitlines():
        if line.startswith("### "):
            heading = line[4:].strip()
        elif line.startswith("- "):
            found.append((heading, line[2:]))
        elif line.strip() and found and line.startswith(" "):
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return [(heading, LINK.sub(r"\1", item).replace("`", "")) for heading, item in found]
