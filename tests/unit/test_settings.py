"""The configuration in force: good, the last good one, or none that is good."""

from __future__ import annotations

import json

import pytest

from gowatchd.config.mistake import ConfigError
from gowatchd.config.models import Config
from gowatchd.settings import CAUTIOUS, FILE_NAME, Settings

GOOD = '[format]\nsettle_ms = 7\n[env.required]\n"s*" = ["A"]\n'
BAD = "[format]\nenabled = 3\nindent = 3\n"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config.toml"


@pytest.fixture
def begin(file, tmp_path):
    def begin(**more) -> Settings:
        settings = Settings((str(file),), str(tmp_path / "state"), **more)
        settings.begin()
        return settings

    return begin


def test_a_good_file_is_in_force_and_remembered(begin, file, tmp_path):
    file.write_text(GOOD)
    first = begin()
    assert (first.config.format.settle_ms, first.trouble, first.cautious) == (7, "", False)
    kept = tmp_path / "state" / FILE_NAME
    assert json.loads(kept.read_text())["values"]["env"] == {"required": {"s*": ["A"]}}
    before = kept.stat()
    begin()
    assert kept.stat().st_mtime_ns == before.st_mtime_ns  # no write for nothing
    file.write_text(BAD)
    second = begin()
    assert (second.config, second.cautious) == (first.config, False)
    place = f"{file}:2: format.enabled = 3: must be true or false (and 1 more)"
    assert second.trouble == f"{place}: the last good configuration stays in force: gowatchctl config edit"
    file.unlink()
    second.reread()
    assert (second.config, second.trouble) == (Config(), "")


def test_without_a_good_one_nothing_is_written(begin, file):
    file.write_text(BAD)
    settings = begin()
    assert settings.config == CAUTIOUS
    assert (settings.config.format.enabled, settings.config.env.policy, settings.cautious) == (
        False,
        "off",
        True,
    )
    assert "writes nothing until this is mended" in settings.trouble
    file.write_text(GOOD)
    settings.reread()
    assert (settings.trouble, settings.cautious, settings.config.format.enabled) == ("", False, True)
    file.write_text(BAD)
    settings.reread()
    assert "the last good configuration stays in force" in settings.trouble


def test_roots_of_the_command_line_count_in_any_case(begin, file):
    file.write_text(BAD)
    assert begin(roots=("/r",)).config.watch.roots == ("/r",)
    file.write_text(GOOD)
    assert begin(roots=("/r",)).config.watch.roots == ("/r",)
    file.write_text(BAD)
    assert begin(roots=("/r",)).config.watch.roots == ("/r",)


def test_a_named_file_has_to_be_good_and_is_not_remembered(begin, file, tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        begin(named=True)
    file.write_text(BAD)
    with pytest.raises(ConfigError):
        begin(named=True)
    file.write_text(GOOD)
    settings = begin(named=True)
    assert not (tmp_path / "state").exists()
    file.write_text(BAD)
    settings.reread()
    assert settings.trouble.endswith("stays in force: mend it, and it is read as soon as it is saved")
    assert settings.config.format.settle_ms == 7


@pytest.mark.parametrize(
    "kept", ["", "{}", '{"schema": 1, "values": {"format": {"gone": 1}}}', '{"schema": 1}']
)
def test_what_is_remembered_and_makes_no_sense_is_set_aside(begin, file, tmp_path, kept):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILE_NAME).write_text(kept)
    file.write_text(BAD)
    assert begin().config == CAUTIOUS


def test_a_state_folder_that_cannot_be_written_hinders_nothing(begin, file, tmp_path):
    (tmp_path / "state").write_text("a file in its place")
    file.write_text(GOOD)
    assert begin().config.format.settle_ms == 7
    file.write_text(BAD)
    assert begin().config == CAUTIOUS
