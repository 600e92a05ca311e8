"""What we read in unit files against what a real systemd makes of them: words, variables, order, files.

Every unit of the table runs a program that writes down its arguments and its environment. Three readings have
to agree with that: ours of the files alone, ours of the properties on the bus, and what was really there.
"""

from __future__ import annotations

import os
import pwd
import sys

import pytest

from gowatchd.unitfile.drop_in import assignments_of, is_ours, render
from gowatchd.unitfile.effective import effective
from tests.support.unit_cases import (
    CASES,
    FILES,
    MASK,
    NASTY,
    Dumped,
    arguments,
    commands_of,
    dump_program,
    foreseen,
    reading,
    real,
    texts_of,
)
from tests.support.unit_reader import UnitReader
from tests.support.user_manager import obstacle, user_manager

pytestmark = pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-")


@pytest.fixture(scope="module")
def manager(tmp_path_factory):
    with user_manager(tmp_path_factory.mktemp("manager"), f"gowatchd-language-{os.getpid()}") as running:
        yield running


@pytest.fixture(scope="module")
def reader(manager):
    reader = UnitReader(manager)
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def ran(manager):
    """Write all units of the table and run them."""
    out, other, dump = manager.home / "out", manager.home / "other", manager.home / "dump"
    other.mkdir()
    out.mkdir()
    dump.write_text(dump_program(sys.executable, str(out)))
    dump.chmod(0o755)
    for name, data in FILES.items():
        (other / name).write_bytes(data)
    for name, text in texts_of(CASES, str(dump), str(other)).items():
        manager.write(name, "").write_bytes(text.encode())
    (manager.units / MASK).symlink_to("/dev/null")
    manager.systemctl("set-environment", "FROM_MANAGER=manager")
    manager.systemctl("daemon-reload")
    manager.systemctl("start", *(case.unit for case in CASES), check=False)
    return out


def by_case(test):
    return pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])(test)


@by_case
def test_the_bus_and_our_own_reading_say_what_the_process_got(ran, reader, manager, case):
    dumped = Dumped(ran / case.unit)
    unit = reader.unit(case.unit)
    files = reader.files(case.unit)[case.unit]
    specifiers = {"h": str(manager.home), "t": str(manager.runtime), "U": str(os.getuid()), "u": "root"}
    static, settings = reading(files, specifiers, reader.scan)
    state = reader.state()

    assert dumped.commands, manager.systemctl("status", case.unit, check=False)
    environment = real(dumped.environments[-1])
    assert foreseen(state.environment, unit.settings) == environment
    assert arguments(unit.commands, environment) == dumped.commands

    assert unit.drop_ins == files.drop_ins
    assert unit.fragment == files.fragment
    assert static.unsure is case.asks
    if not static.unsure:
        assert foreseen(state.environment, settings) == environment
        assert arguments(commands_of(static), environment) == dumped.commands


def test_nasty_values_come_back_byte_for_byte_from_the_bus_and_in_the_process(ran, reader, manager):
    values = {f"NASTY_{number}": value for number, value in enumerate(NASTY)}
    text = render("nasty.service", values, "all of them\nand [a] 'reason' %h \\")
    assert is_ours(text)
    assert assignments_of(text) == values
    manager.write("nasty.service", f"[Service]\nType=oneshot\nExecStart={manager.home}/dump %n\n")
    manager.write("nasty.service.d/50-gowatchd.conf", text)
    manager.systemctl("daemon-reload")
    on_the_bus = effective({}, reader.unit("nasty.service").settings).values
    assert {name: on_the_bus[name] for name in values} == values
    manager.systemctl("start", "nasty.service")
    (environment,) = Dumped(ran / "nasty.service").environments
    assert {name: environment[name] for name in values} == values


def test_the_manager_expands_the_specifiers_that_we_claim_to_know(ran, reader, manager):
    manager.write(
        "claims.service", f"[Service]\nType=oneshot\nExecStart={manager.home}/dump %n %h %t %u %U\n"
    )
    manager.systemctl("daemon-reload")
    manager.systemctl("start", "claims.service")
    (words,) = Dumped(ran / "claims.service").commands
    name = pwd.getpwuid(os.getuid()).pw_name
    assert words[2:] == (str(manager.home), str(manager.runtime), name, str(os.getuid()))


def test_a_file_that_systemd_takes_for_no_unit_is_none_to_us(ran, reader, manager):
    manager.write("ümlaut.service", "[Service]\nExecStart=/bin/true\n")
    manager.write("two words.service.d/a.conf", "[Service]\nEnvironment=A=1\n")
    listed = reader.files()
    assert "plain.service" in listed
    assert "with\\x20blank.service" in listed
    assert not [name for name in listed if "mlaut" in name or " " in name]


def test_a_command_that_is_not_utf8_is_on_no_bus_and_nothing_is_found_in_it(ran, reader, manager):
    manager.write("bytes.service", f"[Service]\nType=oneshot\nExecStart={manager.home}/dump %n \\xff $A\n")
    manager.systemctl("daemon-reload")
    unit = reader.unit("bytes.service")
    assert unit.load_state == "loaded"
    assert unit.commands == ()


def test_a_file_of_variables_that_systemd_refuses_is_missed(ran, reader, manager):
    for name, data in {"latin1": b"A=\xe9\n", "nul": b"A=1\0\n"}.items():
        (manager.home / "other" / name).write_bytes(data)
        manager.write(
            f"{name}.service",
            f"[Service]\nType=oneshot\nEnvironmentFile={manager.home}/other/{name}\nExecStart=/bin/true\n",
        )
        manager.systemctl("daemon-reload")
        manager.systemctl("start", f"{name}.service", check=False)
        assert manager.show(f"{name}.service", "Result") == "resources"
        assert reader.unit(f"{name}.service").lost_files == (f"{manager.home}/other/{name}",)
