"""Small workspaces on which we once disagreed with go."""

from __future__ import annotations

import pytest

from tests.differential.agreement import compare
from tests.support.go import needs_go
from tests.support.tree import build

pytestmark = needs_go

DEP = "-- dep/go.mod --\nmodule ex.com/dep\n"
GONE = "replace ex.com/dep v1.0.0 => ./gone\n"
USER = "module ex.com/{0}\n\ngo 1.21\n\nrequire ex.com/dep v1.0.0\n\nreplace ex.com/dep => ../dep\n"
TWO = "-- go.work --\ngo 1.21\nuse ./a\nuse ./b\n"
SHAPES = {
    "the go.mod of a replacement is a directory": (
        f"-- go.work --\ngo 1.21\nuse ./a\n-- a/go.mod --\n{USER.format('a')}-- dep/go.mod/x.go --\n",
        "both fail",
    ),
    "another member replaces it by what is there": (
        f"{TWO}-- a/go.mod --\n{USER.format('a')}{GONE}-- b/go.mod --\n{USER.format('b')}{DEP}",
        "both accept",
    ),
    "the go.mod of a replacement does not parse": (
        f"-- go.work --\ngo 1.21\nuse ./a\n-- a/go.mod --\n{USER.format('a')}{DEP}require (\n",
        "both fail",
    ),
    "the go.mod of a replacement has what only a main module must not have": (
        f"-- go.work --\ngo 1.21\nuse ./a\n-- a/go.mod --\n{USER.format('a')}{DEP}nonsense 1 2 3\n",
        "both accept",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_we_agree(name, tmp_path):
    text, expected = SHAPES[name]
    build(text, tmp_path)
    agreement = compare(tmp_path)
    assert agreement.disagreements == []
    assert set(agreement.counts) == {expected}
