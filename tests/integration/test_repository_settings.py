"""A repository's .gowatchd.toml and the real daemon: it counts at once, and so does its end."""

from __future__ import annotations

import json
import os

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.watching import write

MESSY, TIDY = "module example.com/m\ngo 1.21\n", "module example.com/m\n\ngo 1.21\n"
NO_GO_LINE = "module example.com/m\n"


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def daemon(tmp_path, bus):
    daemon = Daemon(tmp_path / "home", bus)
    (daemon.source / "repo/.git").mkdir(parents=True)
    write(daemon.source / "repo/sub/go.mod", TIDY)
    write(daemon.source / "other/go.mod", TIDY)
    with daemon:
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


def own(daemon, text):
    (daemon.source / "repo/.gowatchd.toml").write_text(text)


def watched(daemon):
    return {os.path.basename(one["root"]) for one in daemon.ask("GetStatus")["workspaces"]}


def standing(daemon):
    return [one["reason"] for one in daemon.workspace(daemon.source / "repo/sub")["format"]]


def test_formatting_stops_and_goes_on(daemon):
    mod = daemon.source / "repo/sub/go.mod"
    own(daemon, "[format]\nenabled = false\n")
    mod.write_text(MESSY)
    daemon.wait_for(lambda: standing(daemon), "the file to be kept")
    assert standing(daemon) == [f"{daemon.source}/repo/.gowatchd.toml: [format] enabled = false"]
    assert mod.read_text() == MESSY
    (daemon.source / "repo/.gowatchd.toml").unlink()
    mod.write_text(MESSY)
    daemon.wait_for_bytes(mod, TIDY.encode())


def test_a_bad_one_is_said_and_stops_the_formatting_there_alone(daemon):
    mod, other = daemon.source / "repo/sub/go.mod", daemon.source / "other/go.mod"
    own(daemon, "[format]\nenable = true\n")
    mod.write_text(MESSY)
    daemon.wait_for(lambda: standing(daemon), "the file to be kept")
    other.write_text(MESSY)
    daemon.wait_for_bytes(other, TIDY.encode())
    assert mod.read_text() == MESSY
    (off,) = [one for one in daemon.ask("GetStatus")["off"] if "settings" in one["part"]]
    assert ".gowatchd.toml:2: unknown key format.enable: did you mean enabled?" in off["reason"]
    own(daemon, "")
    daemon.wait_for(
        lambda: not any("settings" in one["part"] for one in daemon.ask("GetStatus")["off"]),
        "it to be mended",
    )


def test_a_rule_is_disabled_at_once(daemon):
    sub = daemon.source / "repo/sub"
    (sub / "go.mod").write_text(NO_GO_LINE)
    daemon.wait_for(lambda: daemon.codes(sub) == ["missing-go-line"], "the warning")
    own(daemon, '[check]\ndisable = ["missing-go-line"]\n')
    daemon.wait_for(lambda: daemon.codes(sub) == [], "the warning to go")
    (sub / "go.mod").write_text(NO_GO_LINE + "\n// more\n")
    assert daemon.gowatchctl("check", str(sub)).stdout == ""
    own(daemon, "")
    daemon.wait_for(lambda: daemon.codes(sub) == ["missing-go-line"], "the warning again")


def test_watching_stops_and_goes_on(daemon):
    own(daemon, "[watch]\nenabled = false\n")
    daemon.wait_for(lambda: watched(daemon) == {"other"}, "the repository to be left alone")
    listing = json.loads(daemon.gowatchctl("list", "--json").stdout)
    (left,) = [one for one in listing["workspaces"] if one["state"] == "off"]
    assert left["root"] == str(daemon.source / "repo/sub")
    assert left["off"] == [f"{daemon.source}/repo/.gowatchd.toml: [watch] enabled = false"]
    assert "off: ~/src/repo/.gowatchd.toml: [watch] enabled = false" in daemon.gowatchctl("list").stdout
    mod = daemon.source / "repo/sub/go.mod"
    mod.write_text(MESSY)
    (daemon.source / "other/go.mod").write_text(MESSY)
    daemon.wait_for_bytes(daemon.source / "other/go.mod", TIDY.encode())
    assert mod.read_text() == MESSY
    own(daemon, '[watch]\nexclude = ["elsewhere"]\n')
    daemon.wait_for(lambda: watched(daemon) == {"other", "sub"}, "the repository again")
    own(daemon, '[watch]\nexclude = ["sub"]\n')
    daemon.wait_for(lambda: watched(daemon) == {"other"}, "the folder to be left out")


def test_check_says_what_is_wrong_with_it(daemon):
    own(daemon, "[check]\ncross_check = true\n")
    done = daemon.gowatchctl("check", str(daemon.source / "repo"))
    assert done.returncode == 0
    assert (
        ".gowatchd.toml:2: check.cross_check = true: a repository may only switch things off" in done.stderr
    )
