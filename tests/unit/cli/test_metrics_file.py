"""The file of gowatchctl metrics; tests/integration/test_metrics.py has a daemon and what is in it."""

from __future__ import annotations

import os

from gowatchd.cli.main import main


def test_the_text_is_on_the_disk_before_it_has_the_name(tmp_path, monkeypatch, capsys):
    done = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: done.append(os.fstat(fd).st_size) or fsync(fd))
    monkeypatch.setattr(os, "replace", lambda old, new: done.append("named") or replace(old, new))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    file = tmp_path / "gowatchd.prom"
    assert main(["metrics", "--output", str(file)]) == 69
    assert "session bus" in capsys.readouterr().err
    assert done == [file.stat().st_size, "named"]
    assert "gowatchd_up" in file.read_text()
