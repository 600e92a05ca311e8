import pytest

from gowatchd.services.history import History
from gowatchd.services.unit_audit import Surroundings, audit
from gowatchd.services.unit_auditing import Inspection
from gowatchd.services.unit_plan import Outcome
from gowatchd.services.unit_response import Response
from gowatchd.services.unit_state import UnitState
from gowatchd.services.unit_values import Values
from gowatchd.system.drop_in_files import DropInFiles
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.unitfile.needs import Command
from tests.support.silent_manager import SilentManager

NEEDS_A = (Command(("/bin/sh", "-c", "cd $$A")),)


class NoPrograms:
    def find(self, program, path):
        return f"/usr/bin/{program}"

    def is_trusted(self, directory):
        return True


class Folders:
    def __init__(self, folder):
        self.folder = folder

    def place(self, state):
        return self.folder


class Teller:
    def __init__(self):
        self.repairs = []

    def unit_repaired(self, repair, *, asked, runs):
        self.repairs.append((repair.unit, repair.outcome))


class Stage:
    """A response to two units that lack the same, which it may mend; the manager never reads a drop-in."""

    def __init__(self, folder):
        units = [UnitState(f"{name}.service", f"/u/{name}.service", commands=NEEDS_A) for name in "ab"]
        self.manager = SilentManager(*units)
        self.teller, self.pause = Teller(), ""
        self.store = HistoryDatabase(str(folder / "state"))
        files = DropInFiles()

        def around(state):
            values = Values(configured={"A": "1"})
            return Surroundings(state.environment, values, NoPrograms(), lambda _path: None)

        self.response = Response(
            self.manager,
            Folders(str(folder)),
            History(self.store, files),
            files,
            around,
            self.teller,
            apply=True,
            units=("*",),
            paused=lambda: self.pause,
        )
        audits = tuple(audit(unit, around(self.manager.state)) for unit in units)
        self.response.take(Inspection(audits, tuple(units), self.manager.state))


@pytest.fixture
def stage(tmp_path):
    stage = Stage(tmp_path)
    yield stage
    stage.store.close()


def test_a_pause_holds_back_what_is_on_its_way_and_its_end_brings_it(stage):
    stage.response.act()
    stage.pause = "paused until you say gowatchctl resume"
    stage.manager.answer()
    assert (stage.manager.reloads, stage.teller.repairs) == (0, [])
    stage.pause = ""
    stage.response.act()
    stage.manager.answer()
    assert stage.manager.reloads == 4, "each is written, and taken back again"
    assert stage.teller.repairs == [("a.service", Outcome.FAILED), ("b.service", Outcome.FAILED)]


def test_who_asks_for_a_repair_has_it_during_a_pause(stage):
    stage.pause = "paused"
    stage.response.repair("a.service", stage.manager.state, reload_others=False)
    stage.manager.answer()
    assert stage.manager.reloads == 2
    assert stage.teller.repairs == [("a.service", Outcome.FAILED)]
