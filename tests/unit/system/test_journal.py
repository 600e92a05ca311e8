from __future__ import annotations

import io
import logging
import os
import re

import pytest

from gowatchd.system.journal import LEVELS, REMEMBERED, RepeatFilter, is_journal, set_up_logging


@pytest.fixture(autouse=True)
def keep_logging_as_it_was():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def journal(tmp_path, monkeypatch):
    """A stream that $JOURNAL_STREAM names."""
    with open(tmp_path / "journal", "w+") as stream:
        status = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        yield stream


def written(stream) -> list[str]:
    stream.seek(0)
    return stream.read().splitlines()


def test_priorities_for_the_journal(journal):
    set_up_logging("debug", journal)
    log = logging.getLogger("gowatchd.test")
    log.debug("d")
    log.info("formatted %s", "/a/go.mod")
    log.warning("w")
    log.error("e")
    log.critical("c")
    assert written(journal) == ["<7>d", "<6>formatted /a/go.mod", "<4>w", "<3>e", "<3>c"]


def test_a_time_for_people(monkeypatch):
    monkeypatch.setenv("JOURNAL_STREAM", "1:2")
    stream = io.StringIO()
    set_up_logging("info", stream)
    logging.getLogger("gowatchd.test").warning("look out")
    (line,) = written(stream)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d warning: look out", line)


@pytest.mark.parametrize(("level", "lines"), tuple(zip(LEVELS, (4, 3, 2, 1), strict=True)))
def test_the_level(journal, level, lines):
    set_up_logging(level, journal)
    for one in LEVELS:
        logging.getLogger("gowatchd.test").log(getattr(logging, one.upper()), one)
    assert len(written(journal)) == lines


def test_setting_up_twice_writes_once(journal):
    set_up_logging("info", journal)
    set_up_logging("info", journal)
    logging.getLogger("gowatchd.test").info("once")
    assert written(journal) == ["<6>once"]


def test_one_event_is_one_line_whatever_is_in_it(journal):
    set_up_logging("info", journal)
    logging.getLogger("gowatchd.test").info("%s", "a\n<0>forged\x1b[2J\udcff")
    assert written(journal) == [r"<6>a\n<0>forged\x1b[2J\xff"]


def test_a_traceback_keeps_its_lines_each_with_the_priority(journal):
    set_up_logging("info", journal)
    try:
        int("two\nlines", base=99)
    except ValueError:
        logging.getLogger("gowatchd.test").exception("a bug")
    lines = written(journal)
    assert lines[0] == "<3>a bug"
    assert lines[1] == "<3>Traceback (most recent call last):"
    assert lines[-1] == "<3>ValueError: int() base must be >= 2 and <= 36, or 0"
    assert all(line.startswith("<3>") for line in lines)


def test_only_the_stream_that_the_manager_named_is_the_journal(journal, tmp_path):
    assert is_journal(journal)
    with open(tmp_path / "other", "w") as other:
        assert not is_journal(other)
    assert not is_journal(io.StringIO())


def record(created: float, message: str = "same") -> logging.LogRecord:
    made = logging.LogRecord("x", logging.INFO, __file__, 1, message, None, None)
    made.created = created
    return made


def test_the_same_line_again_and_again_is_counted():
    passes = RepeatFilter()
    assert [passes.filter(record(second)) for second in range(10)] == [True] * 3 + [False] * 7
    assert passes.filter(record(5, "another"))
    later = record(61)
    assert passes.filter(later)
    assert later.left_out == 7
    again = record(125)
    assert passes.filter(again)
    assert again.left_out == 0


def test_the_count_is_told(journal):
    set_up_logging("info", journal)
    logger = logging.getLogger("gowatchd.test")
    for second in (0, 1, 2, 3, 4, 70):
        logger.handle(record(second))
    assert written(journal) == ["<6>same"] * 3 + ["<6>same (and 2 times more before)"]


def test_the_memory_is_bounded():
    passes = RepeatFilter()
    for number in range(REMEMBERED * 3):
        passes.filter(record(0, f"line {number}"))
    assert len(passes._seen) == REMEMBERED
