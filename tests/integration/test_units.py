"""The daemon beside a real user manager: it finds and repairs units that lack their environment."""

from __future__ import annotations

import json
import os

import pytest
from gi.repository import Gio, GLib

from gowatchd.system.notification_calls import NAME as SERVER
from tests.support.bus import wait_for
from tests.support.cared import Cared
from tests.support.unit_reader import UnitReader
from tests.support.user_manager import obstacle, user_manager

pytestmark = pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-")

BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
SYNC = """\
[Service]
Type=oneshot
ExecStart=/usr/bin/env sh -c 'test -n "$$WORKSPACE_ROOT" && cd "$$WORKSPACE_ROOT" && pwd > %h/said'
"""


@pytest.fixture(scope="module")
def manager(tmp_path_factory):
    with user_manager(tmp_path_factory.mktemp("manager"), f"gowatchd-units-{os.getpid()}") as running:
        running.home.joinpath(".profile").write_text(
            f"export WORKSPACE_ROOT='{running.home}/my src'\nexport API_TOKEN=hush\necho a greeting\n"
        )
        running.home.joinpath("my src").mkdir()
        yield running


@pytest.fixture
def cared(manager):
    daemon = Cared(manager)
    configuration = manager.home / ".config/gowatchd/config.toml"
    yield daemon
    daemon.stop()
    configuration.unlink(missing_ok=True)
    for path in sorted(manager.units.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for state in manager.home.joinpath(".local/state/gowatchd").glob("*"):
        state.unlink()
    manager.systemctl("daemon-reload")
    manager.systemctl("reset-failed")


def configure(manager, text):
    path = manager.home / ".config/gowatchd/config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_unit_that_fails_works_after_the_repair_and_fails_again_after_the_undo(cared, manager):
    manager.write("sync.service", SYNC)
    before = manager.tree()
    manager.systemctl("start", "sync.service", check=False)
    assert manager.show("sync.service", "Result") == "exit-code"
    cared.start()
    drop_in = manager.units / "sync.service.d/50-gowatchd.conf"
    wait_for(lambda: (cared.units().get("sync.service") or {}).get("drop_in"), "the repair", 60)
    assert drop_in.stat().st_mode & 0o777 == 0o600
    assert not cared.lacks("sync.service")
    manager.systemctl("start", "sync.service")
    assert (manager.home / "said").read_text() == f"{manager.home}/my src\n"

    assert cared.ask("env", "sync", "--undo")["outcome"] == "undone"
    assert manager.tree() == before
    wait_for(lambda: manager.show("sync.service", "Environment") == "", "the undo is loaded", 30)
    manager.systemctl("start", "sync.service", check=False)
    assert manager.show("sync.service", "Result") == "exit-code"
    # what its person took back stays away until its person wants it
    wait_for(lambda: cared.lacks("sync.service") == ["WORKSPACE_ROOT"], "the next audit", 30)
    assert not drop_in.exists()
    assert cared.ask("env", "sync", "--apply")["outcome"] == "repaired"
    assert cared.ask("undo")["outcome"] == "undone"
    assert manager.tree() == before


def test_a_secret_is_explained_and_never_written(cared, manager):
    manager.write("tok.service", '[Service]\nExecStart=/bin/sh -c "x $$API_TOKEN"\n')
    cared.start()
    wait_for(lambda: cared.lacks("tok.service") == ["API_TOKEN"], "the audit", 60)
    (finding,) = cared.units()["tok.service"]["findings"]
    assert finding["value"] is None
    assert "LoadCredential" in finding["advice"]
    assert "hush" not in json.dumps(cared.ask("env")) + cared.log.read_text()
    assert list(manager.tree()) == ["tok.service"]


@pytest.mark.parametrize("wanted", [True, False])
def test_the_login_shell_is_asked_once_or_not_at_all(cared, manager, wanted):
    manager.write("sync.service", SYNC)
    profile = manager.home / ".profile"
    usual = profile.read_text()
    profile.write_text(f"{usual}echo ran >> ~/runs\n")
    runs = manager.home / "runs"
    # a go that is named is not searched: that may ask the shell too, where no other place has one
    config = f'[check]\ngo = "/no/such/go"\n[env]\npolicy = "suggest"\nlogin_shell = {str(wanted).lower()}\n'
    configure(manager, config)
    try:
        cared.start()
        wait_for(lambda: cared.ask("env").get("reason") == "", "the first audit", 60)
        manager.write("other.service", SYNC)
        wait_for(lambda: "other.service" in cared.units(), "a second audit", 30)
        assert cared.lacks("sync.service") == (["WORKSPACE_ROOT"] if wanted else [])
        assert (runs.read_text() if runs.exists() else "") == ("ran\n" if wanted else "")
    finally:
        profile.write_text(usual)
        runs.unlink(missing_ok=True)


def test_suggest_writes_nothing_and_off_looks_at_nothing(cared, manager):
    manager.write("sync.service", SYNC)
    configure(manager, '[env]\npolicy = "suggest"\n')
    cared.start()
    wait_for(lambda: cared.lacks("sync.service") == ["WORKSPACE_ROOT"], "the audit", 60)
    assert list(manager.tree()) == ["sync.service"]
    diff = cared.ask("env", "sync", "--diff")
    assert '+Environment="WORKSPACE_ROOT=' in diff["diff"]
    configure(manager, '[env]\npolicy = "off"\n')
    manager.systemctl("status", check=False)
    cared.process.send_signal(1)
    wait_for(lambda: "off" in cared.ask("env").get("reason", ""), "the reload", 30)


def test_the_configuration_demands_and_gives(cared, manager):
    manager.write("job.service", "[Service]\nExecStart=/bin/true\n")
    configure(
        manager,
        '[env]\n[env.required]\n"job*" = ["XDG_CONFIG_HOME"]\n[env.values]\nXDG_CONFIG_HOME = "/srv/c f%g"\n',
    )
    cared.start()
    wait_for(lambda: (cared.units().get("job.service") or {}).get("drop_in"), "the repair", 60)
    assert manager.show("job.service", "Environment") == '"XDG_CONFIG_HOME=/srv/c f%g"'


def test_somebody_elses_half_done_edit_is_not_loaded_unasked(cared, manager):
    manager.write("sync.service", SYNC)
    other = manager.write("other.service", "[Service]\nExecStart=/bin/sleep 1000\n")
    manager.systemctl("start", "other.service")
    other.write_text("[Service]\nExecStart=/bin/sleep 2000\n")
    assert manager.show("other.service", "NeedDaemonReload") == "yes"
    cared.start()
    wait_for(lambda: "other.service changed on disk" in cared.log.read_text(), "the postponement", 60)
    assert not (manager.units / "sync.service.d").exists()
    assert manager.show("other.service", "NeedDaemonReload") == "yes"
    manager.systemctl("daemon-reload")
    wait_for((manager.units / "sync.service.d/50-gowatchd.conf").exists, "the repair after the reload", 30)
    manager.systemctl("stop", "other.service")


def test_an_edited_drop_in_is_left_alone(cared, manager):
    manager.write("sync.service", SYNC)
    mine = manager.write("sync.service.d/50-gowatchd.conf", "[Service]\n# mine\n")
    cared.start()
    wait_for(lambda: "left alone" in cared.log.read_text(), "the refusal", 60)
    assert mine.read_text() == "[Service]\n# mine\n"


def test_a_linked_drop_in_folder_is_not_written_through(cared, manager, tmp_path):
    manager.write("sync.service", SYNC)
    (manager.units / "sync.service.d").symlink_to(tmp_path)
    cared.start()
    wait_for(lambda: "symbolic link" in cared.log.read_text(), "the refusal", 60)
    assert list(tmp_path.iterdir()) == []
    (manager.units / "sync.service.d").unlink()


def test_a_new_unit_is_noticed_and_an_instance_gets_it_at_its_template(cared, manager):
    cared.start()
    wait_for(lambda: cared.ask("env").get("reason") == "", "the first audit", 60)
    manager.write("tpl@.service", "[Service]\nExecStart=/bin/sh -c 'cd $$WORKSPACE_ROOT; exec sleep 1000'\n")
    manager.systemctl("start", "tpl@a.service")
    wait_for((manager.units / "tpl@.service.d/50-gowatchd.conf").exists, "the repair of the template", 60)
    assert "WORKSPACE_ROOT" in manager.show("tpl@b.service", "Environment")
    manager.systemctl("stop", "tpl@a.service")


def test_what_a_desktop_session_brings_is_heard(cared, manager):
    """The desktop puts it into the manager, which tells nobody; its notification server comes after that."""
    configure(
        manager, '[env]\npolicy = "suggest"\nlogin_shell = false\n[env.required]\n"sync*" = ["BROUGHT"]\n'
    )
    manager.write("sync.service", SYNC)
    manager.systemctl("daemon-reload")
    cared.start()
    wait_for(lambda: "BROUGHT" in cared.lacks("sync.service"), "the first audit", 60)
    manager.systemctl("set-environment", "BROUGHT=by the desktop")
    reader = UnitReader(manager)
    name = GLib.Variant("(su)", (SERVER, 0))
    reader.connection.call_sync(*BUS, "RequestName", name, None, Gio.DBusCallFlags.NONE, 20_000, None)
    wait_for(lambda: "BROUGHT" not in cared.lacks("sync.service"), "the next audit", 60)
    reader.close()
    manager.systemctl("unset-environment", "BROUGHT")
