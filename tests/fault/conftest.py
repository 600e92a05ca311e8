"""A session of one's own for each test: its bus, its display with notifications, its home."""

from __future__ import annotations

import pytest

from tests.support.bus import PrivateBus
from tests.support.desktop import Display, Dunst


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def display():
    with Display() as display:
        yield display


@pytest.fixture
def dunst(bus, display):
    dunst = Dunst(bus, display)
    yield dunst
    dunst.stop()


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    (home / "src").mkdir(parents=True)
    return home
