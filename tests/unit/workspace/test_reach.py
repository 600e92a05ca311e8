"""Which folder on the way is closed, and to whom."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from gowatchd.system.way import ourselves, way_to
from gowatchd.workspace.reach import Folder, Visitor, why_closed
from tests.support.other_process import as_nobody

ROOT = Path(__file__).resolve().parents[3]
NOBODY = Visitor("nobody", 65534, frozenset({65534}))
ANN = Visitor("ann", 1000, frozenset({1000, 50}))


def folder(path, mode, user=0, group=0):
    return Folder(path, mode, (f"u{user}", user), (f"g{group}", group))


@pytest.mark.parametrize(
    ("mode", "user", "group", "visitor", "remedy"),
    [
        (0o700, 0, 0, NOBODY, "chmod o+x /a/b"),
        (0o711, 0, 0, NOBODY, ""),
        (0o744, 0, 0, NOBODY, "chmod o+x /a/b"),
        (0o705, 0, 50, ANN, "chmod g+x /a/b"),  # a group that is shut out, though others are let in
        (0o710, 0, 50, ANN, ""),
        (0o077, 1000, 50, ANN, "chmod u+x /a/b"),
        (0o000, 1000, 1000, Visitor("root", 0, frozenset({0})), ""),
    ],
)
def test_the_class_that_counts_decides(mode, user, group, visitor, remedy):
    said = why_closed([folder("/a", 0o755), folder("/a/b", mode, user, group)], visitor)
    assert bool(said) == bool(remedy)
    assert remedy in said
    if said:
        assert f"/a/b cannot be entered by {visitor.name}: it belongs to u{user}:g{group}" in said
        assert f"mode {mode:04o}" in said


def test_the_topmost_is_named():
    said = why_closed([folder("/a", 0o700), folder("/a/b", 0o700)], NOBODY)
    assert said.startswith("/a cannot be entered")


def test_the_way_goes_from_the_root_down(tmp_path):
    found = list(way_to(str(tmp_path)))
    assert found[0].path == "/"
    assert found[-1].path == str(tmp_path)
    assert found[-1].owner[1] == os.stat(tmp_path).st_uid == ourselves().user


def test_the_way_ends_where_there_is_nothing(tmp_path):
    assert [one.path for one in way_to(str(tmp_path / "a" / "b"))][-1] == str(tmp_path)


def test_check_says_it_where_go_says_nothing():
    if os.geteuid() == 0 and not as_nobody(lambda: os.access(sys.executable, os.X_OK)):
        pytest.skip(f"root becomes somebody else for this, who cannot reach {sys.executable}")
    with tempfile.TemporaryDirectory(prefix="reach ", dir="/tmp") as top:
        inner = Path(top, "inner")
        inner.mkdir(mode=0o755)
        (inner / "go.mod").write_text("module ex.com/m\n\ngo 1.21\n")
        opener = os.open(inner, os.O_RDONLY | os.O_DIRECTORY)
        os.chmod(top, 0o600 if os.geteuid() else 0o700)
        other = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        try:
            said = subprocess.run(
                [sys.executable, "-c", f"import os; os.fchdir({opener}); {MAIN}"],
                pass_fds=(opener,),
                cwd="/",
                env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": "/"},
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
                **other,
            )
        finally:
            os.close(opener)
            os.chmod(top, 0o700)
    assert said.returncode == 4, said
    assert f"{top} cannot be entered by" in said.stderr
    assert "go finds no go.work or go.mod below it" in said.stderr


MAIN = "from gowatchd.cli.main import main; import sys; sys.argv[1:] = ['check']; sys.exit(main())"
