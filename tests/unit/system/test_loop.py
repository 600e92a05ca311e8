from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from gi.repository import Gio

from gowatchd.system.loop import EXIT_BUG, MainLoop


def test_runs_until_quit():
    loop, order = MainLoop(), []

    def idle():
        order.append("idle")
        loop.call_later(0.02, lambda: (order.append("late"), loop.quit(3)))
        loop.call_later(0, lambda: order.append("soon"))

    loop.call_when_idle(idle)
    assert loop.run() == 3
    assert order == ["idle", "soon", "late"]


def test_quit_before_run():
    loop = MainLoop()
    loop.quit(4)
    assert loop.run() == 4


def test_a_cancelled_call_does_not_come(recwarn):
    loop, called = MainLoop(), []
    planned = loop.call_later(0, lambda: called.append(1))
    planned.cancel()
    planned.cancel()
    done = loop.call_later(0, lambda: None)
    loop.call_later(0.01, lambda: (done.cancel(), loop.quit()))  # after it ran
    assert loop.run() == 0
    assert not called
    # PyGObject asks Python 3.14 for something that goes away in 3.16.
    assert not [one for one in recwarn.list if "'asyncio." not in str(one.message)]


@pytest.mark.parametrize("failure", [ValueError("boom"), SystemExit(0), KeyboardInterrupt()])
def test_a_bug_ends_the_run(failure, caplog):
    loop = MainLoop()

    def fail() -> None:
        raise failure

    loop.call_later(0, fail)
    with caplog.at_level(logging.ERROR):
        assert loop.run() == EXIT_BUG
    assert "Traceback" in caplog.text
    loop.quit(0)
    assert loop.run() == EXIT_BUG


def test_watches_a_descriptor_until_cancelled():
    loop, seen = MainLoop(), []
    reader, writer = os.pipe()

    def readable() -> None:
        seen.append(os.read(reader, 1))
        if len(seen) == 3:
            watch.cancel()
            loop.call_later(0.01, loop.quit)

    watch = loop.watch_fd(reader, readable)
    os.write(writer, b"abcd")
    loop.run()
    assert seen == [b"a", b"b", b"c"]
    os.close(reader)
    os.close(writer)


PROGRAM = """
import os, signal, sys, warnings
warnings.simplefilter("error", DeprecationWarning)
from gi import PyGIDeprecationWarning
warnings.simplefilter("error", PyGIDeprecationWarning)
warnings.filterwarnings("ignore", "'asyncio", DeprecationWarning)  # of PyGObject's, with Python 3.14
from gowatchd.system.loop import MainLoop
loop = MainLoop()
loop.on_signal(signal.SIGHUP, lambda: print("reload", flush=True))
for number in (signal.SIGTERM, signal.SIGINT):
    loop.on_signal(number, lambda number=number: (print(number.name, flush=True), loop.quit()))
loop.call_later(0, lambda: print("ready", flush=True))
sys.exit(loop.run())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_of_a_real_process(number):
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout.readline() == b"ready\n"
        for _ in range(2):
            run.send_signal(signal.SIGHUP)
            assert run.stdout.readline() == b"reload\n"
        run.send_signal(number)
        out, err = run.communicate(timeout=60)
    assert (out.decode().strip(), err, run.returncode) == (number.name, b"", 0)


def test_a_bug_in_a_callback_of_gio_ends_the_run_too(caplog):
    loop, before = MainLoop(), sys.excepthook

    def fail(*_) -> None:
        raise ValueError("boom")

    Gio.File.new_for_path("/").query_info_async("*", Gio.FileQueryInfoFlags.NONE, 0, None, fail)
    with caplog.at_level(logging.ERROR):
        assert loop.run() == EXIT_BUG
    assert "boom" in caplog.text
    assert sys.excepthook is before


def test_idle_calls_come_in_order_after_what_is_more_urgent():
    loop, order = MainLoop(), []

    def first():
        order.append("first")
        loop.call_when_idle(lambda: (order.append("third"), loop.quit()))
        loop.call_later(0, lambda: order.append("urgent"))

    loop.call_when_idle(first)
    loop.call_when_idle(lambda: order.append("second"))
    loop.call_when_idle(lambda: order.append("cancelled")).cancel()
    assert loop.run() == 0
    assert [one for one in order if one != "urgent"] == ["first", "second", "third"]
    assert "urgent" in order


def test_what_comes_and_goes_leaves_no_memory_behind():
    """PyGObject keeps a closure of each source that it makes: 80 bytes on a page that can be run."""
    loop, count = MainLoop(), []
    reader, writer = os.pipe()

    def round_(left):
        count.append(left)
        watch = loop.watch_fd(reader, lambda: (os.read(reader, 1), watch.cancel(), go_on(left)))
        loop.call_later(1000, loop.quit).cancel()
        os.write(writer, b"x")

    def go_on(left):
        if left:
            loop.call_later(0, lambda: loop.call_when_idle(lambda: round_(left - 1)))
        else:
            loop.quit()

    round_(200)
    loop.run()
    before = _closures()
    loop._status = None
    round_(2000)
    loop.run()
    assert _closures() == before
    os.close(reader)
    os.close(writer)


def _closures():
    """Return how many bytes this process can both write and run, which is where libffi has its closures."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    spans = [line.split()[0].split("-") for line in maps if "rwx" in line.split()[1]]
    return sum(int(end, 16) - int(start, 16) for start, end in spans)


def test_a_loop_that_nobody_has_any_more_leaves_nothing_in_glib():
    gone, loop = [], MainLoop()
    held = [loop]
    loop.call_later(0, held.clear)  # as a part that has the loop would be called
    weakref.finalize(loop, gone.append, "gone")
    del loop, held
    gc.collect()
    assert gone == ["gone"]
