"""The go command: which one it is, whether the PATH finds it, whether it works, how it was downloaded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import State, Verdict
from gowatchd.cli.shell_word import path_line, shell_word
from gowatchd.cli.table import home_as_tilde
from gowatchd.system.go_trial import BUILD_SECONDS, FOREIGN_TOOL
from gowatchd.translation import _

if TYPE_CHECKING:
    from gowatchd.cli.examination import Examination
    from gowatchd.system.go_places import GoPlace
    from gowatchd.system.go_trial import Trial

RESTART = ("systemctl", "--user", "restart", "gowatchd.service")
NAMED_MOST = 5  # go commands in one message


def check_go(examination: Examination) -> Verdict:
    """There is no go command, or the daemon uses another one than you.

    Symptom: problems that only go knows are not reported, or another go is asked than yours.
    Looked: PATH, the usual places, the login shell; and what the daemon found. A go that others could
    have put there is not run.
    Helps: install Go, or name the one to use as ``[check] go`` in ~/.config/gowatchd/config.toml.
    Mends: it restarts a daemon that found no go where there is one now.
    """
    found, failure = examination.go
    if found is None:
        return Verdict(
            State.PROBLEM,
            failure,
            _('install Go, or name it: [check] go = "/path/to/go" in ~/.config/gowatchd/config.toml'),
            ("sudo apt install golang-go",),
        )
    status, _failure = examination.status
    result = _("go {version}, {path} ({found})").format(
        version=found.version, path=home_as_tilde(found.go), found=found.found
    )
    if status is None:
        return Verdict(State.OK, result)
    theirs = status["go"]
    if theirs is None:
        return Verdict(
            State.PROBLEM,
            _("{ours}; the daemon found none").format(ours=result),
            _("restart it, so that it looks again"),
            (" ".join(RESTART),),
            RESTART,
        )
    if theirs["path"] != found.go:
        return Verdict(
            State.NOTE,
            _("{ours}; the daemon uses go {version}, {path}").format(
                ours=result, version=theirs["version"], path=home_as_tilde(theirs["path"])
            ),
            _('[check] go = "{path}" in ~/.config/gowatchd/config.toml makes it use this one').format(
                path=found.go
            ),
        )
    return Verdict(State.OK, result)


def check_go_on_path(examination: Examination) -> Verdict:
    """No go command is on your PATH, or several of different versions.

    Symptom: "go: command not found", or ``go version`` shows another version than you installed.
    Looked: every folder of this terminal's PATH and of the login shell's.
    Helps: the first one on PATH wins: put the folder of the one that you want in front, in ~/.profile,
    and log in again; remove what you do not use.
    """
    here, there = examination.gos, examination.shell_gos
    if not here:
        return _not_on_path(examination, there)
    if there and there[0] != here[0]:
        return Verdict(
            State.NOTE,
            _("this terminal runs {here}, and a new login shell would run {there}").format(
                here=_named(here[0]), there=_named(there[0])
            ),
            _("log in again, or see what sets PATH here:"),
            ("type -a go", "echo $PATH"),
        )
    if len({one.version for one in here}) > 1:
        others = ", ".join(map(_named, here[1:NAMED_MOST]))
        return Verdict(
            State.NOTE,
            _("{first} wins, and {others} stands behind it on PATH").format(
                first=_named(here[0]), others=others
            ),
            _("remove what you do not use, or put the folder of the one that you want in front"),
            ("type -a go",),
        )
    return Verdict(
        State.OK,
        (
            _("{first} is the only one")
            if len(here) == 1
            else _("{first} is the first of {number} of one version")
        ).format(first=_named(here[0]), number=len(here)),
    )


def check_go_builds(examination: Examination) -> Verdict:
    """The toolchain builds no program, or none can be run.

    Symptom: every ``go build`` fails, whatever it builds.
    Looked: a program of one line, built and run in a private folder below the temporary folder, in your
    environment but with ``GOFLAGS=-mod=mod``, ``GOTOOLCHAIN=local``, ``GOPROXY=off``, ``GOWORK=off``.
    Nothing is fetched; with an empty build cache it compiles the runtime first.
    Helps: where the compiler is of another version, unset GOROOT; where files are missing, unpack the
    archive again into an empty folder; where nothing may be run, name a folder where it may as
    ``GOTMPDIR``.
    """
    trial, (found, _failure) = examination.trial, examination.go
    if trial is None or found is None:
        return Verdict(State.UNKNOWN, _("not tried: there is no go command"))
    if not trial.failed:
        return Verdict(
            State.OK, _("a program was built and run in {seconds} s").format(seconds=f"{trial.seconds:.1f}")
        )
    return _failed(trial, home_as_tilde(found.goroot))


def _failed(trial: Trial, goroot: str) -> Verdict:
    if trial.failed == "folder":
        return Verdict(
            State.PROBLEM,
            _("there is no folder to try it in: {reason}").format(reason=trial.words),
            _("name one that you may write into as TMPDIR or GOTMPDIR"),
        )
    if trial.timed_out:
        return Verdict(
            State.UNKNOWN,
            _("not known: it took longer than {seconds} s").format(seconds=f"{BUILD_SECONDS:.0f}"),
            _("ask again: what was built until then is in the build cache"),
            ("gowatchctl doctor go-builds",),
        )
    if trial.failed == "run":
        return Verdict(
            State.PROBLEM,
            _("what was built in {folder} does not run: {reason}").format(
                folder=trial.folder, reason=trial.words
            ),
            _("if that is mounted noexec, name a folder elsewhere:"),
            (
                f"findmnt --target {shell_word(trial.folder)}",
                "mkdir -p ~/.cache/go-tmp",
                "go env -w GOTMPDIR=$HOME/.cache/go-tmp",
            ),
        )
    if FOREIGN_TOOL in trial.words:
        helps = _("GOROOT leads to another toolchain: unset it, go knows its own")
        return Verdict(State.PROBLEM, trial.words, helps, ("unset GOROOT", "go env -u GOROOT"))
    return Verdict(
        State.PROBLEM,
        _("go build failed: {reason}").format(reason=trial.words),
        _("if files of {goroot} are missing, remove that folder and install this version again").format(
            goroot=goroot
        ),
    )


def _not_on_path(examination: Examination, there: tuple[GoPlace, ...]) -> Verdict:
    found, _failure = examination.go
    if there:
        return Verdict(
            State.NOTE,
            _("this terminal's PATH has none; a new login shell would run {there}").format(
                there=_named(there[0])
            ),
            _("log in again"),
        )
    if found is None:
        return Verdict(State.UNKNOWN, _("not looked at: there is no go command"))
    return Verdict(
        State.NOTE,
        _("no folder of PATH has one, but there is {path}").format(path=home_as_tilde(found.go)),
        _("put its folder on your PATH and log in again:"),
        (path_line(os.path.dirname(found.go)),),
    )


def _named(place: GoPlace) -> str:
    return f"{home_as_tilde(place.path)} ({place.version or '?'})"
