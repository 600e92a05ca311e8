"""The configuration in force, and what is wrong with the one on the disk (docs/adr/0011).

A mistake in a file must not end what watches and checks, nor have it write where its person may just have
forbidden that. So the last good configuration stays in force, also over a restart; where there is none,
nothing is written until the mistake is mended.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gowatchd.config.loading import ADMINISTRATOR_FILE, load_values
from gowatchd.config.mistake import ConfigError
from gowatchd.config.models import Config, Env, Format, with_roots
from gowatchd.configuration_watch import ConfigurationWatch, states_of
from gowatchd.services.parts import CONFIGURATION
from gowatchd.system.state_file import StateFile, StateFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gowatchd.services.announcing import Announcer
    from gowatchd.system.loop import MainLoop

log = logging.getLogger(__name__)

FILE_NAME = "last-config.json"

LAST_GOOD = "the last good configuration stays in force"
NOTHING_WRITTEN = "gowatchd checks, and writes nothing until this is mended"

# What no person can have meant to forbid: to look and to tell.
CAUTIOUS = Config(format=Format(enabled=False), env=Env(policy="off"))


class Settings:
    """Keeps one good ``config`` in force; ``trouble`` says what is wrong with the files, or nothing.

    ``files`` are read weakest first; ``roots``, where there are any, take the place of theirs. A ``named``
    file, one of the command line, has to be there and to be good at the start. ``cautious`` is set while
    there is no good one.
    """

    def __init__(
        self, files: tuple[str, ...], state_folder: str, *, roots: tuple[str, ...] = (), named: bool = False
    ) -> None:
        self.config = CAUTIOUS
        self.trouble = ""
        self.cautious = True
        self._files = files
        self._roots = roots
        self._named = named
        self._last = StateFile(state_folder, FILE_NAME, lambda kept: Config(**kept["values"]))
        self._watch: ConfigurationWatch | None = None
        self._begun = states_of(files)  # before they are read for the first time

    def begin(self) -> None:
        """Read the files for the first time; raises ConfigError where a named one is not good."""
        try:
            self._take(load_values(self._files, required=self._named))
        except ConfigError as error:
            if self._named:
                raise
            values = self._remembered()
            if values is not None:
                self._put_in_force(values)
            else:
                self.config = with_roots(CAUTIOUS, self._roots or CAUTIOUS.watch.roots)
            self._complain(error)

    def watch(self, loop: MainLoop, saved: Callable[[], None]) -> None:
        """Call ``saved`` from now on when somebody saves one of the files: they are to be read again then."""
        self._watch = ConfigurationWatch(loop, self._files, saved, self._begun)
        self._watch.start()

    def close(self) -> None:
        """Watch the files no more."""
        if self._watch is not None:
            self._watch.close()

    def reread(self) -> None:
        """Read the files again."""
        if self._watch is not None:
            self._watch.look()
        try:
            self._take(load_values(self._files, required=self._named))
        except ConfigError as error:
            self._complain(error)

    def tell(self, announcer: Announcer) -> None:
        """Tell the person once of a mistake, and take that back when it is mended."""
        if self.trouble:
            announcer.degraded(CONFIGURATION, self.trouble)
        else:
            announcer.restored(CONFIGURATION)

    def _take(self, values: dict[str, Any]) -> None:
        self._put_in_force(values)
        self.trouble = ""
        if self._named:  # what somebody tries out is not what their service shall go on with
            return
        try:
            if self._last.read() != {"schema": 1, "values": values}:
                self._last.write({"values": values}, durable=False)
        except StateFileError as error:
            log.warning("this configuration cannot be remembered: %s", error)

    def _put_in_force(self, values: dict[str, Any]) -> None:
        config = Config(**values)
        self.config = with_roots(config, self._roots) if self._roots else config
        self.cautious = False

    def _remembered(self) -> dict[str, Any] | None:
        try:
            kept = self._last.read()
        except StateFileError as error:
            log.warning("the last good configuration cannot be read: %s", error)
            return None
        return None if kept is None else dict(kept["values"])

    def _complain(self, error: ConfigError) -> None:
        first, *others = error.mistakes
        more = f" (and {len(others)} more)" if others else ""
        remedy = "mend it, and it is read as soon as it is saved"
        if self._watch is not None and not self._watch.hears:
            remedy = "mend it, then systemctl --user reload gowatchd"
        if first.file != ADMINISTRATOR_FILE and not self._named:
            remedy = "gowatchctl config edit"
        consequence = NOTHING_WRITTEN if self.cautious else LAST_GOOD
        self.trouble = f"{first}{more}: {consequence}: {remedy}"
        for mistake in error.mistakes:
            log.error("%s", mistake)
        log.error("%s", consequence)
