"""Repairs of units that go wrong on the way: nothing is lost, and nothing stays half done."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from gowatchd.services.history import History
from gowatchd.services.ports import SwapOutcome
from gowatchd.services.unit_audit import Surroundings, audit
from gowatchd.services.unit_loading import Loading
from gowatchd.services.unit_plan import Outcome
from gowatchd.services.unit_repair import Repairer
from gowatchd.services.unit_values import Values
from gowatchd.system.drop_in_files import DropInFiles
from gowatchd.system.environment_files import read_head
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.program_search import ProgramSearch
from gowatchd.unitfile.drop_in import render
from tests.support.bus import wait_for
from tests.support.cared import Cared
from tests.support.places import fill, small_disk
from tests.support.unit_reader import UnitReader
from tests.support.user_manager import obstacle, user_manager

pytestmark = pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-")

# It needs $WORKSPACE_ROOT, and stays loaded while it runs.
KEEP = "[Service]\nExecStart=/bin/sh -c 'echo $$WORKSPACE_ROOT; exec sleep 1000'\n"
NEEDS = "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'test -n \"$$WORKSPACE_ROOT\"'\n"
ROOT = "/srv/my work"
SET = f'"WORKSPACE_ROOT={ROOT}"'


class Unruly:
    """The real manager, with something that happens at the moment of a reload."""

    def __init__(self, manager):
        self._manager = manager
        self.at_reload = None  # called before it; True: the reload is never answered

    def __getattr__(self, name):
        return getattr(self._manager, name)

    def reload(self, done):
        if self.at_reload is None or not self.at_reload():
            self._manager.reload(done)


class Shop:
    """Everything that a repair needs, in this process, on a real manager, history and disk."""

    def __init__(self, manager, folder):
        self.running = manager
        self.reader = UnitReader(manager)
        self.store = HistoryDatabase(str(folder / "state"))
        self.files = DropInFiles()
        self.history = History(self.store, self.files)
        self.manager = Unruly(self.reader.manager)
        self.repairs = []
        self.repairer = Repairer(
            self.manager, self.reader.scan, self.history, self.files, self.around, self.repairs.append
        )

    def around(self, state):
        values = Values(configured={"WORKSPACE_ROOT": ROOT})
        return Surroundings(state.environment, values, ProgramSearch(), read_head)

    def repair(self, *units, asked=False, others=False):
        """Repair ``units``, all asked for at once; return how it ended, in order."""
        self.repairs.clear()
        state = self.reader.state()
        for unit in units:
            self.repairer.repair(unit, state, asked=asked, reload_others=others)
        self.reader.loop.run_until(lambda: len(self.repairs) == len(units), 60)
        return self.repairs[0] if len(units) == 1 else list(self.repairs)

    def states(self):
        """Return the last states in the history, the newest last."""
        return [(one["kind"], one["state"]) for one in self.history.log(0, 20)["entries"]]

    def complete(self):
        """Load what a stop left; return the units that owed it and what was said."""
        loading = Loading(self.manager, self.files)
        units = [self.reader.unit(name) for name in self.reader.files() if "@." not in name]
        answers = []
        loading.complete(units, str(self.running.units), lambda *said: answers.append(said))
        self.reader.loop.run_until(lambda: answers)
        return answers[0]

    def close(self):
        self.reader.close()
        self.store.close()


@pytest.fixture(scope="module")
def manager(tmp_path_factory):
    with user_manager(tmp_path_factory.mktemp("manager"), f"gowatchd-repair-{os.getpid()}") as running:
        running.home.joinpath(".profile").write_text(f"export WORKSPACE_ROOT='{ROOT}'\n")
        yield running


@pytest.fixture(autouse=True)
def clean(manager):
    yield
    manager.room_in_run("64M")
    loaded = manager.systemctl("list-units", "--plain", "--no-legend", "--all", "t-*").split()[::5]
    if loaded:
        manager.systemctl("stop", "t-*")
    for path in sorted(manager.units.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    manager.systemctl("daemon-reload")
    manager.systemctl("reset-failed")


@pytest.fixture
def shop(manager, tmp_path):
    shop = Shop(manager, tmp_path)
    yield shop
    shop.close()


def load(manager, **units):
    for name, text in units.items():
        manager.write(f"t-{name}.service", text)
    manager.systemctl("daemon-reload")
    return manager.tree()


def test_a_manager_that_refuses_to_reload_leaves_everything_as_before(manager, shop):
    before = load(manager, a=NEEDS)
    manager.room_in_run("1M")
    repair = shop.repair("t-a.service")
    assert repair.outcome is Outcome.FAILED
    assert "not enough space" in repair.message
    assert repair.change is None
    assert manager.tree() == before
    assert shop.states() == [("env", "failed")]
    manager.systemctl("start", "t-a.service", check=False)
    assert manager.show("t-a.service", "Result") == "exit-code"

    manager.room_in_run("64M")
    assert shop.repair("t-a.service").outcome is Outcome.REPAIRED, "it was no wish of the person"
    assert manager.show("t-a.service", "Environment") == SET
    manager.systemctl("start", "t-a.service")
    change = shop.repairs[0].change
    assert shop.history.undo(change).outcome.success
    assert manager.tree() == before


def test_a_refused_reload_brings_an_older_drop_in_of_ours_back(manager, shop):
    load(manager, a=NEEDS)
    older = render("t-a.service", {"OTHER": "1"}, "a test")
    path = manager.write("t-a.service.d/50-gowatchd.conf", older)
    manager.systemctl("daemon-reload")
    manager.room_in_run("1M")
    assert shop.repair("t-a.service").outcome is Outcome.FAILED
    assert path.read_text() == older
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    manager.room_in_run("64M")
    assert shop.repair("t-a.service").outcome is Outcome.REPAIRED
    assert manager.show("t-a.service", "Environment") == f"OTHER=1 {SET}"


def test_a_manager_that_goes_away_ends_every_repair(manager, shop):
    before = load(manager, a=NEEDS, b=NEEDS, c=NEEDS)

    def goes_away():
        assert (manager.units / "t-a.service.d/50-gowatchd.conf").exists()
        shop.manager.at_reload = None
        shop.repairer.give_up("it is gone")
        return True

    shop.manager.at_reload = goes_away
    repairs = shop.repair("t-a.service", "t-b.service", "t-c.service")
    assert [(one.outcome, one.message) for one in repairs] == [(Outcome.FAILED, "it is gone")] * 3
    assert manager.tree() == before
    assert shop.states() == [("env", "failed")]
    again = shop.repair("t-a.service", "t-b.service", "t-c.service")
    assert {one.outcome for one in again} == {Outcome.REPAIRED}
    for unit in "abc":
        assert manager.show(f"t-{unit}.service", "Environment") == SET


def test_two_wishes_for_one_unit_are_one_repair(manager, shop):
    load(manager, a=NEEDS, b=NEEDS)
    state = shop.reader.state()
    for unit in ("t-a.service", "t-b.service", "t-a.service", "t-b.service"):
        shop.repairer.repair(unit, state, asked=True)
    shop.reader.loop.run_until(lambda: len(shop.repairs) == 2, 60)
    assert [one.outcome for one in shop.repairs] == [Outcome.REPAIRED] * 2
    assert shop.repair("t-a.service").outcome is Outcome.NOTHING
    assert shop.states() == [("env", "done")] * 2


def test_an_edit_between_the_look_and_the_write_wins(manager, shop):
    load(manager, a=NEEDS)
    path = manager.units / "t-a.service.d/50-gowatchd.conf"
    real = shop.reader.manager.unloaded

    def unloaded(done):
        manager.write("t-a.service.d/50-gowatchd.conf", "[Service]\n# mine\n")
        real(lambda _others: done(()))

    shop.manager.unloaded = unloaded
    repair = shop.repair("t-a.service")
    assert repair.outcome is Outcome.REFUSED
    assert path.read_text() == "[Service]\n# mine\n"
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert shop.states() == [("env", "failed")]


def test_an_edit_during_a_reload_that_fails_is_not_taken_back(manager, shop):
    load(manager, a=NEEDS)
    path = manager.units / "t-a.service.d/50-gowatchd.conf"
    manager.room_in_run("1M")

    def edited():
        path.write_text("[Service]\n# mine\n")
        return False

    shop.manager.at_reload = edited
    repair = shop.repair("t-a.service")
    assert repair.outcome is Outcome.FAILED
    assert "is not as it was left" in repair.message
    assert path.read_text() == "[Service]\n# mine\n"


def test_a_unit_edited_during_the_repair_keeps_its_edit(manager, shop):
    load(manager, a=NEEDS)
    edited = NEEDS.replace("test", "true # test")

    def edit():
        manager.write("t-a.service", edited)
        return False

    shop.manager.at_reload = edit
    assert shop.repair("t-a.service").outcome is Outcome.REPAIRED
    assert (manager.units / "t-a.service").read_text() == edited


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_disk_that_takes_nothing(manager, shop, trouble):
    load(manager, a=NEEDS)
    folder = manager.units / "t-a.service.d"
    with small_disk(folder, "64k"):
        if trouble == "full":
            fill(folder)
        else:
            subprocess.run(["mount", "-o", "remount,ro", folder], check=True, timeout=20)
        kept = sorted(folder.iterdir())
        repair = shop.repair("t-a.service")
        assert repair.outcome is Outcome.FAILED
        assert (
            repair.message
            == {"full": "no space left on device", "read-only": "read-only file system"}[trouble]
        )
        assert sorted(folder.iterdir()) == kept
    assert shop.states() == [("env", "failed")]


def test_a_full_disk_keeps_the_older_drop_in(tmp_path):
    files = DropInFiles()
    with small_disk(tmp_path / "disk", "64k") as disk:
        path = disk / "a.service.d" / "50-gowatchd.conf"
        older = render("a.service", {"A": "1"}, "a test").encode()
        newer = render("a.service", {"A": "2" * 4000, "B": "3" * 4000}, "a test").encode()
        assert files.swap(str(path), b"", older).outcome is SwapOutcome.WRITTEN
        fill(disk)
        assert files.swap(str(path), older, newer).outcome is SwapOutcome.FAILED
        assert path.read_bytes() == older
        assert [one.name for one in path.parent.iterdir()] == [path.name]
        assert files.swap(str(path), older, b"").outcome is SwapOutcome.WRITTEN


def test_what_was_written_and_not_loaded_is_loaded_later(manager, shop):
    load(manager, a=KEEP, b=KEEP)
    manager.systemctl("start", "t-a.service", "t-b.service")
    path = str(manager.units / "t-a.service.d/50-gowatchd.conf")
    text = render("t-a.service", {"WORKSPACE_ROOT": ROOT}, "a test").encode()
    shop.files.swap(path, b"", text)
    assert manager.show("t-a.service", "Environment") == ""
    assert shop.complete() == (("t-a.service",), "")
    assert manager.show("t-a.service", "Environment") == SET
    assert shop.complete() == ((), "")

    newer = render("t-a.service", {"WORKSPACE_ROOT": "/newer"}, "a test").encode()
    shop.files.swap(path, text, newer)
    assert shop.complete() == (("t-a.service",), "")
    assert manager.show("t-a.service", "Environment") == "WORKSPACE_ROOT=/newer"

    shop.files.swap(path, newer, b"")
    assert shop.complete() == (("t-a.service",), "")
    assert manager.show("t-a.service", "Environment") == ""


def test_what_somebody_else_did_not_load_is_not_loaded_with_it(manager, shop):
    load(manager, a=KEEP, b=KEEP)
    manager.systemctl("start", "t-a.service", "t-b.service")
    manager.write("t-b.service", KEEP + "# half an edit\n")
    text = render("t-a.service", {"WORKSPACE_ROOT": ROOT}, "a test").encode()
    shop.files.swap(str(manager.units / "t-a.service.d/50-gowatchd.conf"), b"", text)
    units, reason = shop.complete()
    assert units == ("t-a.service",)
    assert reason == "t-b.service changed on disk and is not loaded yet"
    assert manager.show("t-b.service", "NeedDaemonReload") == "yes"


def test_units_of_every_kind(manager, shop, tmp_path):
    store = tmp_path / "store"
    store.mkdir()
    (store / "t-hm.service").write_text(NEEDS)
    generators = Path(f"/proc/{manager.process}/root/run/systemd/user-generators")  # in its own /run
    generators.mkdir(parents=True)
    generator = generators / "t-generator"
    generator.write_text(f"#!/bin/sh\ncat >\"$1/t-made.service\" <<'END'\n{NEEDS}END\n")
    generator.chmod(0o755)
    try:
        load(manager, real=NEEDS, **{"with\\x20blank": NEEDS}, **{"1st": NEEDS})
        manager.write("t-tpl@.service", NEEDS)
        (manager.units / "t-alias.service").symlink_to("t-real.service")
        (manager.units / "t-masked.service").symlink_to("/dev/null")
        (manager.units / "t-hm.service").symlink_to(store / "t-hm.service")
        manager.systemctl("daemon-reload")
        run = ["--user", "--quiet", "--unit=t-run", "/bin/sh", "-c", "echo $WORKSPACE_ROOT; exec sleep 1000"]
        subprocess.run(["systemd-run", *run], env=manager.environment, check=True, timeout=30)

        around = shop.around(shop.reader.state())
        lacking = {
            name
            for name in shop.reader.files()
            if "@." not in name and audit(shop.reader.unit(name), around).assignments
        }
        blank = "t-with\\x20blank.service"
        assert "t-alias.service" not in shop.reader.files(), "it is another name of t-real.service"
        assert lacking == {"t-real.service", "t-hm.service", "t-1st.service", blank}

        assert shop.repair("t-alias.service").path == f"{manager.units}/t-real.service.d/50-gowatchd.conf"
        assert manager.show("t-alias.service", "Environment") == SET
        assert shop.repair("t-masked.service").outcome is Outcome.NOTHING
        assert shop.repair("t-run.service").outcome is Outcome.NOTHING
        assert shop.repair("t-hm.service").path == f"{manager.units}/t-hm.service.d/50-gowatchd.conf"
        assert [one.name for one in store.iterdir()] == ["t-hm.service"]
        for unit in (blank, "t-1st.service"):
            assert shop.repair(unit).outcome is Outcome.REPAIRED
            assert manager.show(unit, "Environment") == SET
        instance = "t-tpl@my\\x20ws-a.service"
        assert shop.repair(instance).path == f"{manager.units}/t-tpl@.service.d/50-gowatchd.conf"
        assert manager.show("t-tpl@other.service", "Environment") == SET
        # a generated unit is repaired at its person's wish only: it is none of the files in their folder
        assert "t-made.service" not in shop.reader.files()
        assert shop.repair("t-made.service", asked=True).outcome is Outcome.REPAIRED
        assert manager.show("t-made.service", "Environment") == SET
    finally:
        generator.unlink()


@pytest.fixture
def cared(manager):
    daemon = Cared(manager)
    yield daemon
    daemon.stop()
    for state in manager.home.joinpath(".local/state/gowatchd").glob("*"):
        state.unlink()


def loaded(manager, count):
    """Say whether all units have their variable, in the manager's memory."""
    shown = manager.systemctl(
        "show", "-p", "Environment", *(f"t-{number}.service" for number in range(count))
    )
    return shown.count(SET) == count


def repaired(folders):
    return sum(one.exists() for one in folders)


def hidden(manager):
    return [path for path in manager.tree() if "/." in path or path.startswith(".")]


def test_a_daemon_that_is_killed_again_and_again_leaves_nothing_half_done(manager, cared):
    count, chance = 12, random.Random(7)
    before = load(manager, **{str(number): KEEP for number in range(count)})
    manager.systemctl("start", *(f"t-{number}.service" for number in range(count)))
    folders = [manager.units / f"t-{number}.service.d" for number in range(count)]
    for target in range(1, count, 2):
        cared.start()
        wait_for(lambda: repaired(folders) >= target, "some repairs", 60)  # noqa: B023 called at once
        time.sleep(chance.random() * 0.02)  # somewhere between a write and the end of its reload
        cared.process.kill()
        cared.process.wait(20)
    cared.start()
    wait_for(lambda: loaded(manager, count), "every unit to have its variable", 120)
    assert not hidden(manager)
    assert cared.log.read_text().count("Traceback") == 0
    for number in range(count):
        assert cared.ask("env", f"t-{number}", "--undo")["outcome"] == "undone"
    assert manager.tree() == before


def test_a_bus_that_is_killed_in_the_middle(manager, cared):
    count = 12
    load(manager, **{str(number): KEEP for number in range(count)})
    manager.systemctl("start", *(f"t-{number}.service" for number in range(count)))
    folders = [manager.units / f"t-{number}.service.d" for number in range(count)]
    cared.start()
    for target in (1, 5):
        wait_for(lambda: repaired(folders) >= target, "some repairs", 60)  # noqa: B023 called at once
        bus = int(manager.show("dbus.service", "MainPID"))
        os.kill(bus, signal.SIGKILL)
        # the socket starts another one at the first who asks
        old = {str(bus), "0"}
        wait_for(lambda: manager.show("dbus.service", "MainPID") not in old, "the next bus", 30)  # noqa: B023 as above
    wait_for(lambda: loaded(manager, count), "every unit to have its variable", 120)
    assert not hidden(manager)
    assert cared.process.poll() is None
    assert "Traceback" not in cared.log.read_text()
