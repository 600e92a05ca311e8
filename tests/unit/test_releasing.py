"""The version stands in few places, which agree; and what a release writes there."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

import gowatchd
from scripts.releasing.changelogs import NothingToTellError, debian_entry, released, unreleased
from scripts.releasing.checkout import RefusedError
from scripts.releasing.versions import check_next, set_everywhere, stated

ROOT = Path(__file__).resolve().parents[2]
DATE = datetime(2026, 12, 24, 18, 30, tzinfo=timezone.utc)
CHANGELOG = """\
# Changelog

About it.

## [Unreleased]

### Added

- One `thing`, of which [docs/page.md](docs/page.md)
  tells more.

### Fixed

- Another.

## [0.1.0] - 2026-11-22

- First.
"""


@pytest.fixture
def small(tmp_path):
    """Give a folder with just the files that name a version."""
    for name, text in {
        "gowatchd/__init__.py": '"""A module."""\n\n__version__ = "0.9.0"\n',
        "debian/changelog": "gowatchd (0.9.0) unstable; urgency=medium\n\n  * First.\n\n"
        " -- A <a@example.org>  Sun, 22 Nov 2026 20:00:00 +0000\n",
        "debian/control": "Source: gowatchd\nMaintainer: A <a@example.org>\n",
        "CHANGELOG.md": CHANGELOG,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_what_is_stated_agrees():
    version = stated(ROOT)
    assert version == gowatchd.__version__
    headings = re.findall(r"^## \[([0-9.]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == version


def test_a_version_is_written_wherever_it_stands(small):
    set_everywhere("0.10.0", small, DATE)
    assert stated(small) == "0.10.0"
    assert (small / "gowatchd/__init__.py").read_text() == '"""A module."""\n\n__version__ = "0.10.0"\n'
    text = (small / "CHANGELOG.md").read_text()
    assert "\n## [Unreleased]\n\n## [0.10.0] - 2026-12-24\n\n### Added\n\n- One `thing`" in text
    with pytest.raises(NothingToTellError, match="has nothing below"):
        unreleased(text)
    parse = ["dpkg-parsechangelog", "-l", str(small / "debian/changelog"), "--all"]
    parsed = subprocess.run(parse, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "\nVersion: 0.10.0\n" in parsed
    assert "\nMaintainer: A <a@example.org>\n" in parsed
    assert f"\nTimestamp: {DATE.timestamp():.0f}\n" in parsed
    assert "\n   * Added: One thing, of which docs/page.md tells more.\n   * Fixed: Another.\n" in parsed
    assert "\n   * First.\n" in parsed


def test_no_line_of_the_packages_changelog_is_too_long():
    section = unreleased(CHANGELOG.replace("Another.", "word " * 100))
    assert max(map(len, debian_entry(section, "1.0.0", "A <a@example.org>", DATE).splitlines())) <= 80


@pytest.mark.parametrize("wrong", ["", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.3-rc1", "01.2.3", "1.2.3\n"])
def test_a_version_is_three_numbers(small, wrong):
    with pytest.raises(RefusedError, match="is no version: three numbers"):
        check_next(wrong, small)


def test_a_version_is_higher_by_its_numbers(small):
    check_next("0.10.0", small)
    for wrong in ("0.9.0", "0.8.10"):
        with pytest.raises(RefusedError, match=rf"^{wrong} is not higher than 0\.9\.0"):
            check_next(wrong, small)


def test_a_changelog_that_has_another_version_is_refused(small):
    (small / "gowatchd/__init__.py").write_text('__version__ = "0.9.1"\n')
    with pytest.raises(RefusedError, match=r"says 0\.9\.1 and debian/changelog 0\.9\.0"):
        check_next("1.0.0", small)


def test_a_changelog_without_news_is_refused():
    for text in (CHANGELOG.replace("Unreleased", "Soon"), CHANGELOG.replace("\n- ", "\n")):
        with pytest.raises(NothingToTellError, match=r"write there what is new for users"):
            released(text, "1.0.0", DATE)
