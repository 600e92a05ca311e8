"""The tree of folders, of which there are some ten thousand in memory."""

from __future__ import annotations

import sys
import tracemalloc

from gowatchd.system.discovery import FILE_NAMES
from gowatchd.system.folders import Folder, Reach


def test_a_folder_takes_little_memory():
    """A home of 100,000 folders leaves 20,000 to watch: what each takes is what the daemon takes."""
    names = [b"%d" % number for number in range(1000)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    folders = [Folder(name, Reach.TREE) for name in names]
    taken = tracemalloc.get_traced_memory()[0] - before - sys.getsizeof(folders)
    tracemalloc.stop()
    assert taken / len(folders) <= 112, "no dictionary and no set of its own"


def test_what_is_empty_is_shared_and_never_changed():
    one, two, child = (Folder(name, Reach.TREE) for name in (b"one", b"two", b"child"))
    assert one.children is two.children
    one.adopt(child)
    assert list(one.children) == [b"child"]
    assert not two.children
    child.detach()
    assert one.children is two.children


def test_the_same_names_are_one_set():
    one, two = Folder(b"one", Reach.TREE), Folder(b"two", Reach.TREE)
    for folder in (one, two):
        for name in sorted(FILE_NAMES):
            folder.add_file(name)
    assert one.names is two.names
    assert one.weight == 2
    one.remove_file(b"go.mod")
    assert one.names == {b"go.work"}
    assert two.names == FILE_NAMES
    assert (one.weight, two.weight) == (1, 2)
