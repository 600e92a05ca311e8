"""The source package builds anywhere, and to the same bytes: what is published can be checked by anybody."""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif("GATES" not in os.environ, reason="builds the package once more: make package-check"),
    pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-"),
]

NOBODY = 65534
# Debian's own builders have neither a home nor a network. The rest is what may differ between two machines:
# name, order of a directory, user, umask, language, time zone, the year, how many processors there are.
BUILD = """\
set -eu
hostname elsewhere
disorderfs -q --multi-user=yes --shuffle-dirents=yes "$1" "$2"
cd "$2"/gowatchd-*
umask 0027
exec setpriv --reuid=65534 --regid=65534 --clear-groups env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
    HOME=/nonexistent USER=nobody LANG=C LC_ALL=POSIX TZ=Pacific/Kiritimati \\
    LD_PRELOAD="$3" FAKETIME=+400d DEB_BUILD_OPTIONS=parallel=1 \\
    taskset --cpu-list "$4" dpkg-buildpackage -us -uc
"""
ALONE = "unshare --mount --net --uts --pid --fork --kill-child --mount-proc"


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Path]:
    """A folder that others may enter; pytest's own are for nobody else."""
    with tempfile.TemporaryDirectory(prefix="gowatchd-rebuild-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def rebuilt(package: Path, elsewhere: Path) -> Path:
    """Build the source package as another user, at another place and time; tests run in it, too."""
    for program in ("disorderfs", "dpkg-buildpackage", "taskset"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    try:
        os.close(os.open("/dev/fuse", os.O_RDWR))
    except OSError as error:  # a container may have none, or may not open it
        pytest.skip(f"nothing to shuffle directories with: {error}")
    (faketime,) = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    source, shuffled = elsewhere / "a-longer-name-of-the-place", elsewhere / "shuffled"
    source.mkdir()
    shuffled.mkdir()
    (described,) = package.parent.glob("gowatchd_*.dsc")
    subprocess.run(["dpkg-source", "-q", "--extract", described], cwd=source, timeout=60, check=True)
    for path in (source, *source.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    processor = str(min(os.sched_getaffinity(0)))
    build = subprocess.run(
        [*ALONE.split(), "sh", "-c", BUILD, "sh", source, shuffled, faketime, processor],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert build.returncode == 0, build.stdout[-4000:] + build.stderr[-2000:]
    assert " passed" in build.stdout, f"its tests did not run:\n{build.stdout[-4000:]}"
    return source


@pytest.mark.parametrize("suffix", [".dsc", ".tar.xz", "_all.deb"])
def test_the_same_source_makes_the_same_bytes(package: Path, rebuilt: Path, suffix: str) -> None:
    (ours,) = package.parent.glob(f"gowatchd_*{suffix}")
    theirs = rebuilt / ours.name
    if not filecmp.cmp(ours, theirs, shallow=False):
        pytest.fail(f"{ours.name} differs:\n{differences(ours, theirs)}")


def differences(ours: Path, theirs: Path) -> str:
    """Say in what they differ; diffoscope says where inside."""
    for program in ("diffoscope", "cmp"):
        if shutil.which(program) is not None:
            command = [program, str(ours), str(theirs)]
            said = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
            return said.stdout[:8000] + said.stderr[:2000]
    return "install diffoscope-minimal to see where"
