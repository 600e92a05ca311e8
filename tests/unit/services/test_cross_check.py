from __future__ import annotations

import pytest

from gowatchd.lint.diagnostic import Diagnostic, Severity
from gowatchd.modfile.position import Span
from gowatchd.services.cross_check import SECONDS, CrossChecker, merge, why_no_opinion
from gowatchd.services.go_words import MOST, TEXT_LENGTH, Complaint, read_reply
from gowatchd.services.ports import Finished
from gowatchd.services.workspaces import Workspaces
from tests.support.memory import MemoryFiles

WORK = "/w/go.work"


def complaints(stderr: str) -> list[tuple[str, str | None, int | None, str]]:
    """The codes, paths, lines and subjects of what is read from ``stderr``."""
    return [
        (one.codes[0], one.path, one.line, one.subject)
        for one in read_reply(stderr.encode(), "/w").complaints
    ]


@pytest.mark.parametrize(
    ("stderr", "expected"),
    [
        (
            (
                "go: cannot load module nope listed in go.work file: open nope/go.mod: no such file or "
                "directory\n"
                "go: cannot load module ../x listed in go.work file: read ../x/go.mod: is a directory\n"
            ),
            [("use-missing-module", None, None, "nope"), ("use-missing-module", None, None, "../x")],
        ),
        (
            (
                "go: cannot load module a listed in go.work file: errors parsing a/go.mod:\n"
                "a/go.mod:1: unknown directive: foo\n"
                "a/go.mod:3:7: usage: module module/path\n"
                "go: cannot load module b listed in go.work file: error reading b/go.mod: missing module "
                "declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod\n"
            ),
            [
                ("syntax", "/w/a/go.mod", 1, ""),
                ("syntax", "/w/a/go.mod", 3, ""),
                ("use-invalid-module", None, None, "b"),
            ],
        ),
        (
            (
                "go: module a listed in go.work file requires go >= 1.21.5, but go.work lists go 1.21; "
                "to update it:\n\tgo work use\n"
            ),
            [("go-line-too-low", None, None, "a")],
        ),
        (
            "go: error loading go.work:\ngo.work:4: path /w/a appears multiple times in workspace\n",
            [("duplicate-use", WORK, 4, "/w/a")],
        ),
        (
            "go: reading go.work: path /w/a appears multiple times in workspace\n",
            [("duplicate-use", None, None, "/w/a")],
        ),
        (
            "go: module ex.com/a appears multiple times in workspace\n",
            [("duplicate-module", None, None, "ex.com/a")],
        ),
        (
            "go: workspace module ex.com/a is replaced at all versions in the go.work file. To fix, re\n",
            [("replaced-workspace-module", None, None, "ex.com/a")],
        ),
        (
            (
                "go: conflicting replacements for foo.com/x@v1.0.0:\n\t/w/c\n\t/w/d\n"
                'use "go work edit -replace foo.com/x@v1.0.0=[override]" to resolve\n'
            ),
            [("conflicting-member-replacements", None, None, "foo.com/x")],
        ),
        (
            "go: conflicting replacements for foo.com/x:\n\t./c\n\t./d\n",
            [("conflicting-replacements", None, None, "foo.com/x")],
        ),
        (
            (
                "go: errors parsing go.work:\n"
                "go.work:5: syntax error (unterminated block started at go.work:4:1)\n"
            ),
            [("syntax", WORK, 5, "")],
        ),
        (
            (
                "go: reading go.work: /w/go.work:5: syntax error (unterminated block started at "
                "/w/go.work:4:1)\n"
            ),
            [("syntax", WORK, 5, "")],
        ),
        ('go: error loading go.work:\ngo.work:3: unknown godebug "nosuch"\n', [("go-command", WORK, 3, "")]),
        (
            "go: error reading go.mod: missing module declaration. To specify it:\n\tgo mod edit\n",
            [("missing-module-directive", "/w/go.mod", None, "")],
        ),
        (
            'go: error reading a/go.mod: invalid module path: "go"\n',
            [("go-command", "/w/a/go.mod", None, "")],
        ),
        (
            "go: updates to go.mod needed, disabled by -mod=readonly; to update it:\n\tgo mod tidy\n",
            [("go-command", None, None, "")],
        ),
        (
            (
                "go: inconsistent vendoring in /w:\n\tfoo.com/x@v1.0.0: is explicitly required in go.mod\n\n"
                "\tTo sync the vendor directory, run:\n\t\tgo work vendor\n"
            ),
            [("go-command", None, None, "")],
        ),
        ("something entirely new\n", [("go-command", None, None, "")]),
        (
            (
                "go: warning: ignoring go.mod in system temp root /tmp\ngo: downloading foo.com/x v1.0.0\n"
                "warning: ignoring symlink x\n"
            ),
            [],
        ),
        ("", []),
    ],
)
def test_the_words_of_go(stderr, expected):
    assert complaints(stderr) == expected


@pytest.mark.parametrize(
    "stderr",
    [
        "go: go.work requires go >= 1.99 (running go 1.27.3; GOTOOLCHAIN=local)\n",
        "go: foo.com/x@v1.0.0: module lookup disabled by GOPROXY=off\n",
        "go: foo.com/x@v1.0.0: missing go.sum entry for go.mod file; to add it:\n\tgo mod download x\n",
        "go: updates to go.sum needed, disabled by -mod=readonly\n",
        "build cache is required, but could not be located: GOCACHE is not defined\n",
        "go: open /w/x: too many open files\n",
        "runtime: failed to create new OS thread (have 2 already; errno=11)\nfatal error: newosproc\n",
    ],
)
def test_what_go_cannot_know_here_is_no_fault_of_a_file(stderr):
    reply = read_reply(stderr.encode(), "/w")
    assert reply.complaints == ()
    assert len(reply.unknown) == 1


def test_a_complaint_is_one_short_harmless_line():
    reply = read_reply(b"go: a\x1b[31m\xff\n\tgo on " + b"x" * 10_000 + b"\n", "/w")
    (complaint,) = reply.complaints
    assert complaint.text.startswith(r"a\x1b[31m\xff go on xxx")
    assert len(complaint.text) == TEXT_LENGTH


def test_so_many_complaints_and_each_once():
    lines = "".join(f"go: error number {number}\n" for number in range(MOST * 2))
    assert len(read_reply(lines.encode() * 2, "/w").complaints) == MOST
    assert len(read_reply(b"go: the same\n" * 5, "/w").complaints) == 1


@pytest.fixture
def workspace():
    files = MemoryFiles(
        {
            WORK: b"go 1.21\n\nuse (\n\t./a\n\t./b\n)\n",
            "/w/a/go.mod": b"module ex.com/a\n",
            "/w/b/go.mod": b"module ex.com/b\n",
        }
    )
    (workspace,) = Workspaces(files).load([WORK])
    return workspace


def ours(line: int, code: str, message: str = "", *, path=WORK, severity=Severity.ERROR) -> Diagnostic:
    return Diagnostic(path, Span.at(line, 1, 3), severity, code, message)


def added(workspace, diagnostics, complaint, disable=frozenset()):
    merged = merge(workspace, diagnostics, [complaint], disable)
    assert set(diagnostics) <= set(merged)
    return [one for one in merged if one not in diagnostics]


class TestMerge:
    def test_an_error_of_ours_on_the_same_line_covers_it(self, workspace):
        complaint = Complaint("words", WORK, 3, codes=("go-command",))
        assert added(workspace, (ours(3, "syntax"),), complaint) == []
        assert len(added(workspace, (ours(2, "syntax"),), complaint)) == 1
        assert len(added(workspace, (ours(3, "syntax", path="/w/a/go.mod"),), complaint)) == 1

    def test_a_warning_on_the_same_line_does_not(self, workspace):
        complaint = Complaint("words", WORK, 3)
        assert len(added(workspace, (ours(3, "style", severity=Severity.WARNING),), complaint)) == 1

    def test_the_same_condition_of_the_same_subject_covers_it(self, workspace):
        complaint = Complaint("words", codes=("duplicate-module",), subject="ex.com/a")
        assert added(workspace, (ours(5, "duplicate-module", "module ex.com/a appears"),), complaint) == []
        assert (
            len(added(workspace, (ours(5, "duplicate-module", "module ex.com/c appears"),), complaint)) == 1
        )

    def test_one_diagnostic_of_ours_sums_up_the_go_lines_of_all_modules(self, workspace):
        complaint = Complaint("words", codes=("go-line-too-low",), subject="b")
        assert added(workspace, (ours(1, "go-line-too-low", "module a (and 1 more)"),), complaint) == []

    def test_a_syntax_error_elsewhere_is_another_one(self, workspace):
        complaint = Complaint("words", WORK, 3, codes=("syntax",))
        assert len(added(workspace, (ours(5, "syntax"),), complaint)) == 1

    def test_what_only_go_says_is_shown_where_it_says(self, workspace):
        complaint = Complaint("unknown godebug", "/w/a/go.mod", 7, 3)
        (one,) = added(workspace, (), complaint)
        assert (one.path, one.span, one.severity) == ("/w/a/go.mod", Span.at(7, 3), Severity.ERROR)
        assert (one.code, one.message) == ("go-command", "go list -m: unknown godebug")

    @pytest.mark.parametrize("subject", ["b", "./b", "/w/b", "ex.com/b"])
    def test_or_at_the_use_of_its_subject(self, workspace, subject):
        (one,) = added(workspace, (), Complaint("words", subject=subject))
        assert (one.path, one.span) == (WORK, Span.at(5, 2, 3))

    @pytest.mark.parametrize("subject", ["", "nowhere", "w"])
    def test_or_at_the_top(self, workspace, subject):
        (one,) = added(workspace, (), Complaint("words", subject=subject))
        assert (one.path, one.span) == (WORK, Span.at(1))

    def test_what_is_disabled_stays_so(self, workspace):
        complaint = Complaint("words", codes=("duplicate-use",))
        assert added(workspace, (), complaint, frozenset({"duplicate-use"})) == []

    def test_all_is_sorted(self, workspace):
        merged = merge(
            workspace, (ours(5, "b"), ours(9, "a")), [Complaint("w", WORK, 7), Complaint("w", "/a", 1)]
        )
        assert [(one.path, one.span.start.line) for one in merged] == [
            ("/a", 1),
            (WORK, 5),
            (WORK, 7),
            (WORK, 9),
        ]


class ScriptedGo:
    """A go command that fails on purpose."""

    def __init__(self, finished: Finished) -> None:
        self.finished = finished
        self.asked: list[tuple[str, str, float]] = []

    def list_modules(self, root, gowork, seconds, done):
        self.asked.append((root, gowork, seconds))
        done(self.finished)


@pytest.mark.parametrize(
    ("finished", "trouble"),
    [
        (Finished(None, stderr=b"go: x", timed_out=True), "go did not answer in 20 s"),
        (Finished(-9, truncated=True), "go said too much"),
        (Finished(None, error="/usr/bin/go cannot be started: Gone"), "/usr/bin/go cannot be started: Gone"),
        (Finished(-11), "go was ended by signal 11"),
        (Finished(2), "go failed without a word (exit code 2)"),
        (
            Finished(2, stderr=b"fatal error: out of memory\n\nruntime stack:\nruntime.throw()\n"),
            "go crashed: fatal error: out of memory (exit code 2)",
        ),
        (Finished(0, stderr=b"go: something\n"), ""),
        (Finished(1, stderr=b"go: foo.com/x@v1.0.0: module lookup disabled by GOPROXY=off\n"), ""),
    ],
)
def test_a_go_without_an_opinion_leaves_ours(workspace, finished, trouble):
    checker = CrossChecker(ScriptedGo(finished))
    answers = []
    checker.check(workspace, (ours(3, "syntax"),), answers.append)
    assert answers == [(ours(3, "syntax"),)]
    assert checker.trouble == trouble == why_no_opinion(finished)


def test_an_opinion_is_merged_and_ends_the_trouble(workspace):
    go = ScriptedGo(Finished(None, timed_out=True))
    checker = CrossChecker(go)
    answers = []
    checker.check(workspace, (), answers.append)
    go.finished = Finished(1, stderr=b'go: error loading go.work:\ngo.work:3: unknown godebug "x"\n')
    checker.check(workspace, (), answers.append)
    assert [len(answer) for answer in answers] == [0, 1]
    assert checker.trouble == ""
    assert go.asked == [("/w", WORK, SECONDS)] * 2


def test_a_module_of_its_own_is_asked_without_workspaces():
    (workspace,) = Workspaces(MemoryFiles({"/m/go.mod": b"module ex.com/m\n"})).load(["/m/go.mod"])
    go = ScriptedGo(Finished(0))
    CrossChecker(go).check(workspace, (), lambda answer: None)
    assert go.asked == [("/m", "off", SECONDS)]
