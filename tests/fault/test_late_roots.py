"""Watch roots that are not there at the start: they are said, cost nothing, and are served once they come."""

from __future__ import annotations

import pytest

from tests.support.daemon import Daemon
from tests.support.processor import RESTS, RETRIED_SECONDS, share_beside_a_busy_one

UNTIDY = b"module   example.com/m\ngo 1.21\n"
TIDY = b"module example.com/m\n\ngo 1.21\n"


def make(folder):
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "go.mod").write_bytes(TIDY)


def by_mkdir(root, home):
    make(root)


def by_rename(root, home):
    """As an encrypted or synchronised home is put in its place, whole."""
    make(home / "elsewhere" / "root")
    root.parent.mkdir(parents=True, exist_ok=True)
    (home / "elsewhere" / "root").rename(root)


def by_rename_above(root, home):
    make(home / "elsewhere" / root.name)
    (home / "elsewhere").rename(root.parent)


def by_link(root, home):
    make(home / "elsewhere" / "root")
    root.parent.mkdir(parents=True, exist_ok=True)
    root.symlink_to(home / "elsewhere" / "root")


@pytest.mark.parametrize("appear", [by_mkdir, by_rename, by_rename_above])
def test_a_root_that_comes_later_and_goes_again(home, bus, appear):
    root = home / "media" / "disk"
    daemon = Daemon(home, bus)
    daemon.config.write_text(f'[watch]\nroots = ["{root}"]\n')
    with daemon:
        said = f"there is no folder {root} yet"
        assert daemon.off()["watching"] == said
        assert share_beside_a_busy_one(daemon.process.pid) < RESTS
        for _ in range(2):
            appear(root, home)
            daemon.wait_for(lambda: "watching" not in daemon.off(), "the root to be there")
            daemon.wait_for(lambda: len(daemon.ask("GetStatus")["workspaces"]) == 1, "its module")
            assert (root / "app" / "go.mod").read_bytes() == TIDY
            (root / "app" / "go.mod").write_bytes(UNTIDY)
            daemon.wait_for_bytes(root / "app" / "go.mod", TIDY)
            root.parent.rename(home / "gone")
            daemon.wait_for(lambda: daemon.off().get("watching") == said, "that it went")
            daemon.wait_for(lambda: daemon.ask("GetStatus")["workspaces"] == [], "no module any more")
            (home / "gone").rename(home / f"gone-{len(list(home.iterdir()))}")
    assert "Traceback" not in daemon.log(), daemon.log()


def test_the_folder_of_the_history_comes_later(home, bus):
    """Until then nothing is written, for there would be no way back; then it is."""
    state = home / "state"
    daemon = Daemon(home, bus)
    state.write_text("in the way\n")
    mod = home / "src" / "go.mod"
    mod.write_bytes(TIDY)
    with daemon:
        assert "history" in daemon.off()
        mod.write_bytes(UNTIDY)
        daemon.wait_for(lambda: daemon.standing(mod), "the reason why it is not formatted")
        state_of, reason = daemon.standing(mod)
        assert state_of == "pending"
        assert "no way back could be kept" in reason
        assert share_beside_a_busy_one(daemon.process.pid) < RESTS
        assert mod.read_bytes() == UNTIDY
        state.unlink()
        daemon.wait_for_bytes(mod, TIDY, RETRIED_SECONDS)
        daemon.wait_for(lambda: "history" not in daemon.off(), "the history")
        assert daemon.gowatchctl("undo").returncode == 0
        assert mod.read_bytes() == UNTIDY
    assert "Traceback" not in daemon.log(), daemon.log()
