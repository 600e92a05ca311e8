"""Permissions that are taken away and given back: what could not be read is looked at when it can be."""

from __future__ import annotations

import os

import pytest

from tests.support.other_process import NOBODY, Fork, needs_root
from tests.support.places import folder_on
from tests.support.watching import Watched, write

pytestmark = needs_root  # to become somebody whom permissions bind


@pytest.fixture
def as_somebody():
    """Return a function that runs a story about ``root`` as somebody whom permissions bind."""
    with folder_on(None, owner=NOBODY) as folder:

        def run(story):
            return Fork(lambda: story(folder / "root"), uid=NOBODY).answer()

        yield run


def test_a_file(as_somebody):
    def story(root):
        file = write(root / "m/go.mod")
        watched = Watched(root)
        file.chmod(0)
        watched.wait_for("m/go.mod")
        file.chmod(0o644)
        watched.wait_for("m/go.mod")
        watched.heard.files.clear()
        os.utime(file)  # tells as much as chmod does: one look, and that is all
        watched.wait_for("m/go.mod")
        watched.watcher.close()

    as_somebody(story)


@pytest.mark.parametrize("mode", [0, 0o600, 0o100])
@pytest.mark.parametrize("name", ["", "a", "a/m"])
def test_a_folder_on_the_way_that_was_closed_at_the_start(as_somebody, name, mode):
    def story(root):
        write(root / "a/m/go.mod")
        (root / name).chmod(mode)
        watched = Watched(root)
        (root / name).chmod(0o755)
        watched.wait_for("a/m/go.mod")
        watched.wait_until_known("a/m/go.mod")
        (root / "a/m/go.mod").write_text("module later\n")
        watched.wait_for("a/m/go.mod")
        watched.watcher.close()

    as_somebody(story)


@pytest.mark.parametrize("name", ["", "a", "a/m"])
def test_a_folder_that_is_closed_and_opened(as_somebody, name):
    def story(root):
        write(root / "a/m/go.mod")
        watched = Watched(root)
        (root / name).chmod(0)
        watched.wait_for("a/m/go.mod")
        (root / name).chmod(0o755)
        watched.wait_for("a/m/go.mod")
        watched.wait_until_known("a/m/go.mod")
        (root / "a/m/go.mod").write_text("module later\n")
        watched.wait_for("a/m/go.mod")
        watched.watcher.close()

    as_somebody(story)


def test_a_closed_folder_without_a_go_file_that_gets_one(as_somebody):
    def story(root):
        (root / "closed").mkdir(parents=True)
        (root / "closed").chmod(0o300)  # things can be made in it, and it cannot be listed
        watched = Watched(root)
        write(root / "closed/m/go.mod")
        (root / "closed").chmod(0o755)
        watched.wait_until_known("closed/m/go.mod")
        watched.watcher.close()

    as_somebody(story)


def test_touch_and_chmod_of_other_files_are_not_passed_on(tmp_path):
    module = write(tmp_path / "root/m/go.mod").parent
    other, deep = write(module / "main.go"), write(module / "deep/main.go")
    watched = Watched(tmp_path / "root")
    for _ in range(100):
        os.utime(other)
        other.chmod(0o600)
        os.utime(deep)
    watched.quiet()
    assert set(watched.heard.files) == {watched.path("quiet-probe/go.mod")}
    watched.watcher.close()
