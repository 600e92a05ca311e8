"""A newer toolchain that go hands over to, without fetching anything, is the go that runs."""

from __future__ import annotations

import os

import pytest

from gowatchd.cli.main import main
from tests.support.go import NEWEST, TOOLCHAINS, needs_all_toolchains, run_go

OLDER = "1.26.6"
GO_MOD = "module example.com/m\n\ngo {}\n"


@pytest.fixture
def found(tmp_path, monkeypatch):
    """Have gowatchctl find the older go, with an empty home; return that."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{TOOLCHAINS[OLDER]}/bin:/usr/bin:/bin")
    monkeypatch.setenv("GOPROXY", "off")
    for name in ("GOENV", "GOPATH", "GOMODCACHE", "GOFLAGS", "GOWORK", "GOTOOLCHAIN"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Go to a module that asks for a newer go than the one that is found."""
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "go.mod").write_text(GO_MOD.format(NEWEST))
    monkeypatch.chdir(folder)
    return folder


@needs_all_toolchains
@pytest.mark.parametrize("setting", ["path", "auto", f"go{OLDER}+path"])
def test_one_on_the_path(found, module, monkeypatch, capsys, setting):
    (found / "bin").mkdir()
    (found / "bin" / f"go{NEWEST}").symlink_to(TOOLCHAINS[NEWEST] / "bin/go")
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{found}/bin")
    monkeypatch.setenv("GOTOOLCHAIN", setting)
    go = run_go(OLDER, "list", "-m", cwd=module, PATH=os.environ["PATH"], GOTOOLCHAIN=setting)
    assert (go.returncode, go.stdout) == (0, b"example.com/m\n"), go.stderr
    assert main(["check"]) == 0
    assert capsys.readouterr().out == ""


@needs_all_toolchains
@pytest.mark.parametrize(
    ("lines", "name"),
    [(NEWEST, f"go{NEWEST}"), ("1.27", "go1.27.0"), ("1.27.0\n\ntoolchain go1.27.2", "go1.27.2")],
)
def test_one_that_was_fetched_before(found, module, monkeypatch, capsys, lines, name):
    (module / "go.mod").write_text(GO_MOD.format(lines))
    platform = run_go(OLDER, "env", "GOHOSTARCH", cwd=module).stdout.decode().strip()
    (found / f"go/pkg/mod/golang.org/toolchain@v0.0.1-{name}.linux-{platform}").mkdir(parents=True)
    for setting, expected in (("auto", 0), (f"go{OLDER}+auto", 0), ("path", 1), ("local", 1)):
        monkeypatch.setenv("GOTOOLCHAIN", setting)
        code = main(["check"])
        out = capsys.readouterr().out
        assert (code, out == "") == (expected, expected == 0), (setting, out)


@needs_all_toolchains
def test_one_that_the_person_chose(found, module, monkeypatch, capsys):
    monkeypatch.setenv("GOTOOLCHAIN", f"go{NEWEST}")
    assert main(["check"]) == 0
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("GOTOOLCHAIN", "go1.25.5")
    assert main(["check"]) == 1
    assert "(running go 1.25.5; GOTOOLCHAIN=go1.25.5)" in capsys.readouterr().out
