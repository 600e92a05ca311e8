"""Whether a Go toolchain builds a program, found out by building and running the smallest one."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gowatchd.services.plain_text import escape, shorten
from gowatchd.system.process import Command, child_environment, run_child

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.services.ports import Finished

# Seconds. With an empty build cache the runtime is compiled first: 19 s on two busy cores, 0.1 s afterwards.
BUILD_SECONDS = 90.0
RUN_SECONDS = 10.0
_WORDS = 300  # characters of what go says: its first lines name the cause, hundreds may follow

FOREIGN_TOOL = "does not match go tool version"  # what the compiler of another toolchain says (cmd/compile)
# The name of a package whose errors follow, what a tool says that was called wrongly, and advice.
_NO_CAUSE = ("# ", "usage:", "Flags:", "-", "warning:")

_SAYS = "hello from a program that gowatchctl doctor built"
_PROGRAM = f'package main\n\nfunc main() {{ println("{_SAYS}") }}\n'
_MODULE = "module example.com/hello\n\ngo 1.16\n"  # every toolchain with modules takes it


@dataclass(frozen=True, slots=True)
class Trial:
    """How it went: ``failed`` names the step that did not work ("build", "run" or "folder"), or is "".

    ``words`` are what was said about that, ``folder`` where it was tried, ``seconds`` how long it took.
    """

    failed: str
    words: str
    folder: str
    seconds: float
    timed_out: bool = False


def try_go(go: str, folder: str) -> Trial:
    """Build a program with ``go``, offline, with the toolchain as it is, and run it.

    That is done in a private folder in ``folder``, what GOTMPDIR names; "" stands for the usual one.
    """
    begin = time.monotonic()
    folder = folder or tempfile.gettempdir()
    try:
        private = tempfile.mkdtemp(prefix="gowatchctl-doctor-", dir=folder)
    except OSError as error:
        return Trial("folder", f"{folder}: {error.strerror}", folder, 0.0)
    try:
        try:
            Path(private, "go.mod").write_text(_MODULE)
            Path(private, "main.go").write_text(_PROGRAM)
        except OSError as error:
            return Trial("folder", f"{private}: {error.strerror}", folder, 0.0)
        for step, command in _steps(go, private):
            finished = run_child(command)
            if not finished.succeeded or (step == "run" and _SAYS.encode() not in finished.stderr):
                return Trial(
                    step, _said(finished), folder, time.monotonic() - begin, timed_out=finished.timed_out
                )
        return Trial("", "", folder, time.monotonic() - begin)
    finally:
        shutil.rmtree(private, ignore_errors=True)


def _steps(go: str, folder: str) -> Iterator[tuple[str, Command]]:
    program = os.path.join(folder, "hello")
    environment = child_environment(
        GOTOOLCHAIN="local",
        GOPROXY="off",
        GOFLAGS="-mod=mod",
        GOWORK="off",  # a go.work above the temporary folder is none of its business
        GO111MODULE="on",
        PWD=folder,
    )
    yield "build", Command((go, "build", "-o", program, "."), folder, BUILD_SECONDS, environment)
    yield "run", Command((program,), folder, RUN_SECONDS)


def _said(finished: Finished) -> str:
    words = (finished.stderr or finished.stdout).decode(errors="replace")
    told = [
        line.strip() for line in words.splitlines() if line[:1].strip() and not line.startswith(_NO_CAUSE)
    ]
    told.sort(key=lambda line: FOREIGN_TOOL not in line)  # of packages built at once, any may come first
    return shorten(escape(finished.error or "; ".join(dict.fromkeys(told[:2])) or "nothing was said"), _WORDS)
