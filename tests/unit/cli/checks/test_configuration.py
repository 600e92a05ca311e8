"""What the doctor judges of the configuration's files."""

from __future__ import annotations

from gowatchd.cli.checks.configuration import check_configuration
from gowatchd.cli.diagnosis import State
from gowatchd.cli.examination import Examination
from tests.support.patient import patient


def test_files_are_read_where_the_person_has_them(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own = tmp_path / "gowatchd/config.toml"
    own.parent.mkdir()
    own.write_text("[format]\nenabled = false\n")
    found = check_configuration(Examination())
    assert (found.state, found.result) == (State.OK, "no mistake in ~/gowatchd/config.toml")
    own.write_text("[check]\ndisable = ['nothing']\n")
    found = check_configuration(Examination())
    assert (found.state, found.commands) == (
        State.NOTE,
        ("gowatchctl config check", "gowatchctl config edit"),
    )
    assert found.result.startswith(f"{own}:2: check.disable")
    own.write_text("[format]\nenabeld = false\n")
    found = check_configuration(Examination())
    assert found.state is State.PROBLEM
    assert found.result == f"{own}:2: unknown key format.enabeld: did you mean enabled?"
    assert found.mending == (), "it is the person's own file"


def test_no_file_is_fine():
    found = check_configuration(patient())
    assert (found.state, found.result) == (State.OK, "there is no file, so the defaults count")
