"""Which go command the person uses: found where the user manager's short PATH does not look, and checked."""

from __future__ import annotations

import glob
import json
import os
import pwd
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.lint.facts import Facts, GoEnvironment
from gowatchd.modfile import goversion
from gowatchd.services.plain_text import escape, shorten
from gowatchd.system.godebug_table import read_godebugs
from gowatchd.system.process import Child, Command, await_child, child_environment, run_child, start_child

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from gowatchd.lint.facts import Godebugs
    from gowatchd.services.ports import Finished

ENV_SECONDS = (
    10.0  # go env takes milliseconds; a version manager's shim may have to start an interpreter first
)
SHELL_SECONDS = 5.0  # a login shell may wait for a network or a keyring; nothing depends on its answer
SETTINGS_SIZE = 1 << 16  # bytes of a go/env file: a few lines

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
    "/snap/bin/go",
    "/home/linuxbrew/.linuxbrew/bin/go",
    "~/.linuxbrew/bin/go",
)

_VERSION = re.compile(r"\bgo(\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)")
_ASKED = ("GOROOT", "GOVERSION", "GOMODCACHE", "GOPATH", "GOFLAGS", "GOENV", "GO111MODULE")


class GoNotFoundError(Exception):
    """There is no go command that we may run; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class GoInstallation:
    """A go command: its absolute path (never a wrapper), where it was found, and what ``go env`` says.

    ``version`` is without "go" before it, such as ``1.22.10``. ``gotoolchain``, ``goflags``, ``gowork`` and
    ``go111module`` are what the person set, not what we run it with. ``godebugs`` are the settings that it
    knows, where its source is installed.
    """

    go: str
    found: str
    version: str
    goroot: str
    gopath: str
    gomodcache: str
    gotoolchain: str
    goflags: str
    gowork: str = ""
    go111module: str = ""
    godebugs: Godebugs | None = None

    @property
    def facts(self) -> Facts:
        """What the rules may know of it."""
        environment = GoEnvironment(
            goroot=self.goroot,
            gopath=self.gopath,
            gomodcache=self.gomodcache,
            goflags=self.goflags,
            gowork=self.gowork,
            go111module=self.go111module,
            tmpdir=os.environ.get("TMPDIR") or "/tmp",  # noqa: S108 - only compared; as os.TempDir in Go
        )
        return Facts(self.version, self.switches_toolchain, environment, self.godebugs)

    @property
    def switches_toolchain(self) -> bool:
        """Say whether it fetches a newer toolchain by itself where a file asks for one."""
        return self.gotoolchain == "auto" or self.gotoolchain.endswith("+auto")

    def __str__(self) -> str:
        return f"go {self.version}, {self.go} ({self.found})"


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


def search_go(configured: str | None) -> Generator[Command, Finished, GoInstallation]:
    """Search the go command: yields what is to be run, is sent how it finished, returns the installation.

    A ``configured`` one (a path, or a name on PATH) is taken or refused; nothing else is tried then. Without
    one PATH, the well-known places and at last the login shell are asked. Raises GoNotFoundError.
    """
    refused: list[str] = []
    places = _known_places() if configured is None else iter([("configuration", _on_path(configured))])
    for found, candidate in places:
        installation = yield from _ask(candidate, found, refused)
        if installation is not None:
            return installation
    if configured is None:
        answer = yield _login_shell()
        candidate = os.fsdecode(answer.stdout).rstrip().rpartition("\n")[2]
        if answer.succeeded and os.path.isabs(candidate):
            installation = yield from _ask(candidate, "login shell", refused)
            if installation is not None:
                return installation
    raise GoNotFoundError(_nothing_found(configured, refused))


def distrust(path: str) -> str:
    """Say why the program at ``path`` must not be run, or nothing.

    It and its directory have to belong to us or to root, and nobody else may write to them: whoever can put a
    program there would run it as us. Links are followed.
    """
    real = os.path.realpath(path)
    for one in (real, os.path.dirname(real)):
        try:
            status = os.stat(one)
        except OSError as error:
            return f"{one}: {error.strerror}"
        if status.st_uid not in trusted_owners():
            return f"{one} belongs to another user (uid {status.st_uid})"
        if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
            return f"{one} can be written by everybody: chmod o-w {one}"
    return "" if os.path.isfile(real) and os.access(real, os.X_OK) else f"{path} is not a program"


def _ask(
    candidate: str, found: str, refused: list[str]
) -> Generator[Command, Finished, GoInstallation | None]:
    """Ask ``go env`` of a candidate; where that is no go command that we may run, add the reason."""
    reason = distrust(candidate)
    if not reason:
        finished = yield Command(
            (candidate, "env", "-json", *_ASKED),
            cwd=os.path.expanduser("~"),  # where a version manager's shim finds the person's own choice
            timeout=ENV_SECONDS,
            # Whatever asks for another toolchain must not make go fetch one, nor a wrong GOROOT mislead it.
            env=child_environment(GOTOOLCHAIN="local", GOWORK="off", GOPROXY="off", GOROOT=""),
        )
        installation = _read_answer(candidate, found, finished)
        if installation is not None:
            return installation
        reason = _failure(finished)
    refused.append(f"{candidate}: {reason}")
    return None


def _read_answer(candidate: str, found: str, finished: Finished) -> GoInstallation | None:
    try:
        said = json.loads(finished.stdout) if finished.succeeded else None
    except ValueError:
        return None
    if not isinstance(said, dict) or not all(isinstance(said.get(name), str) for name in _ASKED):
        return None
    version = _VERSION.search(said["GOVERSION"])
    if version is None:
        return None
    behind = os.path.join(said["GOROOT"], "bin", "go")  # a wrapper or shim costs 16 ms and more at every run
    return GoInstallation(
        go=candidate if distrust(behind) else behind,
        found=found,
        version=version[1],
        goroot=said["GOROOT"],
        gopath=said["GOPATH"],
        gomodcache=said["GOMODCACHE"],
        gotoolchain=_persons_toolchain(said["GOENV"], said["GOROOT"]),
        goflags=said["GOFLAGS"],
        gowork=os.environ.get("GOWORK") or _setting(said["GOENV"], "GOWORK"),
        go111module=said["GO111MODULE"],
        godebugs=read_godebugs(said["GOROOT"]),
    )


def _persons_toolchain(environment_file: str, goroot: str) -> str:
    """Return GOTOOLCHAIN as it is without us: environment, ``go env -w``, or the toolchain's own default."""
    return (
        os.environ.get("GOTOOLCHAIN")
        or _setting(environment_file, "GOTOOLCHAIN")
        or _setting(os.path.join(goroot, "go.env"), "GOTOOLCHAIN")
        or "local"  # Go 1.20 and older know no other
    )


def _setting(path: str, name: str) -> str:
    """Return the value of ``name`` in a go.env file, or nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        text = os.read(descriptor, SETTINGS_SIZE).decode(errors="replace")
    except OSError:
        return ""
    finally:
        os.close(descriptor)
    values = (line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{name}="))
    return next(values, "").strip()


def _known_places() -> Iterator[tuple[str, str]]:
    on_path = _which("go")
    if on_path is not None:
        yield "PATH", on_path
    for pattern in WELL_KNOWN:
        for path in sorted(glob.glob(os.path.expanduser(pattern)), key=_by_version, reverse=True):
            yield "well-known place", path


def _on_path(configured: str) -> str:
    return os.path.expanduser(configured) if "/" in configured else _which(configured) or configured


def _which(name: str) -> str | None:
    """Return the program that PATH means by ``name``; shutil's own comes with 3 ms of archive formats."""
    for folder in os.get_exec_path():
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def _by_version(path: str) -> goversion.Key:
    version = re.search(r"/(?:go-?)?(\d[^/]*)/", path)
    return goversion.sort_key(version[1] if version else "")


def _login_shell() -> Command:
    shell = os.environ.get("SHELL") or _passwd_shell()
    return Command((shell, "-lc", "command -v go"), os.path.expanduser("~"), SHELL_SECONDS)


def _passwd_shell() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh"
    except KeyError:  # a user without an entry, as in some containers
        return "/bin/sh"


def trusted_owners() -> frozenset[int]:
    """Return us and root; where a user namespace hides root, its files show the overflow id instead."""
    owners = {0, os.getuid()}
    with open("/proc/self/uid_map") as uid_map:
        maps_root = any(int(line.split()[1]) == 0 for line in uid_map)
    if not maps_root:
        with open("/proc/sys/kernel/overflowuid") as overflow:
            owners.add(int(overflow.read()))
    return frozenset(owners)


def _failure(finished: Finished) -> str:
    if finished.timed_out:
        return f"did not answer in {ENV_SECONDS:g} s"
    words = finished.stderr.decode(errors="replace").strip().partition("\n")[0]
    return shorten(escape(finished.error or words or "is not a go command, or one older than Go 1.16"), 200)


def _nothing_found(configured: str | None, refused: list[str]) -> str:
    if configured is not None:
        return f"[check] go = {configured!r} cannot be used: {refused[0]}"
    tried = f" ({'; '.join(refused[:3])})" if refused else ""
    return f"no go command found{tried}: install one, or name it in the configuration as [check] go"
