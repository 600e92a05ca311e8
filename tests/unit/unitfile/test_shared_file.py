import os
import subprocess

import pytest

from gowatchd.unitfile.quoting import UnquotableError
from gowatchd.unitfile.shared_file import Shared, read, render

GENERATOR = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"
NASTY = {
    "A": 'x $HOME ${HOME} $$ "q" \\ ` \' # ; % 日本',
    "B": " leading and trailing ",
    "C": "back\\",
    "D": '"',
    "E": "a=b",
}
PLACES = Shared(NASTY, ("/first $x/bin",), ('/last "one"/bin', "/日/bin"))


def generate(tmp_path, shared, **environment):
    """Have systemd's own generator read the file; return what a shell makes of its answer."""
    folder = tmp_path / "environment.d"
    folder.mkdir(exist_ok=True)
    (folder / "99-gowatchd.conf").write_text(render(shared))
    answer = subprocess.run(
        [GENERATOR],
        env={"XDG_CONFIG_HOME": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert "ignoring" not in answer.stderr
    names = " ".join(f'"${name}"' for name in (*sorted(shared.values), "PATH"))
    script = f"{answer.stdout}\nprintf '%s\\0' {names}"
    printed = subprocess.run(["/bin/sh", "-c", script], env={}, capture_output=True, timeout=20, check=True)
    return printed.stdout.decode().split("\0")[:-1]


needs_systemd = pytest.mark.skipif(not os.path.exists(GENERATOR), reason="systemd has no generator here")


@needs_systemd
def test_systemd_reads_exactly_what_was_meant(tmp_path):
    *values, path = generate(tmp_path, PLACES, PATH="/usr/bin:/bin")
    assert values == [NASTY[name] for name in sorted(NASTY)]
    # Between them is the PATH from before: ours, or what Ubuntu's /etc/environment says for everybody.
    assert path.startswith("/first $x/bin:/usr/")
    assert path.endswith('/bin:/last "one"/bin:/日/bin')
    assert ":/usr/bin:" in path


@needs_systemd
def test_a_path_that_nobody_set_gets_no_empty_entry(tmp_path):
    (path,) = generate(tmp_path, Shared(first=("/a",), last=("/b",)))
    assert path.startswith("/a:/usr/")
    assert path.endswith("/bin:/b")
    assert "::" not in path


def test_what_was_written_is_read_again():
    assert read(render(PLACES)) == PLACES
    assert read(render(Shared({"A": "1"}))) == Shared({"A": "1"})


def test_an_edited_file_is_not_ours():
    text = render(PLACES)
    assert read(text + "MINE=1\n") is None
    assert read(text.replace("leading", "leaking")) is None
    assert read("A=1\n") is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("A-B", "x", "is no name"),
        ("A", "", "empty"),
        ("A", "one\ntwo", "line breaks"),
        ("A", "\x1b[31m", "control"),
        ("A", "\udcff", "UTF-8"),
        ("A", "x" * 4097, "4097 bytes"),
    ],
)
def test_what_no_file_can_hold_is_refused_with_its_reason(name, value, words):
    with pytest.raises(UnquotableError, match=words):
        render(Shared({name: value}))


def test_another_value_in_the_manager_is_named():
    shared = Shared({"A": "1"}, last=("/x",))
    assert shared.holds({"A": "1", "PATH": "/bin:/x"}) is None
    assert shared.holds({"A": "2", "PATH": "/bin:/x"}) == "A"
    assert shared.holds({"A": "1", "PATH": "/bin"}) == "PATH"
    assert shared.names == ("A", "PATH")
