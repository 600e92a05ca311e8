"""What stands in the package, by the judgement of the distribution's own tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from tests.support.booted_roots import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.gate

PAGES = ("man1/gowatchd.1", "man1/gowatchctl.1", "man1/gofumpt-work.1", "man5/gowatchd.toml.5")
METAINFO = "usr/share/metainfo/org.gowatchd.gowatchd.metainfo.xml"
# What appstreamcli may say all the same, and why.
EXPLAINED = {
    "unknown-tag developer": "the element of AppStream 1.0, of which Debian 12's 0.16 does not know",
    "url-homepage-missing": "there is no page to link to",
}
# What a lintian newer than Debian 12's says all the same; there an override of it would be one of nothing.
OF_LATER_LINTIANS = {
    "out-of-date-standards-version": "it is the one that Debian 12 knows",
    "appstream-metadata-validation-failed": "it is for the homepage; appstreamcli itself is asked below",
}


def judged_by(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    command = [program, *map(str, arguments)]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    return subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, env=environment)


@pytest.fixture(scope="module")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["dpkg-deb", "--extract", package, folder], timeout=60, check=True)
    return folder


def test_lintian_finds_nothing_that_no_override_explains(package: Path) -> None:
    (changes,) = package.parent.glob("gowatchd_*.changes")
    options = ("-EIL", "+pedantic", "--tag-display-limit", "0", "--fail-on", "none")
    verdict = judged_by("lintian", *options, changes)
    tags = [line for line in verdict.stdout.splitlines() if line.split()[2] not in OF_LATER_LINTIANS]
    assert (verdict.returncode, tags) == (0, []), verdict.stderr


def test_each_override_has_its_reason_above_it() -> None:
    for overrides in ROOT.glob("debian/**/*lintian-overrides"):
        lines = overrides.read_text().splitlines()
        for above, line in zip(["", *lines], lines, strict=False):
            assert not line or line.startswith("#") or above.startswith("# "), f"{overrides}: {line}"


def test_the_desktop_entry_is_valid(unpacked: Path) -> None:
    verdict = judged_by("desktop-file-validate", unpacked / "usr/share/applications/gowatchd.desktop")
    assert (verdict.returncode, verdict.stdout) == (0, "")


def test_the_metainfo_of_software_centers_is_valid(unpacked: Path) -> None:
    verdict = judged_by("appstreamcli", "validate", "--no-net", "--pedantic", unpacked / METAINFO)
    told = re.findall(r"^[EWIP]: \S+ (.*?)\s*$", verdict.stdout, re.MULTILINE)
    assert [tag for tag in told if tag not in EXPLAINED] == [], verdict.stdout
    assert told or verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_the_metainfo_names_what_the_package_holds(package: Path, unpacked: Path) -> None:
    shown = ET.parse(unpacked / METAINFO).getroot()
    named = [
        *(f"usr/share/applications/{one.text}" for one in shown.iter("launchable")),
        *(f"usr/share/icons/hicolor/scalable/apps/{one.text}.svg" for one in shown.iter("icon")),
        *(f"usr/bin/{one.text}" for one in shown.iter("binary")),
        *(f"usr/share/dbus-1/services/{one.text}.service" for one in shown.iter("dbus")),
    ]
    assert len(named) == 6
    assert [path for path in named if not (unpacked / path).is_file()] == []
    newest = shown.find("releases/release")
    assert newest is not None
    assert newest.get("version") == judged_by("dpkg-deb", "--field", package, "Version").stdout.strip()
    assert newest.findall("description/ul/li")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "judge",
    [
        "man --warnings --encoding=UTF-8 --local-file --troff-device=utf8 --ditroff",
        "groff -K utf8 -ww -z -man -Tutf8",
        "mandoc -T lint -W warning",
    ],
    ids=("man", "groff", "mandoc"),
)
def test_a_manual_page_has_no_fault(unpacked: Path, tmp_path: Path, judge: str, page: str) -> None:
    plain = tmp_path / page.rpartition("/")[2]
    plain.write_bytes(subprocess.check_output(["gzip", "-dc", unpacked / f"usr/share/man/{page}.gz"]))
    program, *arguments = judge.split()
    verdict = judged_by(program, *arguments, plain)
    found = verdict.stderr if program == "man" else verdict.stdout + verdict.stderr  # it prints the page
    assert (verdict.returncode, found) == (0, "")


def test_apropos_finds_every_manual_page(unpacked: Path) -> None:
    for page in PAGES:
        verdict = judged_by("lexgrog", unpacked / f"usr/share/man/{page}.gz")
        name = re.sub(r".*/|\.\d$", "", page)
        assert f': "{name} - ' in verdict.stdout, verdict.stdout + verdict.stderr


def test_the_package_holds_what_is_started_and_read(unpacked: Path) -> None:
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
        "usr/share/bash-completion/completions/gowatchctl",
        "usr/share/fish/vendor_completions.d/gowatchctl.fish",
        "usr/share/zsh/vendor-completions/_gowatchctl",
        "usr/share/locale/zh_CN/LC_MESSAGES/gowatchd.mo",
        "usr/lib/python3/dist-packages/gowatchd/system/org.gowatchd.Manager1.xml",
    ):
        assert (unpacked / path).is_file(), path
    assert not list(unpacked.rglob("tests"))
