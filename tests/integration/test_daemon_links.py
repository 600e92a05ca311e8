"""The daemon and symbolic links that change under it."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.watching import write


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as private:
        yield private


def test_a_member_that_becomes_a_link(tmp_path, bus):
    home = tmp_path / "home"
    write(home / "src/go.work", "go 1.22\n\nuse ./lib\n")
    write(home / "src/lib/go.mod", "module example.com/lib\n\ngo 1.22\n")
    write(tmp_path / "elsewhere/go.mod", "module example.com/lib\n\ngo 1.22\n")
    with Daemon(home, bus) as daemon:
        assert daemon.codes(daemon.source) == []
        shutil.rmtree(daemon.source / "lib")
        daemon.wait_for(lambda: daemon.codes(daemon.source), "a problem with what is gone")
        (daemon.source / "lib").symlink_to(tmp_path / "elsewhere")
        daemon.wait_for(lambda: daemon.codes(daemon.source) == [], "all well through the link")
        write(tmp_path / "elsewhere/go.mod", "module example.com/lib\n\ngo 1.99\n")
        daemon.wait_for(lambda: daemon.codes(daemon.source), "the change behind the link")


def test_a_root_that_leads_elsewhere_later(tmp_path, bus):
    home = tmp_path / "home"
    home.mkdir()
    for name in ("one", "two"):
        write(tmp_path / name / "m/go.mod", f"module example.com/{name}\n\ngo 1.22\n")
    (home / "src").symlink_to(tmp_path / "one")
    with Daemon(home, bus) as daemon:
        assert daemon.workspace(tmp_path / "one/m")
        (home / "src").unlink()
        (home / "src").symlink_to(tmp_path / "two")

        def roots():
            return [one["root"] for one in daemon.ask("GetStatus")["workspaces"]]

        daemon.wait_for(lambda: roots() == [os.path.realpath(tmp_path / "two/m")], "the other workspace")
        saved = b"module    example.com/two\n\ngo 1.22\n"
        (tmp_path / "two/m/go.mod").write_bytes(saved)
        daemon.wait_for_bytes(tmp_path / "two/m/go.mod", b"module example.com/two\n\ngo 1.22\n")
