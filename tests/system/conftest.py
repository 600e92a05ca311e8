"""The package under test, built from the checkout."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import RUNNING, booted
from tests.support.booted_roots import ROOT, SUITE, base_root, depends_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from tests.support.booted import Booted


BOOTED_SECONDS = 1800  # the first test of a worker waits for the root directory, of which apt makes most
JUDGED_SECONDS = 3600  # a judge of packages, or the making of a release, takes many minutes beside that


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder the time that a download takes, and a judge its own beside it."""
    for item in items:
        if item.get_closest_marker("gate") or item.get_closest_marker("release"):
            item.add_marker(pytest.mark.timeout(JUDGED_SECONDS))
        elif item.get_closest_marker("booted"):
            item.add_marker(pytest.mark.timeout(BOOTED_SECONDS))


@pytest.fixture(scope="session")
def package() -> Path:
    """Build the .deb, or take the one that is there if nothing changed since."""
    if not (ROOT / ".git").exists():
        pytest.skip("the package is built from a git checkout")
    build = subprocess.run(
        ["scripts/build-deb"], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert build.returncode == 0, build.stdout + build.stderr
    (deb,) = (ROOT / "build").glob("gowatchd_*_all.deb")
    return deb


@pytest.fixture(scope="session")
def base(package: Path) -> Path:
    """Return the root directory of the release, with all that the package depends on; never written to."""
    return base_root(SUITE, depends_of(package))


@pytest.fixture(scope="module")
def machine(package: Path, base: Path) -> Iterator[Booted]:
    """Boot a machine for the tests of one file; the package lies there as /root/gowatchd.deb."""
    with booted(base) as machine:
        shutil.copyfile(package, machine.path("/root/gowatchd.deb"))
        yield machine


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the containers logged beside a test that failed in them."""
    report = yield
    if report.failed:
        report.sections.extend(("the journal of the container", machine.journal()) for machine in RUNNING)
    return report
