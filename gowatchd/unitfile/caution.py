"""Values that are never copied into a unit, and why: secrets, what holds for one session, what runs code."""

from __future__ import annotations

import re
from enum import Enum


class Caution(Enum):
    """Why a variable is not copied; the value is the advice to its person."""

    SECRET = (
        "it looks like a secret, and everybody on your bus can read Environment=: keep it in a file of mode "  # noqa: S105 advice
        "0600 that EnvironmentFile= names, or use LoadCredential="
    )
    VOLATILE = "it holds for one session only, and would be wrong in the next"
    LOADER = "it changes which code programs load: set it by hand if you mean it"
    CODE = "it names a program that others run: set it by hand if you mean it"


_SECRET_NAME = re.compile(
    r"TOKEN|SECRET|PASS(?:WORD|WD|PHRASE)|(?:^|_|PG)PASS(?:_|$)|(?:^|_)(?:API)?KEY(?:_|$)|APIKEY|CREDENTIAL"
    r"|(?:^|_|GO)AUTH(?:_|$)"
    r"|COOKIE|NETRC|PRIVATE_KEY",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"://[^/@\s]*:[^/@\s]*@|://[^/@\s]{20,}@|-----BEGIN |\bgh[pousr]_\w{20,}|\bglpat-\w{15,}"
)
_VOLATILE = re.compile(
    r"DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|SSH_(?!ASKPASS)\w+"
    r"|XDG_SESSION_\w+|XDG_SEAT\w*|XDG_VTNR|XDG_RUNTIME_DIR|XDG_ACTIVATION_TOKEN|INVOCATION_ID|NOTIFY_SOCKET|LISTEN_\w+|SYSTEMD_EXEC_PID|MANAGERPID\w*"
    r"|JOURNAL_STREAM|MAINPID|WATCHDOG_\w+|PWD|OLDPWD|SHLVL|_|TERM\w*|COLORTERM"
    r"|TMUX\w*|STY|WINDOW\w*|VSCODE_\w+|VTE_\w+"
    r"|KITTY_\w+|ALACRITTY_\w+|WEZTERM_\w+|ITERM_\w+|CONDA_\w+|VIRTUAL_ENV\w*|IN_NIX_SHELL|NIX_BUILD_\w+|DIRENV_\w+"
    r"|GPG_AGENT_INFO|GPG_TTY|DESKTOP_STARTUP_ID|GNOME_\w+|SESSION_MANAGER|LINES|COLUMNS|HOSTNAME"
    r"|LOGNAME|USER|HOME|SHELL"
)
_LOADER = re.compile(
    r"LD_\w+|GCONV_PATH|PYTHON(?:PATH|HOME|STARTUP)|PERL5(?:LIB|OPT)|RUBY(?:LIB|OPT)|NODE_OPTIONS|GODEBUG"
)
_CODE = re.compile(
    r"BASH_ENV|ENV|PROMPT_COMMAND|GIT_(?:SSH|ASKPASS|EDITOR|PAGER|EXTERNAL_DIFF|PROXY_COMMAND|EXEC_PATH)\w*"
    r"|SSH_ASKPASS\w*|EDITOR|VISUAL|PAGER|BROWSER|IFS|SHELLOPTS|BASHOPTS|PS[0-4]|BASH_FUNC_.*"
)
_RUNS_CODE = re.compile(r"(?:^|\s)-?-(?:toolexec|exec|overlay|vettool)\b")


def caution(name: str, value: str) -> Caution | None:
    """Return why ``name`` with this ``value`` must not be copied into a unit, or None where it may."""
    if _SECRET_NAME.search(name) or _SECRET_VALUE.search(value):
        return Caution.SECRET
    if _VOLATILE.fullmatch(name):
        return Caution.VOLATILE
    if _LOADER.fullmatch(name):
        return Caution.LOADER
    if _CODE.fullmatch(name) or (name == "GOFLAGS" and _RUNS_CODE.search(value)):
        return Caution.CODE
    return None
