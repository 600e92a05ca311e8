"""The watcher of a run: asked for until there is one, and what was said meanwhile is taken back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from gowatchd import lookout as module
from gowatchd.lookout import Lookout
from gowatchd.services.parts import Parts
from gowatchd.services.tally import Tally
from gowatchd.services.territory import Territory
from gowatchd.system.child import ChildPool
from gowatchd.system.inotify import InstanceLimitError
from tests.support.main_loop import MainLoop
from tests.support.watching import Recorder, write


class Hearer(Recorder):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def on_watching(self) -> None:
        self.told.append("watching")

    def on_unwatched(self) -> None:
        self.told.append("unwatched")


class Notes:
    """Stands in for publisher and announcer: writes down which notes about parts are on show."""

    def __init__(self) -> None:
        self.announcer = self
        self.shown: set[str] = set()

    def degraded(self, part, reason):
        self.shown.add(part)

    def restored(self, part):
        self.shown.discard(part)

    def changed(self):
        pass


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
def make(tmp_path, notes):
    loop = MainLoop()
    memory = SimpleNamespace(folders=())
    around = SimpleNamespace(loop=loop, walk_pool=ChildPool(loop), memory=memory, tally=Tally())
    made = []

    def new():
        territory = Territory((str(tmp_path),))
        made.append(Lookout(around, territory, (str(tmp_path),), None, Parts(notes), walk=False))
        return made[-1], loop

    yield new
    for one in made:
        one.close()


@pytest.fixture
def exhausted(monkeypatch):
    """Let the user have no inotify instance left, until it is called."""

    def refuse(*_arguments, **_options):
        raise InstanceLimitError(24, "fs.inotify.max_user_instances is reached")

    there = module.Watcher
    monkeypatch.setattr(module, "Watcher", refuse)
    monkeypatch.setattr(module, "WATCH_AGAIN_FIRST_SECONDS", 0.001)
    return lambda: monkeypatch.setattr(module, "Watcher", there)


def test_a_watcher_is_asked_for_until_there_is_one(make, exhausted, notes, tmp_path):
    file = write(tmp_path / "m/go.mod")
    lookout, loop = make()
    hearer = Hearer()
    lookout.start(hearer)
    assert (hearer.told, notes.shown, lookout.known_files()) == (["unwatched"], {"watching"}, ())
    lookout.rescan()
    lookout.scan_all()  # both do nothing, and fail nowhere
    exhausted()
    loop.run_until(lambda: hearer.near)
    assert (hearer.told, notes.shown) == (["unwatched", "watching"], set())
    lookout.scan_all()
    loop.run_until(lambda: hearer.scans)
    assert lookout.known_files() == (str(file),)


def test_a_new_run_takes_back_what_the_one_before_it_said(make, exhausted, notes):
    before, _ = make()
    before.start(Hearer())
    assert notes.shown == {"watching"}
    before.close()
    exhausted()
    after, _ = make()
    after.start(Hearer())
    assert notes.shown == set()


def test_what_is_missing_is_said_whether_there_is_a_watcher_or_not(make, exhausted, tmp_path):
    lookout, _ = make()
    assert list(lookout.off()) == []
    tmp_path.rmdir()
    assert list(lookout.off()) == [("watching", f"there is no folder {tmp_path} yet")]
    exhausted()
    lookout.start(Hearer())
    assert list(lookout.off()) == [("watching", f"there is no folder {tmp_path} yet")]
    tmp_path.mkdir()
