"""The watcher on real folders: what people, editors and tools do to them is heard."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from gowatchd.services.tally import Tally
from gowatchd.system.watching import Watcher
from tests.support.git import git, repository
from tests.support.go import NEWEST, needs_go, run_go
from tests.support.main_loop import MainLoop
from tests.support.watching import Recorder, Watched, write


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a watcher on ``tmp_path / "root"``."""
    begun = []

    def begin(*roots, **options):
        root = tmp_path / "root"
        root.mkdir(exist_ok=True)
        begun.append(Watched(root, *roots, **options))
        return begun[-1]

    yield begin
    for watched in begun:
        watched.watcher.close()


def test_finds_what_is_there(start, tmp_path):
    for name in (
        "go.work",
        "a/go.mod",
        "a/b/c/go.mod",
        "node_modules/x/go.mod",
        "vendor/y/go.mod",
        ".git/go.mod",
    ):
        write(tmp_path / "root" / name)
    watched = start()
    assert watched.watcher.known_files() == tuple(map(watched.path, ("a/b/c/go.mod", "a/go.mod", "go.work")))
    assert not watched.heard.degraded


def test_hears_a_save_in_place(start, tmp_path):
    file = write(tmp_path / "root/a/go.mod")
    watched = start()
    file.write_text("module example.com/changed\n")
    watched.wait_for("a/go.mod")


def test_a_clone_of_many_lets_others_in_between(start, tmp_path):
    """A file takes its listener some milliseconds; D-Bus and timers must not wait for hundreds of them."""
    watched = start()
    turns: list[str] = []

    def turn():
        turns.append("other")
        if turns.count("file") < 200:
            watched.loop.call_when_idle(turn)

    def handle(_path):
        turns.append("file")
        time.sleep(0.002)  # stands for the work of a listener

    watched.heard.after_file = handle
    write(tmp_path / "clone/ready")
    for number in range(200):
        write(tmp_path / f"clone/m{number}/go.mod")
    turn()
    (tmp_path / "clone").rename(tmp_path / "root" / "clone")
    watched.loop.run_until(lambda: turns.count("file") >= 200)
    in_a_row = max(map(len, "".join(word[0] for word in turns).split("o")))
    assert in_a_row <= 20


def test_hears_a_save_by_rename(start, tmp_path):
    file = write(tmp_path / "root/a/go.mod")
    watched = start()
    write(file.with_name("go.mod.tmp")).rename(file)
    watched.wait_for("a/go.mod")


def test_hears_a_vanishing_file(start, tmp_path):
    file = write(tmp_path / "root/a/go.mod")
    watched = start()
    file.unlink()
    watched.wait_for("a/go.mod")
    assert watched.watcher.known_files() == ()


def test_does_not_hear_readers(start, tmp_path):
    file = write(tmp_path / "root/a/go.mod")
    watched = start()
    for _ in range(5):
        file.read_text()
    watched.quiet()
    assert watched.path("a/go.mod") not in watched.heard.files


@pytest.mark.parametrize("make", [os.link, os.symlink], ids=["hard link", "symlink"])
def test_hears_links_which_nobody_closes(start, tmp_path, make):
    other = write(tmp_path / "other.mod")
    (tmp_path / "root/a").mkdir(parents=True)
    watched = start()
    make(other, tmp_path / "root/a/go.mod")
    watched.wait_for("a/go.mod")


def test_hears_a_fifo_and_a_directory_by_that_name(start, tmp_path):
    (tmp_path / "root/a").mkdir(parents=True)
    watched = start()
    os.mkfifo(tmp_path / "root/a/go.mod")
    watched.wait_for("a/go.mod")
    (tmp_path / "root/a/go.work").mkdir()
    watched.wait_for("a/go.work")


def test_hears_a_file_in_a_folder_made_a_moment_ago(start, tmp_path):
    watched = start()
    names = [f"{number}/a/b/go.mod" for number in range(200)]
    maker = threading.Thread(target=lambda: [write(tmp_path / "root" / name) for name in names])
    maker.start()
    watched.wait_until_known(*names)
    maker.join()
    (tmp_path / "root/77/a/b/go.mod").write_text("module later\n")
    watched.wait_for("77/a/b/go.mod")


def test_follows_a_renamed_folder(start, tmp_path):
    write(tmp_path / "root/old/m/go.mod")
    watched = start()
    (tmp_path / "root/old").rename(tmp_path / "root/new")
    watched.wait_for("old/m/go.mod")
    watched.wait_until_known("new/m/go.mod")
    (tmp_path / "root/new/m/go.mod").write_text("module later\n")
    watched.wait_for("new/m/go.mod")


def test_takes_in_a_tree_that_is_moved_in(start, tmp_path):
    write(tmp_path / "outside/m/go.mod")
    watched = start()
    (tmp_path / "outside").rename(tmp_path / "root/inside")
    watched.wait_until_known("inside/m/go.mod")
    (tmp_path / "root/inside/m/go.mod").write_text("module later\n")
    watched.wait_for("inside/m/go.mod")


@pytest.mark.parametrize(
    "destination", ["outside", "far/outside"], ids=["to a folder we see", "out of sight"]
)
def test_lets_go_of_a_tree_that_is_moved_out(start, tmp_path, destination):
    write(tmp_path / "root/inside/m/go.mod")
    (tmp_path / "far").mkdir()
    watched = start()
    before = watched.kernel_watches()
    (tmp_path / "root/inside").rename(tmp_path / destination)
    watched.wait_for("inside/m/go.mod")
    watched.wait_until_known()
    (tmp_path / destination / "m/go.mod").write_text("module elsewhere\n")
    watched.quiet()
    assert set(watched.heard.files) == {watched.path("quiet-probe/go.mod")}
    shutil.rmtree(tmp_path / "root/quiet-probe")
    watched.loop.run_until(lambda: watched.kernel_watches() == watched.watcher.folders_watched == before - 2)


def test_lets_go_of_a_folder_renamed_to_one_that_is_left_out(start, tmp_path):
    write(tmp_path / "root/deps/m/go.mod")
    watched = start()
    (tmp_path / "root/deps").rename(tmp_path / "root/node_modules")
    watched.wait_until_known()
    (tmp_path / "root/node_modules").rename(tmp_path / "root/deps")
    watched.wait_until_known("deps/m/go.mod")


def test_survives_the_root_removed_and_made_again(start, tmp_path):
    write(tmp_path / "root/m/go.mod")
    watched = start()
    shutil.rmtree(tmp_path / "root")
    watched.wait_until_known()
    write(tmp_path / "root/m/go.mod")
    watched.wait_until_known("m/go.mod")
    (tmp_path / "root/m/go.mod").write_text("module later\n")
    watched.wait_for("m/go.mod")


def test_survives_a_folder_above_the_root_renamed_and_back(tmp_path):
    write(tmp_path / "home/root/m/go.mod")
    watched = Watched(tmp_path / "home/root")
    (tmp_path / "home").rename(tmp_path / "elsewhere")
    watched.wait_until_known()
    (tmp_path / "elsewhere").rename(tmp_path / "home")
    watched.wait_until_known("m/go.mod")
    watched.watcher.close()


def test_waits_for_a_root_that_does_not_exist(tmp_path):
    watched = Watched(tmp_path / "not/yet/there")
    write(tmp_path / "not/yet/there/m/go.mod")
    watched.wait_until_known("m/go.mod")
    watched.watcher.close()


def test_watches_a_single_folder_more(start, tmp_path):
    single = write(tmp_path / "beside/go.mod")
    write(tmp_path / "beside/below/go.mod")
    watched = start()
    watched.watcher.add_folder(str(single.parent))
    watched.loop.run_until(lambda: watched.watcher.known_files() == (str(single),))
    single.write_text("module later\n")
    watched.wait_for(str(single))


def test_reports_a_symlinked_folder_under_the_name_that_was_asked_for(start, tmp_path):
    single = write(tmp_path / "real/go.mod")
    (tmp_path / "link").symlink_to("real")
    watched = start()
    watched.watcher.add_folder(str(tmp_path / "link"))
    watched.wait_for(str(tmp_path / "link/go.mod"))
    single.write_text("module later\n")
    watched.wait_for(str(tmp_path / "link/go.mod"))


def test_a_hidden_root_below_another_root_is_watched(tmp_path):
    write(tmp_path / "root/.dotfiles/m/go.mod")
    watched = Watched(tmp_path / "root", tmp_path / "root/.dotfiles")
    watched.wait_until_known(".dotfiles/m/go.mod")
    (tmp_path / "root/.dotfiles/m/go.mod").write_text("module later\n")
    watched.wait_for(".dotfiles/m/go.mod")
    watched.watcher.close()


def test_leaves_out_what_the_configuration_excludes(start, tmp_path):
    for name in ("legacy/go.mod", "src/gen-a/go.mod", "src/kept/go.mod"):
        write(tmp_path / "root" / name)
    watched = start(excludes=(str(tmp_path / "root/legacy"), "gen-*"))
    assert watched.watcher.known_files() == (watched.path("src/kept/go.mod"),)


def test_names_that_are_not_utf_8(start, tmp_path):
    (tmp_path / "root").mkdir()
    folder = os.fsencode(tmp_path / "root") + b"/caf\xe9"
    os.mkdir(folder)
    with open(folder + b"/go.mod", "w") as file:
        file.write("module m\n")
    watched = start()
    assert watched.watcher.known_files() == (watched.path("caf\udce9/go.mod"),)


def test_a_save_is_heard_at_once_and_a_storm_loses_none(start, tmp_path):
    files = [write(tmp_path / f"root/m{number}/go.mod") for number in range(20)]
    storm = tmp_path / "root/web/static"
    storm.mkdir(parents=True)
    watched = start()

    def make() -> None:
        for number in range(6000):
            (storm / str(number)).touch()
            if number % 300 == 0:
                files[number // 300].write_text("module later\n")

    watched.heard.files.clear()
    maker = threading.Thread(target=make)
    maker.start()
    watched.loop.run_until(lambda: all(watched.heard.files[str(file)] for file in files), 30)
    maker.join()


@pytest.mark.skipif(
    int(Path("/proc/sys/fs/inotify/max_queued_events").read_text()) > 16384, reason="the queue is longer here"
)
def test_an_overflow_of_the_kernels_queue_is_made_good(start, tmp_path):
    files = [write(tmp_path / f"root/m{number}/go.mod") for number in range(20)]
    storm = tmp_path / "root/static"
    storm.mkdir(parents=True)
    watched = start(tally=(tally := Tally()))
    for number in range(16384 + 100):  # nobody reads meanwhile: the loop stands still
        (storm / str(number % 1000)).open("a").close()
    for file in files:
        file.write_text("module later\n")
    write(tmp_path / "root/new/go.mod")
    watched.loop.run_until(lambda: watched.heard.scans == 2)
    assert all(watched.heard.files[str(file)] for file in files)
    assert watched.heard.files[watched.path("new/go.mod")]
    assert (tally.overflows, tally.rescans) == (1, 1)


def test_no_timer_lives_when_nothing_happens(start, tmp_path, monkeypatch):
    timers = []
    for name in ("call_later", "call_when_idle"):
        original = getattr(MainLoop, name)
        monkeypatch.setattr(
            MainLoop, name, lambda *given, of=original: timers.append(of(*given)) or timers[-1]
        )
    write(tmp_path / "root/a/go.mod")
    watched = start()
    (tmp_path / "root/a").rename(tmp_path / "out")  # needs the grace of a move
    watched.wait_for("a/go.mod")
    assert timers
    assert not [timer for timer in timers[:-1] if timer.callback]  # the last one is that of wait_for


@needs_go
def test_hears_the_go_command(start, tmp_path):
    write(tmp_path / "root/m/go.mod", "module example.com/m\n\ngo 1.21\n")
    watched = start()
    run_go(NEWEST, "mod", "edit", "-require=example.com/x@v1.0.0", cwd=tmp_path / "root/m")
    watched.wait_for("m/go.mod")
    run_go(NEWEST, "work", "init", "./m", cwd=tmp_path / "root")
    watched.wait_for("go.work")


def test_hears_git(start, tmp_path):
    (tmp_path / "root").mkdir()
    folder = repository(tmp_path / "root/repo")
    write(folder / "go.mod", "module example.com/m\n")
    git(folder, "add", "go.mod")
    git(folder, "commit", "-qm", "one")
    write(folder / "go.mod", "module example.com/n\n")
    watched = start()
    git(folder, "stash")
    watched.wait_for("repo/go.mod")
    git(folder, "stash", "pop")
    watched.wait_for("repo/go.mod")
    assert (folder / "go.mod").read_text() == "module example.com/n\n"


def test_the_root_of_everything_can_be_a_watch_root(tmp_path):
    """With all but the way to one file left out, since this machine's other folders are not the subject."""
    file = write(tmp_path / "a/go.mod")
    way = file.parts[1:-1]
    others = [
        os.path.join(folder, name)
        for folder in ("/", *map(str, reversed(file.parents[:-1])))
        for name in (entry.name for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False))
        if name not in way
    ]
    watched = Watched(Path("/"), excludes=tuple(others))
    try:
        assert str(file) in watched.watcher.known_files()
    finally:
        watched.watcher.close()


def test_near_folders_are_watched_before_the_others_are_looked_for(tmp_path):
    near, far = write(tmp_path / "root/a/near/go.mod"), write(tmp_path / "root/b/far/go.mod")
    heard, loop = Recorder(), MainLoop()
    watcher = Watcher(loop, [str(tmp_path / "root")], (), heard)
    try:
        watcher.start([str(near.parent), str(tmp_path / "root/gone")])
        loop.run_until(lambda: heard.near)
        assert watcher.known_files() == (str(near),)
        heard.files.clear()
        near.write_text("module example.com/saved\n")
        loop.run_until(lambda: heard.files[str(near)])
        assert (heard.near, heard.scans) == (1, 0)
        watcher.scan_all()
        loop.run_until(lambda: heard.scans)
        assert watcher.known_files() == (str(near), str(far))
    finally:
        watcher.close()


@pytest.mark.parametrize("after", ["a new mode", "a listing"])
def test_a_save_stays_one_where_the_file_is_come_across_as_well(tmp_path, after):
    """Both are in one batch: they are there before the loop turns."""
    file = write(tmp_path / "root/m/go.mod")
    watched = Watched(tmp_path / "root")
    found = []
    watched.heard.on_found = found.append
    try:
        file.write_text("module example.com/saved\n")
        if after == "a new mode":
            file.chmod(0o600)
        else:
            watched.watcher.rescan()
        watched.loop.run_until(lambda: watched.heard.files or found)
        assert (list(watched.heard.files), found) == ([str(file)], [])
    finally:
        watched.watcher.close()
