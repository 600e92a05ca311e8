"""What stands in the package, by the judgement of the distribution's own tools."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def judged_by(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)


def test_lintian_finds_no_fault(package: Path) -> None:
    (changes,) = package.parent.glob("gowatchd_*.changes")
    verdict = judged_by("lintian", "--fail-on", "error,warning", "--tag-display-limit", "0", changes)
    assert verdict.returncode == 0, verdict.stdout


def test_the_desktop_entry_is_valid() -> None:
    verdict = judged_by("desktop-file-validate", ROOT / "config/gowatchd.desktop")
    assert (verdict.returncode, verdict.stdout) == (0, "")


def test_the_package_holds_what_is_started_and_read(package: Path) -> None:
    contents = judged_by("dpkg-deb", "--contents", package).stdout
    for path in (
        "usr/bin/gowatchd",
        "usr/bin/gowatchctl",
        "usr/bin/gofumpt-work",
        "usr/lib/systemd/user/gowatchd.service",
        "usr/share/dbus-1/services/org.gowatchd.Gowatchd1.service",
        "usr/share/applications/gowatchd.desktop",
        "usr/share/icons/hicolor/scalable/apps/gowatchd.svg",
        "usr/share/icons/hicolor/symbolic/apps/gowatchd-symbolic.svg",
        "usr/share/man/man5/gowatchd.toml.5.gz",
        "usr/share/locale/zh_CN/LC_MESSAGES/gowatchd.mo",
        "usr/lib/python3/dist-packages/gowatchd/system/org.gowatchd.Manager1.xml",
    ):
        assert f" ./{path}\n" in contents
    assert "tests/" not in contents
