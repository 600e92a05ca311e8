"""The language of notes, as a real user manager's environment has it when a notification server comes."""

from __future__ import annotations

import os

import pytest
from gi.repository import Gio

from gowatchd import translation
from gowatchd.services import note_text
from gowatchd.system.notification_calls import NAME
from gowatchd.system.session_language import SessionLanguage
from tests.support.chinese import compile_catalogues
from tests.support.unit_reader import UnitReader
from tests.support.user_manager import obstacle, user_manager

pytestmark = pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-")


@pytest.fixture
def manager(tmp_path):
    with user_manager(tmp_path, f"gowatchd-language-{os.getpid()}") as running:
        yield running


@pytest.fixture
def reader(manager):
    reader = UnitReader(manager)
    yield reader
    reader.close()
    translation.use(())


def titled():
    return note_text.write_failed("/src/app/go.mod", "disk full").title


def test_the_language_chosen_at_login_comes_with_the_desktop(manager, reader):
    compile_catalogues()
    translation.use(())
    language = SessionLanguage()
    language.attach(reader.connection)
    assert titled() == "app/go.mod was not formatted"

    manager.systemctl("set-environment", "LANG=en_US.UTF-8", "LANGUAGE=zh_CN:en")
    server = Gio.bus_own_name_on_connection(reader.connection, NAME, Gio.BusNameOwnerFlags.NONE, None, None)
    reader.loop.run_until(lambda: titled() == "app/go.mod 没有格式化")

    Gio.bus_unown_name(server)
    manager.systemctl("set-environment", "LC_ALL=C.UTF-8", "LANGUAGE=")
    server = Gio.bus_own_name_on_connection(reader.connection, NAME, Gio.BusNameOwnerFlags.NONE, None, None)
    reader.loop.run_until(lambda: titled() == "app/go.mod was not formatted")
    Gio.bus_unown_name(server)
    language.detach()
