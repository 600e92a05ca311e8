"""A repository whose links lead to files of the person: they are read as go reads them, and never written."""

from __future__ import annotations

import time

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.git import repository

MESSY, TIDY = b"module example.com/m\ngo 1.21\n", b"module example.com/m\n\ngo 1.21\n"
# Comments are a go.mod for the parser: an .npmrc with nothing but a token is one.
TOKEN = b"//registry.example.com/:_authToken=secret   \n\n\n// more\n"

# What the repository brings, and where it leads: below the home, of which the daemon watches src.
LINKS = {
    "evil/a": "src/private/go.mod",
    "unpacked/a": "src/private/go.mod",
    "evil/b": "notes/.npmrc",
    "unpacked/b": "notes/.npmrc",
    "evil/c": "mine/go.mod",
    "unpacked/c": "mine/go.mod",
    "unpacked/d": "src/unpacked/d/real/go.mod",
    "evil/e": "src/evil/.shared/go.mod",
}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    home = tmp_path_factory.mktemp("links")
    with PrivateBus(home) as bus:
        daemon = Daemon(home, bus, config='exclude = ["private"]\n')
        repository(daemon.source / "evil")
        for target in {*LINKS.values(), "theirs/go.mod"}:
            (home / target).parent.mkdir(parents=True, exist_ok=True)
            (home / target).write_bytes(TOKEN if target.endswith(".npmrc") else MESSY)
        (daemon.source / "unpacked/d/real/.gowatchd.toml").write_text("[format]\nenabled = false\n")
        with daemon:
            for name, target in LINKS.items():
                (daemon.source / name).mkdir(parents=True, exist_ok=True)
                (daemon.source / name / "go.mod").symlink_to(home / target)
            yield daemon
        assert "Traceback" not in daemon.log(), daemon.log()


def kept(daemon, name, expected, save=None):
    """Return why what ``name`` leads to is not formatted, once that begins as ``expected``; it is as it was.

    ``save`` is done now, and again every 10 s: the first may come before the watch.
    """
    root = str(daemon.source / name)
    saved: list[float] = []
    told: list[str] = []

    def decided():
        if save is not None and (not saved or time.monotonic() - saved[-1] > 10):
            save()
            saved.append(time.monotonic())
        found = [one for one in daemon.ask("GetStatus")["workspaces"] if one["root"] == root]
        told[:] = [one["reason"] for workspace in found for one in workspace["format"]]
        told[:] = [one.replace(str(daemon.home), "~") for one in told]
        return told and told[0].startswith(expected)

    daemon.wait_for(decided, f"a decision about {root}: {expected}")
    target = daemon.home / LINKS.get(name, "theirs/go.mod")
    assert target.read_bytes() == (TOKEN if target.name == ".npmrc" else MESSY)
    return told[0]


@pytest.mark.parametrize("name", ["evil/a", "unpacked/a"])
def test_what_its_person_left_out_is_not_written(daemon, name):
    assert kept(daemon, name, "you left out ~/src/private: ")


@pytest.mark.parametrize("name", ["evil/b", "unpacked/b"])
def test_nor_is_a_file_of_another_name(daemon, name):
    expected = "it leads to ~/notes/.npmrc, which is no go.mod and no go.work by its name"
    assert kept(daemon, name, expected) == expected


def test_nor_what_is_outside_of_the_work_tree(daemon):
    assert kept(daemon, "evil/c", "~/src/evil/c/go.mod is a link out of ~/src/evil: ")


def test_nor_what_is_beside_a_mere_folder(daemon):
    assert kept(daemon, "unpacked/c", "~/src/unpacked/c/go.mod is a link out of ~/src/unpacked/c: ")


def test_nor_where_another_repository_switched_it_off(daemon):
    expected = "~/src/unpacked/d/real/.gowatchd.toml: [format] enabled = false"
    assert kept(daemon, "unpacked/d", expected) == expected


def test_a_link_within_the_work_tree_is_followed(daemon):
    daemon.wait_for_bytes(daemon.home / LINKS["evil/e"], TIDY)
    assert (daemon.source / "evil/e/go.mod").is_symlink()


def test_not_even_a_save_is_followed_through_a_linked_folder_that_a_go_work_uses(daemon):
    (daemon.source / "evil/go.work").write_text("go 1.20\n\nuse ./lib\n")
    (daemon.source / "evil/lib").symlink_to(daemon.home / "theirs")
    daemon.wait_for(lambda: "go-line-too-low" in daemon.codes(daemon.source / "evil"), "the member")
    expected = "~/src/evil/lib is a link out of ~/src/evil: "
    assert kept(daemon, "evil", expected, lambda: (daemon.home / "theirs/go.mod").write_bytes(MESSY))
