"""Diffs that patch(1) understands, whatever the two sides are."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gowatchd.cli.difference import COMPARED_LINES, unified

TEXT = st.lists(st.sampled_from([b"a", b"b", b"\tc", b"", b"\xff\r"]), max_size=25).map(b"\n".join)


def patched(folder, old, new):
    file = folder / "go.mod"
    file.write_bytes(old)
    result = subprocess.run(
        ["patch", "--binary", "-p0", "-s"],
        input=unified("go.mod", old, new),
        cwd=folder,
        timeout=30,
        check=False,
    )
    assert result.returncode == 0
    return file.read_bytes() if file.exists() else b""  # patch removes what it empties


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT)
def test_patch_makes_the_new_of_the_old(tmp_path_factory, old, new):
    assert old == new or patched(tmp_path_factory.mktemp("diff"), old, new) == new


@pytest.mark.parametrize("extra", [0, 1])
def test_many_changed_lines(tmp_path, extra):
    head, tail = [b"same %d" % n for n in range(9)], [b"end %d" % n for n in range(9)]
    old = [b"old %d" % n for n in range(COMPARED_LINES + extra)]
    new = [b"new %d" % n for n in range(COMPARED_LINES // 2)]
    before, after = (b"\n".join([*head, *middle, *tail]) for middle in (old, new))
    assert patched(tmp_path, before, after) == after
    assert unified("go.mod", before, after).count(b"\n@@ ") == 1


def test_the_head_is_that_of_gofmt():
    assert unified("a/go.mod", b"x\n", b"y") == (
        b"diff a/go.mod.orig a/go.mod\n--- a/go.mod.orig\n+++ a/go.mod\n"
        b"@@ -1 +1 @@\n-x\n+y\n\\ No newline at end of file\n"
    )
