"""The daemon: as it answers on the bus, and as systemd sees its service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import State, Verdict
from gowatchd.translation import N_, _, ngettext

if TYPE_CHECKING:
    from gowatchd.cli.examination import Examination
    from gowatchd.cli.service_facts import Service

START = ("gowatchctl", "enable")
RESTART = ("systemctl", "--user", "restart", "gowatchd.service")
RELOAD = ("systemctl", "--user", "daemon-reload")
LOOK = "journalctl --user --unit gowatchd --lines 50"
RUNNING = {"active", "reloading", "activating"}  # of ActiveState
FULL = 9  # tenths of MemoryHigh= from which on the kernel is about to slow it down

# Service.Result and what it means (org.freedesktop.systemd1(5)); any other one stands as it is.
RESULTS = {
    "start-limit-hit": N_(
        "it ended too often in a short time, and systemd does not start it again by itself"
    ),
    "oom-kill": N_("the kernel or systemd-oomd ended it, because memory ran out"),
    "watchdog": N_("it did not answer in time, and systemd ended it: please report the stack in its journal"),
    "timeout": N_("it did not start or stop in time"),
    "signal": N_("a signal ended it"),
    "core-dump": N_("it crashed"),
    "resources": N_(
        "systemd could not start it: a file that its unit names, memory or a process was lacking"
    ),
}
BAD_CONFIGURATION = 78  # the exit code of the daemon, where only an edit helps
BAD_SANDBOX = range(200, 243)  # systemd's own exit codes: a step before the program did not work


def check_service(examination: Examination) -> Verdict:
    """The service is not installed, failed, was restarted, or is short of memory or CPU time.

    Symptom: saved files are neither checked nor formatted, only at times, or late.
    Looked: the properties of ``gowatchd.service``, as ``systemctl --user show`` has them, and the
    counters of its control group: ``memory.events``, ``cpu.stat``.
    Helps: ``journalctl --user --unit gowatchd`` says why it ended; ``gowatchctl status`` what it has to
    do.
    Mends: it enables and starts a service that is not running, and has systemd read a unit file again
    that changed. A masked service is left alone: somebody meant that.
    """
    found, failure = examination.service
    if examination.bus.failure:
        return Verdict(State.UNKNOWN, _("not asked: no session bus answers"))
    if found is None:
        return Verdict(State.UNKNOWN, _("not asked: {failure}").format(failure=failure))
    return _running(found) if found.load == "loaded" and found.active in RUNNING else _not_running(found)


def check_daemon(examination: Examination) -> Verdict:
    """The daemon does not answer, is of another version, or a part of it is off.

    Symptom: gowatchctl status says that gowatchd is not running, or what it lacks.
    Looked: ``org.gowatchd.Gowatchd1`` on the session bus.
    Helps: ``gowatchctl enable``; after an upgrade ``systemctl --user restart gowatchd``.
    Mends: it restarts a daemon that is of another version than gowatchctl. Starting one is the matter
    of the check ``service``.
    """
    status, failure = examination.status
    if status is None:
        if examination.bus.failure:
            return Verdict(State.UNKNOWN, _("not asked: no session bus answers"))
        return Verdict(State.PROBLEM, failure, _("start it now and at every login"), (" ".join(START),))
    if status["version"] != examination.version:
        return Verdict(
            State.NOTE,
            _("gowatchd {theirs} runs, and this is gowatchctl {ours}").format(
                theirs=status["version"], ours=examination.version
            ),
            _("restart it, so that it runs what is installed"),
            (" ".join(RESTART),),
            RESTART,
        )
    off = [_("{part} is off: {reason}").format(**one) for one in status["off"]]
    if off:
        return Verdict(State.NOTE, "; ".join(off), _("what each of them needs:"), ("gowatchctl status",))
    return Verdict(
        State.OK, _("gowatchd {version} answers, and nothing is off").format(version=status["version"])
    )


def _not_running(found: Service) -> Verdict:
    if found.load == "masked":
        return Verdict(
            State.NOTE,
            _("it is switched off: a mask keeps systemd from starting it"),
            _("switch it on again, if you want it back"),
            (" ".join(START),),
        )
    if found.load != "loaded":
        return Verdict(
            State.PROBLEM,
            _("systemd knows no gowatchd.service ({state})").format(state=found.load),
            _("install the package, or run gowatchd in the foreground"),
            ("gowatchd",),
        )
    if found.active == "failed":
        return Verdict(State.PROBLEM, _why_failed(found), *_after_failure(found))
    if found.skipped:
        return Verdict(
            State.NOTE,
            _("systemd skips it: a condition of its unit does not hold, as for root and system accounts"),
            _("log in as yourself; gowatchd in the foreground asks no condition"),
            ("systemctl --user status gowatchd",),
        )
    return Verdict(
        State.PROBLEM,
        _("it is {state} ({file_state})").format(state=found.active, file_state=found.file_state or "-"),
        _("start it now and at every login"),
        (" ".join(START),),
        START,
    )


def _why_failed(found: Service) -> str:
    if found.exit_status == BAD_CONFIGURATION and found.result == "exit-code":
        return _("it failed: the configuration cannot be used")
    if found.exit_status in BAD_SANDBOX and found.result == "exit-code":
        return _(
            "it failed before it began, with systemd's exit code {code}: this system does not grant a "
            "restriction that its unit or a drop-in asks for"
        ).format(code=found.exit_status)
    if found.result in RESULTS:
        return _("it failed: {reason}").format(reason=_(RESULTS[found.result]))
    return _("it failed: {result}, exit code {code}").format(result=found.result, code=found.exit_status)


def _after_failure(found: Service) -> tuple[str, tuple[str, ...]]:
    if found.exit_status == BAD_CONFIGURATION:
        return _("its journal names file and line; mend that, then start it"), (LOOK, " ".join(RESTART))
    return _("see why, then start it again"), (
        LOOK,
        "systemctl --user reset-failed gowatchd",
        " ".join(RESTART),
    )


def _running(found: Service) -> Verdict:
    """Judge one that runs by what the kernel and systemd counted."""
    counters = found.counters
    if counters.killed:
        return Verdict(
            State.PROBLEM,
            ngettext(
                "the kernel killed {number} process of it, because memory ran out",
                "the kernel killed {number} processes of it, because memory ran out",
                counters.killed,
            ).format(number=counters.killed),
            _("give it more with MemoryMax= in a drop-in, or look below fewer folders ([watch] roots)"),
            ("systemctl --user edit gowatchd", LOOK),
        )
    notes = [*_shortages(found)]
    if found.stale:
        notes.append(_("its unit file changed, and systemd has not read it again"))
    if not notes:
        memory = "" if found.memory is None else f", {_mebibytes(found.memory)} MiB"
        state = f"{found.active} ({found.sub}{memory})"
        return Verdict(State.OK, _("it is {state}, never restarted, short of nothing").format(state=state))
    commands = (" ".join(RELOAD), LOOK) if found.stale else (LOOK,)
    return Verdict(
        State.NOTE, "; ".join(notes), _("its journal says more"), commands, RELOAD if found.stale else ()
    )


def _shortages(found: Service) -> list[str]:
    counters, notes = found.counters, []
    if found.restarts:
        notes.append(
            ngettext(
                "systemd restarted it {number} time after a failure",
                "systemd restarted it {number} times after failures",
                found.restarts,
            ).format(number=found.restarts)
        )
    if counters.limit or counters.high:
        notes.append(
            _("its memory reached MemoryHigh= {high} times and MemoryMax= {limit} times").format(
                high=counters.high or 0, limit=counters.limit or 0
            )
        )
    elif found.memory and found.memory_high and found.memory * 10 > found.memory_high * FULL:
        notes.append(
            _("it has {used} MiB of the {limit} that MemoryHigh= grants").format(
                used=_mebibytes(found.memory), limit=_mebibytes(found.memory_high)
            )
        )
    if counters.throttled:
        notes.append(
            _("CPUQuota= held it up {number} times, for {seconds} s altogether").format(
                number=counters.throttled, seconds=f"{counters.throttled_seconds or 0:.1f}"
            )
        )
    return notes


def _mebibytes(number: int) -> int:
    return -(-number // (1 << 20))
