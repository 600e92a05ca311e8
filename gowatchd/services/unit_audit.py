"""The audit of one user unit: what its commands need, against the environment that they get."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.services.unit_findings import Audit, Finding, Kind, Offer
from gowatchd.unitfile.caution import caution
from gowatchd.unitfile.effective import Effective, effective, split_assignments
from gowatchd.unitfile.needs import Need, Needs, needs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gowatchd.services.unit_state import UnitState
    from gowatchd.services.unit_values import Programs, Values

# systemd.exec(5): the exit status of a process that systemd could not start; and what a shell and env(1)
# return for a program that they do not find.
EXEC_FAILED = 203
NOT_FOUND = 127

# Where systemd looks for a program without a slash, whatever PATH says (systemd.service(5), "Command lines").
FIXED_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"

# Named in a command and unset these are a mistake even where nobody knows a value: ${XDG_DATA_HOME}/x is /x.
_NEVER_EMPTY = re.compile(r"WORKSPACE_ROOT|XDG_(?:CONFIG|CACHE|DATA|STATE)_HOME")

_LITERAL = re.compile(r"\$\{?[A-Za-z_][A-Za-z0-9_]*\}?|(?:^|:)~(?=/|:|$)")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every audit stands on: the manager's environment, known values, and what can be looked up.

    ``required`` returns the names that the configuration demands for a unit, ``said_unset`` those that
    systemd itself reported of it. ``read_head`` is that of ``needs_of``. ``specifiers`` are those that mean
    the same in every unit, by letter.
    """

    manager: Mapping[str, str]
    values: Values
    programs: Programs
    read_head: Callable[[str], str | None]
    required: Callable[[str], tuple[str, ...]] = lambda _unit: ()
    specifiers: Mapping[str, str] = field(default_factory=dict)
    said_unset: Callable[[str], tuple[str, ...]] = lambda _unit: ()


def audit(unit: UnitState, around: Surroundings) -> Audit:
    """Return what is wrong with the environment of ``unit``."""
    if unit.load_state != "loaded":
        return Audit(unit.name, (), unit.own)
    auditor = _Auditor(unit, around, effective(around.manager, unit.settings))
    return Audit(unit.name, tuple(auditor.findings()), unit.own)


class _Auditor:
    def __init__(self, unit: UnitState, around: Surroundings, environment: Effective) -> None:
        self._unit = unit
        self._around = around
        self._environment = environment
        self._assigned = split_assignments(unit.settings.assignments)

    def findings(self) -> Iterator[Finding]:
        found = [needs_of(command, self._around.read_head) for command in self._unit.commands]
        yield from self._missing(found)
        yield from self._literal()
        for name in dict.fromkeys(text for needs in found for text in needs.invalid):
            yield self._say(
                Kind.INVALID,
                name,
                f"systemd knows only $NAME as a whole word and ${{NAME}}: {name} has no value there",
                advice="run the command through /bin/sh -c, and write $$ for the shell's $",
            )
        yield from self._programs(found)
        for path in self._unit.lost_files:
            yield self._say(
                Kind.LOST_FILE,
                path,
                f"EnvironmentFile={path} cannot be read, so the unit does not start",
                advice=f"create it, or write EnvironmentFile=-{path} where it may be missing",
            )
        yield from self._failed()
        yield from self._stale()

    def _say(
        self, kind: Kind, name: str, message: str, *, offer: Offer | None = None, advice: str = ""
    ) -> Finding:
        return Finding(self._unit.name, kind, name, message, offer, advice)

    def _missing(self, found: list[Needs]) -> Iterator[Finding]:
        needs: dict[str, Need] = {}
        required = self._around.required(self._unit.name)
        for name in required:
            needs[name] = Need(name, "the configuration requires it")
        for need in (one for each in found for one in each.needs):
            known = needs.get(need.name)
            if known is None or (known.optional and not need.optional):
                needs[need.name] = need
        # what an earlier command line named and this one does not is no matter any more
        words = " ".join(word for command in self._unit.commands for word in command.words)
        said = [name for name in self._around.said_unset(self._unit.name) if name in words]
        for name in said:
            needs.setdefault(name, Need(name, "systemd says in the journal that a command names it"))
        demanded = {*required, *filter(_NEVER_EMPTY.fullmatch, said)}
        for need in needs.values():
            if need.name != "PATH" and not self._decided(need.name):
                yield from self._lacks(need, demanded=need.name in demanded)

    def _decided(self, name: str) -> bool:
        """Say whether the unit has the variable, or its author set it to nothing or removed it."""
        environment = self._environment
        return (
            environment.has(name)
            or name in environment.removed
            or name in environment.from_file
            or name in self._assigned
        )

    def _lacks(self, need: Need, *, demanded: bool) -> Iterator[Finding]:
        offer = self._around.values.find(need.name, required=not need.optional)
        message = f"{need.name} is not set: {need.why}"
        if offer is None:
            if demanded:  # of any other: optional in practice, or not ours to guess
                advice = "nothing here knows its value: set it in [env.values], or in the unit"
                yield self._say(Kind.MISSING, need.name, message, advice=advice)
            return
        why = caution(need.name, offer.value)
        if why is not None:
            yield self._say(Kind.MISSING, need.name, message, advice=why.value)
        elif not self._unit.repairable:
            yield self._say(Kind.MISSING, need.name, message, advice=self._why_not())
        else:
            yield self._say(Kind.MISSING, need.name, message, offer=offer)

    def _why_not(self) -> str:
        if self._unit.transient:
            return "the unit is transient: whoever starts it has to pass the variable (systemd-run --setenv=)"
        return "the unit has no file of its own that a drop-in could add to"

    def _literal(self) -> Iterator[Finding]:
        for name, value in self._assigned.items():
            found = _LITERAL.search(value)
            if found is not None and self._environment.values.get(name) == value:
                text = found[0].lstrip(":")
                yield self._say(
                    Kind.LITERAL,
                    name,
                    f"Environment={name}={value} holds {text} as it is written: systemd expands none there",
                    advice="write %h for the home folder, and a PATH in full",
                )

    def _programs(self, found: list[Needs]) -> Iterator[Finding]:
        find = self._around.programs.find
        fixed = ":".join(self._unit.settings.search_path) or FIXED_PATH
        for command in self._unit.commands:
            program = command.words[0] if command.words else ""
            if program and "/" not in program and find(program, fixed) is None:
                yield self._say(
                    Kind.NOT_FOUND,
                    program,
                    f"systemd finds no {program} in its own search path, which no PATH= changes",
                    advice=f"write the absolute path (%h/go/bin/{program}), or set ExecSearchPath=",
                )
        path = self._environment.values.get("PATH", "")
        offer: Offer | None = None
        lacking = []
        for program in dict.fromkeys(name for needs in found for name in needs.programs):
            if find(program, path) is None:
                longer = self._around.values.path_with(program, path, self._around.programs)
                if longer is not None:
                    offer, path = longer, longer.value
                    lacking.append(program)
        if offer is not None:
            yield self._not_on_path(lacking, offer)

    def _not_on_path(self, lacking: list[str], offer: Offer) -> Finding:
        message = f"PATH does not lead to {' and '.join(lacking)}, which its command runs"
        if "PATH" in self._environment.removed | self._environment.from_file or not self._unit.repairable:
            return self._say(Kind.MISSING, "PATH", message, advice=f"give it this PATH: {offer.value}")
        return self._say(Kind.MISSING, "PATH", message, offer=offer)

    def _failed(self) -> Iterator[Finding]:
        process = self._unit.process
        if process.result == "exit-code" and process.status in {EXEC_FAILED, NOT_FOUND}:
            what = (
                "systemd could not start its program"
                if process.status == EXEC_FAILED
                else "a program was not found"
            )
            yield self._say(
                Kind.FAILED,
                str(process.status),
                f"it failed with status {process.status}: {what}",
                advice=f"journalctl --user -u {self._unit.name} -n 20",
            )

    def _stale(self) -> Iterator[Finding]:
        running = self._unit.process.environment
        if running is None:
            return
        older = sorted(
            name for name, value in self._assigned.items() if self._stands(name, value) != running.get(name)
        )
        if older:
            yield self._say(
                Kind.STALE,
                older[0],
                f"process {self._unit.process.pid} still runs with another {', '.join(older)}",
                advice=f"systemctl --user restart {self._unit.name}",
            )

    def _stands(self, name: str, value: str) -> str | None:
        return self._environment.values.get(name, value if name not in self._environment.removed else None)
