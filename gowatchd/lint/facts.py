"""What the rules may know beyond the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class GoEnvironment:
    """What ``go env`` says where the person runs go: environment variables and the ``go/env`` file.

    Each is the text of the variable of that name, empty where it is not set and has no default. ``gopath``
    may be several directories with ``:`` between them. ``tmpdir`` is the system's folder for temporary files.
    ``gowork_trouble`` is what the system says of the file that GOWORK names: empty where that can be read,
    and where GOWORK names none. ``platform`` is what the go command runs on, such as ``linux-amd64``, and
    ``path`` are the folders where it looks for other toolchains, with ``:`` between them.
    """

    goroot: str = ""
    gopath: str = ""
    gomodcache: str = ""
    goflags: str = ""
    gowork: str = ""
    go111module: str = ""
    tmpdir: str = ""
    gowork_trouble: str = ""
    gotoolchain: str = ""
    platform: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Godebugs:
    """The godebug settings that a toolchain knows (internal/godebugs/table.go).

    ``removed`` are those that it knows no more, with the values that it refuses (None for all) and the minor
    version of Go that removed them.
    """

    known: frozenset[str]
    removed: Mapping[str, tuple[frozenset[str] | None, int]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the world; a rule that needs what is not known stays silent.

    ``go_version`` is that of the go command that the person runs, such as ``1.22.10``, or of the toolchain at
    hand that it hands over to. ``switches_toolchain`` says whether that command would fetch a newer toolchain
    by itself, which GOTOOLCHAIN=local forbids.
    """

    go_version: str | None = None
    switches_toolchain: bool = True
    environment: GoEnvironment = GoEnvironment()
    godebugs: Godebugs | None = None
