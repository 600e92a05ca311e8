"""gowatchctl doctor beside real Go toolchains, whole and broken."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.support.doctored import Home
from tests.support.go import NEWEST, TOOLCHAINS, needs_all_toolchains, needs_go
from tests.support.other_process import needs_root

OLDEST = "1.21.13"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@needs_go
def test_a_toolchain_that_works(home):
    home.use_go(TOOLCHAINS[NEWEST])
    found = home.asked("go", "goroot", "go-folders", "go-builds")
    assert {code: one["state"] for code, one in found.items()} == dict.fromkeys(found, "ok"), found
    assert f"go {NEWEST}" in found["go"]["result"]
    assert "built and run" in found["go-builds"]["result"]
    assert not [one for one in home.folder.rglob("*") if one.name in {"go.mod", "hello"}]


@needs_go
def test_gopath_in_place_of_goroot(home):
    root = TOOLCHAINS[NEWEST]
    home.use_go(root)
    found = home.asked("go-folders", GOPATH=str(root))["go-folders"]
    assert found["state"] == "problem"
    assert "GOPATH and GOROOT are the same folder" in found["result"]
    subprocess.run([root / "bin/go", "env", "-w", "GOPATH=/elsewhere/go"], env=home.environment, check=True)
    assert "/elsewhere/go" in home.asked("go-folders")["go-folders"]["result"]


@needs_all_toolchains
def test_a_goroot_that_leads_elsewhere(home):
    home.use_go(TOOLCHAINS[NEWEST])
    old = os.path.realpath(TOOLCHAINS[OLDEST])
    found = home.asked("goroot", "go-builds", "go", GOROOT=old)
    assert found["go"]["state"] == "ok"
    assert found["goroot"]["state"] == "problem"
    assert f"is go {OLDEST}; the go command is {NEWEST}" in found["goroot"]["result"]
    assert found["goroot"]["commands"] == ["unset GOROOT"]
    assert found["go-builds"]["state"] == "problem"
    assert "does not match go tool version" in found["go-builds"]["result"]
    kept = home.folder / ".config/go/env"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("GOROOT=/gone/go\n")
    found = home.asked("go", "goroot", "go-folders")
    assert "cannot find GOROOT directory" in found["go"]["result"]
    assert "go env -w: /gone/go is no Go toolchain" in found["goroot"]["result"]
    assert found["go-folders"]["state"] == "unknown"
    assert "GOROOT" in found["go-folders"]["result"]


@needs_go
def test_a_toolchain_with_a_package_missing(home):
    whole, broken = TOOLCHAINS[NEWEST], home.folder / "toolchain"
    (broken / "src").mkdir(parents=True)
    shutil.copytree(whole / "bin", broken / "bin")
    for name in ("VERSION", "go.env", "pkg", "lib"):
        (broken / name).symlink_to(whole / name)
    for one in (whole / "src").iterdir():
        if one.name != "runtime":
            (broken / "src" / one.name).symlink_to(one)
    home.use_go(broken)
    found = home.asked("go", "go-builds")
    assert found["go"]["state"] == "ok", "it answers, and cannot build"
    assert found["go-builds"]["state"] == "problem"
    assert "cannot find package" in found["go-builds"]["result"]
    assert "install this version again" in found["go-builds"]["remedy"]


@needs_go
@needs_root
def test_a_temporary_folder_where_nothing_may_be_run(home):
    home.use_go(TOOLCHAINS[NEWEST])
    folder = home.folder / "tmp"
    folder.mkdir()
    mount = f'mount -t tmpfs -o noexec,size=64m none {folder} && exec "$@"'
    home.launcher = ("unshare", "--mount", "--propagation", "private", "sh", "-c", mount, "sh")
    found = home.asked("go-builds", GOTMPDIR=str(folder))["go-builds"]
    assert found["state"] == "problem"
    assert f"what was built in {folder} does not run: " in found["result"]
    assert found["commands"][0] == "findmnt --target ~/tmp"
    elsewhere = home.folder / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(
        [TOOLCHAINS[NEWEST] / "bin/go", "env", "-w", f"GOTMPDIR={elsewhere}"],
        env=home.environment,
        check=True,
    )
    mended = home.asked("go-builds", TMPDIR=str(folder))["go-builds"]
    assert mended["state"] == "ok", "the remedy helps"


@needs_all_toolchains
def test_two_go_commands_on_path(home):
    home.environment["PATH"] = f"{TOOLCHAINS[OLDEST]}/bin:{TOOLCHAINS[NEWEST]}/bin:/usr/bin:/bin"
    found = home.asked("go-on-path", SHELL="/bin/false")["go-on-path"]
    assert found["state"] == "note"
    assert f"({OLDEST}) wins, and " in found["result"]
    assert f"({NEWEST}) stands behind it" in found["result"]
