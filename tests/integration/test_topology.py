"""``gowatchctl topology`` with real go commands, a real module cache and binaries that they built."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from gowatchd.cli import topology as verb
from gowatchd.cli.main import main
from gowatchd.system.go_installation import GoInstallation
from gowatchd.system.go_search import GoNotFoundError
from tests.support.git import git
from tests.support.go import NEWEST, ROOT, TOOLCHAINS, needs_all_toolchains, run_go
from tests.support.proxy import download, publish
from tests.support.tree import build

OLDER = "1.22.10"
CACHE = ROOT / "build" / "gocache"  # kept: building the runtime from nothing takes half a minute

SHOP = """\
-- go.work --
go 1.22

use (
	./app
	./lib
)

replace ex.com/lib v1.2.3 => ./lib
-- app/go.mod --
module ex.com/app

go 1.22

require (
	ex.com/lib v1.2.3
	ex.com/local v1.0.0
	ex.com/p v1.0.0
)

replace ex.com/local => ../local

replace ex.com/nobody => ../nobody
-- app/go.sum --
ex.com/p v1.0.0 h1:oAnu3UlATeLXwlYdeUoP4DXvTsBDRLElHgePfiwXIgg=
ex.com/p v1.0.0/go.mod h1:egNsdHUlOG2QLF3EWhCP3xU5ml2iDWmVUwUutGcCIM4=
-- app/main.go --
package main

import (
	"ex.com/lib"
	"ex.com/local"
	"ex.com/p"
)

func main() { println(lib.V, local.V, p.V) }
-- lib/go.mod --
module ex.com/lib

go 1.22
-- lib/lib.go --
package lib

const V = "lib"
-- local/go.mod --
module ex.com/local

go 1.20
-- local/local.go --
package local

const V = "local"
-- nobody/go.mod --
module ex.com/nobody
"""
SUMS_OF_1_1_0 = """\
ex.com/p v1.1.0 h1:O0Ak8Hcu50gxGiMTWksTODB+w1rda20SidstgflAJjI=
ex.com/p v1.1.0/go.mod h1:egNsdHUlOG2QLF3EWhCP3xU5ml2iDWmVUwUutGcCIM4=
"""
DEVEL = (
    "ex.com/lib (devel) is what its directory held, and not the v1.2.3 that app/go.mod:6 requires: "
    "a build with GOWORK=off has other code"
)

DRIFT = "ex.com/p v1.0.0 is required, but go builds with v1.1.0, which ex.com/lib asks for"
GONE = "cannot load module gone listed in go.work file: open gone/go.mod: no such file or directory"


@pytest.fixture(scope="module")
def module_cache(tmp_path_factory):
    """A module cache that holds two versions of ex.com/p."""
    top = tmp_path_factory.mktemp("modules")
    for version in ("v1.0.0", "v1.1.0"):
        files = {"go.mod": "module ex.com/p\n\ngo 1.20\n", "p.go": f'package p\n\nconst V = "{version}"\n'}
        publish(top / "proxy", "ex.com/p", version, files)
        download(top / "proxy", top / "cache", OLDER, f"ex.com/p@{version}")
    return top / "cache"


@pytest.fixture(scope="module")
def shop(tmp_path_factory, module_cache):
    """The workspace, committed and then edited, with a binary of each go in bin/."""
    root = tmp_path_factory.mktemp("shop")
    build(SHOP, root)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "shop")
    for version in (OLDER, NEWEST):
        if version == NEWEST:
            (root / "lib" / "lib.go").write_text('package lib\n\nconst V = "edited"\n')
        finished = run_go(
            version,
            "build",
            "-buildvcs=true",
            "-o",
            str(root.parent / f"{root.name}-bin" / version),
            "./app",
            cwd=root,
            GOCACHE=str(CACHE),
            GOMODCACHE=str(module_cache),
            CGO_ENABLED="0",
        )
        assert finished.returncode == 0, finished.stderr.decode()
    return root


@pytest.fixture
def here(shop, module_cache, tmp_path, monkeypatch):
    """A copy of the workspace to work in and the folder of its binaries, with the newest go installed."""
    root = tmp_path / "shop"
    shutil.copytree(shop, root, ignore=shutil.ignore_patterns(".git"))
    os.symlink(f"{shop}-bin", tmp_path / "bin")
    monkeypatch.chdir(root)
    monkeypatch.setenv("GOMODCACHE", str(module_cache))
    monkeypatch.setenv("GOENV", "off")
    install(monkeypatch, NEWEST)
    return root


def install(monkeypatch, version):
    go = str(TOOLCHAINS[version] / "bin" / "go")
    found = GoInstallation(go, "PATH", version, "", "", "", "local", "")
    monkeypatch.setattr(verb, "find_go", lambda: found)


def lines(capsys):
    return capsys.readouterr().out.splitlines()


NOBODY = (
    "app/go.mod:13: the replacement of ex.com/nobody has no effect: nothing requires ex.com/nobody "
    "[replace-without-effect]"
)


@needs_all_toolchains
def test_the_files_against_go(here, capsys):
    assert main(["topology"]) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [NOBODY]
    assert captured.err == f"1 difference in 4 modules, go {NEWEST}\n"


@needs_all_toolchains
@pytest.mark.parametrize("version", [version for version in TOOLCHAINS if version != "1.21.13"])
def test_nothing_to_say_is_exit_0_with_every_go(here, capsys, monkeypatch, version):
    install(monkeypatch, version)
    mod = here / "app" / "go.mod"
    mod.write_text(mod.read_text().replace("replace ex.com/nobody => ../nobody\n", ""))
    assert main(["topology"]) == 0
    assert capsys.readouterr().err == f"no differences in 4 modules, go {version}\n"


@needs_all_toolchains
def test_a_version_that_another_module_raises(here, capsys):
    (here / "lib" / "go.mod").write_text("module ex.com/lib\n\ngo 1.22\n\nrequire ex.com/p v1.1.0\n")
    (here / "lib" / "go.sum").write_text(SUMS_OF_1_1_0)
    assert main(["topology", "--binary", f"../bin/{OLDER}"]) == 1
    assert [line for line in lines(capsys) if "version-drift" in line] == [
        f"app/go.mod:8: {DRIFT} [version-drift]",
        f"../bin/{OLDER}: ex.com/p v1.0.0 is in it, and go builds with v1.1.0 now [version-drift]",
    ]


@needs_all_toolchains
@pytest.mark.parametrize("asking", [OLDER, "1.24.11", "1.25.5", NEWEST])
@pytest.mark.parametrize("built", [OLDER, NEWEST])
def test_binaries(here, shop, capsys, monkeypatch, asking, built):
    install(monkeypatch, asking)
    revision = git(shop, "rev-parse", "HEAD")[:12]
    assert main(["topology", "--binary", f"../bin/{built}"]) == 1
    place = f"../bin/{built}:"
    expected = [NOBODY]
    if asking != built:
        expected.append(f"{place} it was built with go {built}, and go {asking} is installed [other-go]")
    if built == NEWEST:
        expected.append(
            f"{place} it was built from files with changes that were not committed on top of {revision} "
            "[uncommitted-changes]"
        )
    assert lines(capsys) == [*expected, f"{place} {DEVEL} [devel-not-published]"]


@needs_all_toolchains
def test_a_binary_of_what_go_work_no_longer_uses(here, capsys):
    (here / "go.work").write_text("go 1.23\n\nuse ./app\n\nreplace ex.com/lib => ./nobody\n")
    mod = here / "app" / "go.mod"
    mod.write_text(mod.read_text().replace("go 1.22\n", "go 1.23\n").replace("=> ../local", "=> ../lib"))
    (here / "nobody" / "go.mod").write_text("module ex.com/lib\n")
    assert main(["topology", "--binary", f"../bin/{OLDER}"]) == 1
    assert [line.partition(": ")[2] for line in lines(capsys) if "bin" in line] == [
        f"it was built with go {OLDER}, and go {NEWEST} is installed [other-go]",
        f"it was built with go {OLDER}, and go.work asks for go 1.23 by now [go-too-old]",
        "ex.com/lib (devel) was built from a workspace, and is no module of it now [not-in-the-files]",
        "ex.com/local v1.0.0 was replaced by local, and the files say lib now [other-replacement]",
    ]


@needs_all_toolchains
def test_a_binary_of_another_commit(here, shop, capsys):
    shutil.copytree(shop / ".git", here / ".git")
    built = git(here, "rev-parse", "HEAD")[:12]
    git(here, "commit", "-q", "--allow-empty", "-m", "later")
    now = git(here, "rev-parse", "HEAD")[:12]
    assert main(["topology", "--binary", f"../bin/{NEWEST}"]) == 1
    words = f"it was built from commit {built}, and {now} is checked out now [other-revision]"
    assert f"../bin/{NEWEST}: {words}" in lines(capsys)


@needs_all_toolchains
def test_a_binary_of_another_module(here, capsys):
    assert main(["topology", "lib", "--binary", f"../bin/{NEWEST}"]) == 1
    (here / "go.work").unlink()
    capsys.readouterr()
    assert main(["topology", "lib", "--binary", f"../bin/{NEWEST}"]) == 1
    assert lines(capsys)[-1] == (
        f"../bin/{NEWEST}: its main module is ex.com/app, which is no module of these files [foreign-binary]"
    )


@needs_all_toolchains
def test_what_go_refuses_is_a_difference_and_what_it_cannot_know_is_said(here, capsys):
    (here / "go.work").write_text("go 1.22\n\nuse ./app\nuse ./gone\n")
    assert main(["topology"]) == 1
    assert lines(capsys) == [f"go.work:4: go list -m: {GONE} [go-refuses]"]
    (here / "go.work").write_text("go 1.22\n\nuse ./app\nuse ./lib\n")
    assert main(["topology"]) == 0
    assert capsys.readouterr().err == (
        "go.work: versions were not compared: ex.com/lib@v1.2.3: module lookup disabled by GOPROXY=off\n"
        f"no differences in 2 modules, go {NEWEST}\n"
    )


@needs_all_toolchains
def test_json(here, capsys):
    assert main(["topology", "--json", "--binary", f"../bin/{OLDER}"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["go"]) == (1, NEWEST)
    (workspace,) = found["workspaces"]
    differences = workspace.pop("differences")
    binary = str(here.parent / "bin" / OLDER)
    assert workspace == {
        "root": str(here),
        "kind": "work",
        "modules": 4,
        "binary": binary,
        "unknown": None,
    }
    assert [one["code"] for one in differences] == [
        "replace-without-effect",
        "other-go",
        "devel-not-published",
    ]
    assert differences[-1] == {
        "code": "devel-not-published",
        "subject": "ex.com/lib",
        "message": DEVEL,
        "path": binary,
        "line": 1,
    }


@needs_all_toolchains
@pytest.mark.parametrize("version", [OLDER, NEWEST])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone", "it does not exist"),
        (".", "it is not a file"),
        ("go.work", "there is no Go build information in it"),
        ("/bin/sh", "/bin/sh: could not read Go build info from /bin/sh: not a Go executable"),
    ],
)
def test_what_is_no_go_binary_is_4(here, capsys, monkeypatch, version, name, words):
    install(monkeypatch, version)
    assert main(["topology", "--binary", name]) == 4
    assert capsys.readouterr().err == f"gowatchctl: --binary {name}: {words}\n"


@needs_all_toolchains
def test_a_go_that_is_too_old_cannot_tell(here, capsys, monkeypatch):
    install(monkeypatch, "1.21.13")
    assert main(["topology"]) == 69
    assert capsys.readouterr().err.startswith(
        "go.work: nothing was compared: go.work requires go >= 1.22 (running go 1.21.13; GOTOOLCHAIN=local)\n"
    )


@needs_all_toolchains
def test_a_go_work_without_modules(here, capsys):
    (here / "go.work").write_text("go 1.22\n")
    (here / "nobody" / "go.mod").unlink()
    assert main(["topology", "nobody"]) == 1
    words = "no modules were found in the current workspace; see 'go help work'"
    assert lines(capsys) == [f'go.work:1: go list -m: cannot match "all": {words} [go-refuses]']


@needs_all_toolchains
def test_a_go_that_hangs_is_ended(here, capsys, monkeypatch, tmp_path):
    program = tmp_path / "go"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    found = GoInstallation(str(program), "PATH", NEWEST, "", "", "", "local", "")
    monkeypatch.setattr(verb, "find_go", lambda: found)
    monkeypatch.setattr(verb, "SECONDS", 0.2)
    assert main(["topology"]) == 69
    assert "go.work: nothing was compared: go did not answer" in capsys.readouterr().err


def test_without_go_there_is_nothing_to_compare_with(tmp_path, monkeypatch, capsys):
    def find_go():
        raise GoNotFoundError("no go command found")

    monkeypatch.setattr(verb, "find_go", find_go)
    monkeypatch.chdir(tmp_path)
    assert main(["topology"]) == 4
    (tmp_path / "go.mod").write_text("module ex.com/m\n")
    capsys.readouterr()
    assert main(["topology"]) == 69
    assert capsys.readouterr().err == "gowatchctl: topology asks go: no go command found\n"
