"""``gowatchctl config edit`` with real editors, in a real terminal, and a daemon that reads what it wrote."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

import pytest

from gowatchd.cli import config_edit
from gowatchd.cli.errors import CommandError
from gowatchd.config.template import to_begin_from
from tests.support.bus import PrivateBus
from tests.support.daemon import ROOT, Daemon
from tests.support.terminal import Terminal

GOOD, BAD = '[notify]\nlevel = "off"\n', "[notify]\nlevel = 3\n"


@pytest.fixture
def home(tmp_path):
    (tmp_path / "tmp").mkdir()
    return tmp_path


@pytest.fixture
def own(home):
    return home / ".config/gowatchd/config.toml"


def environment(home: Path, editor: str) -> dict[str, str]:
    """Return a person's, who has ``editor`` and no session bus."""
    own = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TMPDIR": str(home / "tmp"), "VISUAL": editor}
    return {**own, "PYTHONPATH": str(ROOT)}


def run(
    home: Path, editor: str, keys: str = "", *options: str, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gowatchd.cli.main", "config", "edit", *options],
        env={**environment(home, editor), **more},
        cwd=home,
        input=keys,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def writing(home: Path, *texts: str) -> str:
    """Return an editor that writes one of ``texts`` each time that it is called."""
    for number, text in enumerate(texts, 1):
        (home / f"text{number}").write_text(text)
    script = home / "my editor"
    script.write_text(
        f'#!/bin/sh\necho >>"{home}/calls"\ncat "{home}/text$(wc -l <"{home}/calls" | tr -d " ")" >"$1"\n'
    )
    script.chmod(0o755)
    return f"'{script}'"


def drafts(home: Path) -> list[Path]:
    return sorted((home / "tmp").glob("*/config.toml"))


def test_a_first_edit_begins_from_the_example(home, own):
    done = run(home, f"cp -t {home}")
    assert (done.returncode, done.stdout) == (0, "~/.config/gowatchd/config.toml: nothing was changed\n")
    assert (home / "config.toml").read_text() == to_begin_from()
    assert not own.exists()
    done = run(home, "sed -i 's/^# level = .*/level = \"off\"/'")
    assert (done.returncode, done.stdout) == (0, "~/.config/gowatchd/config.toml: saved\n")
    assert "gowatchd is not running: this counts from its next start" in done.stderr
    assert own.read_text() == to_begin_from().replace('# level = "changes"', 'level = "off"')
    assert stat.S_IMODE(own.parent.stat().st_mode) == 0o700
    assert os.listdir(home / "tmp") == []


def test_mode_inode_and_link_stay(home, own):
    own.parent.mkdir(parents=True)
    real = home / "dotfiles.toml"
    real.write_text(GOOD)
    real.chmod(0o640)
    own.symlink_to(real)
    before = real.stat()
    assert run(home, writing(home, "# mine\n" + GOOD)).returncode == 0
    assert own.is_symlink()
    assert real.read_text() == "# mine\n" + GOOD
    assert (real.stat().st_ino, real.stat().st_mode) == (before.st_ino, before.st_mode)


@pytest.mark.parametrize(
    ("keys", "code", "left"),
    [("e\n", 0, GOOD), ("\n", 0, GOOD), ("what\ne\n", 0, GOOD), ("k\n", 78, BAD), ("t\n", 1, None)],
)
def test_a_mistake_may_be_mended_kept_or_thrown_away(home, own, keys, code, left):
    done = run(home, writing(home, BAD, GOOD), keys)
    assert done.returncode == code
    said = '~/.config/gowatchd/config.toml:2: notify.level = 3: must be "off", "problems", "changes" or "all"'
    assert said in done.stderr
    assert (own.read_text() if own.exists() else None) == left
    assert os.listdir(home / "tmp") == []


def test_where_nobody_answers_the_text_is_kept_beside(home, own):
    done = run(home, writing(home, BAD))
    assert done.returncode == 78
    (draft,) = drafts(home)
    assert f"your text is in {draft}" in done.stderr
    assert draft.read_text() == BAD
    assert not own.exists()


@pytest.mark.parametrize("before", [None, GOOD])
def test_what_somebody_else_saved_meanwhile_stands(home, own, before):
    own.parent.mkdir(parents=True)
    if before is not None:
        own.write_text(before)
    meanwhile = home / "meanwhile"
    meanwhile.write_text(f"#!/bin/sh\necho '# theirs' >{own}\necho '# mine' >\"$1\"\n")
    meanwhile.chmod(0o755)
    done = run(home, str(meanwhile))
    assert done.returncode == 1
    assert own.read_text() == "# theirs\n"
    (draft,) = drafts(home)
    assert draft.read_text() == "# mine\n"
    assert str(draft) in done.stderr


def test_an_editor_that_fails_changes_nothing(home, own):
    done = run(home, "false")
    assert (done.returncode, own.exists(), os.listdir(home / "tmp")) == (69, False, [])
    assert "the editor false ended with status 1: nothing was changed" in done.stderr
    assert run(home, "rm").returncode == 1  # takes the draft away
    (home / "bin").mkdir()
    done = run(home, "", "", PATH=str(home / "bin"))
    assert (done.returncode, done.stderr) == (69, "gowatchctl: there is no editor: set VISUAL or EDITOR\n")


def test_an_editor_that_fails_after_it_saved_loses_nothing(home, own):
    done = run(home, "f() { echo '# mine' >\"$1\"; return 1; }; f")
    (draft,) = drafts(home)
    assert (done.returncode, draft.read_text(), own.exists()) == (69, "# mine\n", False)
    assert f"your text is in {draft}" in done.stderr


def test_a_place_that_cannot_be_made_loses_nothing(home, own):
    done = run(home, f"touch {home}/.config; echo '# mine' >")
    (draft,) = drafts(home)
    assert (done.returncode, draft.read_text(), own.exists()) == (1, "# mine\n", False)
    assert f"{home}/.config" in done.stderr
    assert f"your text is in {draft}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("what", "error"), [("choose_letter", KeyboardInterrupt), ("check", ValueError)])
def test_neither_ctrl_c_nor_a_mistake_of_ours_loses_the_text(home, monkeypatch, capsys, what, error):
    def fails(*_arguments):
        raise error

    for name, value in environment(home, writing(home, BAD)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(config_edit, what, fails)
    with pytest.raises(error):
        config_edit.run(Namespace(color="never", json=False))
    (draft,) = drafts(home)
    assert draft.read_text() == BAD
    assert f"your text is in {draft}" in capsys.readouterr().err


def test_no_place_for_a_draft_is_told(home, monkeypatch):
    monkeypatch.setenv("VISUAL", "true")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(home / "gone"))
    with pytest.raises(CommandError, match="gone") as raised:
        config_edit.run(Namespace(color="never", json=False))
    assert raised.value.code == 1


def test_a_link_to_nothing_is_not_written_through(home, own):
    own.parent.mkdir(parents=True)
    own.symlink_to(home / "gone")
    done = run(home, "true")
    assert done.returncode == 1
    assert "a symbolic link to nothing" in done.stderr


def test_colour_goes_by_where_the_mistakes_are_said(home):
    """Standard output is a terminal here, and standard error is not."""
    command = f"{sys.executable} -m gowatchd.cli.main config edit 2>{home}/said; echo ended"
    variables = {**environment(home, writing(home, BAD)), "TERM": "xterm"}
    with Terminal(("sh", "-c", command), home, variables) as terminal:
        terminal.press("t\r")
        terminal.shows("ended")
        terminal.ended()
    said = (home / "said").read_text()
    assert "error: ~/.config/gowatchd/config.toml:2: notify.level = 3" in said
    assert "\x1b" not in said


def test_json_says_how_it_ended(home):
    assert '"outcome": "saved"' in run(home, writing(home, GOOD), "", "--json").stdout


def test_in_a_terminal_with_vim_and_the_daemon_reads_it(home, own):
    own.parent.mkdir(parents=True)
    with PrivateBus(home) as bus:
        daemon = Daemon(home, bus)
        daemon.options = ()
        own.write_text(f'[watch]\nroots = ["{daemon.source}"]\n')
        with daemon:
            command = (sys.executable, "-m", "gowatchd.cli.main", "config", "edit")
            variables = {**daemon.environment, **environment(home, "vim -u NONE -N")}
            with Terminal(command, home, variables) as terminal:
                terminal.shows("[watch]")
                terminal.press("\x03")  # the editor's key, not the end of gowatchctl
                terminal.shows("Type  :qa")
                terminal.press("Go[format]\renabeld = false\x1b:wq\r")
                terminal.shows("config.toml:4: unknown key format.enabeld: did you mean enabled?")
                terminal.press("\r")
                terminal.shows("enabeld = false")
                terminal.press("G:s/eld/led/\r:wq\r")
                terminal.shows("saved, and gowatchd has read it")
                terminal.ended()
            off = {"part": "formatting", "reason": "[format] enabled = false"}
            daemon.wait_for(lambda: off in daemon.ask("GetStatus")["off"], "the daemon to follow")
