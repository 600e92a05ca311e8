"""Where the go command of a person is: found where the user manager's short PATH does not look."""

from __future__ import annotations

import glob
import os
import pwd
import re
from typing import TYPE_CHECKING

from gowatchd.modfile import goversion
from gowatchd.system.go_installation import ask_go
from gowatchd.system.plain_unit import outside, was_unstarted
from gowatchd.system.process import Child, Command, await_child, run_child, start_child
from gowatchd.system.program_path import find_program

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from gowatchd.services.ports import Finished
    from gowatchd.system.go_installation import GoInstallation

SHELL_SECONDS = 5.0  # a login shell may wait for a network or a keyring; nothing depends on its answer

# Where installers put it. Of several versions (a * in the pattern) the newest comes first.
WELL_KNOWN = (
    "/usr/local/go/bin/go",
    "~/sdk/*/bin/go",  # golang.org/dl
    "~/go/bin/go",
    "/usr/lib/go-*/bin/go",  # Debian's golang-1.NN-go
    "~/.local/share/mise/shims/go",
    "~/.local/share/mise/installs/go/*/bin/go",
    "~/.asdf/shims/go",
    "~/.asdf/installs/golang/*/go/bin/go",
    "~/.goenv/shims/go",
    "~/.goenv/versions/*/bin/go",
    "/snap/go/current/bin/go",  # what /snap/bin/go runs; its setuid launcher is refused in our sandbox
    "/snap/bin/go",
    "/home/linuxbrew/.linuxbrew/bin/go",
    "~/.linuxbrew/bin/go",
)


class GoNotFoundError(Exception):
    """There is no go command that we may run; the text says why and what to do."""


def find_go(configured: str | None = None) -> GoInstallation:
    """Search the go command in place, waiting for what has to be run; raises GoNotFoundError."""
    with GoSearch(configured) as search:
        return search.result()


class GoSearch:
    """A search for the go command whose first question is asked already, while the caller does other things.

    ``configured`` is as for ``search_go``. Leaving the context ends what was not waited for.
    """

    def __init__(self, configured: str | None = None) -> None:
        self._search = search_go(configured)
        self._failure: GoNotFoundError | None = None
        try:
            self._command = next(self._search)
        except GoNotFoundError as error:  # said when somebody asks for the result
            self._failure = error
            return
        self._child = start_child(self._command)

    def __enter__(self) -> GoSearch:  # noqa: PYI034 typing.Self is of Python 3.11
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._failure is None and isinstance(self._child, Child):
            self._child.kill()
            await_child(self._command, self._child)

    def result(self) -> GoInstallation:
        """Wait for the answer, and for what else has to be run; raises GoNotFoundError. To be called once."""
        if self._failure is not None:
            raise self._failure
        finished = self._child = await_child(self._command, self._child)
        try:
            while True:
                finished = run_child(self._search.send(finished))
        except StopIteration as found:
            installation: GoInstallation = found.value
            return installation


def search_go(
    configured: str | None, *, ask_shell: bool = True
) -> Generator[Command, Finished, GoInstallation]:
    """Search the go command: yields what is to be run, is sent how it finished, returns the installation.

    A ``configured`` one (a path, or a name on PATH) is taken or refused; nothing else is tried then. Without
    one PATH, the well-known places and at last, with ``ask_shell``, the login shell are asked: it runs the
    person's profile. Raises GoNotFoundError.
    """
    refused: list[str] = []
    places = _known_places() if configured is None else iter([("configuration", _on_path(configured))])
    for found, candidate in places:
        installation = yield from ask_go(candidate, found, refused)
        if installation is not None:
            return installation
    if configured is None and ask_shell:
        command = _login_shell()
        beside = outside(command)
        answer = yield beside
        if beside is not command and was_unstarted(answer):
            answer = yield command
        candidate = os.fsdecode(answer.stdout).rstrip().rpartition("\n")[2]
        if answer.succeeded and os.path.isabs(candidate):
            installation = yield from ask_go(candidate, "login shell", refused)
            if installation is not None:
                return installation
    raise GoNotFoundError(_nothing_found(configured, refused))


def _known_places() -> Iterator[tuple[str, str]]:
    on_path = find_program("go")
    if on_path is not None:
        yield "PATH", on_path
    for pattern in WELL_KNOWN:
        for path in sorted(glob.glob(os.path.expanduser(pattern)), key=_by_version, reverse=True):
            yield "well-known place", path


def _on_path(configured: str) -> str:
    return os.path.expanduser(configured) if "/" in configured else find_program(configured) or configured


def _by_version(path: str) -> goversion.Key:
    version = re.search(r"/(?:go-?)?(\d[^/]*)/", path)
    return goversion.sort_key(version[1] if version else "")


def _login_shell() -> Command:
    shell = os.environ.get("SHELL") or _passwd_shell()
    # to find none is no failure, which the journal would tell of
    return Command((shell, "-lc", "command -v go || :"), os.path.expanduser("~"), SHELL_SECONDS)


def _passwd_shell() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh"
    except KeyError:  # a user without an entry, as in some containers
        return "/bin/sh"


def _nothing_found(configured: str | None, refused: list[str]) -> str:
    if configured is not None:
        return f"[check] go = {configured!r} cannot be used: {refused[0]}"
    tried = f" ({'; '.join(refused[:3])})" if refused else ""
    return f"no go command found{tried}: install one, or name it in the configuration as [check] go"
