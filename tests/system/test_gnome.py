"""The installed package on GNOME: what its banners show, and what their buttons do."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import booted, obstacle
from tests.support.booted_desktop import Desktop
from tests.support.booted_gnome import PACKAGES, Gnome
from tests.support.booted_roots import SUITE, base_root, depends_of
from tests.support.bus import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.booted import Booted

pytestmark = [
    pytest.mark.booted,
    pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-"),
    pytest.mark.skipif(
        "SUITE" not in os.environ, reason="takes 1.2 GB and ten minutes: make system-test SUITE=trixie"
    ),
    pytest.mark.skipif(
        SUITE != "trixie", reason="GNOME Shell is another one in each release: trixie's is driven"
    ),
]

EDITOR = """#!/bin/sh
printf '%s\\n' "$1" "$WAYLAND_DISPLAY" "$XDG_ACTIVATION_TOKEN" >"$HOME/opened.part"
mv "$HOME/opened.part" "$HOME/opened"
"""
HOME = "/home/dev"
CONFIGURATION = '[watch]\nroots = ["~/src"]\n[notify]\neditor = "~/editor {file}:{line}"\n'
MESSY = "go 1.22\n\n\nuse (\n    ./api // 前端\n)\n"
TIDY = "go 1.22\n\nuse ./api // 前端\n"
BROKEN = "go 1.22\n\nuse (\n\t./api // 前端\n\t./gone\n)\n"
GO_WORK = "src/前端/go.work"
FORMATTED = "Formatted 前端/go.work"
PROBLEM = "1 problem in 前端/go.work"
WITHOUT_GO = "gowatchd works without go"  # there is none in the container
START_SECONDS = 31  # what is found in the first half minute of a login was so before


@pytest.fixture(scope="module")
def machine(package: Path) -> Iterator[Booted]:
    with booted(base_root(SUITE, depends_of(package), "gnome", PACKAGES)) as machine:
        shutil.copyfile(package, machine.path("/root/gowatchd.deb"))
        yield machine


@pytest.fixture(scope="module")
def desktop(machine: Booted) -> Desktop:
    desktop = Desktop(machine, machine.add_person("dev"))
    desktop.write(".config/gowatchd/config.toml", CONFIGURATION)
    desktop.write("./editor", EDITOR, "755")
    desktop.write("src/前端/api/go.mod", "module example.com/api\n\ngo 1.22\n")
    machine.run("apt-get", "install", "-y", "/root/gowatchd.deb", timeout=300)
    return desktop


def test_gnome_shows_our_notes_and_their_buttons_work(desktop: Desktop) -> None:
    gnome = Gnome(desktop)
    gnome.start()
    banner = gnome.banner(WITHOUT_GO)
    assert (banner["source"], banner["icon"]) == ("Go Watch", "gowatchd")
    gnome.clear()

    desktop.write(GO_WORK, MESSY)
    desktop.wait_for_text(GO_WORK, TIDY)
    assert gnome.note(FORMATTED)["actions"] == ["Show diff", "Undo"]  # of low urgency: no banner
    gnome.screenshot("gnome-formatted", of_list=True)
    gnome.press(FORMATTED, "Undo")
    desktop.wait_for_text(GO_WORK, MESSY)
    gnome.clear()

    wait_for(lambda: desktop.served_seconds() > START_SECONDS, "the service is no longer new")
    desktop.write(GO_WORK, BROKEN)
    assert gnome.banner(PROBLEM)["actions"] == ["Fix", "Open", "Mute 1 h"]
    gnome.screenshot("gnome-problem")
    gnome.press(PROBLEM, "Open")
    wait_for(desktop.machine.path(f"{HOME}/opened").exists, "the editor")
    where, display, token = desktop.read("opened").split("\n", 2)
    assert (where, display) == (f"{HOME}/{GO_WORK}:5", "wayland-0")
    assert token.strip(), "the compositor gave no token, so that its window may not come to the front"

    desktop.run("systemctl", "--user", "restart", "gowatchd")
    gnome.note(PROBLEM)  # GNOME took it away with the process that it came from
    assert WITHOUT_GO not in [note["title"] for note in gnome.notes()], "its person closed it"
    gnome.screenshot("gnome-restarted", of_list=True)
    gnome.press(PROBLEM, "Fix")
    desktop.wait_for_text(GO_WORK, TIDY)
