"""Somebody saves as fast as they can while we format as fast as we can: no save is ever lost.

`make soak` does the same a hundred thousand times.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gowatchd.services.ports import SwapOutcome
from tests.support.file_systems import FILE_SYSTEMS, missing_for
from tests.support.other_process import needs_root
from tests.support.places import KINDS, folder_on
from tests.support.race import Race, Tally
from tests.support.saves import HABITS

SOAK = Path(__file__).resolve().parents[2] / "scripts" / "soak"


@pytest.mark.parametrize("where", KINDS)
@pytest.mark.parametrize(
    ("rounds", "way"),
    [(250, {}), (60, {"reader": True}), (30, {"history": True})],
    ids=["alone", "with a reader", "with history"],
)
def test_no_save_is_lost(where, rounds, way):
    total = Tally()
    for habit in HABITS:
        with folder_on(where) as folder:
            total += Race(folder, habit, rounds, **way).run()
    assert total.races == rounds * len(HABITS)
    assert total.outcomes[SwapOutcome.WRITTEN.value] > total.races // 25, f"hardly a race: {total}"


@needs_root
@pytest.mark.parametrize("kind", FILE_SYSTEMS[2:])
def test_nor_on_other_file_systems(kind):
    if (reason := missing_for(kind)) is not None:
        pytest.skip(reason)
    done = subprocess.run(
        [sys.executable, SOAK, "--races", "240", "--kills", "1", "--on", kind],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"races on {kind}: 240 saves" in done.stdout
    assert "none lost" in done.stdout
    assert f"kills on {kind}: 1" in done.stdout


def test_a_lost_save_would_be_seen(monkeypatch):
    """The race itself is held against a way of writing that loses saves: reading, and then just writing."""
    monkeypatch.setattr("gowatchd.system.safe_write.swap", write_blindly)
    (habit,) = [one for one in HABITS if one.name == "written over and cut"]
    with folder_on(None) as folder, pytest.raises(AssertionError, match="not within"):
        Race(folder, habit, 20_000, patience=1.0).run()


def write_blindly(path, _expected, new, _refusals):
    from gowatchd.services.ports import Swap  # noqa: PLC0415 - beside what it answers

    Path(path).write_bytes(new)
    return Swap(SwapOutcome.WRITTEN)
