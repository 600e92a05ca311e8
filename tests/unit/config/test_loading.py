"""The files of the configuration, read into one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gowatchd.config.loading import Origin, load, load_with_origins
from gowatchd.config.mistake import ConfigError
from gowatchd.config.models import Config, with_roots

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str, name: str = "config.toml") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_no_file_means_the_defaults(tmp_path):
    assert load((str(tmp_path / "none.toml"),)) == Config()


def test_the_person_wins_over_the_administrator_key_by_key(tmp_path):
    weak = write(tmp_path, '[format]\nsettle_ms = 5\nindent = "2-space"\n', "etc.toml")
    strong = write(tmp_path, "[format]\nsettle_ms = 7\n")
    config = load((weak, strong))
    assert (config.format.settle_ms, config.format.indent) == (7, "2-space")


def test_bytes_that_are_not_utf8_name_their_line(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes(b"[watch]\n# \xff\n")
    with pytest.raises(ConfigError, match=r"config.toml:2: not valid UTF-8"):
        load((str(path),))


def test_a_fifo_or_folder_in_its_place_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    assert load((str(tmp_path / "fifo"),)) == Config()
    with pytest.raises(ConfigError, match="directory"):
        load((str(tmp_path),))


def test_a_named_file_must_exist(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        load((str(tmp_path / "none.toml"),), required=True)


def test_other_roots_leave_the_rest_as_it_is(tmp_path):
    config = load((write(tmp_path, '[watch]\nexclude = ["old"]\nbudget = 100\n'),))
    watch = with_roots(config, ("/src",)).watch
    assert (watch.roots, watch.exclude, watch.budget) == (("/src",), ("old",), 100)


def test_tables_of_env_are_read_and_no_default_is_shared(tmp_path):
    text = '[env]\npolicy = "suggest"\n[env.required]\n"s*" = ["A", "B"]\n[env.values]\nA = "1"\n'
    env = load((write(tmp_path, text),)).env
    assert (env.policy, env.units, env.login_shell) == ("suggest", ("*",), True)
    assert env.required == {"s*": ("A", "B")}
    assert env.values == {"A": "1"}
    Config().env.values["A"] = "left behind"
    Config().env.required["s*"] = ("A",)
    assert load((write(tmp_path, ""),)).env.values == {}
    assert with_roots(load((write(tmp_path, text),)), ("/x",)).env == env


def test_each_value_has_its_origin(tmp_path):
    weak = write(tmp_path, '[format]\nsettle_ms = 5\nindent = "2-space"\n[env.values]\nA = "1"\n', "etc.toml")
    strong = write(tmp_path, "\nformat = { settle_ms = 7 }\n")
    loaded = load_with_origins((weak, strong, str(tmp_path / "none.toml")))
    assert loaded.config == load((weak, strong))
    assert loaded.origins == {
        ("format", "settle_ms"): Origin(strong, 2),
        ("format", "indent"): Origin(weak, 3),
        ("env", "values"): Origin(weak, 4),
    }
