"""One daemon beside the programs that people save with; each test has a repository of its own."""

from __future__ import annotations

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.editing import MESSY, Place
from tests.support.git import commit, repository
from tests.support.verdicts import Verdicts


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    folder = tmp_path_factory.mktemp("editing")
    with PrivateBus(folder) as bus, Daemon(folder / "home", bus) as daemon:
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


@pytest.fixture(scope="module")
def verdicts(daemon):
    with Verdicts(daemon.bus.address) as verdicts:
        yield verdicts


@pytest.fixture
def place(daemon, verdicts, request):
    """A repository with a go.mod that is not formatted and committed so; nothing was ever half read there."""
    folder = daemon.source / request.node.name
    repository(folder)
    commit(folder, MESSY)
    place = Place(daemon, verdicts, folder)
    daemon.wait_for(lambda: verdicts.of(folder), "the new module")
    daemon.wait_for(lambda: place.file.read_text() == MESSY, "the commit")
    yield place
    half = [one for one in verdicts.of(folder) if one.errors]
    assert place.errors_expected or not half, f"a verdict on half a file: {half}"
