"""A disk that is full, a file system that is read-only, a file that is not ours: nothing changes."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress

import pytest

from gowatchd.services.ports import Look, SwapOutcome
from gowatchd.system.files import SafeFiles
from tests.support.file_systems import IMAGES, file_system_on, missing_for
from tests.support.other_process import NOBODY, as_nobody, needs_root
from tests.support.places import folder_on, small_disk

OLD = b"module example.com/m\n"


def fill(disk):
    """Leave no block free."""
    with (disk / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
        while True:
            ballast.write(b"x" * 4096)


@needs_root
@pytest.mark.parametrize("reader", [False, True], ids=["in place", "exchanged"])
def test_full_disk_while_the_file_grows(tmp_path, reader):
    with small_disk(tmp_path / "disk", "64k") as disk:
        path = disk / "go.mod"
        path.write_bytes(OLD)
        fill(disk)
        with path.open("rb") if reader else open(os.devnull):
            swap = SafeFiles().swap(str(path), OLD, OLD + b"// more\n" * 2000)
        assert swap.outcome is SwapOutcome.FAILED
        assert swap.reason == "no space left on device"
        assert path.read_bytes() == OLD
        assert sorted(os.listdir(disk)) == ["ballast", "go.mod"]


@needs_root
def test_full_disk_does_not_matter_where_the_file_shrinks(tmp_path):
    with small_disk(tmp_path / "disk", "64k") as disk:
        path = disk / "go.mod"
        path.write_bytes(OLD + b"\n\n")
        fill(disk)
        assert SafeFiles().swap(str(path), OLD + b"\n\n", OLD).outcome is SwapOutcome.WRITTEN
        assert path.read_bytes() == OLD


@needs_root
@pytest.mark.parametrize("kind", IMAGES)
@pytest.mark.parametrize("reader", [False, True], ids=["in place", "exchanged"])
def test_a_full_disk_leaves_the_old_bytes_or_the_new(tmp_path, kind, reader):
    """Btrfs and others take new blocks even for what is written over: any outcome, but no mixture."""
    if (reason := missing_for(kind)) is not None:
        pytest.skip(reason)
    old = b"module   example.com/m\n" * 3000
    with file_system_on(kind, tmp_path) as disk:
        path = disk / "app" / "go.mod"
        path.parent.mkdir()
        path.write_bytes(old)
        os.sync()
        fill_quickly(disk)
        outcomes = []
        for new in (old.replace(b"   ", b" "), old + b"// more\n" * 20_000, old.swapcase()):
            found = path.read_bytes()
            with path.open("rb") if reader else open(os.devnull):
                outcomes.append(SafeFiles().swap(str(path), found, new).outcome)
            assert outcomes[-1] in {SwapOutcome.WRITTEN, SwapOutcome.FAILED}
            assert path.read_bytes() == (new if outcomes[-1] is SwapOutcome.WRITTEN else found)
            SafeFiles().flush(str(path))
            assert path.read_bytes() == (new if outcomes[-1] is SwapOutcome.WRITTEN else found)
            assert os.listdir(path.parent) == ["go.mod"]
        assert SwapOutcome.FAILED in outcomes, "the disk was not full"


def fill_quickly(disk):
    """Leave no room for data, by large pieces first."""
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while ballast.write(b"x" * size):
                    pass
        with suppress(OSError):
            os.fsync(ballast.fileno())


@needs_root
def test_read_only_file_system(tmp_path):
    with small_disk(tmp_path / "disk", "64k") as disk:
        path = disk / "go.mod"
        path.write_bytes(OLD)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True, timeout=90)
        assert SafeFiles().read(str(path)).data == OLD
        swap = SafeFiles().swap(str(path), OLD, OLD + b"\n")
        assert (swap.outcome, swap.reason) == (SwapOutcome.FAILED, "read-only file system")


@needs_root
def test_another_users_file_is_read_but_never_written():
    with folder_on(None) as folder:
        path = folder / "go.mod"
        path.write_bytes(OLD)
        path.chmod(0o666)
        reading, swap = as_nobody(
            lambda: (SafeFiles().read(str(path)), SafeFiles().swap(str(path), OLD, b""))
        )
        assert (reading.look, reading.data) == (Look.CONTENT, OLD)
        assert (swap.outcome, swap.reason) == (SwapOutcome.REFUSED, "belongs to another user")
        assert path.read_bytes() == OLD


@needs_root
def test_root_does_not_write_another_users_file():
    with folder_on(None, owner=NOBODY) as folder:
        path = folder / "go.mod"
        path.write_bytes(OLD)
        os.chown(path, NOBODY, NOBODY)
        assert SafeFiles().swap(str(path), OLD, b"").outcome is SwapOutcome.REFUSED
        assert path.read_bytes() == OLD


@needs_root
def test_a_file_that_may_not_be_read():
    with folder_on(None) as folder:
        path = folder / "go.mod"
        path.write_bytes(OLD)
        path.chmod(0o600)
        reading = as_nobody(lambda: SafeFiles().read(str(path)))
        assert (reading.look, reading.reason) == (Look.DENIED, "permission denied")


@needs_root
def test_an_ordinary_user_reads_and_writes():
    with folder_on(None, owner=NOBODY) as folder:
        path = folder / "go.mod"
        swap = as_nobody(
            lambda: (path.write_bytes(OLD + b"\n"), SafeFiles().swap(str(path), OLD + b"\n", OLD))[1]
        )
        assert swap.outcome is SwapOutcome.WRITTEN
        assert path.read_bytes() == OLD


@needs_root
def test_a_folder_that_may_not_be_written_still_has_its_file_written_in_place():
    with folder_on(None) as folder:
        path = folder / "go.mod"
        path.write_bytes(OLD)
        os.chown(path, NOBODY, NOBODY)

        def work():
            alone = SafeFiles().swap(str(path), OLD, OLD + b"\n")
            with path.open("rb"):
                return alone, SafeFiles().swap(str(path), OLD + b"\n", OLD)

        alone, with_reader = as_nobody(work)
        assert alone.outcome is SwapOutcome.WRITTEN
        assert with_reader.outcome is SwapOutcome.REFUSED
        assert with_reader.reason == "permission denied"
        assert path.read_bytes() == OLD + b"\n"
