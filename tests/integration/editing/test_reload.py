"""What waits to be formatted outlives a reload of the configuration."""

from __future__ import annotations

import os
import signal

from tests.support.editing import MESSY
from tests.support.terminal import Terminal

LINE = "replace example.com/gone => ./gone"
VIM = ("vim", "-u", "NONE", "-i", "NONE", "-N", "--cmd", "set backupskip=", "go.mod")


def test_a_file_that_waits_for_an_editor_still_does(place):
    daemon, text = place.daemon, f"// mine\n{MESSY}"
    with Terminal(VIM, place.folder, daemon.environment) as vim:
        vim.shows("example.com/app")
        vim.press(":0put ='// mine'\r:w\r")
        place.wait_for_standing("pending", "an editor")
        _reload(daemon, settle_ms=60)
        place.wait_for_standing("pending", "an editor")
        vim.press(":q\r")
        vim.ended()
    place.wait_until_formatted(text)


def test_a_file_that_has_not_rested_yet_is_formatted(place):
    daemon = place.daemon
    _reload(daemon, settle_ms=60_000)
    place.wait_until_known()
    place.file.write_text(f"{LINE}\n{MESSY}")
    place.verdicts.wait_for_code(place.folder, "replacement-missing")
    _reload(daemon, settle_ms=70)
    place.wait_until_formatted(f"{LINE}\n{MESSY}")


def test_a_save_in_the_middle_of_a_reload_is_formatted(place):
    daemon = place.daemon
    for number in range(8):
        text = f"{MESSY}// number {number}\n"
        if number % 2:
            _reload(daemon, settle_ms=20 + number)  # the new run is scanning
        else:
            _write_configuration(daemon, settle_ms=20 + number)
            os.kill(daemon.process.pid, signal.SIGHUP)  # the old one may still run
        place.file.write_text(text)
        place.wait_until_formatted(text)


def _write_configuration(daemon, settle_ms):
    daemon.config.write_text(f'[watch]\nroots = ["{daemon.source}"]\n[format]\nsettle_ms = {settle_ms}\n')


def _reload(daemon, settle_ms):
    _write_configuration(daemon, settle_ms)
    daemon.ask("Reload")
