"""Commands with paths are taken by a real shell for what they mean."""

from __future__ import annotations

import subprocess

import pytest

from gowatchd.cli.shell_word import path_line, shell_word

NAMES = ["plain", "two words", "it's", 'a"b', "a$HOME`id`", "-n", "日本"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("below_home", [True, False])
def test_a_word_is_the_path(name, below_home, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path if below_home else tmp_path / "home"))
    path = f"{tmp_path}/{name}"
    word = shell_word(path)
    said = subprocess.run(
        ["sh", "-c", f"printf %s {word}"], capture_output=True, text=True, check=True
    ).stdout
    assert said == path
    assert word.startswith("~/") == below_home


@pytest.mark.parametrize("name", ["bin", "two words", "it's", 'a"b', "a$HOME`id`", "back\\\\slash"])
@pytest.mark.parametrize("below_home", [True, False])
def test_the_line_for_the_profile_puts_the_folder_on_path(name, below_home, tmp_path):
    home = tmp_path if below_home else tmp_path / "home"
    home.mkdir(exist_ok=True)
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        line = path_line(f"{tmp_path}/{name}")
    look = f'{line}; . ~/.profile; printf %s "$PATH"'
    said = subprocess.run(
        ["sh", "-c", look], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert said == f"/usr/bin:/bin:{tmp_path}/{name}"
