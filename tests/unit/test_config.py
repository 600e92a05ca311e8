from __future__ import annotations

import os
from pathlib import Path

import pytest

from gowatchd.config import Config, ConfigError, load, with_roots

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, text: str, name: str = "config.toml") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_no_file_means_the_defaults(tmp_path):
    assert load((str(tmp_path / "none.toml"),)) == Config()


def test_the_shipped_example_holds_every_key_with_its_default():
    example = str(ROOT / "config/gowatchd.toml")
    assert load((example,)) == Config()
    text = Path(example).read_text()
    for section in ("watch", "format", "check", "notify", "env"):
        assert f"[{section}]" in text
        for key in type(getattr(Config(), section)).__annotations__:
            assert f"\n{key} = " in text or f"\n# {key} = " in text or f"# [{section}.{key}]" in text, key


def test_the_person_wins_over_the_administrator_key_by_key(tmp_path):
    weak = write(tmp_path, '[format]\nsettle_ms = 5\nindent = "2-space"\n', "etc.toml")
    strong = write(tmp_path, "[format]\nsettle_ms = 7\n")
    config = load((weak, strong))
    assert (config.format.settle_ms, config.format.indent) == (7, "2-space")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[format]\n\nsettle_ms = -1\n", ":3: format.settle_ms = -1", "0"),
        ("[format]\nsetle_ms = 1\n", ":2: unknown key format.setle_ms", "did you mean settle_ms?"),
        ("[formt]\n", ":1: unknown key formt", "did you mean format?"),
        ('[notify]\nlevel = "loud"\n', ":2: notify.level = 'loud'", "problems"),
        ('[watch]\nroots = "~/src"\n', ":2: watch.roots = '~/src'", ""),
        ("[watch]\nroots = [3]\n", ":2: watch.roots = 3", "str"),
        ('format.enabled = "yes"\n', ":1: format.enabled = 'yes'", "bool"),
        ("[watch]\nbudget = 0\n", ":2: watch.budget = 0", "1"),
        ("[watch]\nbudget = true\n", ":2: watch.budget = True", "int"),
        ("[format]\nenabled = \n", ":2: not valid TOML", ""),
        ("watch = 3\n", ":1: watch = 3", ""),
    ],
)
def test_a_bad_value_names_file_line_key_and_value(tmp_path, text, place, words):
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load((path,))
    assert f"{path}{place}" in str(caught.value)
    assert words in str(caught.value)


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


@pytest.mark.parametrize(
    "text",
    [
        '[env]\npolicy = "always"\n',
        "[env]\nunits = [1]\n",
        "[env.values]\nA = 1\n",
        '[env.required]\n"s*" = "A"\n',
        "[env]\nlogin_shell = 1\n",
        "[env]\nother = 1\n",
    ],
)
def test_what_env_does_not_know_is_refused(tmp_path, text):
    with pytest.raises(ConfigError, match=r"env"):
        load((write(tmp_path, text),))
