"""gowatchd as a unit of systemd's user manager: looked at, switched on and off, through systemctl.

The package enables it for everybody, and what is enabled for everybody starts whatever ``systemctl --user
disable`` says; only a mask is an opt-out. So off is masked and stopped, on is unmasked and started.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.mask import UNIT, own_unit_folder
from gowatchd.cli.terminal import printable
from gowatchd.translation import _

LOOK_SECONDS = 10.0  # a manager that reads its units answers after that
# Starting and stopping takes as long as the unit file allows (TimeoutStartSec=60s), on a busy manager too.
ACT_SECONDS = 90.0
PROPERTIES = ("LoadState", "UnitFileState", "ActiveState", "FragmentPath")
STARTS = {"enabled", "enabled-runtime", "static", "alias", "indirect", "generated"}


@dataclass(frozen=True, slots=True)
class UnitFile:
    """What the manager says of the unit: the words of systemctl(1), and where the file is."""

    load: str
    state: str
    active: str
    path: str

    @property
    def runs(self) -> bool:
        """Say whether the daemon runs, or is about to."""
        return self.active in {"active", "activating", "reloading"}

    @property
    def masked(self) -> bool:
        """Say whether it is kept from starting."""
        return self.state.startswith("masked") or self.load == "masked"

    @property
    def starts(self) -> bool:
        """Say whether the manager starts it by itself."""
        return self.state in STARTS and not self.masked


class UserService:
    """Asks the person's manager; every method raises CommandError where there is none, or it refuses."""

    def look(self) -> UnitFile:
        """Return how the unit is; raises CommandError where there is no such unit."""
        said = self._systemctl("show", UNIT, f"--property={','.join(PROPERTIES)}", seconds=LOOK_SECONDS)
        found = dict(line.partition("=")[::2] for line in said.splitlines())
        unit = UnitFile(*(found.get(name, "") for name in PROPERTIES))
        if unit.load == "not-found":
            text = _("there is no {unit} here: install the package, or put the unit file into {folder}")
            folder = "~/.config/systemd/user"
            raise CommandError(text.format(unit=UNIT, folder=folder), Exit.NO_SUCH_THING)
        return unit

    def switch_off(self) -> UnitFile:
        """Stop it, and keep it from starting; return how it is then."""
        before = self.look()
        if self._is_own(before) and not before.masked:
            self._systemctl("disable", "--now", UNIT)  # a mask would stand where the file is
        else:
            self._systemctl("mask", "--now", UNIT)
        after = self.look()
        if after.runs or after.starts:
            text = _("{unit} is {state} and {active} nonetheless: systemctl --user status gowatchd")
            said = text.format(unit=UNIT, state=after.state, active=after.active)
            raise CommandError(said, Exit.PROBLEMS)
        return after

    def switch_on(self) -> UnitFile:
        """Start it, now and with the manager; return how it is then."""
        if self.look().masked:
            self._systemctl("unmask", UNIT)
        if not self.look().starts:
            self._systemctl("enable", UNIT)
        self._systemctl("start", UNIT)
        after = self.look()
        if not after.runs:
            text = _("{unit} is enabled, but did not start here: systemctl --user status gowatchd")
            raise CommandError(text.format(unit=UNIT), Exit.PROBLEMS)
        return after

    def _is_own(self, unit: UnitFile) -> bool:
        return os.path.dirname(unit.path) == own_unit_folder()

    def _systemctl(self, *words: str, seconds: float = ACT_SECONDS) -> str:
        command = ["systemctl", "--user", "--no-ask-password", *words]
        try:
            done = subprocess.run(
                command,
                env={**os.environ, "LC_ALL": "C", "SYSTEMD_COLORS": "0"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
            )
        except FileNotFoundError as error:
            text = _("there is no systemd here: start gowatchd by other means, as its manual page says")
            raise CommandError(text, Exit.UNAVAILABLE) from error
        except subprocess.TimeoutExpired as error:
            text = _("systemd did not do it within {seconds} s: systemctl --user status gowatchd")
            raise CommandError(text.format(seconds=int(seconds)), Exit.UNAVAILABLE) from error
        if done.returncode != 0:
            raise _refusal(words[0], done.stderr)
        return done.stdout


def _refusal(verb: str, said: str) -> CommandError:
    """Return what it means that systemctl failed with the words ``said``."""
    words = printable(" ".join(said.split()))
    if "connect to" in words or "No medium found" in words:  # "Failed to connect to (user scope) bus ..."
        text = _("no systemd user manager can be reached here ({said}): log in, not with su or sudo")
        return CommandError(text.format(said=words), Exit.UNAVAILABLE)
    text = _("systemctl --user {verb} failed: {said}")
    return CommandError(text.format(verb=verb, said=words), Exit.PROBLEMS)
