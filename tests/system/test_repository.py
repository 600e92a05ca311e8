"""The apt repository, as apt sees it: what is signed is installed, what somebody changed is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import ROOT, obstacle
from tests.support.customer import MISSING, ONLY_OURS, Customer, customer_of
from tests.support.signing import KEY, signing_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

XZ = b"\xfd7zXZ"
pytestmark = [
    pytest.mark.booted,
    pytest.mark.skipif(bool(obstacle()), reason=obstacle()),
    pytest.mark.skipif(bool(MISSING), reason=f"{MISSING} cannot be found"),
]


@pytest.fixture(scope="module")
def gpg() -> Iterator[dict[str, str]]:
    with signing_key() as environment:
        yield {**os.environ, **environment}


@pytest.fixture(scope="module")
def customer(tmp_path_factory: pytest.TempPathFactory, package: Path) -> Iterator[Customer]:
    with customer_of(package, tmp_path_factory.mktemp("customer")) as customer:
        yield customer


def make_repository(gpg: dict[str, str], folder: Path, key: str, package: Path) -> Path:
    """Put ``package`` and its source into a repository at ``folder``."""
    version = package.name.split("_")[1]
    files = (package, *package.parent.glob(f"gowatchd_{version}.*"))
    command = [ROOT / "scripts/make-repository", folder, key, *files]
    made = subprocess.run(
        list(map(str, command)), env=gpg, capture_output=True, text=True, timeout=120, check=False
    )
    assert (made.returncode, made.stdout) == (0, ""), made.stderr
    return folder


@pytest.fixture(scope="module")
def repository(gpg: dict[str, str], tmp_path_factory: pytest.TempPathFactory, package: Path) -> Path:
    return make_repository(gpg, tmp_path_factory.mktemp("served") / "repository", KEY, package)


def change(old: bytes, new: bytes) -> Callable[[Path], None]:
    """Return what puts ``new`` in place of ``old`` into a file that has it, as somebody in between would."""

    def applied(file: Path) -> None:
        text = file.read_bytes()
        if old in text:
            file.unlink()  # it may be a link to another one of the repository
            file.write_bytes(text.replace(old, new))

    return applied


def test_what_the_key_signed_is_installed(customer: Customer, repository: Path, package: Path) -> None:
    customer.take(repository)
    customer.forget()
    assert customer.apt("update") == ""
    version = package.name.split("_")[1]
    assert (
        f"Filename: pool/main/g/gowatchd/{package.name}\n"
        in customer.run("apt-cache", *ONLY_OURS, "show", "gowatchd").stdout
    )
    customer.apt("install", "-y", "gowatchd")
    assert customer.installed() == f"{version} ii "
    assert customer.run("gowatchctl", "version").stdout.startswith(f"gowatchctl {version} (Python 3.")
    customer.apt("source", "-oAPT::Sandbox::User=root", "--download-only", "gowatchd")
    assert sorted(path.name for path in customer.root.glob("gowatchd_*")) == sorted(
        path.name for path in (repository / "pool/main/g/gowatchd").iterdir() if path.suffix != ".deb"
    )
    customer.apt("purge", "-y", "gowatchd")


@pytest.mark.parametrize(
    ("files", "old", "new", "complaint"),
    [
        ("dists/stable/main/**/*", b"python3-watchdog", b"python3-evildoor", "Hash Sum mismatch"),
        ("dists/stable/InRelease", b"Origin: gowatchd", b"Origin: somebody", "not signed"),
    ],
    ids=["index", "release"],
)
def test_a_changed_repository_is_refused(
    customer: Customer, repository: Path, files: str, old: bytes, new: bytes, complaint: str
) -> None:
    customer.take(repository)
    for file in customer.repository.glob(files):
        if file.is_file():
            change(old, new)(file)
            if file.read_bytes().startswith(XZ):
                file.unlink()  # apt would take it, which is not changed
    customer.forget()
    assert complaint in customer.refusal("update")
    assert "gowatchd" in customer.refusal("install", "-y", "gowatchd")


def test_a_changed_package_is_refused(customer: Customer, repository: Path, package: Path) -> None:
    customer.take(repository)
    deb = customer.repository / "pool/main/g/gowatchd" / package.name
    deb.write_bytes(deb.read_bytes()[:-1] + b"\0")
    customer.forget()
    customer.apt("update")
    assert "Hash Sum mismatch" in customer.refusal("install", "-y", "gowatchd")
    assert customer.installed() == ""


def test_what_another_key_signed_is_refused(customer: Customer, repository: Path, tmp_path: Path) -> None:
    customer.take(repository)
    with signing_key() as other:
        (package,) = repository.glob("pool/main/g/gowatchd/*.deb")
        theirs = make_repository({**os.environ, **other}, tmp_path / "repository", KEY, package)
    shutil.rmtree(customer.repository)
    shutil.copytree(theirs, customer.repository)
    customer.forget()
    assert "not signed" in customer.refusal("update")
