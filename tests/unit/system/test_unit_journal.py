"""The real journalctl reads a real journal, made by systemd-journal-remote of an export."""

import os
import subprocess

import pytest

from gowatchd.system.child import ChildPool
from gowatchd.system.unit_journal import UnitJournal
from tests.support.main_loop import MainLoop

MAKER = "/lib/systemd/systemd-journal-remote"
SAID = "Referenced but unset environment variable evaluates to an empty string"
ENTRIES = [
    (1000, f"sync.service: {SAID}: WORKSPACE_ROOT, GOFLAGS"),
    (1000, f"sync.service: {SAID}: GOFLAGS"),
    (1000, f"t@a\\x2db.service: {SAID}: A"),
    (1000, f"bad.service: {SAID}: A B, 9X"),
    (1000, f"somebody wrote of sync.service: {SAID}: FORGED"),
    (1000, "sync.service: something else"),
    (1001, f"sync.service: {SAID}: ANOTHER_PERSONS"),
]


def journal(folder):
    boot = "0123456789abcdef0123456789abcdef"
    text = "".join(
        f"__REALTIME_TIMESTAMP={1700000000000000 + number}\n__MONOTONIC_TIMESTAMP={number}\n_BOOT_ID={boot}\n"
        f"_UID={account}\nPRIORITY=4\nMESSAGE={message}\n\n"
        for number, (account, message) in enumerate(ENTRIES, 1)
    )
    (folder / "export").write_text(text)
    command = [MAKER, "-o", str(folder / "x.journal"), str(folder / "export")]
    subprocess.run(command, check=True, timeout=60, capture_output=True)


def ask(account, folder):
    loop = MainLoop()
    pool = ChildPool(loop)
    answers = []
    UnitJournal(pool, account, folder).ask(answers.append)
    loop.run_until(lambda: answers)
    pool.close()
    return answers[0]


@pytest.mark.skipif(not os.path.exists(MAKER), reason="systemd-journal-remote is not installed")
def test_the_names_that_systemd_found_unset_by_unit(tmp_path):
    journal(tmp_path)
    assert ask(1000, tmp_path) == {
        "sync.service": ("GOFLAGS", "WORKSPACE_ROOT"),
        "t@a\\x2db.service": ("A",),
        "bad.service": (),
    }


def test_no_journal_says_nothing(tmp_path):
    assert ask(1000, tmp_path) == {}


def test_no_journalctl_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ask(1000, tmp_path) == {}
