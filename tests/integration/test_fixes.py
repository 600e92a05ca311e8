"""Fixes, from the edits of every rule to what the real go says afterwards, by hand and in the daemon."""

from __future__ import annotations

import itertools
import json
import os
import posixpath
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from gowatchd.lint.catalog import RULES, check
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.facts import Facts
from gowatchd.modfile import Kind, parse_mod, parse_work
from gowatchd.services.announcing import Announcer, Restraint
from gowatchd.services.fixer import Fixer
from gowatchd.services.fixing import plan
from gowatchd.services.history import History
from gowatchd.services.manual import EXAMPLE_ROOT, Manual, example_facts, example_files
from gowatchd.services.note_buttons import NoteDeeds
from gowatchd.services.notes import Level
from gowatchd.services.repairs import Repairs
from gowatchd.services.workspaces import Workspaces, kind_of
from gowatchd.style.formatter import tidy
from gowatchd.style.proof import comments_of
from gowatchd.system.files import SafeFiles
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.notifier import DesktopNotifier
from gowatchd.system.session_bus import SessionBus
from tests.support.bus import PrivateBus, beside
from tests.support.daemon import Daemon
from tests.support.desktop import Display, Dunst, needs_display, needs_dunst
from tests.support.git import commit, git, repository
from tests.support.go import NEWEST, TOOLCHAINS, needs_go, run_go
from tests.support.main_loop import MainLoop

ROOT = Path(__file__).resolve().parents[2]
FIXABLE = [rule for rule in RULES if Manual.of(rule).fixes]


def make(files, folder):
    """Write an example below ``folder``, and return the paths of its go.work and go.mod files."""
    paths = []
    for name, data in files.items():
        path = folder / posixpath.relpath(name, EXAMPLE_ROOT)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if path.name in {"go.work", "go.mod"}:
            paths.append(str(path))
    return paths


def diagnose(paths, facts):
    return [one for workspace in Workspaces(SafeFiles()).load(paths) for one in check(workspace, facts)]


def list_modules(paths, files):
    """Run ``go list -m`` where the example's first file is, in its own go environment."""
    settings = files.get(f"{EXAMPLE_ROOT}/go/env", b"").decode().splitlines()
    environment = dict(line.split("=", 1) for line in settings)
    folder = min((Path(path).parent for path in paths), key=lambda folder: len(folder.parts))
    return run_go(NEWEST, "list", "-m", cwd=folder, **environment)


def commented(files):
    """Return the files of an example with a comment of its own on every line and at the top."""
    numbers = itertools.count()
    marked = {}
    for name, data in files.items():
        lines = data.decode().split("\n")
        if posixpath.basename(name) in {"go.work", "go.mod"}:
            lines = [_marked(line, next(numbers)) for line in [*lines[:-1]]]
            lines = [f"// above {next(numbers)}", *lines, ""]
        marked[name] = "\n".join(lines).encode()
    return marked


def _marked(line, number):
    plain = line.strip() in {"", ")"} or "//" in line
    return line if plain else f"{line} // mark {number}"


def comments(paths):
    """Count the comments of all files together: a fix may move a line from one file to another."""
    found = Counter()
    for path in paths:
        parse = parse_work if kind_of(path) is Kind.WORK else parse_mod
        found += comments_of(parse(Path(path).read_bytes(), path).syntax)
    return found


def test_there_are_fixes():
    assert {rule.code for rule in FIXABLE} >= {"go-line-too-low", "duplicate-use", "useless-toolchain"}


@needs_go
@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: rule.code)
def test_a_fix_mends_the_bad_example_for_go_too(rule, tmp_path):
    manual = Manual.of(rule)
    bad, good = example_files(manual.bad), example_files(manual.good)
    paths = make(commented(bad), tmp_path / "bad")
    facts = example_facts(bad)
    made = plan(SafeFiles(), paths, partial(check, facts=facts), lambda _w, one: one.code == rule.code)
    assert made.refusals == ()
    assert made.rewrites
    before = comments(paths)
    assert sum(before.values()) > len(paths)
    for rewrite in made.rewrites:
        Path(rewrite.path).write_bytes(rewrite.after)
        assert tidy(rewrite.after, kind_of(rewrite.path)).data == rewrite.after
    assert comments(paths) == before
    left = diagnose(paths, facts)
    assert rule.code not in {one.code for one in left}
    good_paths = make(good, tmp_path / "good")
    errors_of_good = {one.code for one in diagnose(good_paths, facts)}
    assert {one.code for one in left if one.severity is Severity.ERROR} <= errors_of_good
    wanted, got = list_modules(good_paths, good), list_modules(paths, bad)
    assert got.returncode == 0 or wanted.returncode != 0, got.stderr.decode()


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    (home / "src").mkdir(parents=True)
    return home


LOW = b"go 1.21\n\nuse (\n  ./b\n\t./a // the app\n)\n"
RAISED = b"go 1.22\n\nuse (\n\t./a // the app\n\t./b\n)\n"
MEMBER = "module example.com/{}\n\ngo {}\n"


@pytest.fixture
def app(home):
    """A workspace whose go line is too low for its module a."""
    app = home / "src/app"
    for name, version in (("a", "1.22"), ("b", "1.21")):
        (app / name).mkdir(parents=True)
        (app / name / "go.mod").write_text(MEMBER.format(name, version))
    (app / "go.work").write_bytes(LOW)
    return app


@pytest.fixture
def run(home):
    """gowatchctl without a daemon, with the state of ``home`` and the newest go where there is one."""

    def gowatchctl(*arguments, **environment):
        go = TOOLCHAINS.get(NEWEST)
        path = f"{go}/bin:/usr/bin:/bin" if go else "/usr/bin:/bin"
        return subprocess.run(
            [sys.executable, "-m", "gowatchd.cli.main", *arguments],
            cwd=ROOT,
            env={
                "HOME": str(home),
                "PATH": path,
                "SHELL": "/bin/false",
                "LC_ALL": "C.UTF-8",
                "XDG_STATE_HOME": str(home / "state"),
                "XDG_RUNTIME_DIR": str(home),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return gowatchctl


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as bus:
        yield bus


def test_fix_without_a_daemon(run, app):
    done = run("-C", str(app), "fix")
    assert (done.returncode, (app / "go.work").read_bytes()) == (0, RAISED), done.stderr
    assert done.stdout == "go.work: fixed: Raise the go line to 1.22 (gowatchctl undo 1)\n"
    assert done.stderr.splitlines()[-1] == "fixed 1 file; no problem left"
    again = run("-C", str(app), "fix")
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr.splitlines()[-1] == "nothing to fix: no problems"


def test_what_was_fixed_without_a_daemon_can_be_undone_with_one(run, app, home, bus):
    run("fix", str(app))
    with Daemon(home, bus) as daemon:
        (entry,) = daemon.ask("GetLog", "xu", 0, 9)["entries"]
        assert (entry["kind"], entry["state"]) == ("fix", "done")
        assert "fixed" in daemon.gowatchctl("log").stdout
        assert daemon.gowatchctl("undo").returncode == 0
        assert (app / "go.work").read_bytes() == LOW


def test_fix_through_the_daemon_that_has_the_history(app, home, bus):
    with Daemon(home, bus, go=True) as daemon:
        done = daemon.gowatchctl("fix", str(app))
        assert (done.returncode, (app / "go.work").read_bytes()) == (0, RAISED), done.stderr
        assert "(gowatchctl undo 1)" in done.stdout
        daemon.wait_for_log(f"fixed {app}/go.work: Raise the go line to 1.22 (gowatchctl undo 1)")
        daemon.wait_for(lambda: daemon.codes(app) == [], "the diagnostic to go")
        assert daemon.gowatchctl("undo").returncode == 0
        assert (app / "go.work").read_bytes() == LOW
        elsewhere = home / "elsewhere"
        (elsewhere / "a").mkdir(parents=True)
        (elsewhere / "a/go.mod").write_text(MEMBER.format("a", "1.22"))
        (elsewhere / "go.work").write_bytes(b"go 1.21\n\nuse ./a\n")
        assert daemon.gowatchctl("fix", str(elsewhere)).returncode == 0
        assert (elsewhere / "go.work").read_bytes() == b"go 1.22\n\nuse ./a\n"
    assert "Traceback" not in daemon.log(), daemon.log()


def test_a_daemon_writes_nothing_but_go_files(home, bus, app):
    other = home / "src/app/notes"
    other.write_bytes(b"a")
    with Daemon(home, bus) as daemon:
        with pytest.raises(AssertionError, match="not the absolute path of a"):
            daemon.ask("ApplyFix", "ayayayas", os.fsencode(other), b"a", b"b", [])
        answer = daemon.ask("ApplyFix", "ayayayas", os.fsencode(app / "go.work"), b"older", b"x", ["t"])
        assert answer["fixed"] == []
        assert answer["refused"][0]["reason"] == "it was saved again meanwhile"
    assert (other.read_bytes(), (app / "go.work").read_bytes()) == (b"a", LOW)


def test_a_locked_history_that_nobody_answers_for_keeps_files_as_they_are(run, app, home, bus):
    with Daemon(home, bus):
        done = run("fix", str(app))  # without the bus address: like another session
        assert done.returncode == 69
        assert "is in use by another gowatchd" in done.stderr
    assert (app / "go.work").read_bytes() == LOW


def test_a_dry_run_prints_what_patch_makes_of_it(run, app):
    done = run("-C", str(app), "fix", "-n")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "would fix 1 file; no problem would remain"
    assert (app / "go.work").read_bytes() == LOW
    subprocess.run(["patch", "-p0"], cwd=app, input=done.stdout, text=True, check=True, timeout=90)
    assert (app / "go.work").read_bytes() == RAISED


def test_only_the_rules_that_were_named(run, app):
    (app / "a/go.mod").write_text(MEMBER.format("a", "1.22") + "\ntoolchain go1.22\n")
    done = run("fix", "--code", "useless-toolchain", str(app))
    assert done.returncode == 1
    assert (app / "a/go.mod").read_text() == MEMBER.format("a", "1.22")
    assert (app / "go.work").read_bytes() == LOW
    assert "[go-line-too-low]" in done.stdout
    assert done.stderr.splitlines()[-1] == "fixed 1 file; 1 problem left"
    unknown = run("fix", "--code", "go-line-to-low", str(app))
    assert unknown.returncode == 4
    assert "did you mean go-line-too-low" in unknown.stderr


def test_an_opinion_is_no_mistake(run, app):
    (app / "go.work").write_bytes(b"go 1.22\n\nuse ./a\n")
    assert run("fix", str(app)).returncode == 0
    assert (app / "go.work").read_bytes() == b"go 1.22\n\nuse ./a\n"
    assert run("fix", "--code", "module-not-in-use", str(app)).returncode == 0
    assert b"./b" in (app / "go.work").read_bytes()


def test_json(run, app):
    done = run("--json", "fix", "-n", str(app))
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert (found["schema"], found["dry_run"], found["refused"]) == (1, True, [])
    (one,) = found["fixed"]
    assert (one["path"], one["change"]) == (str(app / "go.work"), None)
    assert one["titles"] == ["Raise the go line to 1.22"]
    assert "+go 1.22\n" in one["diff"]
    assert [workspace["diagnostics"] for workspace in found["workspaces"]] == [[]]
    done = run("--json", "fix", str(app))
    assert json.loads(done.stdout)["fixed"][0]["change"] == 1


@pytest.mark.parametrize("dry", [False, True])
def test_what_is_not_ours_is_left_alone(run, app, dry):
    (app / "go.work").chmod(0o444)
    done = run("fix", str(app), *(["-n"] if dry else []))
    assert done.returncode == 1
    assert "not fixed (Raise the go line to 1.22): it is not writable" in done.stderr
    assert (app / "go.work").read_bytes() == LOW


def test_the_module_cache_is_left_alone(run, home):
    module = home / "go/pkg/mod/example.com/m@v1.0.0"
    module.mkdir(parents=True)
    (module / "go.mod").write_text("module example.com/m\n\ngo 1.22\n\ntoolchain go1.22\n")
    done = run("fix", "--code", "useless-toolchain", str(module), GOPATH=str(home / "go"))
    if TOOLCHAINS:
        assert "it is below " in done.stderr
        assert (module / "go.mod").read_text().endswith("toolchain go1.22\n")


FIX_ON_SAVE = '[format]\nfix_on_save = ["go-line-too-low"]\n'


@pytest.fixture
def fine(app):
    """The workspace of ``app`` with nothing wrong."""
    (app / "a/go.mod").write_text(MEMBER.format("a", "1.21"))
    (app / "go.work").write_bytes(RAISED.replace(b"1.22", b"1.21"))
    return app


def test_a_save_of_a_module_mends_its_go_work(home, bus, fine):
    with Daemon(home, bus, config=FIX_ON_SAVE) as daemon:
        (fine / "a/go.mod").write_text(MEMBER.format("a", "1.22"))
        daemon.wait_for_bytes(fine / "go.work", RAISED)
        daemon.wait_for(lambda: daemon.codes(fine) == [], "the diagnostic to go")
        daemon.wait_for_log("Raise the go line to 1.22 (gowatchctl undo 1)")
        (entry,) = daemon.ask("GetLog", "xu", 0, 9)["entries"]
        assert (entry["kind"], entry["path"]) == ("fix", str(fine / "go.work"))
        assert daemon.gowatchctl("undo").returncode == 0
        (fine / "a/go.mod").write_text(MEMBER.format("a", "1.22") + "\n")  # to be formatted, not fixed
        daemon.wait_for(lambda: (fine / "a/go.mod").read_text() == MEMBER.format("a", "1.22"), "formatting")
        daemon.wait_for(lambda: "was undone" in daemon.log(), "the reason")
        assert b"go 1.21\n" in (fine / "go.work").read_bytes()
    assert "Traceback" not in daemon.log(), daemon.log()


def test_a_code_that_there_is_not_is_said_in_the_status_and_fixes_nothing(home, bus, fine):
    with Daemon(home, bus, config='[format]\nfix_on_save = ["go-line-to-low"]\n') as daemon:
        off = {one["part"]: one["reason"] for one in daemon.ask("GetStatus")["off"]}
        assert "there is no rule go-line-to-low" in off["fix on save"]
        (fine / "a/go.mod").write_text(MEMBER.format("a", "1.22") + "\n")
        daemon.wait_for(lambda: (fine / "a/go.mod").read_text() == MEMBER.format("a", "1.22"), "formatting")
        daemon.wait_for(lambda: daemon.codes(fine) == ["go-line-too-low"], "the diagnostic")
        assert b"go 1.21\n" in (fine / "go.work").read_bytes()


def test_what_came_by_git_is_not_fixed(home, bus, fine):
    repository(fine)
    for name in ("go.work", "a/go.mod", "b/go.mod"):
        commit(fine, (fine / name).read_text(), name)
    git(fine, "rm", "-q", "go.mod")
    git(fine, "commit", "-q", "-m", "no module of its own")
    git(fine, "checkout", "-q", "-b", "newer")
    commit(fine, MEMBER.format("a", "1.22"), "a/go.mod")
    git(fine, "checkout", "-q", "main")
    with Daemon(home, bus, config=FIX_ON_SAVE) as daemon:
        git(fine, "checkout", "-q", "newer")
        daemon.wait_for(lambda: daemon.codes(fine) == ["go-line-too-low"], "the diagnostic")
        daemon.wait_for_log("this is what git has for it")
        assert git(fine, "status", "--porcelain") == ""
        (fine / "a/go.mod").write_text(MEMBER.format("a", "1.23"))  # a person's edit, of what is committed
        daemon.wait_for_bytes(fine / "go.work", RAISED.replace(b"1.22", b"1.23"))


@pytest.fixture
def loop():
    return MainLoop()


@needs_display
@needs_dunst
def test_the_fix_button_of_a_problem_on_a_real_desktop(tmp_path, loop, bus, app):
    """From the verdict over the note and its button to the fixed file, and back with Undo."""
    work = str(app / "go.work")
    files = SafeFiles()
    store = HistoryDatabase(str(tmp_path / "state"))
    history = History(store, files)
    workspaces = Workspaces(files)
    (workspace,) = workspaces.load([work])
    judge = partial(check, facts=Facts())
    repairs = Repairs(files, workspaces, judge, judge)
    notifier = DesktopNotifier(loop)
    place = SessionBus(loop, ManagerObject(None), (notifier,), lambda: None, address=lambda: bus.address)
    announcer = Announcer(
        notifier,
        loop,
        Level.CHANGES,
        NoteDeeds(
            history.undo, fix=lambda path, codes: Fixer(files, history).carry_out(repairs.plan(path, codes))
        ),
        Restraint(0.0),
    )
    with Display() as display:
        dunst = Dunst(bus, display)
        place.start()
        loop.run_until(lambda: notifier.server)
        announcer.checked(work, judge(workspace))
        beside(loop, lambda: dunst.wait_for_count(1))
        beside(loop, lambda: display.wait_for_picture("dunst-problem-with-fix"))
        beside(loop, lambda: dunst.press("Fix"))
        loop.run_until(lambda: (app / "go.work").read_bytes() == RAISED)
        beside(loop, lambda: dunst.wait_for_count(2))
        beside(loop, lambda: display.wait_for_picture("dunst-fixed"))
        announcer.checked(work, ())
        beside(loop, lambda: dunst.wait_for_count(1))
        beside(loop, lambda: dunst.press("Undo"))
        loop.run_until(lambda: (app / "go.work").read_bytes() == LOW)
        beside(loop, lambda: dunst.wait_for_count(0))
        place.stop()
        loop.run_until(lambda: notifier.server is None)
    store.close()
