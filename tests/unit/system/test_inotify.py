from __future__ import annotations

import errno
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gowatchd.system import inotify
from gowatchd.system.inotify import Event, Inotify, InstanceLimitError, WatchLimitError, decode, pad
from tests.support.inotify_limits import limit, needs_own_limits
from tests.support.other_process import Fork


def raw(wd, mask, name=b"", cookie=0):
    filled = pad(name) if name else b""
    return struct.pack("iIII", wd, mask, cookie, len(filled)) + filled


def test_decode_passes_on_what_matters():
    buffer = b"".join(
        [
            raw(1, inotify.CLOSE_WRITE, b"go.mod"),
            raw(1, inotify.CLOSE_WRITE, b"other"),
            raw(1, inotify.CREATE | inotify.ISDIR, b"folder", 7),
            raw(2, inotify.CLOSE_WRITE, b"other"),
            raw(-1, inotify.Q_OVERFLOW),
            raw(3, inotify.IGNORED),
        ]
    )
    assert list(decode(buffer, {pad(b"go.mod")}, {2})) == [
        Event(1, inotify.CLOSE_WRITE, 0, b"go.mod"),
        Event(1, inotify.CREATE | inotify.ISDIR, 7, b"folder"),
        Event(2, inotify.CLOSE_WRITE, 0, b"other"),
        Event(-1, inotify.Q_OVERFLOW, 0, b""),
        Event(3, inotify.IGNORED, 0, b""),
    ]


@given(st.binary(min_size=1, max_size=255).filter(lambda name: not set(name) & set(b"\0/")))
def test_pad_is_what_the_kernel_does(name):
    if name in {b".", b".."}:
        return
    watch = Inotify()
    folder = os.fsencode(os.path.realpath("/tmp")) + b"/gowatchd-pad-%d" % os.getpid()
    os.makedirs(folder, exist_ok=True)
    try:
        watch.add(folder)
        with open(folder + b"/" + name, "w"):
            pass
        assert [event.name for event in decode(watch.read(), {pad(name)})] == [name, name]  # created, closed
    finally:
        os.unlink(folder + b"/" + name)
        os.rmdir(folder)
        watch.close()


def test_a_watch_keeps_its_descriptor_and_follows_no_symlink(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    watch = Inotify()
    folder = os.fsencode(tmp_path)
    assert watch.add(folder) == watch.add(folder)
    with pytest.raises(NotADirectoryError):
        watch.add(folder + b"/link")
    with pytest.raises(FileNotFoundError):
        watch.add(folder + b"/none")
    assert watch.read() == b""
    watch.close()
    watch.close()


def advice(folder, **limits):
    limit(**limits)
    try:
        Inotify().add(os.fsencode(folder))
    except (WatchLimitError, InstanceLimitError) as error:
        return type(error).__name__, error.errno, str(error)
    return "no limit was met", 0, ""


@needs_own_limits
def test_the_limit_of_watches_has_a_name_and_advice(tmp_path):
    name, number, text = Fork(lambda: advice(tmp_path, watches=0)).answer()
    assert (name, number) == ("WatchLimitError", errno.ENOSPC)
    assert "no inotify watch left" in text


@needs_own_limits
def test_the_limit_of_instances_has_a_name_and_advice(tmp_path):
    name, number, text = Fork(lambda: advice(tmp_path, instances=0)).answer()
    assert (name, number) == ("InstanceLimitError", errno.EMFILE)
    assert "sudo sysctl fs.inotify.max_user_instances=" in text
