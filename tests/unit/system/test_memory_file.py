"""What makes a start better is read with suspicion, and missing it is no failure."""

import logging
import uuid

import pytest

from gowatchd.system import memory_file
from gowatchd.system.memory_file import MemoryFile, boot_id

NOTES = {"introduced": True, "boot": "", "run": "", "notes": [], "told": {}}


def test_what_is_written_is_read(tmp_path):
    store = MemoryFile.of_notes(str(tmp_path / "state"))
    assert store.read() is None
    store.write(NOTES)
    assert store.read() == {"schema": 1, **NOTES}
    assert (tmp_path / "state" / "notes.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("of", "name"), [(MemoryFile.of_notes, "notes.json"), (MemoryFile.of_folders, "folders.json")]
)
def test_a_file_of_somebody_else_is_set_aside(tmp_path, of, name):
    (tmp_path / name).write_text('{"schema": 1, "notes": 5}')
    assert of(str(tmp_path)).read() is None
    assert [one.name.startswith(f"{name}.corrupt-") for one in tmp_path.iterdir()] == [True]


def test_a_folder_that_cannot_be_is_said_and_no_failure(tmp_path, caplog):
    (tmp_path / "state").write_text("a file where the folder should be")
    store = MemoryFile.of_notes(str(tmp_path / "state"))
    assert store.read() is None
    store.write(NOTES)
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(said) == 2
    assert all("what was on show" in text and "state" in text for text in said)


def test_each_run_of_the_machine_has_its_own_name(tmp_path, monkeypatch):
    assert uuid.UUID(boot_id()) == uuid.UUID(boot_id())
    monkeypatch.setattr(memory_file, "BOOT", tmp_path / "none")
    assert boot_id() == ""
