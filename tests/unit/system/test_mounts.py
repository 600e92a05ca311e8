from __future__ import annotations

import pytest

from gowatchd.system.mounts import Mounts

ROOT = b"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"


def line(number, parent, point, kind=b"ext4", origin=b"8:2", top=b"/"):
    return b"%d %d %s %s %s rw,relatime shared:5 - %s source rw\n" % (
        number,
        parent,
        origin,
        top,
        point,
        kind,
    )


def test_types_and_names():
    mounts = Mounts.parse(ROOT + line(2, 1, rb"/media/a\040b\134c", b"vfat"))
    assert mounts.types == {b"/": b"ext4", rb"/media/a b\c": b"vfat"}
    assert mounts.point_of(rb"/media/a b\c/d/e") == rb"/media/a b\c"
    assert mounts.point_of(rb"/media/a") == b"/"


def test_of_mounts_over_each_other_the_upper_one_is_seen():
    lower, upper = line(2, 1, b"/home", b"autofs"), line(3, 2, b"/home", b"nfs4")
    for table in (ROOT + lower + upper, ROOT + upper + lower):
        assert Mounts.parse(table).types[b"/home"] == b"nfs4"
        assert not Mounts.parse(table).waits(b"/home")
    assert Mounts.parse(ROOT + lower).waits(b"/home")


def test_what_is_covered_is_not_there():
    covered = line(2, 1, b"/home/u/disk", b"vfat")
    below = line(4, 2, b"/home/u/disk/deeper", b"vfat")
    over = line(3, 1, b"/home", b"nfs4")
    assert b"/home/u/disk/deeper" in Mounts.parse(ROOT + covered + below)
    assert Mounts.parse(ROOT + covered + below + over).types == {b"/": b"ext4", b"/home": b"nfs4"}


def test_a_table_without_the_root():
    """As in a chroot: the parent of what is seen is not in the table."""
    assert Mounts.parse(line(7, 3, b"/proc", b"proc")).types == {b"/proc": b"proc"}


@pytest.mark.parametrize("damaged", [b"", b"\n", b"1 2 3\n", b"x y 8:1 / / rw - ext4\n", b"\xff\x00"])
def test_lines_that_make_no_sense_are_passed_over(damaged):
    assert Mounts.parse(ROOT + damaged).types == {b"/": b"ext4"}


def test_a_table_that_bites_its_tail():
    assert Mounts.parse(line(1, 2, b"/a") + line(2, 1, b"/b")).types == {}


@pytest.mark.parametrize(
    "after",
    [
        b"",
        line(3, 1, b"/disk"),  # another mount of the same
        line(2, 1, b"/disk", origin=b"8:3"),  # the number is given to the next one
        line(2, 1, b"/disk", top=b"/sub"),
        line(2, 1, b"/disk", b"nfs4"),
    ],
)
def test_changes(after):
    before = Mounts.parse(ROOT + line(2, 1, b"/disk") + line(9, 1, b"/else"))
    now = Mounts.parse(ROOT + after + line(9, 1, b"/else"))
    assert now.changes_since(before) == before.changes_since(now) == (b"/disk",)
    assert now.changes_since(now) == ()


@pytest.mark.parametrize("kind", [b"ext4", b"fuseblk", b"overlay", b"tmpfs"])
def test_where_inotify_sees_all(kind):
    assert Mounts({b"/": kind}).blind_type(b"/home") == ""
