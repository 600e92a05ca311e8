"""The session: its bus, systemd's user manager, what outlives a logout, the notification server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import State, Verdict
from gowatchd.translation import _

if TYPE_CHECKING:
    from gowatchd.cli.examination import Examination

LINGER = ("loginctl", "enable-linger", "--no-ask-password")  # and who: without a session logind cannot tell


def check_bus(examination: Examination) -> Verdict:
    """There is no session bus, or it does not answer.

    Symptom: gowatchctl says that there is no session bus, and no notification appears.
    Looked: ``DBUS_SESSION_BUS_ADDRESS``, else the socket ``bus`` in ``XDG_RUNTIME_DIR``; whether it
    answers.
    Helps: log in through pam_systemd (a desktop, a console, ssh), not with su or sudo; install the
    package dbus-user-session. In a container without systemd nothing is lost but the service:
    ``gowatchd`` runs in the foreground, ``gowatchctl check`` and ``gowatchctl fix`` need neither.
    """
    bus = examination.bus
    if not bus.failure:
        return Verdict(State.OK, _("{address} answers").format(address=bus.address))
    if not bus.systemd:
        return Verdict(
            State.PROBLEM,
            _("{failure}; this system was not booted with systemd, as in most containers").format(
                failure=bus.failure
            ),
            _("run gowatchd in the foreground; gowatchctl check and gowatchctl fix need no bus"),
            ("gowatchd",),
        )
    return Verdict(
        State.PROBLEM,
        bus.failure,
        _("log in through pam_systemd (a desktop, a console, ssh) instead of su or sudo"),
        ("systemctl --user status dbus.socket", "sudo apt install dbus-user-session"),
    )


def check_manager(examination: Examination) -> Verdict:
    """Systemd's user manager does not answer.

    Symptom: the service does not start, units are not looked at, and gowatchctl env knows none.
    Looked: ``org.freedesktop.systemd1`` on the session bus.
    Helps: log in through pam_systemd; ``systemctl --user status`` says what the manager does.
    """
    if examination.bus.failure:
        return Verdict(State.UNKNOWN, _("not asked: no session bus answers"))
    answer = examination.manager
    if not answer.failure:
        return Verdict(State.OK, _("systemd {version} answers").format(version=answer.version))
    return Verdict(
        State.PROBLEM,
        answer.failure,
        _("log in through pam_systemd, or have the manager started without a login"),
        ("systemctl --user status", f"sudo loginctl enable-linger {examination.user}"),
    )


def check_linger(examination: Examination) -> Verdict:
    """Lingering is off, and nobody is logged in on a desktop.

    Symptom: files are no longer watched after a logout from ssh.
    Looked: logind's list of those who linger; the kind of this session.
    Helps: ``loginctl enable-linger NAME`` keeps your user manager, and the daemon with it, from boot to
    shutdown. Where polkit is not installed only root may do that.
    Mends: it runs ``loginctl enable-linger NAME``; ``loginctl disable-linger NAME`` takes that back.
    """
    if examination.lingers:
        return Verdict(State.OK, _("it is on: the daemon runs from boot to shutdown"))
    if not examination.bus.systemd:
        return Verdict(State.OK, _("it does not matter: this system was not booted with systemd"))
    kind, desktop = examination.session
    if desktop or kind in {"x11", "wayland"}:
        return Verdict(State.OK, _("it is off: the daemon runs as long as you are logged in"))
    return Verdict(
        State.NOTE,
        _("it is off: the daemon ends with your last session, as when an ssh connection ends"),
        _("have the user manager outlive your sessions, if files change while you are away"),
        (f"loginctl enable-linger {examination.user}", f"sudo loginctl enable-linger {examination.user}"),
        (*LINGER, examination.user),
    )


def check_notifications(examination: Examination) -> Verdict:
    """No server shows notifications, or it shows them without buttons.

    Symptom: no notification says that a file was formatted or is broken, or it has no Undo button.
    Looked: who has the name ``org.freedesktop.Notifications`` on the session bus, and what that can do;
    none is started.
    Helps: a desktop brings one along; on a bare window manager start dunst or mako. Without one nothing
    is lost: ``gowatchctl status``, ``log`` and ``undo`` know everything, and what still holds is told
    when a server comes.
    """
    found, failure = examination.notifications
    if examination.bus.failure:
        return Verdict(State.UNKNOWN, _("not asked: no session bus answers"))
    if found is None:
        return Verdict(State.UNKNOWN, _("not asked: {failure}").format(failure=failure))
    kind, desktop = examination.session
    if found.server:
        if "actions" in found.capabilities:
            return Verdict(State.OK, _("{server} shows them, with buttons").format(server=found.server))
        return Verdict(
            State.NOTE,
            _("{server} shows them without buttons").format(server=found.server),
            _("gowatchctl undo takes the last change back, gowatchctl fix mends what can be mended"),
        )
    if desktop or kind in {"x11", "wayland"}:
        return Verdict(
            State.NOTE,
            _("no notification server runs in this session"),
            _("start one, such as dunst or mako; gowatchctl status and gowatchctl log say the same"),
        )
    return Verdict(State.OK, _("no server runs, nor is there a desktop: gowatchctl status and log tell all"))
