"""A whole release in a clone, and a Debian that upgrades to it. `make release-test` runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import gowatchd
from tests.support.booted import ROOT, obstacle
from tests.support.customer import MISSING, customer_of
from tests.support.signing import KEY, signing_key

pytestmark = [
    pytest.mark.release,
    pytest.mark.skipif(bool(obstacle()), reason=obstacle()),
    pytest.mark.skipif(bool(MISSING), reason=f"{MISSING} cannot be found"),
]
NEWS = "## [Unreleased]\n\n### Added\n\n- Something that is new in `this` version.\n"
PERSON = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    words = list(map(str, command))
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def clone_of_the_checkout(folder: Path) -> None:
    """Clone, with what is not committed yet."""
    run("git", "clone", "--quiet", "--shared", ROOT, folder)
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    changelog = folder / "CHANGELOG.md"
    changelog.write_text(changelog.read_text().replace("## [Unreleased]\n", NEWS, 1))
    run("git", "add", "--all", cwd=folder)
    run("git", "commit", "--quiet", "--message", "News", cwd=folder, env={**os.environ, **PERSON})


def test_a_release_is_made_and_upgraded_to(tmp_path: Path, package: Path) -> None:
    clone = tmp_path / "clone"
    clone_of_the_checkout(clone)
    old = gowatchd.__version__
    new = f"{int(old.split('.')[0]) + 1}.0.0"
    with signing_key() as gpg, customer_of(package, tmp_path) as customer:
        environment = {**os.environ, **PERSON, **gpg, "SOURCE_DATE_EPOCH": "1800000000"}
        repository = tmp_path / "repository"
        run("scripts/make-repository", repository, KEY, package, env=environment)
        customer.take(repository)
        customer.forget()
        customer.apt("update")
        customer.apt("install", "-y", "gowatchd")
        assert customer.installed() == f"{old} ii "

        said = run(
            *("make", "release", f"VERSION={new}", f"KEY={KEY}", f"REPOSITORY={repository}"),
            cwd=clone,
            env=environment,
        )
        assert f"tag v{new}: gowatchd {new}\n" in said
        assert run("git", "describe", "--exact-match", cwd=clone) == f"v{new}\n"
        run("git", "verify-tag", f"v{new}", cwd=clone, env=environment)
        assert run("git", "status", "--porcelain", cwd=clone) == ""
        assert sorted(path.suffix for path in (clone / "build/release" / new).iterdir()) == [
            *(".buildinfo", ".changes", ".deb", ".dsc", ".xz")
        ]

        customer.take(repository)
        customer.apt("update")
        customer.apt("upgrade", "-y")
        assert customer.installed() == f"{new} ii "
        assert customer.run("gowatchd", "--version").stdout == f"gowatchd {new}\n"
        assert f"gowatchd ({new}) unstable; urgency=medium\n\n  * Added: Something that is new in this" in (
            customer.run("zcat", "/usr/share/doc/gowatchd/changelog.gz").stdout
        )
        customer.apt("remove", "-y", "gowatchd")  # a version over a newer one is refused, by the package
        customer.apt("install", "-y", f"gowatchd={old}")
        assert customer.installed() == f"{old} ii "
