import pytest

from gowatchd.services.history import History, UndoOutcome
from gowatchd.services.shared_environment import SharedWriter, plan_shared, shared_path
from gowatchd.services.unit_auditing import Inspection
from gowatchd.services.unit_findings import Audit, Finding, Kind, Offer, Origin
from gowatchd.services.unit_plan import Outcome, RefusedError
from gowatchd.services.unit_ports import ManagerState
from gowatchd.services.unit_state import UnitState
from gowatchd.services.unit_values import Values
from gowatchd.system.drop_in_files import DropInFiles
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.unitfile import drop_in
from tests.support.silent_manager import SilentManager

SHELL = {"GOPRIVATE": "corp", "API_TOKEN": "t", "TERM": "x", "PATH": "/opt/x/bin"}
VALUES = Values(login_shell=SHELL)


def lacking(unit, **values):
    findings = tuple(
        Finding(unit, Kind.MISSING, name, "m", Offer(value, Origin.LOGIN_SHELL))
        for name, value in values.items()
    )
    return Audit(unit, findings)


def inspection(*audits, drop_ins=()):
    states = tuple(UnitState(one.unit, drop_ins=tuple(drop_ins)) for one in audits)
    return Inspection(audits, states, ManagerState({"PATH": "/usr/bin:/bin"}, ()))


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / ".config/systemd/user"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def history(tmp_path):
    store = HistoryDatabase(str(tmp_path / "state"))
    yield History(store, DropInFiles())
    store.close()


def planned(folder, found, *names):
    return plan_shared(found, names, VALUES, str(folder), DropInFiles())


def test_only_what_two_units_lack_with_the_same_value_is_shared(folder):
    found = inspection(
        lacking("a.service", A="1", B="x", PATH="/go/bin:/usr/bin:/bin:/last"),
        lacking("b.service", A="1", B="y", PATH="/go/bin:/usr/bin:/bin:/last"),
        lacking("c.service", C="1"),
    )
    plan = planned(folder, found)
    assert plan.path == str(folder.parents[1] / "environment.d/99-gowatchd.conf")
    assert plan.path == shared_path(str(folder))
    assert dict(plan.shared.values) == {"A": "1"}
    assert (plan.shared.first, plan.shared.last) == (("/go/bin",), ("/last",))


def test_what_our_drop_ins_gave_counts_as_needed(folder):
    given = folder / "50-gowatchd.conf"
    given.write_text(drop_in.render("a.service", {"A": "1"}, "w"))
    found = inspection(lacking("a.service"), lacking("b.service"), drop_ins=[str(given)])
    assert dict(planned(folder, found).shared.values) == {"A": "1"}


def test_what_is_there_stays_and_nothing_is_an_empty_file(folder, history):
    assert planned(folder, inspection()).after == b""
    write(planned(folder, inspection(), "GOPRIVATE"), history)
    two = inspection(lacking("a.service", A="1"), lacking("b.service", A="1"))
    assert dict(planned(folder, two).shared.values) == {"A": "1", "GOPRIVATE": "corp"}


@pytest.mark.parametrize(
    ("name", "words"),
    [("NOBODY", "nothing sets"), ("API_TOKEN", "secret"), ("TERM", "one session"), ("PATH", "not copied")],
)
def test_what_may_not_be_shared_is_refused_with_its_reason(folder, name, words):
    with pytest.raises(RefusedError, match=words):
        planned(folder, inspection(), name)


def test_a_file_of_somebody_else_is_left_alone(folder):
    path = folder.parents[1] / "environment.d/99-gowatchd.conf"
    path.parent.mkdir()
    path.write_text("MINE=1\n")
    with pytest.raises(RefusedError, match="left alone"):
        planned(folder, inspection(), "GOPRIVATE")


def write(plan, history, manager=None, *, reload_others=False):
    said = []
    manager = manager or SilentManager()
    if manager.state is not None and "GOPRIVATE" not in manager.state.environment:
        manager.state = ManagerState({"GOPRIVATE": "corp", "PATH": "/bin"}, ())
    SharedWriter(manager, history, DropInFiles(), said.append).write(plan, reload_others=reload_others)
    manager.answer()
    (repair,) = said
    return repair


def test_it_is_written_loaded_and_taken_back(folder, history):
    plan = planned(folder, inspection(), "GOPRIVATE")
    manager = SilentManager()
    repair = write(plan, history, manager)
    assert (repair.outcome, repair.unit, repair.names) == (Outcome.REPAIRED, "environment.d", ("GOPRIVATE",))
    assert manager.reloads == 1
    assert history.withdraw(plan.path).outcome is UndoOutcome.UNDONE
    assert not (folder.parents[1] / "environment.d").exists()


def test_another_value_of_the_session_is_said(folder, history):
    manager = SilentManager()
    manager.state = ManagerState({"GOPRIVATE": "from the desktop"}, ())
    repair = write(planned(folder, inspection(), "GOPRIVATE"), history, manager)
    assert repair.outcome is Outcome.REPAIRED
    assert "next login" in repair.message


def test_somebody_elses_edit_postpones_it_unless_asked(folder, history):
    plan = planned(folder, inspection(), "GOPRIVATE")
    manager = SilentManager()
    manager.changed = ("other.service",)
    repair = write(plan, history, manager)
    assert (repair.outcome, manager.reloads) == (Outcome.POSTPONED, 0)
    assert "other.service changed on disk" in repair.message
    assert not (folder.parents[1] / "environment.d").exists()
    assert write(plan, history, manager, reload_others=True).outcome is Outcome.REPAIRED


def test_a_reload_that_fails_leaves_nothing(folder, history):
    manager = SilentManager()
    manager.errors = ["no space in /run"]
    plan = planned(folder, inspection(), "GOPRIVATE")
    repair = write(plan, history, manager)
    assert (repair.outcome, manager.reloads) == (Outcome.FAILED, 2)
    assert "no space in /run" in repair.message
    assert not (folder.parents[1] / "environment.d").exists()
    assert not history.undid(plan.path, plan.after)


def test_a_manager_that_goes_away_leaves_nothing(folder, history):
    said, manager = [], SilentManager()
    writer = SharedWriter(manager, history, DropInFiles(), said.append)
    writer.write(planned(folder, inspection(), "GOPRIVATE"), reload_others=False)
    manager.owed.pop(0)()  # no other unit changed: it writes, and waits for the reload
    assert (folder.parents[1] / "environment.d").exists()
    with pytest.raises(RefusedError, match="already"):
        writer.write(planned(folder, inspection(), "GOPRIVATE"), reload_others=False)
    writer.give_up("the manager is gone")
    manager.answer()
    assert [one.outcome for one in said] == [Outcome.FAILED]
    assert not (folder.parents[1] / "environment.d").exists()


def test_nothing_to_do_is_said(folder, history):
    assert write(planned(folder, inspection()), history).outcome is Outcome.NOTHING
