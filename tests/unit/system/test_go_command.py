from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gowatchd.services.ports import Finished
from gowatchd.system import go_installation, go_search
from gowatchd.system.child import ChildPool
from gowatchd.system.go_command import GoCommand, GoSearch, find_go_beside, go_environment
from gowatchd.system.go_installation import GoInstallation
from gowatchd.system.go_search import GoNotFoundError, find_go
from gowatchd.system.trust import distrust
from tests.support.go import NEWEST, ROOT, TOOLCHAINS, needs_go
from tests.support.main_loop import MainLoop

as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")


def find_beside(configured: str | None = None, *, ask_shell: bool = True) -> GoInstallation:
    loop = MainLoop()
    pool = ChildPool(loop)
    found: list[GoInstallation | GoNotFoundError] = []
    find_go_beside(pool, configured, found.append, ask_shell=ask_shell)
    loop.run_until(lambda: found)
    pool.close()
    if isinstance(found[0], GoNotFoundError):
        raise found[0]
    return found[0]


@pytest.fixture(params=[find_go, find_beside], ids=["in place", "beside the loop"])
def find(request):
    return request.param


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of its own, a PATH without go, a login shell that knows none, nothing installed."""
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{home}/bin:/usr/bin:/bin")
    monkeypatch.setenv("SHELL", "/bin/false")
    for name in list(os.environ):
        if name.startswith(("GO", "XDG_")):
            monkeypatch.delenv(name)
    places = tuple(place for place in go_search.WELL_KNOWN if place.startswith("~"))
    monkeypatch.setattr(go_search, "WELL_KNOWN", places)
    if shutil.which("go"):
        pytest.skip("a go in /usr/bin stands in the way of these tests")
    return home


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def binary(version: str) -> str:
    return str(TOOLCHAINS[version].resolve() / "bin" / "go")


@pytest.mark.parametrize("version", TOOLCHAINS)
def test_every_go_tells_its_version(find, version):
    found = find(binary(version))
    assert (found.go, found.version, found.found) == (binary(version), version, "configuration")
    assert found.goroot == str(TOOLCHAINS[version].resolve())
    assert str(found) == f"go {version}, {binary(version)} (configuration)"


@needs_go
def test_path_comes_before_the_well_known_places(find, home):
    (home / "bin" / "go").symlink_to(binary(NEWEST))
    (home / "sdk").mkdir()
    (home / "sdk" / "go1.21.13").symlink_to(TOOLCHAINS["1.21.13"])
    found = find()
    assert (found.found, found.version) == ("PATH", NEWEST)
    assert found.gopath == str(home / "go")


@needs_go
@pytest.mark.parametrize("folder", ["sdk/go{}", ".local/share/mise/installs/go/{}", ".goenv/versions/{}"])
def test_the_newest_of_several_versions(find, home, folder):
    for version in ("1.21.13", NEWEST):
        place = home / folder.format(version)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(TOOLCHAINS[version])
    program(home / folder.format("1.9.7") / "bin" / "go", "exit 1")
    found = find()
    assert (found.found, found.version) == ("well-known place", NEWEST)


@needs_go
def test_a_place_that_does_not_work_is_passed_over(find, home):
    program(home / ".asdf" / "shims" / "go", "echo 'No version is set for command go' >&2; exit 126")
    installed = home / ".asdf" / "installs" / "golang" / NEWEST / "go"
    installed.parent.mkdir(parents=True)
    installed.symlink_to(TOOLCHAINS[NEWEST])
    assert find().version == NEWEST


@needs_go
def test_the_login_shell_is_asked_last(find, home, monkeypatch):
    hidden = home / "odd place" / "bin"
    hidden.mkdir(parents=True)
    (hidden / "go").symlink_to(binary(NEWEST))
    shell = program(
        home / "shell",
        f'[ "$1" = -lc ] || exit 9\n[ -t 0 ] && exit 8\necho Welcome!\nsleep 300 &\n'
        f'PATH="{hidden}:$PATH"\neval "$2"',
    )
    monkeypatch.setenv("SHELL", str(shell))
    found = find()
    assert (found.found, found.version) == ("login shell", NEWEST)


def test_a_login_shell_is_left_alone_where_its_person_wants_that(home, monkeypatch):
    monkeypatch.setenv("SHELL", str(program(home / "shell", f"touch {home}/ran")))
    with pytest.raises(GoNotFoundError, match="no go command found"):
        find_beside(ask_shell=False)
    assert not (home / "ran").exists()
    with pytest.raises(GoNotFoundError, match="no go command found"):
        find_beside()
    assert (home / "ran").exists()


@pytest.mark.parametrize("text", ["sleep 300", "echo relative/go", "exit 1", "yes", "echo /dev/null/go"])
def test_a_login_shell_without_an_answer(find, home, monkeypatch, text):
    monkeypatch.setattr(go_search, "SHELL_SECONDS", 0.5)
    monkeypatch.setenv("SHELL", str(program(home / "shell", text)))
    with pytest.raises(GoNotFoundError, match="no go command found"):
        find()


@needs_go
def test_what_stands_behind_a_wrapper_is_run(find, home):
    wrapper = program(home / "bin" / "go", f'exec {binary(NEWEST)} "$@"')
    found = find()
    assert found.go == binary(NEWEST)
    assert wrapper.exists()


def test_a_configured_go_that_is_not_there(find, home):
    with pytest.raises(
        GoNotFoundError, match=r"\[check\] go = '~/none' cannot be used: .*/home/none: No such"
    ):
        find("~/none")


def test_a_configured_program_that_is_not_go(find):
    with pytest.raises(GoNotFoundError, match="is not a go command"):
        find("/bin/true")


def test_a_configured_name_is_looked_up_on_path(find, home):
    program(home / "bin" / "go1.99", "echo broken '\033[31m' >&2; exit 1")
    with pytest.raises(GoNotFoundError, match=r"/bin/go1.99: broken \\x1b\[31m"):
        find("go1.99")


def test_a_go_that_hangs(find, home, monkeypatch):
    monkeypatch.setattr(go_installation, "ENV_SECONDS", 0.3)
    program(home / "bin" / "go", "sleep 300")
    with pytest.raises(GoNotFoundError, match=r"did not answer in 0.3 s"):
        find()


@pytest.mark.parametrize("answer", ["not json", "[]", "{}", '{"GOROOT": 1}', '{"GOVERSION": "goX"}'])
def test_a_go_that_talks_nonsense(find, home, answer):
    program(home / "bin" / "go", f"echo '{answer}'")
    with pytest.raises(GoNotFoundError, match="is not a go command"):
        find()


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_go_that_everybody_can_replace_is_never_run(find, home, what):
    go = program(home / "bin" / "go", f"touch {home}/ran")
    (go if what == "file" else go.parent).chmod(0o777)
    with pytest.raises(GoNotFoundError, match="can be written by everybody: chmod o-w"):
        find()
    assert not (home / "ran").exists()


@as_root
@pytest.mark.parametrize("what", ["file", "folder", "behind a link"])
def test_a_go_of_another_user_is_never_run(find, home, what):
    go = program(home / "bin" / "go", f"touch {home}/ran")
    if what == "behind a link":
        go.rename(home / "other")
        go.symlink_to(home / "other")
    os.chown(go.parent if what == "folder" else go.resolve(), 1234, -1)
    with pytest.raises(GoNotFoundError, match=r"belongs to another user \(uid 1234\)"):
        find()
    assert not (home / "ran").exists()


def test_root_is_trusted_where_a_user_namespace_hides_it():
    script = "from gowatchd.system.trust import distrust; print(repr(distrust('/usr/bin/env')))"
    said = subprocess.run(
        ["unshare", "--user", sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare failed" in said.stderr:
        pytest.skip("this machine allows no user namespaces")
    assert said.stdout == "''\n", said.stderr


def test_a_folder_is_not_a_program(home):
    (home / "bin" / "go").mkdir()
    assert distrust(str(home / "bin" / "go")) == f"{home}/bin/go is not a program"


@needs_go
class TestTheirToolchain:
    """What GOTOOLCHAIN is without us decides whether a newer go line is an error."""

    def test_the_default(self, find):
        found = find(binary(NEWEST))
        assert (found.gotoolchain, found.switches_toolchain) == ("auto", True)

    def test_from_go_env_w(self, find, home):
        subprocess.run([binary(NEWEST), "env", "-w", "GOTOOLCHAIN=local"], check=True)
        found = find(binary(NEWEST))
        assert (found.gotoolchain, found.switches_toolchain) == ("local", False)

    def test_from_the_environment(self, find, home, monkeypatch):
        subprocess.run([binary(NEWEST), "env", "-w", "GOTOOLCHAIN=local"], check=True)
        monkeypatch.setenv("GOTOOLCHAIN", "go1.22.1+auto")
        found = find(binary(NEWEST))
        assert (found.gotoolchain, found.switches_toolchain) == ("go1.22.1+auto", True)

    def test_one_that_is_not_here_is_not_fetched(self, find, monkeypatch):
        monkeypatch.setenv("GOTOOLCHAIN", "go1.99.1")
        assert find(binary(NEWEST)).version == NEWEST

    def test_a_settings_file_that_is_a_fifo(self, find, home):
        (home / ".config" / "go").mkdir(parents=True)
        said = dict.fromkeys(("GOMODCACHE", "GOPATH", "GOFLAGS", "GO111MODULE", "GOHOSTARCH"), "")
        said |= {"GOROOT": "/dev/null", "GOVERSION": "devel go1.28-abc", "GOENV": f"{home}/.config/go/env"}
        program(home / "bin" / "go", f"echo '{json.dumps(said)}'")
        os.mkfifo(home / ".config" / "go" / "env")
        found = find()
        assert (found.gotoolchain, found.version, found.go) == ("local", "1.28", str(home / "bin" / "go"))


@pytest.mark.parametrize(
    ("version", "toolchain", "running", "switches"),
    [
        ("1.20.14", "go1.22.10", "1.20.14", False),
        ("1.20.14", "auto", "1.20.14", False),
        ("1.20.14", "go1.22.10+auto", "1.20.14", False),
        ("1.21rc1", "go1.22.10", "1.22.10", False),
        ("1.21.0", "go1.22.10+auto", "1.22.10", True),
    ],
)
def test_what_runs_where_gotoolchain_is_set(find, home, monkeypatch, version, toolchain, running, switches):
    """Go before 1.21 does not know it."""
    said = dict.fromkeys(go_installation._ASKED, "")
    said |= {"GOROOT": "/dev/null", "GOVERSION": f"go{version}"}
    program(home / "bin" / "go", f"echo '{json.dumps(said)}'")
    monkeypatch.setenv("GOTOOLCHAIN", toolchain)
    found = find()
    assert found.gotoolchain == toolchain
    assert (found.facts.go_version, found.facts.switches_toolchain) == (running, switches)
    assert found.switches_toolchain == switches


@needs_go
class TestFacts:
    """What the rules hear of a go command: what the person set, not what we run it with."""

    def test_from_the_settings_file(self, find, home):
        (home / ".config" / "go").mkdir(parents=True)
        (home / ".config" / "go" / "env").write_text("GOWORK=off\nGO111MODULE=auto\nGOFLAGS=-mod=mod\n")
        environment = find(binary(NEWEST)).facts.environment
        said = environment.gowork, environment.go111module, environment.goflags
        assert said == ("off", "auto", "-mod=mod")

    def test_the_environment_comes_first(self, find, home, monkeypatch):
        (home / ".config" / "go").mkdir(parents=True)
        (home / ".config" / "go" / "env").write_text("GOWORK=off\nGO111MODULE=off\n")
        monkeypatch.setenv("GOWORK", "/some/go.work")
        monkeypatch.setenv("GO111MODULE", "on")
        environment = find(binary(NEWEST)).facts.environment
        assert (environment.gowork, environment.go111module) == ("/some/go.work", "on")

    def test_the_rest(self, find, home):
        found = find(binary(NEWEST))
        assert found.facts.go_version == NEWEST
        assert found.facts.environment.goroot == found.goroot
        assert found.facts.environment.gopath == f"{home}/go"
        assert found.facts.environment.gomodcache == f"{home}/go/pkg/mod"
        assert "panicnil" in found.facts.godebugs.known


@needs_go
def test_list_modules_reads_and_neither_writes_nor_fetches(tmp_path, monkeypatch):
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    monkeypatch.setenv("GOPROXY", "http://127.0.0.1:9")
    root = tmp_path / "module"
    root.mkdir()
    (root / "go.mod").write_text("module   example.com/m\ngo 1.21\n")
    before = (root / "go.mod").stat().st_mtime_ns
    loop = MainLoop()
    pool = ChildPool(loop)
    answers: list[Finished] = []
    GoCommand(pool, find_go(binary(NEWEST))).list_modules(str(root), "off", 20, answers.append)
    loop.run_until(lambda: answers)
    pool.close()
    assert answers == [Finished(0, b"example.com/m\n")]
    assert (root / "go.mod").stat().st_mtime_ns == before
    assert os.listdir(root) == ["go.mod"]


@needs_go
def test_a_folder_that_is_gone_gets_no_answer(tmp_path):
    """Else the removal of a clone would be told as trouble with go."""
    loop = MainLoop()
    pool = ChildPool(loop, at_most=1)
    go = GoCommand(pool, find_go(binary(NEWEST)))
    answers: list[str] = []
    go.list_modules(str(tmp_path / "gone"), "off", 20, lambda _: answers.append("gone"))
    go.list_modules(str(tmp_path), "off", 20, lambda _: answers.append("there"))
    loop.run_until(lambda: "there" in answers)
    pool.close()
    assert answers == ["there"]


def test_the_environment_of_go(monkeypatch):
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    monkeypatch.setenv("GOROOT", "/elsewhere")
    environment = go_environment("/root", "/root/go.work")
    assert environment["GOFLAGS"] == "-mod=readonly"
    assert environment["GOROOT"] == ""
    assert (environment["GOWORK"], environment["PWD"]) == ("/root/go.work", "/root")
    assert (environment["GOTOOLCHAIN"], environment["GOPROXY"]) == ("local", "off")
    assert environment["GOVCS"] == "*:off"


def test_a_missing_go_is_looked_for_at_saves_and_ever_more_rarely(monkeypatch):
    """A search may run the login shell: not once a save."""
    time, searches, told = [100.0], [], []

    def search(_pool, _configured, done, **_):
        searches.append(time[0])
        done(GoNotFoundError("no go command found"))

    monkeypatch.setattr("gowatchd.system.go_command.find_go_beside", search)
    go = GoSearch(None, None, lambda: time[0], told.append)
    go.begin()
    for _ in range(3600):
        time[0] += 1
        go.saved()
    assert searches == [100, 101, 103, 107, 115, 131, 163, 227, 355, 611, 1123, 1723, 2323, 2923, 3523]
    assert len(told) == 1
