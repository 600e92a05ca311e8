"""gowatchctl doctor itself: its page, its arguments, what --fix may do, and docs/troubleshooting.md."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from gowatchd.cli.checks.catalog import ARCHIVE, CHECKS
from gowatchd.cli.checks.environment import NO_MATTER, check_environment
from gowatchd.cli.checks.machine import check_state_folder
from gowatchd.cli.checks.service import check_daemon, check_service
from gowatchd.cli.checks.session import check_linger
from gowatchd.cli.checks.toolchain import check_go
from gowatchd.cli.deadline import within
from gowatchd.cli.diagnosis import Check, Diagnosis, Row, State, Verdict
from gowatchd.cli.doctor_page import ASCII_MARKS, DoctorPage
from gowatchd.cli.main import main
from gowatchd.cli.mending import SAFE, mend
from gowatchd.cli.table import width
from gowatchd.cli.terminal import Paint
from gowatchd.cli.troubleshooting_page import troubleshooting_page
from tests.support.patient import patient, room, service

PAGE = Path(__file__).resolve().parents[3] / "docs/troubleshooting.md"


def page(cells=80):
    return DoctorPage(Paint(enabled=False), ASCII_MARKS, cells)


def diagnosis(state, **facts):
    return Diagnosis("inotify", "it fails", "both", Verdict(state, "so it is", **facts))


def test_the_page_in_the_repository_is_up_to_date():
    assert PAGE.read_text() == troubleshooting_page(), "run scripts/make-troubleshooting-page"


@pytest.mark.parametrize("check", [*CHECKS, ARCHIVE], ids=lambda check: check.code)
def test_every_check_has_a_manual_page(check):
    manual = check.manual
    assert manual.summary.endswith(".")
    assert manual.symptom
    assert manual.looked
    assert manual.helps
    assert f"\n## {check.code}\n" in troubleshooting_page()


def test_somebody_who_is_well_hears_so_in_one_line_a_check():
    found = [check.diagnose(patient()) for check in CHECKS]
    assert {one.code: one.state for one in found} == dict.fromkeys((check.code for check in CHECKS), State.OK)
    assert [len(page(1000).lines(one)) for one in found] == [1] * len(CHECKS)
    assert page().summary(found, mended=False) == ["", "Nothing is wrong."]


def test_nothing_is_run_but_what_is_known_to_be_safe():
    assert not any("sudo" in safe for safe in SAFE)
    locked = (room("/s", writable=False, mode=0o500), ())
    offered = [
        check_go(patient(status=({"version": "1", "off": [], "go": None}, ""))),
        check_service(patient(service=(service(active="inactive"), ""))),
        check_service(patient(service=(service(stale=True), ""))),
        check_daemon(patient(version="2")),
        check_linger(patient(session=("tty", ""))),
        check_environment(patient(shell=({"GOPRIVATE": "corp"}, ""))),
        check_state_folder(patient(state_folder=locked)),
    ]
    for one in offered:
        assert any(one.mending[: len(safe)] == safe for safe in SAFE), one
    for command in (("rm", "-rf", "/"), ("systemctl", "--user", "mask", "x")):
        with pytest.raises(ValueError, match="not among"):
            mend(diagnosis(State.PROBLEM, mending=command))


@pytest.mark.parametrize("cells", [40, 60, 120])
def test_no_line_is_wider_than_the_terminal(cells):
    rows = (
        Row("GOFLAGS", "-tags=" + "x" * 200, None, "set it " * 30),
        Row("LESS", "R", None, NO_MATTER),
        Row("日本語", "値" * 90, "\x1b[31m", "a"),
    )
    verdict = Verdict(State.NOTE, "so 日本 " * 40, "do that", ("gowatchctl env",), rows=rows)
    lines = page(cells).lines(Diagnosis("environment", "it fails " * 20, "both", verdict))
    assert max(map(width, lines)) <= cells
    assert "\x1b" not in "".join(lines)
    assert any(line.startswith("    others    LESS") for line in lines)
    assert "R" not in [line.split()[-1] for line in lines if "shell" in line], "only its name matters"


def test_a_command_is_whole_however_narrow_the_terminal_is():
    command = "sudo sysctl fs.inotify.max_user_watches=1048576 " * 3
    lines = page(40).lines(diagnosis(State.PROBLEM, remedy="raise it", commands=("a", command)))
    assert lines[-1].strip() == command.strip()
    assert lines[-2].split() == ["run", "a"]


def test_the_summary_counts_and_tells_of_fix():
    found = [
        diagnosis(State.PROBLEM, mending=("chmod", "u+rwx", "/x")),
        diagnosis(State.NOTE),
        diagnosis(State.UNKNOWN),
        diagnosis(State.UNKNOWN),
    ]
    lines = page().summary(found, mended=False)
    assert lines[1] == "1 problem, 1 note, 2 not looked at"
    assert "--fix offers to mend 1 of them" in " ".join(lines)
    assert "--fix" not in " ".join(page().summary(found, mended=True))


def test_one_that_never_answers_is_left_behind(tmp_path):
    never = threading.Event()
    told = []
    with pytest.raises(TimeoutError):
        within(0.3, never.wait, lambda: told.append(1))
    assert told
    never.set()
    assert within(60, lambda: 5, lambda: None) == 5
    with pytest.raises(FileNotFoundError):
        within(60, (tmp_path / "gone").stat, lambda: None)


def test_a_check_that_hangs_or_fails_keeps_none_from_the_others(monkeypatch, capsys):
    never = threading.Event()

    def hangs(_examination):
        """It hangs.

        Symptom: nothing.
        Looked: for ever.
        """
        never.wait()

    def fails(_examination):
        """It fails.

        Symptom: noise.
        Looked: nowhere.
        """
        raise OSError("Input/output error")

    def is_wrong(_examination):
        """It is wrong.

        Symptom: a bug.
        Looked: nowhere.
        """
        raise KeyError("os\x1b")

    checks = (Check("hangs", hangs, 0.2), Check("fails", fails), Check("wrong", is_wrong), CHECKS[-1])
    monkeypatch.setattr("gowatchd.cli.doctor.CHECKS", checks)
    assert main(["doctor", "--json"]) == 0
    first, second, third, fourth = json.loads(capsys.readouterr().out)["checks"]
    never.set()
    assert (first["state"], first["result"]) == ("unknown", "not looked at: no answer within 0 s")
    assert (second["state"], second["result"]) == ("unknown", "not looked at: Input/output error")
    assert third["state"] == "unknown"
    assert third["result"].endswith("please report it: KeyError: 'os\\x1b'")
    assert fourth["code"] == CHECKS[-1].code


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["nonsense"], 4, "there is no check nonsense; there are: session-bus"),
        (["--yes"], 2, "belongs to --fix"),
        (["--sha256", "a" * 64], 2, "belongs to --archive"),
        (["--archive", "/etc/passwd", "--sha256", "abc"], 2, "64 hexadecimal digits"),
        (["--archive", "/gone"], 4, "/gone is no file"),
        (["--json", "--fix"], 2, "asks at a terminal"),
    ],
)
def test_what_makes_no_sense_is_refused(words, code, message, capsys):
    assert main(["doctor", *words]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err


def test_after_mending_it_looks_at_the_same_archive(monkeypatch, capsys, tmp_path):
    seen = []

    def looks(examination):
        """It looks.

        Symptom: nothing.
        Looked: at the archive.
        """
        seen.append(examination.archive)
        return Verdict(State.PROBLEM, "so it is", mending=("chmod", "u+rwx", "/x"))

    archive = tmp_path / "go.tar.gz"
    archive.touch()
    monkeypatch.setattr("gowatchd.cli.examination.read_archive", lambda path, _sha256: path)
    monkeypatch.setattr("gowatchd.cli.doctor.ARCHIVE", Check("go-archive", looks))
    monkeypatch.setattr("gowatchd.cli.doctor.mend", lambda _one: SimpleNamespace(as_json=dict))
    assert main(["doctor", "--fix", "--yes", "--json", "--archive", str(archive)]) == 1
    assert seen == [str(archive)] * 2
    capsys.readouterr()
