"""Storms of files: one that is none of our business costs nothing, and in one that is no save is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gowatchd.system.inotify import decode
from tests.support.other_process import Fork
from tests.support.watching import Watched, write

FILES = 50_000
EVENTS = 200_000
SAVES = 200


def touch(folder, count):
    """Make ``count`` files, in folders of a thousand each."""
    for number in range(count):
        if number % 1000 == 0:
            part = os.path.join(folder, str(number // 1000))
            os.makedirs(part, exist_ok=True)
        os.close(os.open(f"{part}/{number}", os.O_CREAT | os.O_WRONLY))


class Everything:
    """The names that matter, were all to matter."""

    def __contains__(self, name):
        return True


def heard_below(watched):
    """Return the names of all events that wait, but for those of the folders above the root."""
    names = []
    while buffer := watched.watcher._inotify.read():
        for event in decode(buffer, Everything()):
            folder = watched.watcher._table.folder(event.wd)
            if folder is None or folder.path().startswith(os.fsencode(watched.path(""))[:-1]):
                names.append(event.name)
    return names


@pytest.mark.parametrize("name", ["web/node_modules/x", "m/vendor/x", ".git/objects", "m/testdata"])
def test_a_storm_where_we_do_not_look_makes_no_event(tmp_path, name):
    """The kernel queues nothing for us, so that nothing wakes us up: there is nothing to be quick about."""
    write(tmp_path / "root/m/go.mod")
    storm = tmp_path / "root" / name
    storm.mkdir(parents=True)
    watched = Watched(tmp_path / "root")
    watched.quiet()
    touch(str(storm), FILES if name == "web/node_modules/x" else 1000)
    assert heard_below(watched) == []
    (tmp_path / "root/m/go.mod").write_text("module later\n")
    assert heard_below(watched) == [b"go.mod"]
    watched.watcher.close()


def test_no_save_is_lost_in_a_storm_where_we_look(tmp_path):
    """Whatever the kernel's queue lost meanwhile: in the end each file's last content has been looked at."""
    files = [write(tmp_path / f"root/m{number}/go.mod") for number in range(SAVES)]
    storm = tmp_path / "root/static"
    storm.mkdir()
    watched = Watched(tmp_path / "root")
    seen = {}

    def look(path):
        seen[path] = Path(path).read_bytes()

    def blow():
        for number in range(EVENTS):
            os.close(os.open(f"{storm}/{number % 1000}", os.O_CREAT | os.O_WRONLY))
            if number % (EVENTS // SAVES) == 0:
                place = number // (EVENTS // SAVES)
                files[place].write_text(f"module saved{place}\n")
        return True

    watched.heard.after_file = look
    wind = Fork(blow)
    over = []
    source = watched.loop.watch_fd(wind._reader, lambda: over.append(1))
    watched.loop.run_until(lambda: over, 120)
    source.cancel()
    assert wind.answer()
    saved = {str(file): f"module saved{place}\n".encode() for place, file in enumerate(files)}
    watched.loop.run_until(lambda: seen == saved, 60)
    watched.watcher.close()
