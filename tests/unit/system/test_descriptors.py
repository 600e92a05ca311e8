import os

import pytest

from gowatchd.system.descriptors import Descriptors


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    yield reader, writer
    os.close(writer)


def test_what_can_be_read_is_ready_until_it_was_read(pipe):
    reader, writer = pipe
    descriptors = Descriptors()
    watch = descriptors.add(reader, "read")
    assert descriptors.ready() == []
    os.write(writer, b"x")
    assert descriptors.ready() == descriptors.ready() == [watch]
    os.read(reader, 1)
    assert descriptors.ready() == []
    os.close(reader)


def test_what_was_cancelled_is_not_ready_and_its_number_is_free_again(pipe):
    reader, writer = pipe
    descriptors = Descriptors()
    os.write(writer, b"x")
    watch = descriptors.add(reader, "read")
    (ready,) = descriptors.ready()
    watch.cancel()
    watch.cancel()
    assert ready.callback is None
    assert descriptors.ready() == []
    again = descriptors.add(reader, "again")
    assert descriptors.ready() == [again]
    os.close(reader)
    again.cancel()  # too late, and harmless


def test_an_old_watch_does_not_take_away_a_new_one_of_the_same_number(pipe):
    reader, _writer = pipe
    descriptors = Descriptors()
    old = descriptors.add(reader, "old")
    os.close(reader)
    reader, other = os.pipe()  # the lowest number that is free
    assert old.fd == reader
    new = descriptors.add(reader, "new")
    old.cancel()
    os.write(other, b"x")
    assert descriptors.ready() == [new]
    os.close(reader)
    os.close(other)


def test_an_end_is_ready_too():
    reader, writer = os.pipe()
    descriptors = Descriptors()
    watch = descriptors.add(reader, "read")
    os.close(writer)
    assert descriptors.ready() == [watch]
    os.close(reader)


def test_a_file_is_no_such_descriptor(tmp_path):
    (tmp_path / "file").touch()
    with (tmp_path / "file").open() as file, pytest.raises(PermissionError):
        Descriptors().add(file.fileno(), "read")
