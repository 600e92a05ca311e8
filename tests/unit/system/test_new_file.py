"""Files that are made whole, and never over another."""

from __future__ import annotations

import errno
import os
import stat

import pytest

from gowatchd.services.ports import SwapOutcome
from gowatchd.system.new_file import create


def test_a_new_file_has_the_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        assert create(str(tmp_path / "go.work"), b"go 1.20\n").outcome is SwapOutcome.WRITTEN
    finally:
        os.umask(before)
    assert (tmp_path / "go.work").read_bytes() == b"go 1.20\n"
    assert stat.S_IMODE((tmp_path / "go.work").stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["go.work"]


@pytest.mark.parametrize("links", [True, False])
def test_what_is_there_stays(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    (tmp_path / "go.work").write_bytes(b"mine")
    assert create(str(tmp_path / "go.work"), b"x").outcome is SwapOutcome.CHANGED
    assert (tmp_path / "go.work").read_bytes() == b"mine"
    assert os.listdir(tmp_path) == ["go.work"]


def test_a_dangling_link_is_not_written_through(tmp_path):
    (tmp_path / "go.work").symlink_to("elsewhere")
    assert create(str(tmp_path / "go.work"), b"x").outcome is SwapOutcome.CHANGED
    assert os.listdir(tmp_path) == ["go.work"]


def test_a_file_system_without_hard_links_gets_the_file_too(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", _no_links)
    assert create(str(tmp_path / "go.work"), b"x").outcome is SwapOutcome.WRITTEN
    assert os.listdir(tmp_path) == ["go.work"]


@pytest.mark.parametrize("number", [errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL])
def test_a_file_system_that_has_no_files_without_a_name(tmp_path, monkeypatch, number):
    real = os.open

    def refuse(path, flags, *arguments):
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(number, os.strerror(number))
        return real(path, flags, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    assert create(str(tmp_path / "go.work"), b"x").outcome is SwapOutcome.WRITTEN
    assert create(str(tmp_path / "go.work"), b"y").outcome is SwapOutcome.CHANGED
    assert (tmp_path / "go.work").read_bytes() == b"x"
    assert os.listdir(tmp_path) == ["go.work"]


def test_a_folder_that_is_gone(tmp_path):
    swap = create(str(tmp_path / "gone" / "go.work"), b"x")
    assert swap.outcome is SwapOutcome.FAILED
    assert swap.reason == "no such file or directory"


def _no_links(*_arguments, **_options):
    raise OSError(errno.EPERM, "no")
