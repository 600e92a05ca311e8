"""The package where nothing runs that it could start: put into a folder from outside, and into a chroot."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import ROOT, obstacle
from tests.support.booted_roots import copied
from tests.support.repacked import with_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-")

NEXT = "9.9.9"  # after every version that the package under test may have
NOTE = '#!/bin/sh\nprintf "%s\\n" "${0##*/} $*" >>"${0%/*}/called"\n'
# An own /run, in which systemd seems to run, and an own /etc: the scripts must touch neither.
APART = """
mount --bind "$1/etc" /etc && mount -t tmpfs none /run && mkdir -p /run/systemd/system && shift && "$@"
result=$?
find /run -name '*gowatchd*'
exit $result
"""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def recording(folder: Path, *programs: str, then: str = "") -> Path:
    """Make ``programs`` in ``folder`` that write into a file how they are called; return that file."""
    folder.mkdir(parents=True, exist_ok=True)
    for program in programs:
        (folder / program).write_text(NOTE + then)
        (folder / program).chmod(0o755)
    return folder / "called"


class Outside:
    """A machine, and below it the folder that becomes another one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.called = recording(folder / "bin", "systemctl", "deb-systemd-helper", "policy-rc.d")
        recording(folder / "python", "py3compile", "py3clean")  # of dh-python: they know no root but /
        for name in ("info", "updates", "triggers"):
            (self.root / "var/lib/dpkg" / name).mkdir(parents=True)
        (self.root / "var/lib/dpkg/status").touch()
        others = shutil.ignore_patterns("gowatchd*", "shadow*", "gshadow*")  # what is no part of this test
        shutil.copytree("/etc", folder / "etc", symlinks=True, ignore=others)
        self.configure(folder)
        self.configure(self.root)

    def configure(self, root: Path) -> None:
        """Write the file of an administrator."""
        (root / "etc/gowatchd").mkdir(parents=True)
        (root / "etc/gowatchd/config.toml").write_text("[format]\n")

    def dpkg(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        command = ["unshare", "--mount", "sh", "-c", APART, "sh", self.folder]
        command += ["dpkg", f"--root={self.root}", "--force-script-chrootless", "--force-depends", *words]
        path = f"{self.folder}/bin:{self.folder}/python:{PATH}"
        environment = {**os.environ, "PATH": path, "DEBIAN_FRONTEND": "noninteractive"}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=200, check=False
        )


def test_from_outside_a_folder_is_filled_and_nothing_else_is_touched(package: Path, tmp_path: Path) -> None:
    outside = Outside(tmp_path)
    newer = with_version(package, NEXT, tmp_path / NEXT)
    for words in (("--install", package), ("--install", newer)):
        done = outside.dpkg(*words)
        assert (done.returncode, "gowatchd.new" in done.stdout) == (0, False), done.stdout + done.stderr
    assert (outside.root / "usr/bin/gowatchd").exists()
    refused = outside.dpkg("--install", package)
    assert refused.returncode != 0
    assert f"is older than {NEXT}, which is installed" in refused.stderr
    done = outside.dpkg("--purge", "gowatchd")
    assert done.returncode == 0, done.stderr
    assert not outside.called.exists(), outside.called.read_text()
    assert not (outside.root / "etc/gowatchd").exists()
    assert (outside.folder / "etc/gowatchd/config.toml").exists(), "the machine's own is gone"


@pytest.mark.parametrize(("status", "said"), [(124, "does not answer: this version starts at"), (1, "")])
def test_only_of_a_manager_that_hangs_is_said_that_it_does_not_answer(
    tmp_path: Path, status: int, said: str
) -> None:
    """124 is what timeout(1) makes of it; others refuse, or are about to end."""
    script = (ROOT / "debian/gowatchd.postinst").read_text().partition("serve='")[2].partition("'\n")[0]
    called = recording(tmp_path, "systemctl", then=f"exit {status}\n")
    done = subprocess.run(
        ["sh", "-c", script, "gowatchd", "no", "1000"],
        env={"PATH": f"{tmp_path}:{PATH}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, said in done.stderr) == (0, "", True)
    assert bool(done.stderr) == bool(said)
    assert called.read_text() == "systemctl --user -M 1000@ daemon-reload\n"


@pytest.fixture
def root(base: Path) -> Iterator[Path]:
    with copied(base) as root:
        yield root


@pytest.mark.booted
@pytest.mark.skipif("SUITE" not in os.environ, reason="takes a minute: make system-test SUITE=trixie")
def test_in_a_chroot_the_service_is_enabled_and_nothing_is_started(package: Path, root: Path) -> None:
    called = recording(root / "usr/local/bin", "systemctl", then='exec /usr/bin/systemctl "$@"\n')
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    shutil.copyfile(package, root / "root/first.deb")
    shutil.copyfile(with_version(package, NEXT, root / "root/next"), root / "root/next.deb")
    enabled = root / "etc/systemd/user/default.target.wants/gowatchd.service"
    for words in (("--install", "/root/first.deb"), ("--install", "/root/next.deb")):
        dpkg_in(root, *words)
        assert enabled.is_symlink()
        assert not list((root / "run").glob("*gowatchd*"))
    dpkg_in(root, "--remove", "gowatchd")
    dpkg_in(root, "--purge", "gowatchd")
    assert not enabled.is_symlink()
    # deb-systemd-helper has systemctl make the links; it asks no running manager for that
    asked = called.read_text().splitlines() if called.exists() else []
    assert [line for line in asked if "--global" not in line.split()] == []


def dpkg_in(root: Path, *words: str) -> None:
    command = ["chroot", root, "env", "-i", f"PATH={PATH}", "DEBIAN_FRONTEND=noninteractive", "dpkg", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
