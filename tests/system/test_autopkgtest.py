"""The tests that the source package brings for Debian run on a booted system, none of them skipped."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import booted, obstacle
from tests.support.booted_roots import ROOT, SUITE, base_root, depends_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.booted import Booted

pytestmark = [
    pytest.mark.gate,
    pytest.mark.booted,
    pytest.mark.skipif("GATES" not in os.environ, reason="boots once more: make package-check"),
    pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-"),
]

TESTS = re.findall(r"^Tests: (.*)$", (ROOT / "debian/tests/control").read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def machine(package: Path) -> Iterator[Booted]:
    base = base_root(SUITE, depends_of(package), "autopkgtest", ("autopkgtest", "dpkg-dev"))
    (source,) = package.parent.glob("gowatchd_*.tar.xz")
    with booted(base) as machine:
        shutil.copyfile(package, machine.path("/root/gowatchd.deb"))
        unpack = ["tar", "--extract", "--file", source, "--directory", machine.path("/root")]
        subprocess.run(unpack, timeout=60, check=True)
        yield machine


def test_all_of_them_pass(machine: Booted) -> None:
    machine.path("/etc/apt/sources.list").unlink()  # no network in there, for which apt would wait
    # The "null" server takes the system it runs on for the testbed: a whole booted one, to be thrown away. It
    # cannot know that, and would skip what wants a container of its own.
    options = "--no-built-binaries --ignore-restrictions=isolation-container --summary-file=summary"
    command = f"autopkgtest {options} gowatchd.deb gowatchd-*/ -- null"
    done = machine.run("sh", "-c", command, check=False, timeout=1500)
    summary = dict(line.split(maxsplit=1) for line in machine.path("/root/summary").read_text().splitlines())
    assert TESTS
    assert summary == dict.fromkeys(TESTS, "PASS"), done.stdout[-6000:] + done.stderr[-6000:]
    assert done.returncode == 0, done.stderr
