"""Adding, removing and muting on real folders."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gowatchd.services.manager import NoSuchWorkspaceError, RequestError
from gowatchd.services.territory import Territory
from gowatchd.system.choosing import Choosing
from tests.support.watching import write


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    for name in ("app", "node_modules/own", ".hidden", "big/inside"):
        (home / name).mkdir(parents=True)
    return home


@pytest.fixture
def configured(home):
    return Territory((str(home),), ("left*",))


@pytest.fixture
def choosing(tmp_path):
    return Choosing(str(tmp_path / "state"), lambda: 1000.0)


def add(choosing, path, configured, *, dry_run=False):
    return choosing.add(str(path), configured, dry_run=dry_run)["outcome"]


def test_what_a_walk_finds_anyway_needs_no_choice(choosing, home, configured):
    assert add(choosing, home / "app", configured) == "already"
    assert choosing.choices.added == ()


@pytest.mark.parametrize("name", ["node_modules/own", ".hidden", "leftover", "../outside"])
def test_what_no_walk_finds_is_added(choosing, home, configured, name):
    folder = home / name
    folder.mkdir(exist_ok=True)
    assert add(choosing, folder, configured, dry_run=True) == "added"
    assert choosing.choices.added == ()
    assert add(choosing, folder, configured) == "added"
    assert add(choosing, folder, configured) == "already"
    assert Choosing(os.path.dirname(choosing.path)).choices.added == (str(folder.resolve()),)


def test_remove_and_add_are_each_others_way_back(choosing, home, configured):
    before = choosing.choices
    assert choosing.remove(str(home / "big"), configured, dry_run=True)["outcome"] == "removed"
    assert choosing.choices == before
    choosing.remove(str(home / "big"), configured, dry_run=False)
    assert choosing.choices.removed == (str(home / "big"),)
    with pytest.raises(NoSuchWorkspaceError, match="not watched"):
        choosing.remove(str(home / "big/inside"), configured, dry_run=False)
    assert add(choosing, home / "big/inside", configured) == "added"
    assert add(choosing, home / "big", configured) == "added"
    assert choosing.choices.removed == ()
    choosing.remove(str(home / "big/inside"), configured, dry_run=False)
    assert (choosing.choices.added, choosing.choices.removed) == ((), (str(home / "big/inside"),))


def test_an_added_folder_that_is_gone_can_be_removed(choosing, home, configured):
    folder = home.parent / "gone"
    folder.mkdir()
    add(choosing, folder, configured)
    folder.rmdir()
    choosing.remove(str(folder), configured, dry_run=False)
    assert choosing.choices.added == ()


def test_a_root_can_be_removed(choosing, home, configured):
    choosing.remove(str(home), configured, dry_run=False)
    assert Territory(configured.configured, (), choosing.choices).paths == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("missing", "is not a folder"),
        ("file", "is not a folder"),
        ("go/pkg/mod/example.com/x", "module cache"),
        ("go/pkg/mod", "module cache"),
        ("sdk/go1.27/src", "Go installation"),
        ("/", "whole file system"),
    ],
)
def test_nonsense_is_refused_with_its_reason(choosing, home, configured, name, text):
    (home / "file").write_text("")
    (home / "go/pkg/mod/cache/download").mkdir(parents=True)
    (home / "go/pkg/mod/example.com/x").mkdir(parents=True)
    (home / "sdk/go1.27/src").mkdir(parents=True)
    for mark in ("VERSION", "go.env"):
        (home / "sdk/go1.27" / mark).write_text("")
    with pytest.raises(RequestError, match=text):
        choosing.add(str(home / name), configured, dry_run=False)
    assert not os.path.exists(choosing.path)


def test_a_mute_is_for_the_whole_workspace(choosing, home):
    write(home / "app/go.work", "go 1.22\n")
    write(home / "app/m/go.mod")
    write(home / "big/inside/go.mod")
    answer = choosing.mute(str(home / "app/m"), 3600.0, dry_run=False)
    assert (answer["path"], answer["outcome"]) == (str(home / "app"), "muted")
    assert json.loads(Path(choosing.path).read_text())["muted"] == {str(home / "app"): 4600.0}
    assert choosing.mute(str(home / "big"), None, dry_run=False)["path"] == str(home / "big")
    with pytest.raises(RequestError, match="unmute that"):
        choosing.unmute(str(home / "big/inside"), dry_run=False)
    assert choosing.unmute(str(home / "app"), dry_run=True)["outcome"] == "unmuted"
    assert choosing.unmute(str(home / "app"), dry_run=False)["outcome"] == "unmuted"
    assert choosing.unmute(str(home / "app"), dry_run=False)["outcome"] == "already"


def test_two_programs_do_not_overwrite_each_other(choosing, home, configured, tmp_path):
    other = Choosing(os.path.dirname(choosing.path))
    add(other, home / ".hidden", configured)
    choosing.mute(str(home), None, dry_run=False)
    assert choosing.choices.added == (str(home / ".hidden"),)


def test_an_unreadable_file_is_said_and_not_overwritten(choosing, home, configured, tmp_path):
    add(choosing, home / ".hidden", configured)
    Path(choosing.path).rename(tmp_path / "kept")
    Path(choosing.path).symlink_to(tmp_path / "kept")
    again = Choosing(os.path.dirname(choosing.path))
    assert choosing.path in again.trouble
    with pytest.raises(RequestError, match=r"choices\.json"):
        add(again, home / "node_modules/own", configured)
    assert Path(choosing.path).is_symlink()


def test_a_spoilt_file_is_set_aside(choosing, home, configured):
    add(choosing, home / ".hidden", configured)
    Path(choosing.path).write_text('{"schema": 1, "added": 3, "removed": [], "muted": {}}')
    again = Choosing(os.path.dirname(choosing.path))
    assert again.choices.added == ()
    assert again.trouble == ""
    assert add(again, home / ".hidden", configured) == "added"
