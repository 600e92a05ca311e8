"""Variables for all units at once: our file in environment.d, written only when its person asks for it."""

from __future__ import annotations

import contextlib
import posixpath
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.services.changes import ChangeKind, HistoryError
from gowatchd.services.ports import Look, Swap, SwapOutcome
from gowatchd.services.unit_plan import Outcome, RefusedError, Repair
from gowatchd.unitfile import drop_in, shared_file
from gowatchd.unitfile.caution import caution
from gowatchd.unitfile.quoting import UnquotableError
from gowatchd.unitfile.shared_file import Shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gowatchd.services.history import History
    from gowatchd.services.ports import Contents
    from gowatchd.services.unit_auditing import Inspection
    from gowatchd.services.unit_ports import ManagerState, UserManager
    from gowatchd.services.unit_values import Values

# What UnitRepaired calls it where a unit's name stands otherwise.
SUBJECT = shared_file.FOLDER
SEVERAL = 2  # units: what one alone needs belongs into its own drop-in


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """A file to write: ``path`` holds ``before`` (nothing: it is not there) and shall hold ``after``."""

    path: str
    before: bytes
    after: bytes
    shared: Shared


def shared_path(folder: str) -> str:
    """Return where the file belongs: beside ``systemd/user``, the person's ``folder`` of units."""
    configuration = posixpath.dirname(posixpath.dirname(folder))
    return posixpath.join(configuration, shared_file.FOLDER, shared_file.NAME)


def plan_shared(
    inspection: Inspection, names: Iterable[str], values: Values, folder: str, files: Contents
) -> SharedPlan:
    """Return the file that sets ``names``; without any, what several units lack or have from our drop-ins.

    What it sets already stays in it. Raises RefusedError.
    """
    path = shared_path(folder)
    reading = files.read(path)
    if reading.look is not Look.CONTENT:
        raise RefusedError(f"{path}: {reading.reason or reading.look.value}")
    kept = Shared()
    if reading.data:
        found = shared_file.read(reading.data.decode("utf-8", "replace"))
        if found is None:
            raise RefusedError(f"{path} was edited or is not ours: it is left alone")
        kept = found
    environment = {} if inspection.manager is None else inspection.manager.environment
    wanted = _asked(tuple(names), values) if names else _common(inspection, files)
    first, last = _folders(wanted.pop("PATH", ""), environment.get("PATH", ""))
    shared = Shared(
        {**kept.values, **wanted},
        tuple(dict.fromkeys((*kept.first, *first))),
        tuple(dict.fromkeys((*kept.last, *last))),
    )
    try:
        after = shared_file.render(shared).encode() if shared.names else b""
    except UnquotableError as error:
        raise RefusedError(str(error)) from error
    return SharedPlan(path, reading.data, after, shared)


def _asked(names: tuple[str, ...], values: Values) -> dict[str, str]:
    wanted = {}
    for name in names:
        offer = values.find(name)
        if offer is None:
            raise RefusedError(f"nothing sets {name}: export it in your profile, or set it in [env.values]")
        why = caution(name, offer.value)
        if why is not None:
            raise RefusedError(f"{name} is not written: {why.value}")
        wanted[name] = offer.value
    if "PATH" in wanted:
        raise RefusedError(
            "a login shell's PATH is not copied: without a name, the folders that units lack are"
        )
    return wanted


def _common(inspection: Inspection, files: Contents) -> dict[str, str]:
    """Return what at least ``SEVERAL`` units need with the same value."""
    counted: Counter[tuple[str, str]] = Counter()
    for state, found in zip(inspection.states, inspection.audits, strict=True):
        counted.update({**_given(state.drop_ins, files), **found.assignments}.items())
    return {name: value for (name, value), number in sorted(counted.items()) if number >= SEVERAL}


def _given(drop_ins: Iterable[str], files: Contents) -> dict[str, str]:
    given: dict[str, str] = {}
    for path in drop_ins:
        if path.endswith((drop_in.NAME, drop_in.INSTANCE_NAME)):
            reading = files.read(path)
            text = reading.data.decode("utf-8", "replace") if reading.look is Look.CONTENT else ""
            given.update(drop_in.assignments_of(text) if drop_in.is_ours(text) else {})
    return given


def _folders(wanted: str, now: str) -> tuple[list[str], list[str]]:
    """Return the folders of ``wanted`` that the manager's PATH lacks: those before it, and those after."""
    known = now.split(":")
    folders = [one for one in wanted.split(":") if one]
    new = [one for one in folders if one not in known]
    start = next((place for place, one in enumerate(folders) if one in known), len(folders))
    first = folders[:start]
    return first, [one for one in new if one not in first]


class SharedWriter:
    """Writes the file, has the manager read it, and takes it back where that does not hold."""

    def __init__(
        self, manager: UserManager, history: History, files: Contents, done: Callable[[Repair], None]
    ) -> None:
        self._manager = manager
        self._history = history
        self._files = files
        self._done = done
        self._plan: SharedPlan | None = None
        self._change: int | None = None

    def write(self, plan: SharedPlan, *, reload_others: bool) -> None:
        """Do ``plan``; ``done`` hears how it ended. One at a time: another one is refused meanwhile."""
        if self._plan is not None:
            raise RefusedError("it is being written already")
        if plan.before == plan.after:
            self._done(Repair(SUBJECT, Outcome.NOTHING, "all units have it already, or no two lack the same"))
            return
        self._plan, self._change = plan, None

        def with_unloaded(others: tuple[str, ...]) -> None:
            if others and not reload_others:
                self._end(
                    Outcome.POSTPONED,
                    f"{others[0]} changed on disk and is not loaded yet: when it is as you want it, run "
                    "systemctl --user daemon-reload",
                )
            else:
                self._write(plan)

        self._manager.unloaded(with_unloaded)

    def give_up(self, reason: str) -> None:
        """End it: the manager is gone, and with it the answers that it waits for."""
        if self._plan is not None:
            self._end(Outcome.FAILED, self._restored(self._plan, reason))

    def _write(self, plan: SharedPlan) -> None:
        if self._plan is not plan:
            return
        try:
            change = self._history.begin(plan.path, plan.before, plan.after, ChangeKind.ENV)
            swap = self._files.swap(plan.path, plan.before, plan.after)
            self._change = change if swap.outcome is SwapOutcome.WRITTEN else None
            self._history.finish(change, swap)
        except HistoryError as error:
            self._end(Outcome.FAILED, self._restored(plan, f"no way back could be kept: {error}"))
            return
        if swap.outcome is not SwapOutcome.WRITTEN:
            refused = swap.outcome in {SwapOutcome.REFUSED, SwapOutcome.CHANGED}
            self._end(Outcome.REFUSED if refused else Outcome.FAILED, swap.reason)
            return
        self._history.secure(plan.path)
        self._manager.reload(lambda error: self._reloaded(plan, error))

    def _reloaded(self, plan: SharedPlan, error: str) -> None:
        if self._plan is not plan:
            return
        if error:
            reason = self._restored(plan, f"the user manager could not reload: {error}")
            self._manager.reload(lambda _error: self._end(Outcome.FAILED, reason))
        else:
            self._manager.read_manager(lambda state: self._verify(plan, state))

    def _verify(self, plan: SharedPlan, state: ManagerState | None) -> None:
        if self._plan is not plan:
            return
        environment: Mapping[str, str] = {} if state is None else state.environment
        other = plan.shared.holds(environment)
        names = ", ".join(plan.shared.names)
        message = f"every unit has {names} from its next start on"
        if other is not None:
            message = (
                f"{plan.path} is written, but this session gave the manager another {other}: "
                "the file counts from your next login on"
            )
        self._end(Outcome.REPAIRED, message)

    def _restored(self, plan: SharedPlan, reason: str) -> str:
        """Put the old bytes back; return ``reason``, and why not where that failed."""
        change, self._change = self._change, None
        if change is None:
            return reason
        swap = self._files.swap(plan.path, plan.after, plan.before)
        if swap.outcome is not SwapOutcome.WRITTEN:
            return f"{reason}; and {swap.reason}"
        with contextlib.suppress(HistoryError):  # then its undo finds nothing to do
            self._history.finish(change, Swap(SwapOutcome.FAILED, reason))
        return reason

    def _end(self, outcome: Outcome, message: str) -> None:
        plan, change = self._plan, self._change
        self._plan = self._change = None
        if plan is not None:
            self._done(Repair(SUBJECT, outcome, message, plan.path, change, plan.shared.names))
