"""A pipeline over a workspace of two modules, and what stands around it."""

from __future__ import annotations

import pytest

from gowatchd.lint.facts import Facts
from gowatchd.services.judging import Judging
from gowatchd.services.pipeline import Pipeline
from gowatchd.services.workspaces import Workspaces
from tests.support.judged import MOD, BusyFiles, Saves, Verdicts
from tests.support.scheduler import ManualScheduler


@pytest.fixture
def scheduler():
    return ManualScheduler()


@pytest.fixture
def files():
    return BusyFiles()


@pytest.fixture
def saves():
    return Saves()


@pytest.fixture
def verdicts():
    return Verdicts()


@pytest.fixture
def root(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "go.mod").write_text(MOD.format(name))
    (tmp_path / "go.work").write_text("go 1.21\n\nuse (\n\t./a\n\t./b\n)\n")
    return tmp_path


@pytest.fixture
def pipeline(scheduler, files, saves, verdicts, root):
    judging = Judging(scheduler, lambda: 0.0, files, verdicts, Facts())
    pipeline = Pipeline(scheduler, Workspaces(files), judging, saves)
    pipeline.begin(map(str, (root / "a/go.mod", root / "b/go.mod", root / "go.work")))
    assert verdicts.heard == [(str(root / "go.work"), [])]
    verdicts.heard.clear()
    return pipeline
