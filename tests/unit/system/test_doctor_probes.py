"""What the doctor's looks find on a real disk, in a real /proc and in control groups."""

from __future__ import annotations

import os
import time

from gowatchd.system.clock import clock
from gowatchd.system.go_places import go_places, toolchain_version
from gowatchd.system.group_counters import GroupCounters, group_counters
from gowatchd.system.inotify import FOLDER_MASK, Inotify
from gowatchd.system.lingering import lingers, systemd_is_running
from gowatchd.system.room import name_of, room_of
from gowatchd.system.watch_census import watch_holders
from tests.support.other_process import as_nobody, needs_root


def toolchain(root, version):
    go = root / "bin/go"
    go.parent.mkdir(parents=True)
    go.write_text("#!/bin/sh\n")
    go.chmod(0o755)
    (root / "VERSION").write_text(version)
    return go


def test_the_go_commands_of_a_path_in_the_order_of_the_shell(tmp_path):
    first = toolchain(tmp_path / "go1.24", "go1.24.1\ntime 2025\n")
    second = toolchain(tmp_path / "tip", "devel go1.28-abc\n")
    shim = tmp_path / "shims"
    shim.mkdir()
    (shim / "go").write_text("#!/bin/sh\n")
    (shim / "go").chmod(0o755)
    link = tmp_path / "bin"
    link.mkdir()
    (link / "go").symlink_to(first)
    (tmp_path / "no").mkdir()
    (tmp_path / "no/go").write_text("not a program")
    path = f"{tmp_path}/no:{tmp_path}/gone::relative:{link}:{first.parent}:{link}:{shim}:{second.parent}"
    found = go_places(path)
    assert [(one.path, one.version) for one in found] == [
        (f"{link}/go", "1.24.1"),
        (f"{shim}/go", ""),
        (str(second), "go1.28-abc"),
    ]
    assert [one.root for one in found] == [str(tmp_path / "go1.24"), "", str(tmp_path / "tip")]
    assert go_places("") == ()
    assert toolchain_version(str(tmp_path)) == ""


def test_a_folder_that_is_not_there_has_the_room_of_the_one_above(tmp_path):
    found = room_of(f"{tmp_path}/a/b/")
    system = os.statvfs(tmp_path)
    assert (found.path, found.stands, found.exists) == (f"{tmp_path}/a/b", str(tmp_path), False)
    assert (found.writable, found.ours, found.is_folder) == (True, True, True)
    assert abs(found.free - system.f_bavail * system.f_frsize) < 1 << 30, "others write meanwhile"
    assert found.owner == name_of(os.getuid())
    file = tmp_path / "file"
    file.touch()
    assert room_of(str(file)).is_folder is False
    below = room_of(f"{file}/gowatchd")
    assert (below.stands, below.is_folder, below.exists) == (str(file), False, False)
    assert name_of(4_000_000_000) == "4000000000"


@needs_root
def test_what_is_not_ours_is_seen_as_such(tmp_path):
    found = as_nobody(lambda: room_of("/usr"))
    assert (found.stands, found.writable, found.ours, found.owner) == ("/usr", False, False, "root")
    barred = as_nobody(lambda: room_of(f"{tmp_path}/inside"))  # pytest's folder is closed to others
    assert barred.stands in [str(one) for one in tmp_path.parents]
    assert not barred.writable


def test_the_counters_of_a_group(tmp_path):
    folder = tmp_path / "app.slice/x.service"
    folder.mkdir(parents=True)
    (folder / "memory.events").write_text("low 0\nhigh 4\nmax 2\noom 1\noom_kill 1\noom_group_kill 0\n")
    (folder / "cpu.stat").write_text("usage_usec 5\nnr_periods 9\nnr_throttled 3\nthrottled_usec 1250000\n")
    found = group_counters("/app.slice/x.service", (str(tmp_path / "none"), str(tmp_path)))
    assert found == GroupCounters(4, 2, 1, 3, 1.25)
    assert group_counters("/gone", (str(tmp_path),)) == GroupCounters()
    assert group_counters("") == GroupCounters()


def test_the_clock_is_held_against_the_newest_file(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for path, seconds in ((old, 100), (new, 4e9)):
        path.touch()
        os.utime(path, (seconds, seconds))
    found = clock([str(old), str(new), str(tmp_path / "gone")])
    assert (found.newest, found.newest_path) == (4e9, str(new))
    assert abs(found.now - time.time()) < 600
    assert found.kept in {True, False, None}
    assert clock([]).newest == 0.0


def test_who_lingers_and_what_booted(tmp_path):
    assert not lingers(str(tmp_path))
    (tmp_path / name_of(os.getuid())).touch()
    assert lingers(str(tmp_path))
    assert not systemd_is_running(str(tmp_path / "gone"))
    assert systemd_is_running(str(tmp_path))


def test_our_own_watches_are_among_those_of_the_user(tmp_path):
    inotify = Inotify()
    inotify.add(os.fsencode(tmp_path), FOLDER_MASK)
    mine = {one.pid: one for one in watch_holders()}[os.getpid()]
    assert mine.instances >= 1
    assert mine.watches >= 1
    assert os.getpid() not in {one.pid for one in watch_holders(but=os.getpid())}
    inotify.close()
