"""apt as our customer has it: in a layer above the root directory of a Debian, without a network."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.booted_roots import SUITE, base_root, depends_of
from tests.support.mounting import mounted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MISSING = [name for name in ("gpg", "gpg-agent", "apt-ftparchive") if shutil.which(name) is None]
SOURCE = """\
Types: deb deb-src
URIs: file:/srv/repository
Suites: stable
Components: main
Signed-By: /etc/apt/keyrings/gowatchd-archive-keyring.asc
"""
ONLY_OURS = (
    "-oDir::Etc::SourceList=/etc/apt/sources.list.d/gowatchd.sources",
    "-oDir::Etc::SourceParts=-",
    "-oAPT::Update::Error-Mode=any",  # else one that fails is a warning for the next time
)


class Customer:
    """A Debian that has our repository at /srv/repository, and trusts its key."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.repository = root / "srv/repository"

    def take(self, repository: Path) -> None:
        """Have a copy of ``repository`` served, and trust the key that lies in it."""
        shutil.rmtree(self.repository, ignore_errors=True)
        shutil.copytree(repository, self.repository)
        keyrings = self.root / "etc/apt/keyrings"
        keyrings.mkdir(parents=True, exist_ok=True)
        shutil.copy(repository / "gowatchd-archive-keyring.asc", keyrings)
        (self.root / "etc/apt/sources.list.d/gowatchd.sources").write_text(SOURCE)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["chroot", str(self.root), *command],
            env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "LC_ALL": "C.UTF-8",
                "DEBIAN_FRONTEND": "noninteractive",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def apt(self, *command: str) -> str:
        """Return what apt-get says; fail where it fails, or warns."""
        done = self.run("apt-get", "-qq", *ONLY_OURS, *command)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "W:" not in done.stderr, done.stderr
        return done.stdout

    def refusal(self, *command: str) -> str:
        """Return how apt-get complains."""
        done = self.run("apt-get", "-qq", *ONLY_OURS, *command)
        assert done.returncode == 100, done.stdout + done.stderr
        return done.stderr

    def forget(self) -> None:
        """Have apt read all anew."""
        for kept in ("lists", "archives"):
            for folder in (self.root / "var/lib/apt" / kept, self.root / "var/cache/apt" / kept):
                shutil.rmtree(folder, ignore_errors=True)

    def installed(self) -> str:
        return self.run("dpkg-query", "-W", "-f${Version} ${db:Status-Abbrev}", "gowatchd").stdout


@contextmanager
def customer_of(package: Path, folder: Path) -> Iterator[Customer]:
    """Give a Debian that has all but ``package`` itself, in ``folder``."""
    base = base_root(SUITE, depends_of(package))
    with mounted(folder / "layer") as layer:
        for name in ("upper", "work"):
            (layer / name).mkdir()
        options = f"lowerdir={base},upperdir={layer}/upper,workdir={layer}/work"
        with mounted(folder / "root", "-t", "overlay", "-o", options, "none") as root:
            yield Customer(root)
