"""A release that is refused, or fails half way, says why in one sentence and changes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.signing import KEY, signing_key

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("gpg", "gpg-agent", "apt-ftparchive"))), reason="gpg or apt-utils is missing"
)

ROOT = Path(__file__).resolve().parents[2]
VERSIONED = ("gowatchd/__init__.py", "debian/changelog", "debian/control", ".gitignore")
NEWS = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Something.\n"
# Stands for a build whose packages another release has in the repository already.
NO_PACKAGES = """\
#!/bin/sh
mkdir "${0%/*}/../build" && cd "${0%/*}/../build" || exit
for rest in .dsc .tar.xz _all.deb; do
	echo new >"gowatchd_9.9.9$rest"
done
"""
# Stands for what is being made when somebody ends the release.
INTERRUPTED = """\
#!/bin/sh
[ "$1" != --check-key ] || exec "${0%/*}/check-key" "$@"
trap 'echo tidied up >"$1"; exit 143' TERM
kill $PPID
while :; do sleep 0.1; done
"""
# Fails where the new repository comes to its place, and never again.
MOVED_ONCE = """\
#!/bin/sh
case $3 in
*/repository) mkdir "${0%/*}/../failed" 2>/dev/null && exit 1 ;;
esac
exec /bin/mv "$@"
"""


@pytest.fixture(scope="module")
def gpg():
    with signing_key() as environment:
        yield environment


class Checkout:
    """A small repository with the real scripts, and with what they read."""

    def __init__(self, folder: Path, gpg: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            **gpg,
            **{f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        for name in VERSIONED:
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            shutil.copy(ROOT / name, folder / name)
        (folder / "CHANGELOG.md").write_text(NEWS)
        shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        self.git("init", "--quiet", "--initial-branch=main")
        self.save()

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.folder), *arguments]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout

    def save(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "as it is")

    def refused(self, version: str, *options: str) -> str:
        """Ask for a release; check that all is as before, and return what was said."""
        before = self.state()
        done = self.release(version, *options)
        assert (done.returncode, done.stdout) == (1, ""), done.stderr
        assert self.state() == before
        assert done.stderr.startswith("no release: ")
        return done.stderr.removeprefix("no release: ").strip()

    def release(self, version: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.folder / "scripts/release"), version, *options]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def state(self) -> tuple[str, ...]:
        asked = (("for-each-ref",), ("status", "--porcelain"), ("worktree", "list"))
        made = sorted(str(path) for path in self.folder.glob("build/**/*"))
        return (*(self.git(*one) for one in asked), *made)


@pytest.fixture
def checkout(tmp_path, gpg):
    return Checkout(tmp_path / "checkout", gpg)


def test_a_checkout_that_is_not_clean(checkout):
    (checkout.folder / "debian/forgotten").touch()
    assert checkout.refused("9.9.9") == (
        "the checkout is not clean (?? debian/forgotten; 1 in all): commit or remove what git status shows"
    )
    checkout.save()
    checkout.git("switch", "--quiet", "--detach")
    assert checkout.refused("9.9.9").startswith("HEAD is on no branch: ")


def test_a_version_that_is_there(checkout):
    assert checkout.refused("0.0.1").startswith("0.0.1 is not higher than ")
    checkout.git("tag", "v9.9.9")
    assert checkout.refused("9.9.9") == "there is a tag v9.9.9 already"


def test_a_changelog_that_tells_nothing(checkout):
    (checkout.folder / "CHANGELOG.md").write_text("# Changelog\n")
    checkout.save()
    assert checkout.refused("9.9.9").startswith("CHANGELOG.md lacks the section ## [Unreleased]: ")


def test_a_key_that_is_unknown_or_one_of_several(checkout):
    assert checkout.refused("9.9.9", "--key", "nobody").startswith(
        "gpg has no secret key that signs for 'nobody': "
    )
    with signing_key(of=(KEY, f"Second {KEY}")) as both:
        checkout.environment.update(both)
        assert checkout.refused("9.9.9", "--key", "release@example.org").startswith(
            "gpg has several secret keys for 'release@example.org': "
        )


def test_a_date_that_is_none(checkout):
    checkout.environment["SOURCE_DATE_EPOCH"] = "yesterday"
    assert checkout.refused("9.9.9") == "SOURCE_DATE_EPOCH is 'yesterday': seconds since 1970 are wanted"


def test_a_build_that_fails(checkout):
    (checkout.folder / "scripts/build-deb").write_text("#!/bin/sh\necho 'the compiler is ill' >&2; exit 2\n")
    checkout.save()
    assert checkout.refused("9.9.9") == "the compiler is ill"


def test_a_repository_that_has_the_version_already(checkout, tmp_path):
    (checkout.folder / "scripts/build-deb").write_text(NO_PACKAGES)
    checkout.save()
    pool = tmp_path / "repository/pool/main/g/gowatchd"
    pool.mkdir(parents=True)
    (tmp_path / "repository/dists").mkdir()
    (pool / "gowatchd_9.9.9.dsc").write_text("old\n")
    assert checkout.refused("9.9.9", "--key", KEY, "--repository", str(tmp_path / "repository")).endswith(
        "/repository has another gowatchd_9.9.9.dsc already: a version never changes"
    )
    assert {path.name for path in tmp_path.iterdir()} == {"checkout", "repository"}
    assert (pool / "gowatchd_9.9.9.dsc").read_text() == "old\n"


def test_a_repository_that_cannot_be_replaced_stays(gpg, tmp_path):
    folder, programs = tmp_path / "repository", tmp_path / "bin"
    (folder / "dists").mkdir(parents=True)
    (folder / "pool/main/g/gowatchd").mkdir(parents=True)
    (folder / "note").write_text("old\n")
    (tmp_path / "gowatchd_9.9.9.tar.xz").touch()
    programs.mkdir()
    (programs / "mv").write_text(MOVED_ONCE)
    (programs / "mv").chmod(0o755)
    environment = {**os.environ, **gpg, "PATH": f"{programs}:{os.environ['PATH']}"}
    command = [ROOT / "scripts/make-repository", f"{folder}/", KEY, tmp_path / "gowatchd_9.9.9.tar.xz"]
    first = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (first.returncode, (folder / "note").read_text()) == (1, "old\n"), first.stderr
    assert f"could not be put to {folder}: it is as it was" in first.stderr
    assert subprocess.run(command, env=environment, timeout=120, check=False).returncode == 0
    assert (folder / "dists/stable/InRelease").exists()
    names = {"repository", "bin", "gowatchd_9.9.9.tar.xz", "failed"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_packages_that_cannot_be_put_in_their_place(checkout, tmp_path):
    (checkout.folder / "scripts/build-deb").write_text(NO_PACKAGES)
    real = checkout.folder / "scripts/make-repository"
    shutil.copy(real, real.with_name("check-key"))
    real.write_text(INTERRUPTED)
    checkout.save()
    (checkout.folder / "build/release/9.9.9").mkdir(parents=True)
    (checkout.folder / "build/release/9.9.9/former").touch()
    before = checkout.state()
    done = checkout.release("9.9.9", "--key", KEY, "--repository", str(tmp_path / "repository"))
    assert (done.returncode, done.stdout) == (143, ""), done.stderr
    assert (tmp_path / "repository").read_text() == "tidied up\n"
    assert checkout.state() == before
