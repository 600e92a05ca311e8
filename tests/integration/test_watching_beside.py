"""The files beside a Go file are heard there only: go.sum, go.work.sum, modules.txt, .gowatchd.toml."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.go import NEWEST, needs_go, run_go
from tests.support.watching import Watched, write


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a watcher on ``tmp_path / "root"``."""
    begun = []

    def begin(*roots, **options):
        begun.append(Watched(tmp_path / "root", *roots, **options))
        begun[-1].heard.beside.clear()
        return begun[-1]

    yield begin
    for watched in begun:
        watched.watcher.close()


def wait_for_beside(watched, name):
    path = watched.path(name)
    watched.loop.run_until(lambda: path in watched.heard.beside)
    watched.heard.beside.clear()


@pytest.mark.parametrize(
    "name", ["m/go.sum", "go.work.sum", "m/.gowatchd.toml", "plain/.gowatchd.toml", "m/vendor/modules.txt"]
)
def test_a_file_beside_is_written_replaced_and_removed(start, tmp_path, name):
    write(tmp_path / "root/go.work")
    write(tmp_path / "root/m/go.mod")
    (tmp_path / "root/m/vendor").mkdir()
    (tmp_path / "root/plain").mkdir()
    watched = start()
    file = write(tmp_path / "root" / name)
    wait_for_beside(watched, name)
    file.write_text("changed\n")
    wait_for_beside(watched, name)
    write(tmp_path / "new").rename(file)
    wait_for_beside(watched, name)
    file.unlink()
    wait_for_beside(watched, name)


@pytest.mark.parametrize(
    "name", ["go.sum", "a/go.sum", "a/modules.txt", "a/vendor/modules.txt", "modules.txt"]
)
def test_the_same_names_elsewhere_are_nothing(start, tmp_path, name):
    write(tmp_path / "root/m/go.mod")
    (tmp_path / "root/a/vendor").mkdir(parents=True)
    watched = start()
    write(tmp_path / "root" / name)
    watched.quiet()
    assert not watched.heard.beside


def test_a_vendor_folder_that_comes_and_goes(start, tmp_path):
    module = write(tmp_path / "root/m/go.mod").parent
    watched = start()
    before = watched.kernel_watches()
    write(tmp_path / "made/modules.txt")
    for number in range(50):
        write(tmp_path / f"made/example.com/{number}/go.mod")
    (tmp_path / "made").rename(module / "vendor")
    wait_for_beside(watched, "m/vendor/modules.txt")
    assert watched.kernel_watches() == before + 1
    (module / "vendor/modules.txt").write_text("# changed\n")
    wait_for_beside(watched, "m/vendor/modules.txt")
    (module / "vendor").rename(tmp_path / "made")
    wait_for_beside(watched, "m/vendor/modules.txt")
    watched.loop.run_until(lambda: watched.kernel_watches() == before)
    shutil.copytree(tmp_path / "made", module / "vendor")
    wait_for_beside(watched, "m/vendor/modules.txt")
    shutil.rmtree(module / "vendor")
    wait_for_beside(watched, "m/vendor/modules.txt")
    watched.loop.run_until(lambda: watched.kernel_watches() == before)


def test_a_vendor_folder_counts_while_a_go_file_is_beside_it(start, tmp_path):
    listing = write(tmp_path / "root/m/vendor/modules.txt")
    watched = start()
    before = watched.kernel_watches()
    module = write(tmp_path / "root/m/go.mod")
    wait_for_beside(watched, "m/vendor/modules.txt")
    listing.write_text("# changed\n")
    wait_for_beside(watched, "m/vendor/modules.txt")
    module.unlink()
    watched.loop.run_until(lambda: watched.kernel_watches() == before)


def test_what_is_there_at_the_start_is_told(tmp_path):
    """Whoever loaded the module before it was watched hears of what changed in between."""
    names = ("m/go.mod", "m/go.sum", "m/vendor/modules.txt", "m/.gowatchd.toml", "n/go.sum")
    for name in names:
        write(tmp_path / "root" / name)
    watched = Watched(tmp_path / "root")
    assert sorted(watched.heard.beside) == sorted(map(watched.path, names[1:4]))
    watched.watcher.close()


def test_a_folder_asked_for_by_another_name(start, tmp_path):
    module = write(tmp_path / "real/go.mod").parent
    (tmp_path / "link").symlink_to("real")
    (module / "vendor").mkdir()
    (tmp_path / "root").mkdir()
    watched = start()
    watched.watcher.add_folder(str(tmp_path / "link"))
    watched.wait_for(str(tmp_path / "link/go.mod"))
    write(module / "go.sum")
    wait_for_beside(watched, str(tmp_path / "link/go.sum"))
    write(module / "vendor/modules.txt")
    wait_for_beside(watched, str(tmp_path / "link/vendor/modules.txt"))


@pytest.mark.skipif(
    int(Path("/proc/sys/fs/inotify/max_queued_events").read_text()) > 16384, reason="the queue is longer here"
)
def test_changes_that_the_queue_lost_are_found(start, tmp_path):
    module = write(tmp_path / "root/m/go.mod").parent
    gone, there = write(module / "go.sum"), write(module / "vendor/modules.txt")
    watched = start()
    for number in range(16384 + 100):  # nobody reads meanwhile: the loop stands still
        (tmp_path / f"root/{number % 1000}").open("a").close()
    gone.unlink()
    there.write_text("# changed\n")
    watched.loop.run_until(lambda: watched.heard.scans == 2)
    assert {watched.path("m/go.sum"), watched.path("m/vendor/modules.txt")} <= set(watched.heard.beside)


@needs_go
def test_go_mod_vendor(start, tmp_path):
    write(tmp_path / "dep/go.mod", "module example.com/dep\n\ngo 1.21\n")
    write(tmp_path / "dep/dep.go", "package dep\n")
    write(
        tmp_path / "root/m/go.mod",
        "module example.com/m\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n\n"
        f"replace example.com/dep => {os.path.realpath(tmp_path)}/dep\n",
    )
    write(tmp_path / "root/m/m.go", 'package m\n\nimport _ "example.com/dep"\n')
    watched = start()
    run_go(NEWEST, "mod", "vendor", cwd=tmp_path / "root/m")
    wait_for_beside(watched, "m/vendor/modules.txt")
