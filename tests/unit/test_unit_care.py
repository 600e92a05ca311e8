import pytest

from gowatchd.config.models import Env
from gowatchd.services.ports import Finished
from gowatchd.unit_care import FIRST_SECONDS, Means, UnitCare
from tests.support.files import PlainFiles
from tests.support.scheduler import ManualScheduler
from tests.support.silent_manager import SilentManager


class Manager(SilentManager):
    def listen(self, listener):
        self.listener = listener


class Pool:
    """Children that end when the test says so."""

    def __init__(self):
        self.owed = []

    def start(self, key, command, done):
        self.owed.append(done)

    def answer(self):
        while self.owed:
            self.owed.pop(0)(Finished(None, error="not here"))


class Stage:
    def __init__(self):
        self.time = ManualScheduler()
        self.pool = Pool()
        self.manager = Manager()
        means = Means(self.time, self.pool, None, PlainFiles(), self.manager, str)
        self.care = UnitCare(means, Env(), None)
        self.care.manager_changed(None)
        self.time.advance(FIRST_SECONDS)
        assert self.pool.owed


@pytest.fixture
def stage():
    return Stage()


def test_who_asked_the_login_shell_goes_on_to_the_units(stage):
    stage.pool.answer()
    assert stage.manager.owed


def test_an_answer_after_the_end_revives_nothing(stage):
    stage.care.close()
    stage.pool.answer()
    assert not stage.manager.owed
    stage.care.manager_changed(None)
    assert not stage.time.planned
