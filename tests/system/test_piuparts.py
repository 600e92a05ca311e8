"""The package comes, is upgraded and goes without a trace, by the judgement of piuparts."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import obstacle
from tests.support.booted_roots import SUITE
from tests.support.repacked import with_version

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif("GATES" not in os.environ, reason="copies and compares a Debian: make package-check"),
    pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-"),
]

# All that the package depends on is there; an archive of the previous version alone needs no network.
ONLY_PREVIOUS = """\
#!/bin/sh
set -e
rm -rf /etc/apt/sources.list.d
echo 'deb [trusted=yes] file:{archive} ./' >/etc/apt/sources.list
"""
# Links of that Debian itself, which lead nowhere before somebody sets a language and a keyboard.
NOT_OURS = ("/etc/vconsole.conf", "/etc/default/locale")
ALONE = "unshare --mount --pid --fork --kill-child --mount-proc"


@pytest.fixture(scope="module")
def archive(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a version before ours, from which piuparts upgrades."""
    folder = tmp_path_factory.mktemp("previous") / "archive"
    with_version(package, "0.0.1", folder)
    shutil.rmtree(folder / "files")
    with (folder / "Packages").open("wb") as index:
        scan = ["dpkg-scanpackages", "--multiversion", "."]
        subprocess.run(scan, cwd=folder, stdout=index, timeout=60, check=True)
    return folder


def test_nothing_is_left_and_nothing_else_touched(
    package: Path, base: Path, archive: Path, tmp_path: Path
) -> None:
    if shutil.which("piuparts") is None:
        pytest.skip("piuparts is not installed")
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    source = scripts / "post_chroot_unpack_only_previous"
    source.write_text(ONLY_PREVIOUS.format(archive=archive))
    source.chmod(0o755)
    copies = base.parent / "piuparts"  # hundreds of megabytes, beside what they are copied from
    copies.mkdir(exist_ok=True)
    options = [
        f"--existing-chroot={base}",
        f"--tmpdir={copies}",
        f"--distribution={SUITE}",
        f"--bindmount={archive}",
        f"--scriptsdir={scripts}",
        *(f"--ignore={link}" for link in NOT_OURS),
        "--no-eatmydata",
        "--install-purge-install",
        "--install-remove-install",
        "--pedantic-purge-test",
        "--fail-on-broken-symlinks",
    ]
    done = subprocess.run(
        [*ALONE.split(), "piuparts", *options, str(package)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-6000:]
    assert "PASS: Installation and purging test." in said
    assert "PASS: Installation, upgrade and purging tests." in said
