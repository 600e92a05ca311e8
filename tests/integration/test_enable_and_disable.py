"""enable and disable with a real user manager, and without one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.user_manager import obstacle, user_manager

ROOT = Path(__file__).resolve().parents[2]
UNIT = """[Service]
Type=exec
ExecStart=/bin/sleep infinity
[Install]
WantedBy=default.target
"""


def ctl(environment, *arguments, enter=()):
    return subprocess.run(
        [*enter, sys.executable, "-m", "gowatchd.cli.main", *arguments],
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def manager(tmp_path_factory):
    """A manager that has the unit from elsewhere, enabled for everybody."""
    if reason := obstacle():
        pytest.skip(reason)
    with user_manager(tmp_path_factory.mktemp("manager"), "gowatchd-enable") as manager:
        everybodys = Path(f"/proc/{manager.process}/root/run/systemd/user")
        (everybodys / "default.target.wants").mkdir(parents=True)
        (everybodys / "gowatchd.service").write_text(UNIT)
        (everybodys / "default.target.wants/gowatchd.service").symlink_to("../gowatchd.service")
        manager.systemctl("daemon-reload")
        yield manager


def inside(manager, *arguments):
    """Run gowatchctl where /run says that systemd is there: elsewhere systemctl does things by itself."""
    enter = ("nsenter", f"--target={manager.process}", "--mount", f"--wd={ROOT}", "--")
    return ctl(manager.environment, *arguments, enter=enter)


def shown(manager):
    return manager.show("gowatchd.service", "UnitFileState"), manager.show("gowatchd.service", "ActiveState")


def test_off_and_on_again(manager):
    manager.systemctl("start", "gowatchd.service")
    done = inside(manager, "disable", "-n")
    assert done.stdout.startswith("would be: gowatchd is stopped")
    assert shown(manager)[1] == "active"
    done = inside(manager, "disable")
    assert done.stderr == ""
    assert done.stdout == ("gowatchd is stopped, and does not start any more for you: gowatchctl enable\n")
    assert shown(manager) == ("masked", "inactive")
    manager.systemctl("start", "default.target")
    assert shown(manager)[1] == "inactive"
    again = json.loads(inside(manager, "disable", "--json").stdout)
    assert (again["outcome"], again["state"], again["active"]) == ("already", "masked", False)
    refused = inside(manager, "status")
    assert (refused.returncode, "gowatchctl enable" in refused.stderr) == (3, True)
    done = json.loads(inside(manager, "enable", "--json").stdout)
    assert (done["outcome"], done["active"]) == ("enabled", True)
    assert shown(manager)[1] == "active"
    assert inside(manager, "enable").stdout == "gowatchd runs, and starts with your session\n"
    assert not (manager.units / "gowatchd.service").is_symlink(), "it is enabled for everybody as it is"


def test_a_unit_file_of_ones_own_is_not_overwritten(manager):
    everybodys = Path(f"/proc/{manager.process}/root/run/systemd/user/default.target.wants/gowatchd.service")
    everybodys.unlink()
    own = manager.write("gowatchd.service", UNIT)
    manager.systemctl("daemon-reload")
    assert inside(manager, "enable").returncode == 0
    assert shown(manager) == ("enabled", "active")
    assert inside(manager, "disable").returncode == 0
    assert shown(manager) == ("disabled", "inactive")
    assert own.read_text() == UNIT
    everybodys.symlink_to("../gowatchd.service")
    assert inside(manager, "enable").returncode == 0
    done = inside(manager, "disable")
    assert done.stderr.startswith("gowatchctl: gowatchd.service is enabled-runtime and inactive nonetheless")
    assert done.returncode == 1
    own.unlink()
    manager.systemctl("daemon-reload")


def test_there_is_no_such_unit(manager):
    everybodys = Path(f"/proc/{manager.process}/root/run/systemd/user/gowatchd.service")
    everybodys.unlink()
    manager.systemctl("daemon-reload")
    for verb in ("enable", "disable"):
        done = inside(manager, verb)
        assert (done.returncode, done.stdout) == (4, "")
        assert "there is no gowatchd.service here" in done.stderr


@pytest.mark.parametrize("verb", ["enable", "disable"])
def test_there_is_no_manager(tmp_path, verb):
    nobody = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(tmp_path)}
    done = ctl(nobody, verb)
    assert (done.returncode, done.stdout) == (69, "")
    assert done.stderr.startswith(
        "gowatchctl: no systemd user manager can be reached here (Failed to connect to"
    )
    done = ctl({**nobody, "PATH": str(tmp_path)}, verb)
    assert (done.returncode, done.stdout) == (69, "")
    assert "there is no systemd here" in done.stderr
