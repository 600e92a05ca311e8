"""The care of user units by the installed package, on a booted Debian with a real user manager.

What systemd makes of unit files is held against our reading of them here too: its versions differ.
"""

from __future__ import annotations

import base64
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from gowatchd.services.unit_ports import ManagerState
from gowatchd.system.environment_files import read_environment_files
from gowatchd.system.unit_folders import UnitFolderScan
from gowatchd.unitfile.drop_in import render
from tests.support.booted import obstacle
from tests.support.booted_desktop import Desktop
from tests.support.booted_go import install_go
from tests.support.bus import wait_for
from tests.support.go import needs_go
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.support.booted import Booted

pytestmark = [pytest.mark.booted, needs_go, pytest.mark.skipif(bool(obstacle()), reason=obstacle())]

UNITS = ".config/systemd/user"
HOME = "/home/dev"
SYNC = """\
[Unit]
Description=Fetch what the workspace needs

[Service]
Type=oneshot
ExecStart=/usr/bin/env sh -c 'cd "$$WORKSPACE_ROOT" && go env GOPROXY > %h/said'
"""
PROFILE = """\
echo welcome
export WORKSPACE_ROOT="$HOME/my src"
export XDG_CONFIG_HOME="$HOME/settings"
export PATH="/usr/local/go/bin:$PATH"
export NPM_TOKEN=hush
"""


@pytest.fixture(scope="module")
def person(machine: Booted) -> Desktop:
    """Somebody whose login shell knows what their units do not, with a unit that fails for it."""
    return Desktop(machine, machine.add_person("dev"))


def unpack(person: Desktop, folder: str, files: Mapping[str, bytes]) -> None:
    """Write ``files`` below ``folder``, as the person; one call for all of them."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o755
            archive.addfile(entry, io.BytesIO(data))
    person.run(
        "sh",
        "-c",
        'mkdir -p "$1" && base64 -d | tar -x -C "$1" --no-same-owner',
        "sh",
        folder,
        stdin=base64.b64encode(packed.getvalue()).decode(),
    )


def show(person: Desktop, unit: str, name: str) -> str:
    return person.run("systemctl", "--user", "show", unit, "-P", name).stdout.strip()


class Outside:
    """The person's folders as they are seen from outside the container."""

    def __init__(self, machine: Booted) -> None:
        self.root = str(machine.path("/")).rstrip("/")
        self.units = f"{self.root}{HOME}/{UNITS}"
        self.scan = UnitFolderScan(f"{self.root}{HOME}", "")

    def environment_files(
        self, named: Iterable[str]
    ) -> tuple[tuple[Mapping[str, str], ...], tuple[str, ...]]:
        return read_environment_files((self.root + name.lstrip("-"), name.startswith("-")) for name in named)


@pytest.fixture(scope="module")
def ran(machine: Booted, person: Desktop) -> Path:
    """Run all units of the table, before gowatchd is there."""
    out = f"{HOME}/out"
    texts = {name: text.encode() for name, text in texts_of(CASES, f"{HOME}/dump", f"{HOME}/other").items()}
    nasty = {f"NASTY_{number}": value for number, value in enumerate(NASTY)}
    texts["nasty.service"] = f"[Service]\nType=oneshot\nExecStart={HOME}/dump %n\n".encode()
    texts["nasty.service.d/50-gowatchd.conf"] = render("nasty.service", nasty, "a test").encode()
    unpack(person, HOME, {"dump": dump_program("/usr/bin/python3", out).encode()})
    unpack(person, f"{HOME}/other", FILES)
    unpack(person, f"{HOME}/{UNITS}", texts)
    person.run("sh", "-c", f"mkdir {out} && ln -s /dev/null {UNITS}/{MASK}")
    person.run("systemctl", "--user", "set-environment", "FROM_MANAGER=manager")
    person.run("systemctl", "--user", "daemon-reload")
    units = [case.unit for case in CASES]
    start = ("systemctl", "--user", "start", "nasty.service", *units)
    machine.run(*start, person=person.person, check=False, timeout=120)
    return machine.path(out)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_our_reading_of_the_files_says_what_the_process_got(
    ran: Path, machine: Booted, person: Desktop, case: Any
) -> None:
    outside = Outside(machine)
    state = ManagerState({}, (outside.units,))
    files = next(one for one in outside.scan.units(state, (case.unit,)) if one.name == case.unit)
    specifiers = {
        "h": HOME,
        "t": person.person.environment["XDG_RUNTIME_DIR"],
        "u": "dev",
        "U": str(person.person.uid),
    }
    static, settings = reading(files, specifiers, outside)
    if static.unsure:
        assert case.asks
        return
    dumped = Dumped(ran / case.unit)
    assert dumped.commands, person.run("systemctl", "--user", "status", case.unit, check=False).stdout
    manager = dict(
        line.partition("=")[::2]
        for line in person.run("systemctl", "--user", "show-environment").stdout.splitlines()
    )
    environment = real(dumped.environments[-1])
    assert foreseen(manager, settings) == environment
    assert arguments(commands_of(static), environment) == dumped.commands


def test_nasty_values_reach_the_process_byte_for_byte(ran: Path) -> None:
    (environment,) = Dumped(ran / "nasty.service").environments
    assert {name: value for name, value in environment.items() if name.startswith("NASTY_")} == {
        f"NASTY_{number}": value for number, value in enumerate(NASTY)
    }


@pytest.fixture(scope="module")
def cared(machine: Booted, person: Desktop, ran: Path) -> Desktop:
    """Install the package beside one unit that fails, with nothing else in the unit folder."""
    assert ran.is_dir()
    person.run("rm", "-r", UNITS)
    person.run("systemctl", "--user", "unset-environment", "FROM_MANAGER")
    person.write(f"{UNITS}/sync.service", SYNC)
    person.write("./.bash_profile", PROFILE)
    person.run("mkdir", "my src")
    install_go(machine)
    wanted = "GOPROXY=https://proxy.corp.example"
    person.run("bash", "-lc", 'go env -w "$1"', "bash", wanted)
    assert person.read("settings/go/env") == f"{wanted}\n"
    person.run("systemctl", "--user", "daemon-reload")
    person.run("systemctl", "--user", "start", "sync.service", check=False)
    assert show(person, "sync.service", "Result") == "exit-code"
    person.write("./before", tree(person))
    machine.run("apt-get", "install", "-y", "/root/gowatchd.deb", timeout=300)
    wait_for(lambda: person.unit("ActiveState") == "active", "the service is active")
    return person


def tree(person: Desktop) -> str:
    """Return every path below the unit folder with its kind, mode and checksum."""
    listing = "find . -printf '%y %m %p %l\\n' | sort; find . -type f | sort | xargs -d '\\n' sha256sum"
    return person.run("sh", "-c", f"cd {UNITS} && {listing}").stdout


def drop_in_of(person: Desktop, unit: str) -> str | None:
    answer = person.run("gowatchctl", "--json", "env", check=False).stdout
    units = {one["unit"]: one for one in json.loads(answer)["units"]} if answer else {}
    return units[unit]["drop_in"] if unit in units else None


def test_a_unit_that_fails_is_repaired_by_the_hardened_service(cared: Desktop) -> None:
    path = f"{HOME}/{UNITS}/sync.service.d/50-gowatchd.conf"
    wait_for(lambda: drop_in_of(cared, "sync.service") == path, "the repair", 60)
    text = cared.read(f"{UNITS}/sync.service.d/50-gowatchd.conf")
    assert 'Environment="PATH=/usr/local/go/bin:' in text
    assert f'Environment="WORKSPACE_ROOT={HOME}/my src"' in text
    assert f'Environment="XDG_CONFIG_HOME={HOME}/settings"' in text
    assert "hush" not in text
    assert cared.run("stat", "-c", "%a %U", path).stdout == "600 dev\n"
    cared.run("systemctl", "--user", "start", "sync.service")
    assert cared.read("said") == "https://proxy.corp.example\n"
    assert show(cared, "sync.service", "NeedDaemonReload") == "no"


def test_the_undo_puts_everything_back_and_the_unit_fails_again(cared: Desktop) -> None:
    cared.run("gowatchctl", "env", "sync", "--undo")
    assert tree(cared) == cared.read("before")
    wait_for(lambda: show(cared, "sync.service", "Environment") == "", "the undo is loaded")
    cared.run("systemctl", "--user", "start", "sync.service", check=False)
    assert show(cared, "sync.service", "Result") == "exit-code"


def test_its_person_can_have_it_again_and_take_it_back_with_undo(cared: Desktop) -> None:
    cared.run("gowatchctl", "env", "sync", "--apply")
    cared.run("systemctl", "--user", "start", "sync.service")
    assert show(cared, "sync.service", "Result") == "success"
    cared.run("gowatchctl", "undo")
    assert tree(cared) == cared.read("before")


def test_a_person_without_units_is_left_alone(machine: Booted, cared: Desktop) -> None:
    other = Desktop(machine, machine.add_person("quiet"))
    wait_for(lambda: other.unit("ActiveState") == "active", "their service is active")
    wait_for(
        lambda: "no service units of your own" in other.run("gowatchctl", "env", check=False).stdout,
        "their audit",
        60,
    )
    assert not machine.path(f"/home/quiet/{UNITS}").exists()
