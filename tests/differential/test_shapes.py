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
    "the go line of a replacement is one too many": (
        f"-- go.work --\ngo 1.21\nuse ./a\n-- a/go.mod --\n{USER.format('a')}{DEP}go 1.20\ngo 1.20\n",
        "both fail",
    ),
    "the go line of a replacement is too new": (
        f"-- go.work --\ngo 1.21\nuse ./a\n-- a/go.mod --\n{USER.format('a')}{DEP}go 1.99\n",
        "both fail",
    ),
    "a replacement requires what has no proper name": (
        (
            f"-- go.work --\ngo 1.21\nuse ./a\n-- a/go.mod --\n{USER.format('a')}{DEP}"
            "go 1.20\nrequire ex.com/a?b v1.0.0\n"
        ),
        "both fail",
    ),
    "a versioned replacement by nothing is contested, and comes first": (
        (
            f"{TWO}-- a/go.mod --\n{USER.format('a')}{GONE}-- b/go.mod --\nmodule ex.com/b\n\n"
            f"replace ex.com/dep v1.0.0 => ../dep\n{DEP}"
        ),
        "both fail",
    ),
    "a replacement in go.work for another version leaves that of a member": (
        (
            f"-- go.work --\ngo 1.21\nuse ./a\nreplace ex.com/dep v1.1.0 => ./dep\n"
            f"-- a/go.mod --\n{USER.format('a').replace('../dep', './gone')}{DEP}"
        ),
        "both fail",
    ),
    "two members mean the same directory, and one has an absolute path that is not clean": (
        (
            f"{TWO}-- a/go.mod --\n{USER.format('a')}{DEP}"
            f"-- b/go.mod --\n{USER.format('b').replace('../dep', '$ROOT/a/../dep')}"
        ),
        "both fail",
    ),
    "two members mean the same directory, and one has an absolute path": (
        (
            f"{TWO}-- a/go.mod --\n{USER.format('a')}{DEP}"
            f"-- b/go.mod --\n{USER.format('b').replace('../dep', '$ROOT/dep')}"
        ),
        "both accept",
    ),
    "two members replace two modules by one directory": (
        (
            f'{TWO}-- a/go.mod --\n{USER.format("a")}{DEP}-- a/a.go --\npackage a\n\nimport _ "ex.com/dep"\n'
            f"-- b/go.mod --\n{USER.format('b').replace('/dep v', '/new v').replace('/dep =', '/new =')}"
            "-- dep/dep.go --\npackage dep\n"
        ),
        "both fail",
    ),
    "what a member excludes is not looked at": (
        (
            f"{TWO}-- a/go.mod --\n{USER.format('a').replace('../dep', './gone')}"
            "-- b/go.mod --\nmodule ex.com/b\n\nexclude ex.com/dep v1.0.0\n"
        ),
        "both accept",
    ),
    "a member is required at a version that go.work replaces by nothing": (
        (
            "-- go.work --\ngo 1.21\nuse ./a\nuse ./b\nreplace ex.com/b v1.0.0 => ./gone\n"
            "-- a/go.mod --\nmodule ex.com/a\n\nrequire ex.com/b v1.0.0\n-- b/go.mod --\nmodule ex.com/b\n"
        ),
        "both fail",
    ),
    "an old module brings in what is missing": (
        (
            f"-- go.mod --\n{USER.format('a').replace('../', './')}replace ex.com/far => ./far\n{DEP}"
            "go 1.16\nrequire ex.com/far v1.0.0\n"
        ),
        "both fail",
    ),
    "a pruned module does not bring in what is missing": (
        (
            f"-- go.mod --\n{USER.format('a').replace('../', './')}replace ex.com/far => ./far\n{DEP}"
            "go 1.17\nrequire ex.com/far v1.0.0\n"
        ),
        "both accept",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_we_agree(name, tmp_path):
    text, expected = SHAPES[name]
    build(text.replace("$ROOT", str(tmp_path)), tmp_path)
    agreement = compare(tmp_path)
    assert agreement.disagreements == []
    assert set(agreement.counts) == {expected}
