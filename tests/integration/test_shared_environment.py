"""Variables for all units, and what the doctor says, beside a real user manager."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.bus import wait_for
from tests.support.cared import Cared
from tests.support.go import ROOT
from tests.support.user_manager import obstacle, user_manager

pytestmark = pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-")

USES = "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo \"$$GOPRIVATE\" >> %h/said'\n"


@pytest.fixture
def manager(tmp_path):
    with user_manager(tmp_path, f"gowatchd-shared-{os.getpid()}") as running:
        running.home.joinpath(".profile").write_text(
            "export GOPRIVATE='corp.example/$x,\"y\"' API_TOKEN=hush TERM_PROGRAM=x\n"
            "PATH=$PATH:/opt/nowhere/bin\n"
        )
        configuration = running.home / ".config/gowatchd/config.toml"
        configuration.parent.mkdir(parents=True)
        configuration.write_text('[env]\npolicy = "suggest"\n')
        running.write("one.service", USES)
        running.write("two.service", USES)
        yield running


def gowatchctl(cared, *words):
    return subprocess.run(
        [sys.executable, "-m", "gowatchd.cli.main", *words],
        env=cared.environment,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=90,
        check=False,
    )


def test_what_several_units_lack_is_written_when_asked_and_gone_after_the_undo(manager):
    cared = Cared(manager)
    environment_d = manager.home / ".config/environment.d"
    cared.start()
    try:
        wait_for(lambda: cared.lacks("two.service") == ["GOPRIVATE"], "the audit", 60)
        before = manager.systemctl("show-environment")
        preview = cared.ask("env", "--shared", "--diff")
        assert preview.get("names") == ["GOPRIVATE"]
        assert not environment_d.exists()

        written = cared.ask("env", "--shared", "--apply")
        assert (written["outcome"], written["unit"]) == ("repaired", "environment.d")
        file = environment_d / "99-gowatchd.conf"
        assert file.stat().st_mode & 0o777 == 0o600
        manager.systemctl("start", "one.service")
        assert (manager.home / "said").read_text() == 'corp.example/$x,"y"\n'
        wait_for(lambda: cared.lacks("two.service") == [], "the next audit", 30)
        assert cared.ask("env", "--shared", "--apply")["outcome"] == "nothing"
        assert cared.ask("log")["entries"][-1]["path"] == str(file)

        undo = cared.ask("env", "--shared", "--undo")
        assert undo.get("outcome") == "undone", undo
        assert not environment_d.exists()
        wait_for(lambda: manager.systemctl("show-environment") == before, "the undo is loaded", 30)

        doctor = cared.ask("doctor", "environment", "--fix", "--yes")
        assert [one["done"] for one in doctor["mended"]] == [True], doctor
        assert "GOPRIVATE" in file.read_text()
        assert cared.ask("env", "--shared", "--undo")["outcome"] == "undone"

        refused = gowatchctl(cared, "env", "--shared", "--apply", "API_TOKEN")
        assert refused.returncode == 1
        assert "LoadCredential" in refused.stderr
        assert "hush" not in refused.stderr

        environment_d.mkdir()
        file.write_text("MINE=1\n")
        assert "left alone" in gowatchctl(cared, "env", "--shared", "--apply").stderr
        assert file.read_text() == "MINE=1\n"
    finally:
        cared.stop()


def test_the_doctor_explains_the_difference_without_the_daemon(manager):
    cared = Cared(manager)
    checks = {}

    def all_answered():  # a manager that has just started may need longer than the doctor waits
        checks.update({one["code"]: one for one in cared.ask("doctor")["checks"]})
        return checks["user-manager"]["state"] == checks["login-shell"]["state"] == "ok"

    wait_for(all_answered, "the manager and the shell answer", 90)
    assert checks["daemon"]["state"] == "problem"
    rows = {row["name"]: row for row in checks["environment"]["variables"]}
    assert rows["GOPRIVATE"]["shell"] == 'corp.example/$x,"y"'
    assert rows["GOPRIVATE"]["manager"] is None
    assert "hush" not in str(rows)
    assert "/opt/nowhere/bin" in rows["PATH"]["advice"]
    assert "TERM_PROGRAM" not in rows
    assert "gowatchctl env --shared --diff GOPRIVATE" in checks["environment"]["commands"]
    assert "environment.d" in checks["environment"]["result"]
    text = gowatchctl(cared, "doctor")
    assert text.returncode == 1
    assert "GOPRIVATE" in text.stdout
    assert "hush" not in text.stdout
