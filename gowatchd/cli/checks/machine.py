"""The machine: what inotify grants, where the history is kept, room on the disks, the clock."""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import State, Verdict
from gowatchd.cli.shell_word import shell_word
from gowatchd.cli.table import home_as_tilde
from gowatchd.system.inotify import limit_advice
from gowatchd.translation import _, ngettext

if TYPE_CHECKING:
    from gowatchd.cli.examination import Examination
    from gowatchd.system.room import Room

NAMED_MOST = 4  # programs in one message
NEARLY = 9  # tenths of a limit: an editor takes thousands of watches at once, when it opens a folder
WATCHES_LEAST = 65536  # of all programs of a person; two large repositories in two editors take as many
FULL = 64 << 20  # bytes: the history alone may take 36 MiB
SHORT = 1 << 30  # bytes: a build of a middling program fills hundreds of MiB of GOCACHE
FILES_LEAST = 1000  # a build makes hundreds of files
SLACK = 60.0  # seconds that a file may be younger than now: clocks of two machines differ


def check_inotify(examination: Examination) -> Verdict:
    """The inotify watches or instances of your account are nearly used up.

    Symptom: "no space left on device" or "too many open files" from an editor or gopls; folders are not
    watched, as ``gowatchctl status`` says then.
    Looked: ``fs.inotify.max_user_watches`` and ``max_user_instances``, and what each of your programs
    takes of them. gowatchd itself takes a quarter at most and leaves room for others; it uses inotify
    alone, without fanotify and the rights of root that this would need.
    Helps: raise the limit, which costs about 1.2 KiB of kernel memory for each watch in use; or close
    what takes most.
    """
    found = examination.watches
    watches = sum(one[2] for one in found.holders)
    instances = sum(one[1] for one in found.holders)
    most = ", ".join(f"{name} {count}" for name, _instances, count in found.holders[:NAMED_MOST]) or "-"
    used = _(
        "{used} of {most} watches ({who}) and {instances} of {instances_most} instances are taken"
    ).format(
        used=watches,
        most=found.watches_most,
        who=most,
        instances=instances,
        instances_most=found.instances_most,
    )
    limits = (
        ("max_user_watches", watches, found.watches_most),
        ("max_user_instances", instances, found.instances_most),
    )
    short = [(name, 2 * limit) for name, count, limit in limits if count * 10 >= limit * NEARLY]
    if short:
        return Verdict(
            State.PROBLEM, used, "; ".join(limit_advice(*one) for one in short), tuple(map(_sysctl, short))
        )
    if found.watches_most < WATCHES_LEAST:
        return Verdict(
            State.NOTE,
            _("{used}; editors with large repositories need more").format(used=used),
            limit_advice("max_user_watches", 8 * WATCHES_LEAST),
            (_sysctl(("max_user_watches", 8 * WATCHES_LEAST)),),
        )
    return Verdict(State.OK, used)


def check_state_folder(examination: Examination) -> Verdict:
    """The folder of the history cannot be written, or a damaged history was set aside.

    Symptom: ``gowatchctl status`` says that the history is off, and nothing is formatted: what cannot
    be taken back is not written.
    Looked: ``$XDG_STATE_HOME/gowatchd``, else ``~/.local/state/gowatchd``: whose it is, its
    permissions, what is in it.
    Helps: make it yours again. A damaged history is kept as ``history.sqlite3.corrupt-DATE``, the three
    newest of them; delete them when you need nothing of them.
    Mends: it gives you back the permissions of a folder that is yours.
    """
    room, aside = examination.state_folder
    path = home_as_tilde(room.path)
    if not room.is_folder:
        return Verdict(
            State.PROBLEM,
            _("{path} is no folder").format(path=home_as_tilde(room.stands)),
            _("move it away"),
            (f"ls -l {shell_word(room.stands)}",),
        )
    if not room.writable:
        return _not_ours(room)
    if aside:
        return Verdict(
            State.NOTE,
            ngettext(
                "{number} damaged history was set aside in {path}: {names}",
                "{number} damaged histories were set aside in {path}: {names}",
                len(aside),
            ).format(number=len(aside), path=path, names=", ".join(aside)),
            _("a failing disk or a power cut does that; remove them, if you need nothing of them"),
            tuple(f"rm {shell_word(room.path)}/{shlex.quote(name)}*" for name in aside),
        )
    if not room.exists:
        return Verdict(State.OK, _("{path} is made when it is needed").format(path=path))
    return Verdict(State.OK, _("{path} can be written").format(path=path))


def check_space(examination: Examination) -> Verdict:
    """A disk that gowatchd or go writes to is full, or nearly.

    Symptom: a file waits to be formatted, as ``gowatchctl status`` says; go says "no space left on
    device".
    Looked: free room and free files where the history, the temporary files, the build cache and the
    module cache lie.
    Helps: make room; ``go clean -cache -modcache`` frees what go can fetch and build again.
    """
    rooms = examination.rooms
    told = ", ".join(
        _("{free} free at {path}").format(free=_size(one.free), path=home_as_tilde(one.stands))
        for one in rooms
    )
    lowest = min((one.free for one in rooms), default=SHORT)
    files = min((one.free_files for one in rooms if one.free_files is not None), default=FILES_LEAST)
    if lowest >= SHORT and files >= FILES_LEAST:
        return Verdict(State.OK, told)
    if files < FILES_LEAST:
        told = _("{told}; only {number} more files can be made").format(told=told, number=files)
    full = lowest < FULL or files < FILES_LEAST
    return Verdict(
        State.PROBLEM if full else State.NOTE,
        told,
        _("make room; what go can build again is the first to go:"),
        ("go clean -cache", "du -xh --max-depth=2 ~ | sort -h | tail"),
    )


def check_clock(examination: Examination) -> Verdict:
    """The clock is wrong.

    Symptom: the times in ``gowatchctl log`` make no sense, certificates are "not yet valid", go builds
    everything anew.
    Looked: the time now against that of files that were made before: gowatchd's own, the go command's,
    the machine-id; and whether the kernel says that something keeps the clock (adjtimex).
    Helps: ``timedatectl set-ntp true``. gowatchd itself measures with the monotonic clock, and loses
    nothing.
    """
    found = examination.clock
    if found.newest > found.now + SLACK:
        return Verdict(
            State.PROBLEM,
            _("it shows {now}, and {path} was made at {then}").format(
                now=_moment(found.now), path=home_as_tilde(found.newest_path), then=_moment(found.newest)
            ),
            _("set it"),
            ("timedatectl status", "sudo timedatectl set-ntp true"),
        )
    if found.kept:
        return Verdict(State.OK, _("it shows {now}, and is kept right").format(now=_moment(found.now)))
    return Verdict(
        State.OK,
        _("it shows {now}, later than every file it was held against").format(now=_moment(found.now)),
    )


def _not_ours(room: Room) -> Verdict:
    path = home_as_tilde(room.stands)
    result = _("you may not write into {path}: it belongs to {owner} with mode {mode}").format(
        path=path, owner=room.owner, mode=f"{room.mode:04o}"
    )
    if room.ours and room.mode & 0o300 != 0o300:
        command = ("chmod", "u+rwx", room.stands)
        return Verdict(
            State.PROBLEM,
            result,
            _("give it back to yourself"),
            (f"chmod u+rwx {shell_word(room.stands)}",),
            command,
        )
    if room.ours:
        return Verdict(
            State.PROBLEM,
            result,
            _("its file system is read-only:"),
            (f"findmnt --target {shell_word(room.stands)}",),
        )
    if not room.exists:  # what stands there is not gowatchd's folder, and may be / or /home
        return Verdict(
            State.PROBLEM,
            result,
            _("set HOME or XDG_STATE_HOME to a folder of yours, or have this one made for you"),
            (f'sudo install -d -o "$(id -un)" -m 700 {shell_word(room.path)}',),
        )
    return Verdict(
        State.PROBLEM,
        result,
        _("have it made yours"),
        (f'sudo chown -R "$(id -un)": {shell_word(room.stands)}',),
    )


def _sysctl(setting: tuple[str, int]) -> str:
    name, value = setting
    return f"sudo sysctl fs.inotify.{name}={value}"


def _size(number: int) -> str:
    for unit, length in (("GiB", 1 << 30), ("MiB", 1 << 20)):
        if number >= length:
            return f"{number / length:.1f} {unit}"
    return f"{number >> 10} KiB"


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
