import dataclasses

import pytest

from gowatchd.services.unit_audit import Surroundings, audit
from gowatchd.services.unit_findings import Kind, Offer, Origin
from gowatchd.services.unit_state import Process, UnitState
from gowatchd.services.unit_values import Values
from gowatchd.unitfile.effective import Settings
from gowatchd.unitfile.needs import Command

MANAGER = {"HOME": "/home/x", "PATH": "/usr/local/bin:/usr/bin", "LANG": "C.UTF-8"}


class Disk:
    """The programs of a machine, by folder."""

    def __init__(self, **folders):
        self.folders = {"/" + name.replace("_", "/"): programs for name, programs in folders.items()}
        self.untrusted = set()

    def find(self, program, path):
        for folder in path.split(":"):
            if program in self.folders.get(folder, ()):
                return f"{folder}/{program}"
        return None

    def is_trusted(self, directory):
        return directory not in self.untrusted


DISK = Disk(usr_bin=("sh", "make"), usr_local_go_bin=("go",), home_x_go_bin=("gopls", "air"))
SHELL = {
    "WORKSPACE_ROOT": "/home/x/src",
    "GOFLAGS": "-tags=it",
    "API_TOKEN": "t",
    "PATH": "/home/x/bin:/usr/bin",
}
VALUES = Values(
    login_shell=SHELL,
    go_env={"GOPATH": "/home/x/go"},
    toolchain="/usr/local/go/bin",
    go_folders=("/home/x/go/bin",),
)
AROUND = Surroundings(MANAGER, VALUES, DISK, lambda _path: None)


def unit(*words, **changes):
    state = UnitState("a.service", "/home/x/.config/systemd/user/a.service", commands=(Command(words),))
    return dataclasses.replace(state, **changes)


def found(state, around=AROUND):
    return [(one.kind, one.name, one.offer and one.offer.value) for one in audit(state, around).findings]


def test_a_variable_that_the_login_shell_has_is_offered():
    state = unit("/usr/bin/env", "sh", "-c", "cd $$WORKSPACE_ROOT && make")
    (finding,) = audit(state, AROUND).findings
    assert finding.kind is Kind.MISSING
    assert finding.offer == Offer("/home/x/src", Origin.LOGIN_SHELL)
    assert audit(state, AROUND).assignments == {"WORKSPACE_ROOT": "/home/x/src"}


def test_what_nobody_knows_is_not_spoken_of():
    assert found(unit("/bin/x", "$OPTIONS", "${ARGS}")) == []


@pytest.mark.parametrize(
    "settings",
    [
        Settings(assignments=("WORKSPACE_ROOT=/srv",)),
        Settings(assignments=("WORKSPACE_ROOT=",)),
        Settings(unset=("WORKSPACE_ROOT",)),
        Settings(files=({"WORKSPACE_ROOT": ""},)),
    ],
)
def test_what_the_author_decided_stands(settings):
    assert found(unit("/bin/x", "${WORKSPACE_ROOT}", settings=settings)) == []


def test_a_secret_is_explained_and_never_offered():
    (finding,) = audit(unit("/bin/x", "${API_TOKEN}"), AROUND).findings
    assert finding.offer is None
    assert "LoadCredential" in finding.advice
    assert "t" not in {finding.message, finding.advice}


def test_the_configuration_goes_before_the_shell_and_can_demand():
    values = dataclasses.replace(VALUES, configured={"WORKSPACE_ROOT": "/conf"})
    around = dataclasses.replace(AROUND, values=values, required=lambda _unit: ("WORKSPACE_ROOT",))
    (finding,) = audit(unit("/bin/x"), around).findings
    assert finding.offer == Offer("/conf", Origin.CONFIGURATION)
    assert "configuration" in finding.message


def test_go_needs_its_folder_on_the_path_and_the_shells_settings():
    assert found(unit("/bin/sh", "-c", "go build ./...")) == [
        (Kind.MISSING, "GOFLAGS", "-tags=it"),
        (Kind.MISSING, "PATH", "/usr/local/go/bin:/usr/local/bin:/usr/bin"),
    ]


def test_tools_go_last_on_the_path_and_one_finding_carries_all():
    assert found(unit("/bin/sh", "-c", "air; go vet"))[-1] == (
        Kind.MISSING,
        "PATH",
        "/usr/local/go/bin:/usr/local/bin:/usr/bin:/home/x/go/bin",
    )


def test_a_folder_that_others_may_write_to_is_never_put_on_the_path():
    disk = Disk(usr_local_go_bin=("go",))
    disk.untrusted.add("/usr/local/go/bin")
    names = [
        name
        for _, name, _ in found(unit("/bin/sh", "-c", "go vet"), dataclasses.replace(AROUND, programs=disk))
    ]
    assert "PATH" not in names


def test_go_env_answers_only_for_what_is_required():
    assert found(unit("/bin/x", "${GOPATH}")) == [(Kind.MISSING, "GOPATH", "/home/x/go")]
    around = dataclasses.replace(AROUND, values=dataclasses.replace(VALUES, login_shell={}))
    assert found(unit("/usr/local/go/bin/go", "env"), around) == [
        (Kind.MISSING, "PATH", "/usr/local/go/bin:/usr/local/bin:/usr/bin")
    ]


@pytest.mark.parametrize("value", ["/x:$PATH", "${HOME}/x", "~/go", "/x:~/bin"])
def test_what_systemd_does_not_expand_in_a_value(value):
    state = unit("/bin/x", settings=Settings(assignments=(f"A={value}",)))
    assert found(state) == [(Kind.LITERAL, "A", None)]


def test_a_plain_value_is_not_taken_for_an_expansion():
    state = unit("/bin/x", settings=Settings(assignments=("A=a~b", "B=100$", "C=x$1", "D=~user/x")))
    assert found(state) == []


def test_a_program_without_a_slash_is_looked_up_in_the_fixed_path():
    assert (Kind.NOT_FOUND, "gopls", None) in found(unit("gopls"))
    assert found(unit("make")) == []
    searched = unit(
        "gopls", settings=Settings(search_path=("/home/x/go/bin", "/usr/bin", "/usr/local/go/bin"))
    )
    assert (Kind.NOT_FOUND, "gopls", None) not in found(searched)


def test_a_failure_that_a_missing_program_explains():
    assert found(unit("/bin/x", process=Process(0, "exit-code", 203))) == [(Kind.FAILED, "203", None)]
    assert found(unit("/bin/x", process=Process(0, "exit-code", 127))) == [(Kind.FAILED, "127", None)]
    assert found(unit("/bin/x", process=Process(0, "exit-code", 1))) == []


def test_a_process_older_than_its_units_environment():
    settings = Settings(assignments=("A=new", "B=same"))
    state = unit("/bin/x", settings=settings, process=Process(7, environment={"A": "old", "B": "same"}))
    (finding,) = audit(state, AROUND).findings
    assert (finding.kind, finding.name) == (Kind.STALE, "A")
    assert "process 7" in finding.message
    fresh = unit("/bin/x", settings=settings, process=Process(7, environment={"A": "new", "B": "same"}))
    assert found(fresh) == []


@pytest.mark.parametrize("changes", [{"transient": True}, {"fragment": ""}])
def test_what_no_drop_in_can_help_is_explained(changes):
    (finding,) = audit(unit("/bin/x", "${WORKSPACE_ROOT}", **changes), AROUND).findings
    assert finding.offer is None
    assert finding.advice


def test_a_masked_unit_is_left_alone():
    assert found(unit("/bin/x", "${WORKSPACE_ROOT}", load_state="masked")) == []


def test_what_the_configuration_requires_is_told_even_where_nobody_knows_it():
    around = dataclasses.replace(
        AROUND, required=lambda name: ("NOBODY", "GOFLAGS") if name == "a.service" else ()
    )
    unknown, known = audit(unit("/bin/true"), around).findings
    assert (unknown.name, unknown.offer) == ("NOBODY", None)
    assert "[env.values]" in unknown.advice
    assert known.offer == Offer("-tags=it", Origin.LOGIN_SHELL)
    assert found(unit("/bin/true", settings=Settings(assignments=("NOBODY=", "GOFLAGS="))), around) == []


def test_the_journal_counts_for_what_a_command_still_names():
    names = ("XDG_DATA_HOME", "OPTIONS", "GOFLAGS", "EARLIER", "WORKSPACE_ROOT")
    around = dataclasses.replace(AROUND, said_unset=lambda _unit: names)
    state = unit("/usr/bin/x", "${XDG_DATA_HOME}/y", "$OPTIONS", "${GOFLAGS}")
    assert found(state, around) == [
        (Kind.MISSING, "XDG_DATA_HOME", None),
        (Kind.MISSING, "GOFLAGS", "-tags=it"),
    ]
