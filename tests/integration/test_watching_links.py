"""Symbolic links to files, folders and roots: made, changed and removed while we watch."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.support.watching import Watched, write


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a watcher on ``tmp_path / "root"``."""
    begun = []

    def begin(*roots, **options):
        begun.append(Watched(tmp_path / "root", *roots, **options))
        return begun[-1]

    (tmp_path / "root/m").mkdir(parents=True)
    yield begin
    for watched in begun:
        watched.watcher.close()


def heard(watched, path):
    """Wait until ``path`` is reported, from now on."""
    watched.wait_for(str(path))


def test_the_target_of_a_symlinked_file(start, tmp_path):
    target = write(tmp_path / "elsewhere/base.mod")
    link = tmp_path / "root/m/go.mod"
    link.symlink_to("../../elsewhere/base.mod")
    watched = start()
    target.write_text("module later\n")
    heard(watched, link)
    write(tmp_path / "new").rename(target)
    heard(watched, link)
    target.unlink()
    heard(watched, link)
    write(target)
    heard(watched, link)


def test_a_symlinked_file_that_is_made_later_changed_and_removed(start, tmp_path):
    one, two = write(tmp_path / "one/x.mod"), write(tmp_path / "two/deep/y.mod")
    link = tmp_path / "root/m/go.mod"
    watched = start()
    before = watched.kernel_watches()
    link.symlink_to(one)
    heard(watched, link)
    one.write_text("module later\n")
    heard(watched, link)
    (tmp_path / "new").symlink_to(two)
    (tmp_path / "new").rename(link)
    heard(watched, link)
    two.write_text("module later\n")
    heard(watched, link)
    watched.quiet()
    one.write_text("module later still\n")
    watched.quiet()
    assert str(link) not in watched.heard.files, "it leads there no more"
    link.unlink()
    heard(watched, link)
    (tmp_path / "root/quiet-probe").rmdir()
    watched.loop.run_until(lambda: watched.kernel_watches() == before == watched.watcher.folders_watched)


def test_a_chain_of_links(start, tmp_path):
    target = write(tmp_path / "c/z.mod")
    (tmp_path / "b").symlink_to("c")
    (tmp_path / "a.mod").symlink_to("b/z.mod")
    link = tmp_path / "root/m/go.mod"
    link.symlink_to(tmp_path / "a.mod")
    watched = start()
    target.write_text("module later\n")
    heard(watched, link)
    other = write(tmp_path / "d/z.mod")
    (tmp_path / "b").unlink()
    (tmp_path / "b").symlink_to("d")
    heard(watched, link)
    other.write_text("module later\n")
    heard(watched, link)


def test_links_in_a_circle_are_no_more_than_a_look(start, tmp_path):
    link = tmp_path / "root/m/go.mod"
    (tmp_path / "circle").symlink_to(link)
    watched = start()
    link.symlink_to(tmp_path / "circle")
    heard(watched, link)
    link.unlink()
    write(link)
    heard(watched, link)


def test_two_modules_with_one_file(start, tmp_path):
    """The second is a link to the first, which is a save of both."""
    first = write(tmp_path / "root/m/go.mod")
    second = tmp_path / "root/n/go.mod"
    second.parent.mkdir()
    second.symlink_to("../m/go.mod")
    watched = start()
    watched.heard.files.clear()
    first.write_text("module later\n")
    watched.loop.run_until(lambda: {str(first), str(second)} <= set(watched.heard.files))


def test_a_folder_that_becomes_a_link(start, tmp_path):
    real = write(tmp_path / "real/go.mod")
    asked = tmp_path / "root/.lib"  # left out of a walk: it is watched because somebody asked
    watched = start()
    watched.watcher.add_folder(str(asked))
    asked.symlink_to("../real")
    heard(watched, asked / "go.mod")
    real.write_text("module later\n")
    heard(watched, asked / "go.mod")
    asked.unlink()
    heard(watched, asked / "go.mod")
    write(asked / "go.mod")
    heard(watched, asked / "go.mod")
    shutil.rmtree(asked)
    heard(watched, asked / "go.mod")
    asked.symlink_to("../real")
    heard(watched, asked / "go.mod")
    real.write_text("module even later\n")
    heard(watched, asked / "go.mod")


def test_a_link_in_the_middle_of_the_way_that_changes(start, tmp_path):
    for name in ("one", "two"):
        write(tmp_path / f"{name}/deep/go.mod")
    (tmp_path / "way").symlink_to("one")
    watched = start()
    asked = tmp_path / "way/deep"
    watched.watcher.add_folder(str(asked))
    heard(watched, asked / "go.mod")
    (tmp_path / "way").unlink()
    (tmp_path / "way").symlink_to("two")
    heard(watched, asked / "go.mod")
    (tmp_path / "two/deep/go.mod").write_text("module later\n")
    heard(watched, asked / "go.mod")
    watched.quiet()
    (tmp_path / "one/deep/go.mod").write_text("module later\n")
    watched.quiet()
    assert str(asked / "go.mod") not in watched.heard.files


def test_a_root_that_is_a_link(tmp_path):
    write(tmp_path / "one/m/go.mod")
    write(tmp_path / "two/m/go.mod")
    (tmp_path / "root").symlink_to("one")
    watched = Watched(tmp_path / "root")
    assert watched.watcher.known_files() == (str(tmp_path / "one/m/go.mod"),)
    (tmp_path / "root").unlink()
    (tmp_path / "root").symlink_to("two")
    watched.loop.run_until(lambda: watched.heard.roots_moved)
    assert set(watched.heard.roots_moved) == {str(tmp_path / "root")}
    watched.loop.run_until(lambda: watched.watcher.known_files() == (str(tmp_path / "two/m/go.mod"),))
    watched.watcher.close()


def test_a_root_that_is_replaced_by_a_link(start, tmp_path):
    write(tmp_path / "root/m/go.mod")
    watched = start()
    (tmp_path / "root").rename(tmp_path / "away")
    (tmp_path / "root").symlink_to("away")
    watched.loop.run_until(lambda: str(tmp_path / "root") in watched.heard.roots_moved)
    watched.loop.run_until(lambda: watched.watcher.known_files() == (str(tmp_path / "away/m/go.mod"),))


def test_nothing_is_kept_of_what_is_followed_no_more(start, tmp_path):
    target = write(tmp_path / "elsewhere/base.mod")
    link = tmp_path / "root/m/go.mod"
    watched = start()
    links = watched.watcher._links

    def kept():
        return set(links._through), dict(links._names), set(watched.watcher._tree.places)

    before = kept()
    for _ in range(3):
        link.symlink_to(target)
        heard(watched, link)
        assert kept() != before
        link.unlink()
        watched.loop.run_until(lambda: kept() == before)
    assert os.fsencode("base.mod") not in {name.rstrip(b"\0") for name in watched.watcher._pump._names}
