"""What judges a soak: it has to see what is lost, and what has grown."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.churn.ledger import Ledger, LostError, tidied
from tests.support.hour import Hour
from tests.support.vitals import Vitals

ROOT = Path(__file__).resolve().parents[2]
UNTIDY = b"module   example.com/a // 1\n\n\n\ngo 1.22\n"
RESTED = Vitals(40_000, 30_000, 16, 100, 3, 1, 10.0, 2.0)


def test_a_file_holds_what_was_saved_or_that_formatted(tmp_path):
    path = tmp_path / "go.mod"
    ledger = Ledger(tmp_path / "ledger")
    ledger.saved[str(path)] = UNTIDY
    ledger.keep()
    for fine in (UNTIDY, tidied("go.mod", UNTIDY)):
        path.write_bytes(fine)
        Ledger(tmp_path / "ledger").audit(path)
    for wrong in (b"", UNTIDY[:-1], UNTIDY.replace(b"1\n", b"2\n", 1)):
        path.write_bytes(wrong)
        with pytest.raises(LostError):
            Ledger(tmp_path / "ledger").audit(path)


@pytest.mark.parametrize(
    ("name", "after", "wrong"),
    [
        ("pss", 41_999, False),
        ("pss", 42_001, True),
        ("pss", 20_000, False),
        ("anonymous", 31_501, True),
        ("descriptors", 17, True),
        ("watches", 94, True),
        ("watches", 106, True),
        ("watches", 105, False),
        ("threads", 4, True),
        ("tasks", 2, True),
        ("cpu", 900.0, False),
    ],
)
def test_what_counts_as_the_same_in_the_end(name, after, wrong):
    hour = Hour("trixie", 60, 0, lambda _line: None)
    hour._compare(RESTED, Vitals(**{**vars(RESTED), name: after}))
    assert bool(hour.violations) is wrong


def test_what_a_process_holds(tmp_path):
    process, group = Path("/proc/self"), tmp_path
    (group / "cgroup.procs").write_text("1\n2\n")
    gc.collect()  # what other tests left may close its descriptors between the two looks
    before = Vitals.of(process, group)
    read, write = os.pipe()
    gc.collect()
    after = Vitals.of(process, group)
    os.close(read)
    os.close(write)
    assert after.descriptors == before.descriptors + 2
    assert after.tasks == 2
    assert after.pss > after.anonymous > 1000


def test_the_script_knows_its_parts():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/soak", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(option in done.stdout for option in ("--races", "--kills", "--stops", "--minutes", "--suite"))


def test_minutes_that_cannot_run_are_no_success(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/soak", "--minutes", "1"],
        env={**os.environ, "PATH": str(tmp_path), "GOWATCHD_SOAK_INSIDE": "no mounts are made"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (77, ""), done.stderr
    assert done.stderr.startswith("soak: no minutes: ")
