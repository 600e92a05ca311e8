"""What the files say against listings and build information that were written down here."""

from __future__ import annotations

import pytest

from gowatchd.services.binary_topology import compare_binary
from gowatchd.services.build_info import BuildInfo, Built
from gowatchd.services.go_listing import Listed
from gowatchd.services.topology import compare_members, compare_selection
from gowatchd.services.workspaces import Workspaces
from tests.support.memory import MemoryFiles, txtar

WORK = "-- go.work --\ngo 1.22\nuse ./a\nuse ./b\n-- a/go.mod --\nmodule ex.com/a\n\n"
B = "-- b/go.mod --\nmodule ex.com/b\n\n"
MAIN = (Listed("ex.com/a", "", "/w/a"), Listed("ex.com/b", "", "/w/b"))


def load(text):
    (workspace,) = Workspaces(MemoryFiles(txtar(text))).load(
        ["/w/go.work" if "go.work" in text else "/w/go.mod"]
    )
    return workspace


def said(differences):
    return [(one.code, f"{one.path.removeprefix('/w/')}:{one.line}", one.message) for one in differences]


def test_members_that_go_does_not_know_and_the_other_way_round():
    listed = (MAIN[0], Listed("ex.com/c", "", "/w/c"))
    assert said(compare_members(load(f"{WORK}{B}"), listed)) == [
        ("not-listed", "b/go.mod:1", "ex.com/b is a module here, but go does not list it"),
        ("not-in-the-files", "go.work:1", "go lists ex.com/c in c, which is no module of these files"),
    ]
    assert said(compare_members(load(f"{WORK}{B}"), MAIN)) == []


R = Listed("ex.com/r", "v1.1.0", "/m/r")


@pytest.mark.parametrize(
    ("line", "listed", "reason"),
    [
        ("replace ex.com/r => ../r", Listed("ex.com/r", "v1.1.0", "/w/r", ("/w/r", "")), None),
        ("replace ex.com/r v1.1.0 => ../r", Listed("ex.com/r", "v1.1.0", "/w/r", ("/w/r", "")), None),
        (
            "replace ex.com/r => ex.com/s v1.0.0",
            Listed("ex.com/r", "v1.1.0", "", ("ex.com/s", "v1.0.0")),
            None,
        ),
        (
            "replace ex.com/r v1.0.0 => ../r",
            R,
            "ex.com/r v1.0.0 has no effect: go builds with ex.com/r v1.1.0",
        ),
        ("replace ex.com/r => ../r", R, "ex.com/r has no effect: go builds with ex.com/r v1.1.0"),
        (
            "replace ex.com/r => ../r",
            Listed("ex.com/r", "v1.1.0", "/w/q", ("/w/q", "")),
            "ex.com/r has no effect: go takes q for it",
        ),
        ("replace ex.com/z => ../z", R, "ex.com/z has no effect: nothing requires ex.com/z"),
        (
            "replace ex.com/b => ../b",
            R,
            "ex.com/b has no effect: ex.com/b is a module of the workspace, which goes first",
        ),
        ("replace ex.com/b v1.0.0 => ../b", R, None),
    ],
)
def test_replacements_without_effect(line, listed, reason):
    found = said(compare_selection(load(f"{WORK}{line}\n{B}"), (*MAIN, listed)))
    if reason is None:
        assert found == []
    else:
        assert found == [("replace-without-effect", "a/go.mod:3", f"the replacement of {reason}")]


def test_a_replacement_of_go_work_goes_first():
    text = WORK.replace("use ./b", "use ./b\nreplace ex.com/r v1.0.0 => ./r")
    listed = Listed("ex.com/r", "v1.0.0", "/w/r", ("/w/r", ""))
    assert said(compare_selection(load(f"{text}replace ex.com/r => ../q\n{B}"), (*MAIN, listed))) == [
        (
            "replace-without-effect",
            "a/go.mod:3",
            "the replacement of ex.com/r has no effect: go.work replaces ex.com/r too, and goes first",
        )
    ]


def test_version_drift():
    text = f"{WORK}require ex.com/r v1.0.0\n{B}require ex.com/r v1.1.0\n"
    assert said(compare_selection(load(text), (*MAIN, R))) == [
        (
            "version-drift",
            "a/go.mod:3",
            "ex.com/r v1.0.0 is required, but go builds with v1.1.0, which ex.com/b asks for",
        )
    ]
    unseen = list(compare_selection(load(text.replace("v1.1.0", "v1.0.5")), (*MAIN, R)))
    assert len(unseen) == 2
    assert all(one.message.endswith("v1.1.0, which a dependency asks for") for one in unseen)
    local = Listed("ex.com/r", "v1.1.0", "/w/r", ("/w/r", ""))
    workspace = load(text.replace("use ./b", "use ./b\nreplace ex.com/r => ./r"))
    assert said(compare_selection(workspace, (*MAIN, local))) == []


A = Built("ex.com/a", "(devel)")
NOT_LOCAL = "was downloaded, though go.work uses it: the build is older than that, or had GOWORK=off"
NOT_PUBLISHED = (
    "is what its directory held, and not the v1.2.3 that a/go.mod:3 requires: "
    "a build with GOWORK=off has other code"
)


def in_binary(text, *dependencies, go="1.22.10", main=A, every=None, settings=None, head=""):
    info = BuildInfo(go, main, dependencies, settings or {})
    found = compare_binary(load(text), "/bin/x", info, "1.22.10", every, head)
    return [(one.code, one.message) for one in found]


def test_a_binary_that_is_as_the_files_say():
    text = f"{WORK}require ex.com/r v1.0.0\nreplace ex.com/r => ../r\n{B}"
    replaced = Built("ex.com/r", "v1.0.0", ("./r", "(devel)"))
    every = (*MAIN, Listed("ex.com/r", "v1.0.0", "/w/r", ("/w/r", "")))
    assert in_binary(text, Built("ex.com/b", "(devel)"), replaced, every=every) == []


def test_another_go_and_one_older_than_the_go_line():
    assert in_binary(f"{WORK}{B}", go="1.21.13") == [
        ("other-go", "it was built with go 1.21.13, and go 1.22.10 is installed"),
        ("go-too-old", "it was built with go 1.21.13, and go.work asks for go 1.22 by now"),
    ]


def test_another_commit_is_checked_out():
    settings = {"vcs.revision": "0123456789abcdef"}
    other = [("other-revision", "it was built from commit 0123456789ab, and fedcba987654 is checked out now")]
    assert in_binary(f"{WORK}{B}", settings=settings, head="fedcba9876543210") == other
    assert in_binary(f"{WORK}{B}", settings=settings, head="0123456789abcdef") == []
    assert in_binary(f"{WORK}{B}", settings=settings) == []
    assert in_binary(f"{WORK}{B}", head="0123456789abcdef") == []


def test_changes_that_were_not_committed():
    settings = {"vcs.modified": "true", "vcs.revision": "0123456789abcdef"}
    assert in_binary(f"{WORK}{B}", settings=settings) == [
        (
            "uncommitted-changes",
            "it was built from files with changes that were not committed on top of 0123456789ab",
        )
    ]
    assert in_binary(f"{WORK}{B}", settings={"vcs.modified": "false"}) == []


@pytest.mark.parametrize(
    ("main", "name"),
    [
        (Built("ex.com/other", "v1.0.0"), "ex.com/other"),
        (None, "nothing: it was built from single files"),
    ],
)
def test_a_binary_of_something_else(main, name):
    assert in_binary(f"{WORK}{B}", Built("ex.com/x", "(devel)"), main=main) == [
        ("foreign-binary", f"its main module is {name}, which is no module of these files")
    ]


@pytest.mark.parametrize(
    ("lines", "built", "every", "expected"),
    [
        (
            "require ex.com/b v1.2.3",
            Built("ex.com/b", "(devel)"),
            None,
            (
                "devel-not-published",
                f"ex.com/b (devel) {NOT_PUBLISHED}",
            ),
        ),
        ("require ex.com/b v0.0.0", Built("ex.com/b", "(devel)"), None, None),
        ("require ex.com/b v1.2.3\nreplace ex.com/b => ../b", Built("ex.com/b", "(devel)"), None, None),
        ("require ex.com/b v1.2.3", Built("ex.com/b", "v1.2.3", ("../b", "(devel)")), None, None),
        (
            "require ex.com/b v1.2.3",
            Built("ex.com/b", "v1.2.3"),
            None,
            (
                "published-not-local",
                f"ex.com/b v1.2.3 {NOT_LOCAL}",
            ),
        ),
        (
            "",
            Built("ex.com/gone", "(devel)"),
            None,
            (
                "not-in-the-files",
                "ex.com/gone (devel) was built from a workspace, and is no module of it now",
            ),
        ),
        (
            "require ex.com/r v1.0.0",
            Built("ex.com/r", "v1.0.0", ("./r", "(devel)")),
            None,
            ("replaced-in-the-binary", "ex.com/r v1.0.0 was replaced by ./r, and no file says so now"),
        ),
        (
            "replace ex.com/r => ../r",
            Built("ex.com/r", "v1.0.0"),
            None,
            ("replace-without-effect", "ex.com/r v1.0.0 was not replaced, though the files say r"),
        ),
        (
            "replace ex.com/r => ../q",
            Built("ex.com/r", "v1.0.0", ("./r", "(devel)")),
            None,
            ("other-replacement", "ex.com/r v1.0.0 was replaced by ./r, and the files say q now"),
        ),
        ("replace ex.com/r => ../r", Built("ex.com/r", "v1.0.0", ("../r", "(devel)")), None, None),
        (
            "replace ex.com/r => ex.com/s v1.0.0",
            Built("ex.com/r", "v1.0.0", ("ex.com/s", "v1.0.0")),
            None,
            None,
        ),
        (
            "",
            Built("ex.com/r", "v1.0.0"),
            (*MAIN, R),
            ("version-drift", "ex.com/r v1.0.0 is in it, and go builds with v1.1.0 now"),
        ),
        (
            "",
            Built("ex.com/q", "v1.0.0"),
            (*MAIN, R),
            ("no-longer-required", "ex.com/q v1.0.0 is in it, and nothing requires it now"),
        ),
        (
            "require ex.com/r v1.1.0",
            Built("ex.com/r", "v1.0.0"),
            None,
            ("version-drift", "ex.com/r v1.0.0 is in it, and a/go.mod requires v1.1.0 now"),
        ),
        ("", Built("ex.com/r", "v1.1.0"), (*MAIN, R), None),
        ("", Built("ex.com/r", "v1.1.0"), None, None),
    ],
)
def test_one_dependency(lines, built, every, expected):
    found = in_binary(f"{WORK}{lines}\n{B}", built, every=every)
    assert found == ([] if expected is None else [expected])
