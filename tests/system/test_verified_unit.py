"""The unit, where the package puts it, by the judgement of each release's own systemd."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import obstacle
from tests.support.booted_roots import base_root, depends_of
from tests.support.mounting import mounted

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif("GATES" not in os.environ, reason="makes three Debians: make package-check"),
    pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-"),
]

# It looks for the programs and the manual page that the unit names, too.
VERIFY = """\
set -e
dpkg --install /root/gowatchd.deb >/root/installed 2>&1 || { cat /root/installed; exit 3; }
exec systemd-analyze --user verify /usr/lib/systemd/user/gowatchd.service
"""


@pytest.mark.parametrize("suite", ["bookworm", "trixie", "sid"])
def test_systemd_says_nothing_about_the_unit(package: Path, tmp_path: Path, suite: str) -> None:
    base = base_root(suite, depends_of(package))
    with mounted(tmp_path / "layer") as layer:
        for name in ("upper", "work"):
            (layer / name).mkdir()
        options = f"lowerdir={base},upperdir={layer}/upper,workdir={layer}/work"
        with mounted(tmp_path / "root", "-t", "overlay", "-o", options, "none") as root:
            shutil.copyfile(package, root / "root/gowatchd.deb")
            done = subprocess.run(
                ["chroot", str(root), "sh", "-c", VERIFY],
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "XDG_RUNTIME_DIR": "/run"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
