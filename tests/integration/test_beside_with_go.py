"""The real daemon and the real go: what go writes beside a go.mod is noticed without a save of that."""

from __future__ import annotations

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.go import NEWEST, needs_go, run_go
from tests.support.proxy import download, publish
from tests.support.tree import build

pytestmark = needs_go

MISSING = "missing-go-sum-entry"
STALE = "inconsistent-vendoring"
TREE = """\
-- go.work --
go 1.22

use ./a
-- a/go.mod --
module ex.com/a

go 1.22

require ex.com/r v1.0.0
-- a/a.go --
package a

import _ "ex.com/r"
-- m/go.mod --
module ex.com/m

go 1.22

require ex.com/r v1.0.0
-- m/m.go --
package m

import _ "ex.com/r"
"""


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def cache(tmp_path):
    """A module cache with three versions of ex.com/r."""
    for version in ("v1.0.0", "v1.1.0", "v1.2.0"):
        files = {"go.mod": "module ex.com/r\n\ngo 1.20\n", "r.go": "package r\n"}
        publish(tmp_path / "proxy", "ex.com/r", version, files)
        download(tmp_path / "proxy", tmp_path / "cache", NEWEST, f"ex.com/r@{version}")
    return tmp_path / "cache"


@pytest.fixture
def source(tmp_path, cache):
    """A module alone, in order, and a workspace."""
    source = tmp_path / "home" / "src"
    build(TREE, source)
    for module in (source / "m", source / "a"):
        go(module, cache, "mod", "tidy")
    return source


@pytest.fixture
def daemon(tmp_path, bus, source):
    with Daemon(tmp_path / "home", bus) as daemon:
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


def go(root, cache, *command):
    ran = run_go(NEWEST, *command, cwd=root, GOMODCACHE=str(cache), GONOSUMDB="*", GOWORK="off")
    assert ran.returncode == 0, ran.stderr.decode()


def wait_for(daemon, root, *codes):
    daemon.wait_for(lambda: daemon.codes(root) == [*codes], f"{codes} in {root}")


def test_a_line_that_goes_from_go_sum_is_noticed(daemon, source):
    alone = source / "m"
    text = (alone / "go.sum").read_text()
    assert daemon.codes(alone) == []
    (alone / "go.sum").write_text(text.partition("\n")[0] + "\n")
    wait_for(daemon, alone, MISSING)
    (alone / "go.sum").write_text(text)
    wait_for(daemon, alone)
    (alone / "go.sum").unlink()
    wait_for(daemon, alone, MISSING)
    (alone / "go.sum.new").write_text(f"<<<<<<< HEAD\n{text}")
    (alone / "go.sum.new").rename(alone / "go.sum")
    wait_for(daemon, alone, "malformed-go-sum")


def test_the_sums_of_a_workspace_are_noticed(daemon, source):
    assert "malformed-go-sum" not in daemon.codes(source)
    before = daemon.codes(source)
    (source / "go.work.sum").write_text("x\n")
    daemon.wait_for(lambda: "malformed-go-sum" in daemon.codes(source), "the line in go.work.sum")
    (source / "go.work.sum").unlink()
    wait_for(daemon, source, *before)
    (source / "a" / "go.sum").write_text("")
    daemon.wait_for(lambda: MISSING in daemon.codes(source), "the empty go.sum of a member")


def test_the_remedies_heal_without_a_save(daemon, source, cache):
    alone = source / "m"
    mod = alone / "go.mod"
    mod.write_text(mod.read_text().replace("v1.0.0", "v1.1.0"))
    wait_for(daemon, alone, MISSING)
    before = mod.stat()
    go(alone, cache, "get", ".")
    wait_for(daemon, alone)
    assert untouched(mod, before)
    mod.write_text(mod.read_text().replace("v1.1.0", "v1.2.0"))
    wait_for(daemon, alone, MISSING)
    (alone / "go.sum").unlink()
    go(alone, cache, "get", "ex.com/r@v1.1.0")
    wait_for(daemon, alone)


def test_go_mod_vendor_heals_without_a_save(daemon, source, cache):
    alone = source / "m"
    mod = alone / "go.mod"
    go(alone, cache, "mod", "vendor")
    mod.write_text(mod.read_text().replace("v1.0.0", "v1.1.0"))
    wait_for(daemon, alone, STALE)
    before = mod.stat()
    go(alone, cache, "mod", "tidy")
    go(alone, cache, "mod", "vendor")
    wait_for(daemon, alone)
    (alone / "vendor" / "modules.txt").write_text("")
    wait_for(daemon, alone, STALE)
    assert untouched(mod, before)


def untouched(path, before):
    now = path.stat()
    return (now.st_mtime_ns, now.st_ino) == (before.st_mtime_ns, before.st_ino)
