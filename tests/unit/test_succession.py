from types import SimpleNamespace

import pytest

from gowatchd import succession
from gowatchd.services.publishing import READING


class Run:
    """A run that only stands there."""

    def __init__(self, *around, **options):
        self.pipeline = SimpleNamespace(trouble="")
        self.heritage = self.close = self.start = lambda: None
        self.inherit = lambda heritage: None


@pytest.fixture
def restored():
    return []


@pytest.fixture
def runs(monkeypatch, restored):
    monkeypatch.setattr(succession, "Run", Run)
    announcer = SimpleNamespace(restored=restored.append)
    publisher = SimpleNamespace(announcer=announcer, changed=lambda: None)
    return succession.Succession(None, None, publisher, lambda: None, dry_run=False)


def test_what_one_run_said_of_reading_is_not_left_to_a_next_one_that_can(runs, restored):
    runs.run.pipeline.trouble = "Input/output error"
    runs.replace()
    assert restored == [READING]
    runs.replace()
    assert restored == [READING]
