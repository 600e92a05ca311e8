"""What each kind of session gives systemd's user manager of its environment, and when."""

from __future__ import annotations

from gowatchd.translation import N_, _

_NOBODY = N_(
    "logins over ssh, on a text console and without anybody (linger) give systemd nothing: what counts is"
    " environment.d and /etc/environment"
)
_GNOME_WAYLAND = N_(
    "GNOME on Wayland gives systemd what a login shell exports, not what .bashrc sets; that is after your"
    " first units started: those keep what they began with"
)
_GNOME_X11 = N_(
    "GNOME on X11 gives systemd what ~/.profile exports, not .bash_profile or .zprofile; that is after "
    "your first units started: those keep what they began with"
)
_KDE = N_(
    "KDE gives systemd what your login files and ~/.config/plasma-workspace/env/*.sh export, and takes it"
    " back at logout; that is after your first units started: those keep what they began with"
)
_SWAY = N_("sway gives systemd DISPLAY, WAYLAND_DISPLAY, SWAYSOCK and XDG_CURRENT_DESKTOP, and no more")
_OTHER = N_(
    "{desktop} gives systemd the display and the desktop's name; everything else only where dbus-x11 is "
    "installed (X11) or its configuration runs systemctl --user import-environment; that is after your "
    "first units started: those keep what they began with"
)


def uploads(kind: str, desktop: str) -> str:
    """Return which session gives the manager what; ``kind`` and ``desktop`` are as in Examination."""
    names = set(desktop.lower().split(":"))
    if not names - {""}:
        return _(_NOBODY)
    if "gnome" in names or "ubuntu" in names:
        return _(_GNOME_WAYLAND) if kind == "wayland" else _(_GNOME_X11)
    if "kde" in names:
        return _(_KDE)
    if "sway" in names:
        return _(_SWAY)
    return _(_OTHER).format(desktop=desktop)
