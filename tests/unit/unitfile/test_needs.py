import pytest

from gowatchd.unitfile.go_programs import SETTINGS
from gowatchd.unitfile.needs import Command, needs_of
from gowatchd.unitfile.shell_script import read_script


def needed(*words, expands=True, head=lambda _path: None):
    needs = needs_of(Command(words, expands), head).needs
    return {need.name: need.optional for need in needs if not need.why.endswith("reads it")}


@pytest.mark.parametrize(
    ("script", "required", "optional"),
    [
        ("cd $WORKSPACE_ROOT && make", ["WORKSPACE_ROOT"], []),
        ("echo '$QUOTED' \\$ESCAPED \"$REAL\"", ["REAL"], []),
        ("echo ${A:-x} ${B-x} ${C:+x} ${D:?gone} ${#E} ${F%/*}", ["D", "E", "F"], ["A", "B", "C"]),
        ("A=1; echo $A $B", ["B"], []),
        ("for f in $LIST; do echo $f; done", ["LIST"], []),
        ("read -r line; echo $line", [], []),
        ("export X=$Y; echo $X", ["Y"], []),
        ('[ -n "$OPT" ] && echo $OPT', [], ["OPT"]),
        ("if test -z $OPT; then exit; fi; echo $OPT", [], ["OPT"]),
        ("echo $(cat $FILE) `cat $OTHER`", ["FILE", "OTHER"], []),
        ("echo $1 $? $$ $# $@ $-", [], []),
        ("echo a#b # $COMMENT\necho $AFTER", ["AFTER"], []),
        ("cmd >$LOG 2>&1 <$IN; next $N", ["LOG", "IN", "N"], []),
        ("echo $((1+X))", [], []),
        ("case $WHAT in a) echo $A;; esac", ["WHAT", "A"], []),
        ("echo 'unterminated $X", [], []),
        ("echo ${unterminated", ["unterminated"], []),
    ],
)
def test_what_a_script_reads_from_outside(script, required, optional):
    found = read_script(script)
    assert (list(found.required), list(found.optional)) == (required, optional)


@pytest.mark.parametrize(
    ("script", "programs"),
    [
        ("cd x && exec go build ./... | tee log", ["go", "tee"]),
        ("if gopls version; then A=1 dlv; else ! ./own; fi", ["gopls", "dlv", "./own"]),
        ("env -i A=1 go vet; command go; nohup air &", ["go", "air"]),
        ("$TOOL run; echo hi", []),
        ("x=$(go env GOPATH)", ["go"]),
        ("go test > out 2>&1 && go vet", ["go"]),
    ],
)
def test_which_programs_a_script_runs(script, programs):
    assert list(read_script(script).programs) == programs


def test_systemd_expands_braces_and_the_shell_the_rest():
    assert needed("/bin/sh", "-c", "a $V ${W} $$X") == {"W": False, "V": False, "X": False}
    assert needed("/bin/sh", "-c", "$$Y ${Z:-1}") == {"Y": False, "Z": True}
    assert needed("/bin/sh", "-c", "${A:-1}", expands=False) == {"A": True}


def test_a_login_shell_sees_to_itself():
    assert needed("/bin/bash", "-lc", "echo $FROM_PROFILE") == {}
    assert needed("/bin/bash", "--login", "-c", "echo $FROM_PROFILE") == {}


def test_wrappers_are_looked_through():
    words = ("/usr/bin/env", "-u", "B", "A=1", "nice", "-n", "5", "timeout", "10", "sh", "-ec", "echo $A $C")
    assert needed(*words) == {"C": False}
    found = needs_of(Command(("/usr/bin/env", "go", "build")))
    assert found.programs == ("go",)
    assert {need.name for need in found.needs} == set(SETTINGS)
    assert needed("env", "-S", "A=1 sh -c 'x'") == {}


def test_the_head_of_a_script_is_read():
    heads = {"/home/x/run.sh": "#!/bin/sh\ncd $PROJECT\n"}
    assert needed("/home/x/run.sh", head=heads.get) == {"PROJECT": False}
    assert needed("/bin/sh", "/home/x/run.sh", "arg", head=heads.get) == {"PROJECT": False}
    assert needed("/home/x/other", head=heads.get) == {}


def test_a_go_program_reads_what_go_reads_and_runs_go():
    found = needs_of(Command(("/home/x/go/bin/gopls", "serve")))
    assert found.programs == ("go",)
    assert all(need.optional for need in found.needs)


@pytest.mark.parametrize(
    "words", [(), ("",), ("env",), ("timeout",), ("sh", "-c"), ("env", "-u"), ("sh", "-o")]
)
def test_odd_commands_need_nothing(words):
    assert needed(*words) == {}


def test_endless_nesting_ends():
    read_script("$(" * 5000 + "echo $X" + ")" * 5000)
    assert needed(*["env"] * 500, "sh", "-c", "echo $X") == {}
