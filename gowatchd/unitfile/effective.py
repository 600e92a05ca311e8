"""The environment that a unit's processes start with (systemd.exec(5), src/core/exec-invoke.c)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_VARIABLES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a unit says of its environment, drop-ins included.

    ``assignments`` is the ``Environment`` property (``NAME=value``, specifiers expanded), ``files`` the
    content of each EnvironmentFile= in order, ``search_path`` that of ExecSearchPath=.
    """

    assignments: tuple[str, ...] = ()
    files: tuple[Mapping[str, str], ...] = ()
    passed: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    search_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effective:
    """The environment of a unit.

    No drop-in can set the names in ``removed`` (by UnsetEnvironment=), nor change those ``from_file``.
    """

    values: Mapping[str, str]
    removed: frozenset[str] = frozenset()
    from_file: frozenset[str] = field(default=frozenset())

    def has(self, name: str) -> bool:
        """Say whether ``name`` is set to something."""
        return bool(self.values.get(name))


def split_assignments(assignments: Iterable[str]) -> dict[str, str]:
    """Return ``NAME=value`` texts as a table; the last one of a name counts."""
    pairs = (one.partition("=") for one in assignments)
    return {name: value for name, _, value in pairs}


def effective(manager: Mapping[str, str], settings: Settings) -> Effective:
    """Return the environment that systemd makes of the manager's and the unit's own.

    In this order, the later wins: the manager's, the PATH of ExecSearchPath=, PassEnvironment= (which is the
    manager's again), Environment=, EnvironmentFile=; at last UnsetEnvironment= removes.
    """
    values = dict(manager)
    if settings.search_path:
        values["PATH"] = ":".join(settings.search_path)
    values.update({name: manager[name] for name in settings.passed if name in manager})
    values.update(split_assignments(settings.assignments))
    from_file: set[str] = set()
    for file in settings.files:
        values.update(file)
        from_file.update(file)
    removed = set()
    for one in settings.unset:
        name, equals, value = one.partition("=")
        if not equals or values.get(name) == value:
            values.pop(name, None)
        if not equals:
            removed.add(name)
    return Effective(values, frozenset(removed), frozenset(from_file))
