"""The order of watching and listing: a change at the worst moment is neither lost nor believed too long."""

from __future__ import annotations

import os
import shutil

import pytest

from gowatchd.system.discovery import FILE_NAMES, Pruning
from gowatchd.system.folder_scan import Kind
from gowatchd.system.folders import Reach
from gowatchd.system.inotify import Inotify, decode, pad
from gowatchd.system.watch_table import WatchTable
from gowatchd.system.watch_tree import WatchTree
from tests.support.watching import write


class Meddling(Pruning):
    """Has somebody act right before or right after a folder is listed."""

    def __init__(self):
        super().__init__()
        self.before, self.after = {}, {}

    def list(self, folder):
        self.before.pop(folder, lambda: None)()
        listing = super().list(folder)
        self.after.pop(folder, lambda: None)()
        return listing


OPEN = []


@pytest.fixture(autouse=True)
def _close():
    yield
    while OPEN:
        OPEN.pop().close()


class Tree:
    """A tree on a real inotify, fed by hand: nothing happens between the steps of a test."""

    def __init__(self, root, budget=1000):
        self.inotify = Inotify()
        OPEN.append(self.inotify)
        self.table = WatchTable(self.inotify, budget)
        self.meddling = Meddling()
        self.changes = []
        self.tree = WatchTree(self.table, self.meddling, self.changes.append)
        self.tree.add(os.fsencode(root), Reach.TREE)

    def scan(self):
        while self.tree.scanning:
            self.tree.advance(1)

    def catch_up(self):
        """Take events and scan until neither is left."""
        while buffer := self.inotify.read():
            for event in decode(buffer, {pad(name) for name in FILE_NAMES}):
                self.tree.feed(event)
            self.scan()
        self.table.sweep()

    def known(self):
        return {os.fsdecode(path) for path in self.tree.files()}

    def heard(self, path):
        """Save ``path`` and say whether that was heard."""
        self.changes.clear()
        path.write_text("module later\n")
        self.catch_up()
        return any(change.path == os.fsencode(path) for change in self.changes)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    folder.mkdir()
    return folder.resolve()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_tree_that_comes_around_the_listing(root, moment):
    tree = Tree(root)
    getattr(tree.meddling, moment)[os.fsencode(root)] = lambda: write(root / "new/deep/go.mod")
    tree.scan()
    tree.catch_up()
    assert tree.known() == {str(root / "new/deep/go.mod")}
    assert tree.heard(root / "new/deep/go.mod")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_tree_that_goes_around_the_listing(root, moment):
    write(root / "old/deep/go.mod")
    tree = Tree(root)
    getattr(tree.meddling, moment)[os.fsencode(root)] = lambda: shutil.rmtree(root / "old")
    tree.scan()
    tree.catch_up()
    assert tree.known() == set()


def test_a_tree_made_again_before_anybody_looked(root):
    file = write(root / "m/deep/go.mod")
    tree = Tree(root)
    tree.scan()
    shutil.rmtree(root / "m")
    write(file)
    tree.catch_up()
    assert tree.known() == {str(file)}
    assert tree.heard(file)


def test_a_tree_renamed_twice_before_anybody_looked(root):
    write(root / "a/m/go.mod")
    tree = Tree(root)
    tree.scan()
    (root / "a").rename(root / "b")
    (root / "b").rename(root / "c")
    write(root / "c/m/go.work")
    tree.catch_up()
    assert tree.known() == {str(root / "c/m/go.mod"), str(root / "c/m/go.work")}
    assert (Kind.MOVED, os.fsencode(root / "b/m/go.mod"), os.fsencode(root / "c/m/go.mod")) in tree.changes
    assert tree.heard(root / "c/m/go.mod")


def test_two_trees_that_change_places(root):
    write(root / "a/one/go.mod")
    write(root / "b/two/go.mod")
    tree = Tree(root)
    tree.scan()
    (root / "a").rename(root / "x")
    (root / "b").rename(root / "a")
    (root / "x").rename(root / "b")
    tree.catch_up()
    assert tree.known() == {str(root / "a/two/go.mod"), str(root / "b/one/go.mod")}
    assert tree.heard(root / "b/one/go.mod")


def test_a_folder_moved_below_what_was_its_own_child(root):
    """The events are taken late: for a while our picture would have a folder inside itself."""
    write(root / "a/b/go.mod")
    tree = Tree(root)
    tree.scan()
    (root / "a/b").rename(root / "b")
    (root / "a").rename(root / "b/a")
    write(root / "b/a/go.mod")
    tree.catch_up()
    assert tree.known() == {str(root / "b/go.mod"), str(root / "b/a/go.mod")}
    assert tree.heard(root / "b/a/go.mod")


def test_every_watch_is_given_back(root):
    for number in range(20):
        write(root / f"{number}/m/go.mod")
    tree = Tree(root)
    tree.scan()
    before = len(tree.table)
    for number in range(20):
        shutil.rmtree(root / str(number))
    tree.catch_up()
    assert len(tree.table) == before - 40


def test_a_weighty_folder_takes_the_watch_of_an_idle_one(root):
    for number in range(30):
        (root / f"idle{number}").mkdir()
    tree = Tree(root, budget=15)
    tree.scan()
    assert len(tree.table) == 15
    deep = write(root / "idle7/x/y/go.mod")
    tree.tree.rescan()
    tree.scan()
    tree.catch_up()
    assert tree.known() == {str(deep)}
    assert len(tree.table) <= 15
    assert tree.heard(deep)


def test_near_folders_come_first_and_the_others_wait(root):
    near = write(root / "a/b/near/go.mod")
    far = write(root / "a/far/go.mod")
    for name in ("vendor/hidden", "gone"):
        write(root / name / "go.mod")
    shutil.rmtree(root / "gone")
    tree = Tree(root)
    tree.tree.begin_near(os.fsencode(root / name) for name in ("a/b/near", "vendor/hidden", "gone/deep"))
    tree.scan()
    assert tree.known() == {str(near)}, "what is gone, or left out by a walk, is passed over"
    assert tree.heard(near)
    asked = write(root.parent / "asked/go.mod")
    tree.tree.add(os.fsencode(asked.parent), Reach.SINGLE)
    tree.scan()
    assert tree.known() == {str(near), str(asked)}, "what is asked for by name does not wait"
    assert tree.tree.held
    tree.tree.release()
    tree.scan()
    assert tree.known() == {str(near), str(asked), str(far)}
    assert tree.heard(far)


def test_a_lost_event_while_the_others_wait(root):
    near, far = write(root / "near/go.mod"), write(root / "far/deep/go.mod")
    tree = Tree(root)
    tree.tree.begin_near([os.fsencode(near.parent)])
    tree.tree.rescan()
    tree.scan()
    assert tree.known() == {str(near)}
    tree.tree.release()
    tree.scan()
    assert tree.known() == {str(near), str(far)}


def test_a_smaller_grant_takes_from_the_least_important(root):
    for number in range(30):
        (root / f"idle{number}/deep").mkdir(parents=True)
    (root / "m/.git").mkdir(parents=True)
    file = write(root / "m/x/go.mod")
    tree = Tree(root)
    tree.scan()
    ways = len(root.parts) + 2
    tree.table.grant(ways + 1)
    assert len(tree.table) == ways + 1
    git = tree.tree._find(os.fsencode(root / "m/.git"))
    assert tree.table.folder(git.wd) is git
    tree.table.grant(3)
    assert len(tree.table) == ways, "what has Go files stays"
    assert tree.heard(file)
    assert not tree.table.watch(git, os.fsencode(root / "m/.git"))


def test_what_was_refused_is_tried_again_at_the_next_scan(root):
    for number in range(30):
        (root / f"idle{number}").mkdir()
    tree = Tree(root, budget=15)
    tree.scan()
    assert tree.table.refused
    tree.table.grant(1000)
    tree.tree.rescan()
    tree.scan()
    assert not tree.table.refused
    assert len(tree.table) == len(root.parts) + 30
