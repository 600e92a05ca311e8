import dataclasses

import pytest

from gowatchd.services.unit_audit import Surroundings
from gowatchd.services.unit_auditing import Inspector
from gowatchd.services.unit_findings import Kind
from gowatchd.services.unit_ports import LoadedUnit, UnitFiles
from gowatchd.services.unit_report import report
from gowatchd.services.unit_state import Process, UnitState
from gowatchd.services.unit_values import Values
from gowatchd.unitfile.needs import Command
from tests.support.scheduler import ManualScheduler
from tests.support.silent_manager import SilentManager

NEEDS_A = "[Service]\nExecStart=/bin/sh -c 'cd $$A'\n"
FINE = "[Service]\nExecStart=/bin/true\n"


class NoPrograms:
    def find(self, program, path):
        return f"/usr/bin/{program}"

    def is_trusted(self, directory):
        return True


class Folders:
    def __init__(self, **texts):
        self.texts = {name.replace("_", "@"): text for name, text in texts.items()}
        self.strangers = set()
        self.read = None  # called for each unit that is read

    def units(self, state, also):
        for name, text in self.texts.items():
            if self.read is not None:
                self.read()
            yield UnitFiles(
                f"{name}.service", f"/u/{name}.service", (), (text,), own=name not in self.strangers
            )

    def place(self, state):
        return "/u"

    def environment_files(self, named):
        return (), ()


class Bench:
    def __init__(self, folders, *units):
        self.time = ManualScheduler()
        self.manager = SilentManager(*units)
        self.folders = folders
        self.found = []
        values = Values(login_shell={"A": "1"})
        self.inspector = Inspector(
            self.time,
            self.manager,
            folders,
            lambda environment: Surroundings(environment, values, NoPrograms(), lambda _path: None),
            self.found.append,
        )

    def inspect(self):
        self.inspector.inspect()
        self.manager.answer()
        self.time.advance(1)
        self.manager.answer()
        return self.found[-1]


def test_what_reading_settles_is_not_asked_of_systemd():
    bench = Bench(Folders(a=NEEDS_A, b=FINE))
    found = bench.inspect()
    assert [(one.unit, one.assignments) for one in found.audits] == [
        ("a.service", {"A": "1"}),
        ("b.service", {}),
    ]
    assert bench.manager.asked == []
    assert [one.name for one in found.states] == ["a.service", "b.service"]


def test_systemd_is_asked_of_units_that_failed_or_run_with_settings_of_their_own():
    running = f"{FINE}Environment=X=1\n"
    bench = Bench(
        Folders(a=FINE, b=running, c=running, d=running),
        UnitState("a.service", "/u/a.service", commands=(Command(("/bin/sh", "-c", "cd $A")),)),
        UnitState("b.service", process=Process(7, environment={"X": "old"})),
        UnitState("d.service", "/u/d.service", needs_reload=True),
    )
    bench.manager.loaded = (
        LoadedUnit("a.service", "loaded", "failed"),
        LoadedUnit("b.service", "loaded", "active"),
        LoadedUnit("c.service", "loaded", "inactive"),
        LoadedUnit("d.service", "loaded", "active"),
    )
    found = bench.inspect()
    assert bench.manager.asked == ["a.service", "b.service: process", "d.service: process", "d.service"]
    assert found.audits[0].assignments == {"A": "1"}, "what systemd says counts, not what was read"
    assert [one.kind for one in found.audits[1].findings] == [Kind.STALE]
    assert len(found.audits) == 4


def test_a_unit_that_systemd_does_not_answer_for_is_left_out_and_an_alias_is_the_same_unit():
    bench = Bench(Folders(a=FINE, alias=FINE, gone=FINE), UnitState("a.service", "/u/a.service"))
    bench.manager.units["alias.service"] = bench.manager.units["a.service"]
    bench.manager.loaded = tuple(
        LoadedUnit(f"{name}.service", "loaded", "failed") for name in ("a", "alias", "gone")
    )
    assert [one.unit for one in bench.inspect().audits] == ["a.service"]


def test_units_of_others_are_not_read():
    folders = Folders(a=NEEDS_A)
    folders.strangers = {"a"}
    assert Bench(folders).inspect().audits == ()


def test_a_manager_that_does_not_answer_is_the_reason():
    bench = Bench(Folders(a=NEEDS_A))
    bench.manager.state = None
    assert bench.inspect().reason == "the user manager does not answer"


def test_much_reading_lets_others_have_the_loop():
    folders = Folders(**{f"u{number}": FINE for number in range(10)})
    bench = Bench(folders)
    steps = []

    def read():
        bench.time.time += 0.003
        steps.append(bench.time.time)

    folders.read = read
    bench.inspector.inspect()
    bench.manager.answer()
    assert len(steps) == 2, "5 ms hold no more than two units of 3 ms"
    assert not bench.found
    bench.time.advance(1)
    assert len(bench.found[-1].audits) == 10


@pytest.mark.parametrize("closed", [True, False])
def test_an_audit_that_is_given_up_or_begun_anew_is_silent(closed):
    bench = Bench(Folders(a=NEEDS_A))
    bench.inspector.inspect()
    if closed:
        bench.inspector.close()
    else:
        bench.inspector.inspect()
    bench.manager.answer()
    bench.time.advance(1)
    assert len(bench.found) == (0 if closed else 1)


def test_the_report_has_own_units_and_on_request_those_of_others_with_findings():
    found = Bench(Folders(a=NEEDS_A, b=FINE)).inspect()
    foreign = tuple(dataclasses.replace(one, own=False) for one in found.audits)
    audits = dataclasses.replace(found, audits=foreign)
    assert report(audits, "apply", "", everybodys=False)["units"] == []
    (unit,) = report(audits, "apply", "", everybodys=True)["units"]
    assert (unit["unit"], unit["own"], unit["drop_in"]) == ("a.service", False, None)


def test_the_report_names_our_drop_in_and_cuts_a_long_value():
    found = Bench(Folders(a=NEEDS_A)).inspect()
    ours = "/u/a.service.d/50-gowatchd.conf"
    state = dataclasses.replace(found.states[0], drop_ins=("/u/a.service.d/10.conf", ours))
    long = dataclasses.replace(
        found.audits[0].findings[0],
        offer=dataclasses.replace(found.audits[0].findings[0].offer, value="x" * 999),
    )
    audit = dataclasses.replace(found.audits[0], findings=(long,))
    answer = report(
        dataclasses.replace(found, states=(state,), audits=(audit,)), "apply", "\udcff", everybodys=False
    )
    (unit,) = answer["units"]
    assert unit["drop_in"] == ours
    assert unit["findings"][0]["value"] == "x" * 200
    assert unit["findings"][0]["origin"] == "login shell"
    assert answer["reason"] == "\N{REPLACEMENT CHARACTER}"
