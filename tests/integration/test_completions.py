"""What bash, zsh and fish complete, in these shells, with a daemon that has something to say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bus import PrivateBus, wait_for
from tests.support.daemon import Daemon
from tests.support.terminal import Terminal
from tests.support.watching import write

COMPLETIONS = Path(__file__).resolve().parents[2] / "completions"
MESSY, TIDY = "module example.com/m\ngo 1.21\n", "module example.com/m\n\ngo 1.21\n"
HOSTILE = "$(touch pwned); b"  # a folder that a repository may bring along

# A line up to the cursor, and what may come there: exactly that, whatever the shell.
LINES = {
    "gowatchctl sta": {"status"},
    "gowatchctl --json -C / gr": {"graph"},
    "gowatchctl -C /a:b=c gr": {"graph"},
    "gowatchctl --color=": {"auto", "always", "never"},
    "gowatchctl graph --format ": {"tree", "dot", "mermaid", "svg", "json"},
    "gowatchctl graph --format=m": {"mermaid"},
    "gowatchctl config s": {"show", "schema"},
    "gowatchctl fix --code go-line-too-l": {"go-line-too-low"},
    "gowatchctl explain go-line-too-low go-line-too-n": {"go-line-too-new"},
    "gowatchctl doctor ino": {"inotify"},
    "gowatchctl log -n ": set(),
    "gowatchctl log --kind e": {"env"},
    "gowatchctl matrix --go 1.27 1.2": {f"1.2{digit}" for digit in range(8)},
    "gowatchctl nothing ": set(),
    "gowatchctl mute --for 1": {"1h", "1d", "1w"},
    "gofumpt-work --k": {"--kind"},
    "gofumpt-work --indent ": {"tab", "2-space"},
    "gowatchd --log-level w": {"warning"},
}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """Return a daemon that formatted a file in a muted workspace, and one in a hostile one."""
    folder = tmp_path_factory.mktemp("completions")
    with PrivateBus(folder) as bus:
        daemon = Daemon(folder / "home", bus)
        files = [write(daemon.source / name / "go.mod", TIDY) for name in ("app", HOSTILE)]
        with daemon:
            for file in files:
                file.write_text(MESSY)
                daemon.wait_for_bytes(file, TIDY.encode())
            assert daemon.gowatchctl("mute", "--for", "2h", str(daemon.source / "app")).returncode == 0
            yield daemon


@pytest.fixture(scope="module")
def environment(daemon):
    """Return the environment of a shell that has our programs."""
    found = os.path.dirname(sys.executable)
    return {**daemon.environment, "PATH": f"{found}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "dumb"}


@pytest.fixture
def here(daemon, tmp_path):
    """Return a folder with files for the formatter, and others."""
    write(tmp_path / "below/x.txt", "")
    write(tmp_path / "go.mod", TIDY)
    write(tmp_path / "notes.txt", "")
    return tmp_path


def run(command, environment, folder):
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def bash(lines, environment, folder):
    """Return what bash completes at the end of each line; words are parted at "=" and ":", as by readline."""
    script = [f"source {COMPLETIONS}/bash/{name}" for name in ("gowatchctl", "gofumpt-work", "gowatchd")]
    script.append("compopt() { :; }")  # it wants a key that is pressed
    for line in lines:
        words = re.sub("([=:])", r" \1 ", line).split(" ")
        words = [one for one in words[:-1] if one] + words[-1:]
        quoted = " ".join(f"'{one}'" for one in words)
        name = words[0].replace("-", "_")
        script.append(f"COMP_WORDS=({quoted}) COMP_CWORD={len(words) - 1} COMP_TYPE=37; _{name}")
        script.append('printf "%s\\n" "${COMPREPLY[@]}" --end--')
    output = run(["bash", "--norc", "-c", "\n".join(script)], environment, folder)
    return [set(part.split("\n")) - {""} for part in output.split("--end--\n")[:-1]]


def fish(lines, environment, folder):
    """Return what fish completes at the end of each line, without the explanations."""
    script = [f"source {one}" for one in sorted((COMPLETIONS / "fish").iterdir())]
    script += [f"complete -C '{line}'; echo --end--" for line in lines]
    output = run(["fish", "--no-config", "-c", "\n".join(script)], environment, folder)
    parts = output.split("--end--\n")[:-1]
    words = ({row.partition("\t")[0] for row in part.split("\n")} - {""} for part in parts)
    return [{one.rpartition("=")[2] for one in each} for each in words]


SHELLS = {"bash": bash, "fish": fish}


@pytest.mark.parametrize("shell", SHELLS)
def test_verbs_options_and_words(shell, environment, tmp_path):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    found = SHELLS[shell](LINES, environment, tmp_path)
    assert dict(zip(LINES, found, strict=True)) == LINES


@pytest.mark.parametrize("shell", SHELLS)
def test_what_the_daemon_knows(shell, daemon, environment, here):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    app = str(daemon.source / "app")
    hostile = str(daemon.source / HOSTILE)
    folders = {"below/"} if shell == "fish" else set()  # bash adds them itself, to what the function says
    expected = [{"1", "2"}, {app} | folders, {app, hostile}, {"1", "2"}]
    lines = [
        "gowatchctl undo ",
        "gowatchctl unmute ",
        f"gowatchctl mute --for 1h {daemon.source}/",
        "gowatchctl --json diff ",
    ]

    def found():
        got = SHELLS[shell](lines, environment, here)
        # fish escapes what it inserts, and offers files at all places where they may stand
        got = [{one.replace("\\", "").rstrip("/") for one in each} for each in got]
        return [each - {"go.mod", "notes.txt", "below"} for each in got]

    wanted = [each - {"below/"} for each in expected]
    try:
        wait_for(lambda: found() == wanted, f"{wanted}")
    except AssertionError:
        assert found() == wanted  # which shows what differs
        raise
    assert not (here / "pwned").exists()


def test_bash_does_not_offer_again_what_was_given(environment, tmp_path):
    def offered(line):
        return bash([line], environment, tmp_path)[0]

    assert {"--for", "--until", "-n", "--dry-run"} <= offered("gowatchctl mute -")
    assert not {"--for", "--until", "-n", "--dry-run"} & offered("gowatchctl mute -n --for 1h -")
    assert "--code" in offered("gowatchctl fix --code go-line-too-low -")
    assert offered("gowatchctl init --yes --d") == {"--dry-run"}
    assert "--discover" in offered("gowatchctl init --d")
    assert offered("gowatchctl check -- --f") == set()


# What is typed, and what stands on the screen then.
KEYS = {
    "gowatchctl topology --binary no\t": "--binary notes.txt",
    "gofumpt-work g\t": "gofumpt-work go.mod",
    "gowatchctl -C bel\t": "gowatchctl -C below/",
    "gowatchctl graph --format=me\t": "graph --format=mermaid",
    "gowatchctl fix --code go-line-too-l\t": "--code go-line-too-low",
    "gowatchctl undo \t\t": "format ~/src/app/go.mod",
}
BEGINNINGS = {
    "bash": "PS1='$ '\nfor file in {}/bash/*; do source $file; done\n",
    "zsh": "PROMPT='$ '\nfpath=({}/zsh $fpath)\nautoload -U compinit\ncompinit -u -D\n",
}


@pytest.mark.parametrize("shell", BEGINNINGS)
def test_somebody_presses_tab(shell, environment, daemon, here):
    (daemon.home / f".{shell}rc").write_text(BEGINNINGS[shell].format(COMPLETIONS))
    hostile = str(daemon.source / HOSTILE)
    with Terminal((shell, "-i"), here, environment) as terminal:
        terminal.shows("$")
        for keys, expected in KEYS.items():
            terminal.rests()
            terminal.press(keys)
            # an answer of the daemon may come too late on a busy machine: then one presses Tab again
            terminal.wait_for(
                lambda wanted=expected: (
                    wanted in terminal.text or (terminal.press("\t"), terminal.rests())[1]
                ),
                f"{expected!r} after {keys!r}",
            )
            terminal.press("\x15\x0c")  # forget the line, clear the screen
            terminal.wait_for(lambda: "gowatch" not in terminal.text, "an empty screen")
        beginning = f"gowatchctl mute {daemon.source}/\\$\\(t"
        terminal.press(f"{beginning}\t")
        terminal.rests()
        terminal.wait_for(
            lambda: "touch" in terminal.text or (terminal.press("\t"), terminal.rests())[1],
            "the hostile name",
        )
        terminal.press("\x01echo \x05 | cat -A\r")  # have the shell itself read what it completed
        terminal.wait_for(lambda: "b$" in terminal.text or "b/$" in terminal.text, f"{hostile} as one word")
    assert not (here / "pwned").exists()
