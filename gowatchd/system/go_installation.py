"""A go command: whether it may be run, and what it says of itself and of what the person set."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.lint.facts import Facts, GoEnvironment
from gowatchd.modfile import goversion
from gowatchd.services.plain_text import escape, shorten
from gowatchd.services.toolchain_at_hand import FIRST_TO_SWITCH
from gowatchd.system.godebug_table import read_godebugs
from gowatchd.system.process import Command, child_environment
from gowatchd.system.trust import distrust

if TYPE_CHECKING:
    from collections.abc import Generator

    from gowatchd.lint.facts import Godebugs
    from gowatchd.services.ports import Finished

ENV_SECONDS = (
    10.0  # go env takes milliseconds; a version manager's shim may have to start an interpreter first
)
SETTINGS_SIZE = 1 << 16  # bytes of a go/env file: a few lines

_VERSION = re.compile(r"\bgo(\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)")
_ASKED = ("GOROOT", "GOVERSION", "GOMODCACHE", "GOPATH", "GOFLAGS", "GOENV", "GO111MODULE", "GOHOSTARCH")


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
    architecture: str = ""

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
            gotoolchain=self.gotoolchain,
            platform=f"linux-{self.architecture}",
            path=f"{os.environ.get('PATH', '')}:{os.path.join(self.gopath.partition(':')[0], 'bin')}",
        )
        pinned = goversion.of_toolchain(self.gotoolchain.partition("+")[0]) if self._hands_over else ""
        godebugs = self.godebugs if pinned in {"", self.version} else None
        return Facts(pinned or self.version, self.switches_toolchain, environment, godebugs)

    @property
    def switches_toolchain(self) -> bool:
        """Say whether it fetches a newer toolchain by itself where a file asks for one."""
        return self._hands_over and (self.gotoolchain == "auto" or self.gotoolchain.endswith("+auto"))

    @property
    def _hands_over(self) -> bool:
        """Say whether it heeds GOTOOLCHAIN: older ones run as what they are, whatever it says."""
        return goversion.compare(self.version, FIRST_TO_SWITCH) >= 0

    def __str__(self) -> str:
        return f"go {self.version}, {self.go} ({self.found})"


def ask_go(
    candidate: str, found: str, refused: list[str]
) -> Generator[Command, Finished, GoInstallation | None]:
    """Ask ``go env`` of a candidate; where that is no go command that we may run, add the reason."""
    reason = distrust(candidate) if os.path.isabs(candidate) else _nowhere(candidate)
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


def _nowhere(candidate: str) -> str:
    """Say what is wrong with a name or relative path: it would be another program in every repository."""
    return "is not an absolute path" if "/" in candidate else "is not on PATH"


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
        gowork=os.environ.get("GOWORK") or read_setting(said["GOENV"], "GOWORK"),
        go111module=said["GO111MODULE"],
        godebugs=read_godebugs(said["GOROOT"]),
        architecture=said["GOHOSTARCH"],
    )


def _persons_toolchain(environment_file: str, goroot: str) -> str:
    """Return GOTOOLCHAIN as it is without us: environment, ``go env -w``, or the toolchain's own default."""
    return (
        os.environ.get("GOTOOLCHAIN")
        or read_setting(environment_file, "GOTOOLCHAIN")
        or read_setting(os.path.join(goroot, "go.env"), "GOTOOLCHAIN")
        or "local"  # Go 1.20 and older know no other
    )


def read_setting(path: str, name: str) -> str:
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


def _failure(finished: Finished) -> str:
    if finished.timed_out:
        return f"did not answer in {ENV_SECONDS:g} s"
    words = finished.stderr.decode(errors="replace").strip().partition("\n")[0]
    return shorten(escape(finished.error or words or "is not a go command, or one older than Go 1.16"), 200)
