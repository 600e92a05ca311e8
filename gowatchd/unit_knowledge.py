"""What the care for user units knows besides the units: values, and what systemd said of unset variables."""

from __future__ import annotations

import fnmatch
import logging
import os
from typing import TYPE_CHECKING

from gowatchd.services.unit_audit import Surroundings
from gowatchd.services.unit_values import Values
from gowatchd.system.environment_files import read_head
from gowatchd.system.login_shell import LoginShell
from gowatchd.system.program_search import ProgramSearch
from gowatchd.system.unit_journal import UnitJournal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gowatchd.config.models import Env
    from gowatchd.system.child import ChildPool
    from gowatchd.system.go_installation import GoInstallation

log = logging.getLogger(__name__)


class UnitKnowledge:
    """Asks the login shell once, and the journal at first and whenever a unit ``failed``.

    ``go`` is the go command of the person, None until it is found.
    """

    def __init__(self, pool: ChildPool, config: Env) -> None:
        self.go: GoInstallation | None = None
        self._pool = pool
        self._config = config
        self._shell: Mapping[str, str] = {}
        self._ask_shell = config.login_shell
        self._said: Mapping[str, tuple[str, ...]] = {}
        self._ask_journal = True

    def failed(self) -> None:
        """Hear that a unit failed: systemd may have said why."""
        self._ask_journal = True

    def gather(self, done: Callable[[], None]) -> None:
        """Ask for what is not known yet, then call ``done``; at once where nothing has to be asked."""
        if self._ask_shell:
            self._ask_shell = False
            LoginShell(self._pool).ask(lambda variables, reason: self._with_shell(variables, reason, done))
        elif self._ask_journal:
            self._ask_journal = False
            UnitJournal(self._pool, os.getuid()).ask(lambda said: self._with_journal(said, done))
        else:
            done()

    def values(self) -> Values:
        """Return what is known about variables."""
        go = self.go
        return Values(
            configured=dict(self._config.values),
            login_shell=self._shell,
            go_env={} if go is None else {"GOPATH": go.gopath, "GOMODCACHE": go.gomodcache},
            toolchain="" if go is None else os.path.dirname(go.go),
            go_folders=() if go is None else tuple(f"{one}/bin" for one in go.gopath.split(":") if one),
        )

    def surroundings(self, environment: Mapping[str, str]) -> Surroundings:
        """Return what an audit beside a manager with this ``environment`` stands on."""
        home = os.path.expanduser("~")
        specifiers = {
            "h": home,
            "t": os.environ.get("XDG_RUNTIME_DIR", ""),
            "u": os.path.basename(home) if not os.environ.get("USER") else os.environ["USER"],
            "U": str(os.getuid()),
        }
        return Surroundings(
            environment,
            self.values(),
            ProgramSearch(),
            read_head,
            self._required,
            specifiers,
            lambda unit: self._said.get(unit, ()),
        )

    def _with_shell(self, variables: Mapping[str, str], reason: str, done: Callable[[], None]) -> None:
        self._shell = variables
        if reason:
            log.info("%s", reason)
        self.gather(done)

    def _with_journal(self, said: Mapping[str, tuple[str, ...]], done: Callable[[], None]) -> None:
        self._said = said
        self.gather(done)

    def _required(self, unit: str) -> tuple[str, ...]:
        found = [
            names for pattern, names in self._config.required.items() if fnmatch.fnmatchcase(unit, pattern)
        ]
        return tuple(dict.fromkeys(name for names in found for name in names))
