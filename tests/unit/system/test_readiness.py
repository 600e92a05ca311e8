from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from gowatchd.system.readiness import STATUS_LENGTH, Readiness
from tests.support.scheduler import ManualScheduler


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path, monkeypatch):
    """The socket that the service manager listens on."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    if request.param == "path":
        address = shown = str(tmp_path / "notify")
    else:
        name = f"gowatchd-test-{os.getpid()}-{time.monotonic_ns()}"
        address, shown = f"\0{name}", f"@{name}"
    listening.bind(address)
    listening.settimeout(5)
    monkeypatch.setenv("NOTIFY_SOCKET", shown)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    yield listening
    listening.close()


def heard(manager) -> list[str]:
    return manager.recv(4096).decode().split("\n")


def test_ready_status_and_stopping(manager):
    readiness = Readiness()
    assert readiness.enabled
    readiness.ready("watching 3 workspaces")
    assert heard(manager) == ["READY=1", "STATUS=watching 3 workspaces"]
    readiness.status("all is well")
    assert heard(manager) == ["STATUS=all is well"]
    readiness.stopping()
    assert heard(manager) == ["STOPPING=1"]


def test_reloading_carries_the_monotonic_clock(manager):
    readiness = Readiness()
    before = time.monotonic_ns() // 1000
    readiness.reloading()
    first, second = heard(manager)
    assert first == "RELOADING=1"
    name, value = second.split("=")
    assert name == "MONOTONIC_USEC"
    assert before <= int(value) <= time.monotonic_ns() // 1000


def test_a_status_is_one_line_of_utf8_that_fits(manager):
    readiness = Readiness()
    readiness.status("bücher und 中文\nREADY=1 \udcff")
    assert heard(manager) == [r"STATUS=bücher und 中文\nREADY=1 \xff"]
    readiness.status("中" * 5000)
    (line,) = heard(manager)
    assert line == "STATUS=" + "中" * (STATUS_LENGTH - 1) + "…"


def test_signs_of_life_come_twice_as_often_as_asked(manager, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    scheduler = ManualScheduler()
    readiness = Readiness()
    assert readiness.watchdog_seconds == 30
    readiness.begin_watchdog(scheduler)
    for _ in range(3):
        assert heard(manager) == ["WATCHDOG=1"]
        scheduler.advance(30)
    assert heard(manager) == ["WATCHDOG=1"]
    readiness.end_watchdog()
    assert scheduler.planned == 0


@pytest.mark.parametrize(
    ("microseconds", "process"),
    [(None, None), ("0", None), ("x", None), ("-5", None), ("", None), ("60000000", "1")],
)
def test_no_timer_where_no_sign_of_life_is_wanted(manager, monkeypatch, microseconds, process):
    if microseconds is not None:
        monkeypatch.setenv("WATCHDOG_USEC", microseconds)
    if process is not None:
        monkeypatch.setenv("WATCHDOG_PID", process)
    scheduler = ManualScheduler()
    readiness = Readiness()
    readiness.begin_watchdog(scheduler)
    assert readiness.watchdog_seconds is None
    assert scheduler.planned == 0


def test_without_a_manager_nothing_happens(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    scheduler = ManualScheduler()
    readiness = Readiness()
    assert not readiness.enabled
    readiness.ready("fine")
    readiness.begin_watchdog(scheduler)
    assert scheduler.planned == 0


@pytest.mark.parametrize("address", ["", "/dev/null/notify", "nonsense"])
def test_a_useless_address_is_as_none(monkeypatch, address):
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    readiness = Readiness()
    assert not readiness.enabled
    readiness.stopping()


def test_a_manager_that_went_away_or_does_not_read_stops_nobody(manager):
    readiness = Readiness()
    readiness._notifier.socket.settimeout(0.05)
    for _ in range(int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text()) + 3):
        readiness.status("is anybody there?")
    manager.close()
    readiness.status("nobody")
