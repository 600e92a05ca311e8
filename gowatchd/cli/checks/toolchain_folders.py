"""The folders of Go: who sets GOROOT, and whether the others keep apart and are yours."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import State, Verdict
from gowatchd.cli.shell_word import path_line, shell_word
from gowatchd.cli.table import home_as_tilde
from gowatchd.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.cli.examination import Examination
    from gowatchd.cli.go_folders import GoFolders

# What takes a GOROOT away, by where it was set (the names of go_folders.goroots).
UNSET = {
    N_("terminal"): "unset GOROOT",
    N_("login shell"): "grep -n GOROOT ~/.*profile ~/.*rc ~/.zshenv ~/.config/fish/config.fish",
    N_("user manager"): "systemctl --user unset-environment GOROOT",
    "go env -w": "go env -u GOROOT",
}


def check_goroot(examination: Examination) -> Verdict:
    """GOROOT is set, and leads to another toolchain than the one that runs.

    Symptom: 'compile: version "go1.21.13" does not match go tool version "go1.27.3"', "cannot find
    GOROOT directory", or a package of the standard library is not found.
    Looked: GOROOT in this terminal, the login shell, the user manager and ``go env -w``, and the file
    VERSION of the toolchain there.
    Helps: set GOROOT nowhere: go knows where it lies itself. What is set is wrong after the next
    upgrade.
    """
    found = examination.goroots
    if found is None:
        return Verdict(State.UNKNOWN, _("not looked at: there is no go command"))
    wrong = [one for one in found.settings if one.version.removeprefix("go") != found.version]
    if not wrong:
        if not found.settings:
            return Verdict(State.OK, _("it is set nowhere, as it should be"))
        places = ", ".join(_(one.place) for one in found.settings)
        return Verdict(
            State.OK,
            _(
                "it is set ({places}), to a toolchain of this version; the next upgrade makes that wrong"
            ).format(places=places),
        )
    told = [
        _("{place}: {value} is go {version}").format(
            place=_(one.place), value=home_as_tilde(one.value), version=one.version.removeprefix("go")
        )
        if one.version
        else _("{place}: {value} is no Go toolchain").format(
            place=_(one.place), value=home_as_tilde(one.value)
        )
        for one in wrong
    ]
    result = _("{settings}; the go command is {version}, in {own}").format(
        settings="; ".join(told), version=found.version, own=home_as_tilde(found.own)
    )
    commands = tuple(UNSET[one.place] for one in wrong if one.place in UNSET)
    return Verdict(State.PROBLEM, result, _("take the setting away: go knows where it lies"), commands)


def check_go_folders(examination: Examination) -> Verdict:
    """The folders of Go lie in one another, or are not yours.

    Symptom: "permission denied" from ``go install`` or ``go mod download``; what was downloaded or
    installed is gone after an upgrade or ``go clean``; "both GOPATH and GOROOT are the same directory".
    Looked: GOROOT, GOPATH, GOMODCACHE, GOCACHE and GOBIN as ``go env`` has them, who owns them, and
    whether PATH has the folder where ``go install`` puts programs.
    Helps: unset what you set without need: the defaults, ~/go and ~/.cache/go-build, keep apart. A
    folder that a ``sudo go`` left to root comes back with chown.
    """
    if examination.go[0] is None and examination.goroots is None:
        return Verdict(State.UNKNOWN, _("not looked at: there is no go command"))
    folders, failure = examination.go_folders
    if folders is None:
        return Verdict(State.UNKNOWN, _("not looked at: {failure}").format(failure=failure))
    wrong = [*_relative(folders), *_entangled(folders), *_foreign(folders)]
    if wrong:
        texts, commands = zip(*wrong, strict=True)
        return Verdict(
            State.PROBLEM,
            "; ".join(texts),
            _("give each a folder of its own, that is yours"),
            tuple(dict.fromkeys(commands)),
        )
    notes = [*_inside(folders)]
    if not folders.on_path:
        programs = home_as_tilde(folders.programs)
        notes.append(
            _("go install puts programs into {folder}, which PATH does not have").format(folder=programs)
        )
        return Verdict(
            State.NOTE,
            "; ".join(notes),
            _("put it on your PATH and log in again:"),
            (path_line(folders.programs),),
        )
    if notes:
        return Verdict(State.NOTE, "; ".join(notes))
    return Verdict(
        State.OK,
        _("GOPATH {gopath}, GOMODCACHE {gomodcache} and GOCACHE {gocache} keep apart and are yours").format(
            gopath=home_as_tilde(":".join(folders.gopath)),
            gomodcache=home_as_tilde(folders.gomodcache),
            gocache=home_as_tilde(folders.gocache),
        ),
    )


def _relative(folders: GoFolders) -> Iterator[tuple[str, str]]:
    named = [("GOPATH", one) for one in folders.gopath]
    named += [("GOMODCACHE", folders.gomodcache), ("GOCACHE", folders.gocache), ("GOBIN", folders.gobin)]
    for name, path in named:
        if path and not os.path.isabs(path) and path != "off":
            yield (
                _("{name}={path} is no absolute path, so that go fails").format(name=name, path=path),
                f"go env -u {name}; unset {name}",
            )


def _entangled(folders: GoFolders) -> Iterator[tuple[str, str]]:
    goroot, modules, cache = map(_real, (folders.goroot, folders.gomodcache, folders.gocache))
    for path in map(_real, folders.gopath):
        if path == goroot:
            yield (
                _("GOPATH and GOROOT are the same folder, {path}").format(path=home_as_tilde(path)),
                "go env -u GOPATH; unset GOPATH",
            )
        elif _is_in(path, goroot):
            yield (
                _("GOPATH {path} lies in the toolchain, and goes with its next upgrade").format(
                    path=home_as_tilde(path)
                ),
                "go env -u GOPATH; unset GOPATH",
            )
    if _is_in(modules, cache) or _is_in(cache, modules) or (modules and modules == cache):
        yield (
            _(
                "GOCACHE {cache} and GOMODCACHE {modules} lie in one another, so that go clean empties both"
            ).format(cache=home_as_tilde(cache), modules=home_as_tilde(modules)),
            "go env -u GOCACHE GOMODCACHE; unset GOCACHE GOMODCACHE",
        )
    if _is_in(modules, goroot) or _is_in(cache, goroot):
        yield (
            _("a cache lies in the toolchain {goroot}, and goes with its next upgrade").format(
                goroot=home_as_tilde(goroot)
            ),
            "go env -u GOCACHE GOMODCACHE; unset GOCACHE GOMODCACHE",
        )


def _foreign(folders: GoFolders) -> Iterator[tuple[str, str]]:
    for path, owner in folders.foreign:
        shown = home_as_tilde(path)
        yield (
            _("you may not write into {path}, which belongs to {owner}").format(path=shown, owner=owner),
            f'sudo chown -R "$(id -un)": {shell_word(path)}'
            if shown != path
            else f"ls -ld {shell_word(path)}",
        )


def _inside(folders: GoFolders) -> Iterator[str]:
    """Yield what works and may surprise: a toolchain in GOPATH that go did not put into its module cache."""
    goroot, modules = _real(folders.goroot), _real(folders.gomodcache)
    for path in map(_real, folders.gopath):
        if _is_in(goroot, path) and not _is_in(goroot, modules):
            yield _("the toolchain {goroot} lies in GOPATH {path}").format(
                goroot=home_as_tilde(goroot), path=home_as_tilde(path)
            )


def _real(path: str) -> str:
    """Return ``path`` with its links followed, "" for one that is none."""
    return os.path.realpath(path) if os.path.isabs(path) else ""


def _is_in(path: str, folder: str) -> bool:
    return bool(path and folder) and path != folder and path.startswith(f"{folder.rstrip('/')}/")
