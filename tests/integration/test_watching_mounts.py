"""File systems that are mounted and unmounted over, in and above what is watched."""

from __future__ import annotations

import os

import pytest

from gowatchd.system.mount_watch import MountWatch
from gowatchd.system.mounts import Mounts
from tests.support.file_systems import missing_for
from tests.support.main_loop import MainLoop
from tests.support.mounting import mounted, run, stored
from tests.support.watching import Watched, write

pytestmark = pytest.mark.skipif(missing_for("tmpfs") is not None, reason=str(missing_for("tmpfs")))


@pytest.fixture
def watched(tmp_path):
    """Watch a root, until the end of the test."""
    opened = []

    def begin(root, **options):
        opened.append(Watched(root, **options))
        return opened[-1]

    yield begin
    for one in opened:
        one.watcher.close()


def test_over_a_root(tmp_path, watched):
    root = tmp_path / "root"
    write(root / "below" / "go.mod")
    seen = watched(root)
    seen.wait_until_known("below/go.mod")
    for _ in range(2):
        with stored(tmp_path, "disk", "above/go.mod") as store, mounted(root, "--bind", str(store)):
            seen.wait_until_known("above/go.mod")
            seen.loop.run_until(lambda: seen.heard.arrivals)
            assert not seen.heard.files[seen.path("above/go.mod")], "nobody saved it"
            (root / "above" / "go.mod").write_text("module example.com/saved\n")
            seen.wait_for("above/go.mod")
        seen.wait_until_known("below/go.mod")
        (root / "below" / "go.mod").write_text("module example.com/saved\n")
        seen.wait_for("below/go.mod")
        seen.heard.arrivals = 0
        seen.heard.files.clear()


def test_above_a_root(tmp_path, watched):
    """As a home that is mounted after the start."""
    root = tmp_path / "home" / "u" / "src"
    write(root / "below" / "go.mod")
    with stored(tmp_path, "disk", "u/src/above/go.mod") as store:
        seen = watched(root)
        seen.wait_until_known("below/go.mod")
        with mounted(tmp_path / "home", "--bind", str(store)):
            seen.wait_until_known("above/go.mod")
            (root / "above" / "go.mod").write_text("module example.com/saved\n")
            seen.wait_for("above/go.mod")
        seen.wait_until_known("below/go.mod")


def test_a_root_that_a_mount_brings(tmp_path, watched):
    root = tmp_path / "media" / "disk" / "src"
    (tmp_path / "media" / "disk").mkdir(parents=True)
    with stored(tmp_path, "disk", "src/go.mod") as store:
        seen = watched(root)
        for _ in range(2):
            with mounted(tmp_path / "media" / "disk", "--bind", str(store)):
                seen.wait_until_known("go.mod")
                (root / "go.mod").write_text("module example.com/saved\n")
                seen.wait_for("go.mod")
            seen.wait_until_known()


def test_inside_a_root_it_is_left_out(tmp_path, watched):
    root = tmp_path / "root"
    write(root / "m" / "go.mod")
    write(root / "disk" / "covered" / "go.mod")
    with stored(tmp_path, "disk", "above/go.mod") as store:
        seen = watched(root)
        seen.wait_until_known("disk/covered/go.mod", "m/go.mod")
        with mounted(root / "disk", "--bind", str(store)):
            seen.wait_until_known("m/go.mod")
        seen.wait_until_known("disk/covered/go.mod", "m/go.mod")


def test_inside_a_root_what_was_asked_for_is_watched(tmp_path, watched):
    root = tmp_path / "root"
    write(root / "m" / "go.mod")
    with stored(tmp_path, "disk", "asked/go.mod", "other/go.mod") as store:
        seen = watched(root)
        seen.watcher.add_folder(str(root / "disk" / "asked"))
        seen.wait_until_known("m/go.mod")
        with mounted(root / "disk", "--bind", str(store)):
            seen.wait_until_known("disk/asked/go.mod", "m/go.mod")
            (root / "disk" / "asked" / "go.mod").write_text("module example.com/saved\n")
            seen.wait_for("disk/asked/go.mod")
        seen.wait_until_known("m/go.mod")


def test_a_disk_that_goes_for_good(tmp_path, watched):
    """Not only its place in the tree: the file system itself, as when a stick is pulled."""
    root = tmp_path / "root"
    write(root / "below" / "go.mod")
    run("mount", "-t", "tmpfs", "none", str(root))
    try:
        write(root / "above" / "go.mod")
        seen = watched(root)
        seen.wait_until_known("above/go.mod")
        watches = seen.kernel_watches()
    finally:
        run("umount", str(root))  # our watches are no reason to keep it
    seen.wait_until_known("below/go.mod")
    (root / "below" / "go.mod").write_text("module example.com/saved\n")
    seen.wait_for("below/go.mod")
    seen.loop.run_until(lambda: seen.kernel_watches() == watches)


def test_links_on_a_disk_are_looked_at_again(tmp_path, watched):
    root = tmp_path / "disk" / "current"
    (tmp_path / "disk").mkdir()
    with stored(tmp_path, "disk", "one/go.mod") as store:
        (store / "current").symlink_to("one")
        seen = watched(root)
        with mounted(tmp_path / "disk", "--bind", str(store)):
            seen.loop.run_until(lambda: seen.heard.roots_moved)
            assert seen.heard.roots_moved[0] == str(root)


def test_what_is_mounted_elsewhere_moves_nothing(tmp_path, watched):
    root = tmp_path / "root"
    write(root / "m" / "go.mod")
    seen = watched(root)
    with mounted(tmp_path / "elsewhere" / "deep"):
        seen.quiet()
    seen.quiet()
    assert not seen.heard.arrivals
    assert seen.heard.scans == 1


def test_no_change_of_the_table_is_lost_among_many(tmp_path):
    """Also those that come while the last one is looked at, and with other things to do for the loop."""
    loop, told = MainLoop(), []
    watch = MountWatch(loop, Mounts.read(), lambda _, after: told.append(after))
    watch.start()
    try:
        for number in range(20):
            point = tmp_path / str(number)
            with mounted(point):
                loop.run_until(lambda point=point: told and os.fsencode(point) in told[-1])
            loop.run_until(lambda point=point: os.fsencode(point) not in told[-1])
    finally:
        watch.close()
