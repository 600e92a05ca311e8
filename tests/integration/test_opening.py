"""Files and diffs opened in the person's programs, by a real systemd user manager."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

import pytest

from gowatchd.system.child import ChildPool
from gowatchd.system.desktop_programs import Choice
from gowatchd.system.opening import Opening
from gowatchd.system.transient_units import TransientUnits
from tests.support.bus import wait_for
from tests.support.recording_programs import PROGRAM, LoginShell, Person, units_of
from tests.support.unit_reader import UnitReader
from tests.support.user_manager import obstacle, user_manager

MIME_TYPES = "/usr/share/mime/globs2"
pytestmark = [
    pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-"),
    pytest.mark.skipif(
        not all(map(shutil.which, ("xdg-open", "xdg-mime", "gio"))) or not os.path.exists(MIME_TYPES),
        reason="needs xdg-utils, libglib2.0-bin and shared-mime-info",
    ),
]

NASTY = "$HOME %h ${DISPLAY} 'a' \"b\" \\ ; {line} `id` *.mod"


@pytest.fixture(scope="module")
def manager(tmp_path_factory):
    with user_manager(tmp_path_factory.mktemp("opening"), f"gowatchd-opening-{os.getpid()}") as running:
        yield running


@pytest.fixture(scope="module")
def reader(manager):
    reader = UnitReader(manager)
    yield reader
    reader.close()


@pytest.fixture
def person(manager):
    person = Person(manager)
    manager.systemctl("set-environment", f"PATH={person.bin}:/usr/bin:/bin", "DISPLAY=:77")
    yield person
    manager.systemctl(
        "unset-environment", "DISPLAY", "VISUAL", "EDITOR", "XDG_DATA_DIRS", "XDG_CURRENT_DESKTOP"
    )
    for path in (*person.bin.iterdir(), *manager.home.glob("*.words"), *manager.home.glob("*.environment")):
        path.unlink()


@pytest.fixture
def opening(reader, manager, tmp_path):
    units = TransientUnits(reader.loop)
    units.attach(reader.connection)
    pool = ChildPool(reader.loop)
    shell = LoginShell()
    opening = Opening(units, pool, shell, str(tmp_path / "gowatchd"), Choice())
    opening.shell = shell
    opening.unopened = []
    opening.listen(opening.unopened.append)
    yield opening
    units.detach()
    pool.close()


def open_at(reader, person, opening, path, line, name, token=None):
    """Open a file and return the arguments that the program ``name`` got."""
    opening.open_at(str(path), line, token)
    reader.loop.run_until(lambda: person.called(name) or opening.unopened)
    assert opening.unopened == []
    return person.words(name)


def fails(reader, opening):
    """Return why the file was not opened."""
    reader.loop.run_until(lambda: opening.unopened)
    return opening.unopened[0].reason


def test_the_configured_editor_gets_every_name_as_one_word(reader, manager, person, opening, tmp_path):
    person.has("my editor")
    opening.choice = Choice(editor=f"'{person.bin}/my editor' --at {{line}} -- {{file}} 'two words' $HOME %h")
    path = tmp_path / NASTY
    words = open_at(reader, person, opening, path, 7, "my editor", "token:1 2")
    assert words == ["--at", "7", "--", str(path), "two words", "$HOME", "%h"]
    assert "XDG_ACTIVATION_TOKEN" not in person.environment("my editor")  # no compositor's: it has a space


def test_it_runs_in_the_session_and_outlives_us(reader, manager, person, opening, tmp_path):
    person.has("code", PROGRAM + "exec sleep 600\n")
    manager.systemctl("set-environment", "WAYLAND_DISPLAY=wayland-7", "VISUAL=code --wait")
    words = open_at(reader, person, opening, tmp_path / "go.mod", 3, "code", "gnome-shell/1-2-3_TIME4")
    assert words == ["--wait", "--goto", f"{tmp_path}/go.mod:3"]
    environment = person.environment("code")
    assert environment["WAYLAND_DISPLAY"] == "wayland-7"
    assert (
        environment["XDG_ACTIVATION_TOKEN"] == environment["DESKTOP_STARTUP_ID"] == "gnome-shell/1-2-3_TIME4"
    )
    assert environment["CWD"] == str(tmp_path)
    (name,) = units_of(manager)
    assert manager.show(name, "Slice") == "app.slice"
    assert manager.show(name, "NoNewPrivileges") == "no"
    manager.systemctl("stop", name)
    wait_for(lambda: not units_of(manager), "the unit is forgotten")
    manager.systemctl("unset-environment", "WAYLAND_DISPLAY")


def test_a_launcher_that_ends_does_not_take_its_editor_along(reader, manager, person, opening, tmp_path):
    person.has("gedit", "#!/bin/sh\nsleep 600 &\n" + PROGRAM.partition("\n")[2])
    manager.systemctl("set-environment", "EDITOR=gedit")
    assert open_at(reader, person, opening, tmp_path / "go.mod", 3, "gedit") == [f"{tmp_path}/go.mod", "+3"]
    (name,) = units_of(manager)
    wait_for(lambda: manager.show(name, "MainPID") == "0", "the launcher ended")
    assert manager.show(name, "ActiveState") == "active"
    manager.systemctl("stop", name)


def test_a_terminal_editor_gets_a_terminal(reader, manager, person, opening, tmp_path):
    person.has("nvim")
    person.has("my-terminal", '#!/bin/sh\n[ "$1" = -e ] && shift && exec "$@"\n')
    opening.choice = Choice(terminal="my-terminal -e")
    opening.shell.exports(VISUAL="ed", EDITOR="nvim -R")
    assert open_at(reader, person, opening, tmp_path / "go.mod", 9, "nvim") == [
        "-R",
        "+9",
        f"{tmp_path}/go.mod",
    ]


def test_the_login_shell_is_asked_once_and_knows_where_programs_are(
    reader, manager, person, opening, tmp_path
):
    own = tmp_path / "own"
    own.mkdir()
    person.has("zed")
    (person.bin / "zed").rename(own / "zed")
    opening.shell.exports(PATH=f"{own}:/usr/bin", EDITOR="zed")
    for line in (1, 2):
        words = open_at(reader, person, opening, tmp_path / "go.mod", line, "zed")
        assert words == [f"{tmp_path}/go.mod:{line}"]
        (manager.home / "zed.words").unlink()
    assert opening.shell.asked == 1


def test_the_login_shell_is_left_alone_where_its_person_wants_that(reader, person, opening, tmp_path):
    opening.choice = Choice(login_shell=False)
    person.has("xdg-mime", "#!/bin/sh\n")
    person.has("xdg-open")
    assert open_at(reader, person, opening, tmp_path / "go.mod", 1, "xdg-open") == [f"{tmp_path}/go.mod"]
    assert opening.shell.asked == 0


@pytest.fixture
def applications(manager, person, tmp_path):
    """Make desktop files of the person's own; return a function that makes one the program for text."""
    folder = manager.home / ".local/share/applications"
    folder.mkdir(parents=True, exist_ok=True)
    manager.systemctl("set-environment", f"XDG_DATA_DIRS={tmp_path}:/usr/share")

    def install(name, program):
        command = shlex.quote(str(person.bin / program))
        entry = f"[Desktop Entry]\nType=Application\nName=x\nExec={command} %f\n"
        (folder / name).write_text(f"{entry}MimeType=text/plain;text/x-patch;\n")
        (folder / "mimeapps.list").write_text(
            f"[Default Applications]\ntext/plain={name}\ntext/x-patch={name}\n"
        )

    yield install
    for path in folder.iterdir():
        path.unlink()


def test_the_desktops_program_for_text_is_told_the_line_where_that_is_known(
    reader, person, opening, applications, tmp_path
):
    applications("org.gnome.TextEditor.desktop", "gnome-text-editor")
    person.has("gnome-text-editor")
    words = open_at(reader, person, opening, tmp_path / "go.mod", 5, "gnome-text-editor")
    assert words == [f"{tmp_path}/go.mod", "+5"]


def test_any_other_program_for_text_gets_the_file(reader, person, opening, applications, tmp_path):
    applications("org.example.Pad.desktop", "pad")
    person.has("pad")
    path = tmp_path / "a b" / "go.mod"
    path.parent.mkdir()
    path.write_text("module example.com/a\n")
    assert open_at(reader, person, opening, path, 5, "pad") == [str(path)]


def test_a_diff_is_a_private_file_that_xdg_open_shows(reader, person, opening, applications, tmp_path):
    applications("org.example.Viewer.desktop", "viewer")
    person.has("viewer")
    opening.show_diff("Formatted app/go.mod", "--- a\n+++ b\n\udcff\n", None)
    reader.loop.run_until(lambda: person.called("viewer") or opening.unopened)
    assert opening.unopened == []
    (path,) = person.words("viewer")
    assert path.startswith(f"{tmp_path}/gowatchd/diffs/Formatted-app-go.mod-")
    assert path.endswith(".diff")
    with open(path, "rb") as stream:
        assert stream.read() == b"--- a\n+++ b\n\xff\n"
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.stat(os.path.dirname(path)).st_mode & 0o777 == 0o700


def test_only_the_newest_diffs_are_kept(opening):
    opening._units.detach()
    for number in range(20):
        opening.show_diff(f"/{number}/../-", "x" * 70 + "\n", None)
    folder = opening._files.folder
    assert len(os.listdir(folder)) == 16
    opening.show_diff("large", "y" * 99 + "\n" + "z" * (2 << 20), None)
    (large,) = [name for name in os.listdir(folder) if name.startswith("large-")]
    with open(f"{folder}/{large}") as stream:
        assert stream.read() == "y" * 99 + "\n\\ the rest is left out: see gowatchctl log\n"
    assert len(opening.unopened) == 21  # there is no bus to ask for a program, and that is told each time


def test_a_configured_editor_that_is_not_there_is_told_and_nothing_else_opens(
    reader, person, opening, tmp_path
):
    person.has("code")
    opening.shell.exports(VISUAL="code")
    opening.choice = Choice(editor="coed {file}")
    opening.open_at(str(tmp_path / "go.mod"), 1, None)
    assert fails(reader, opening) == "coed is not on PATH: name an editor in [notify] of config.toml"
    assert opening.unopened[0].text == f"{tmp_path}/go.mod:1"
    assert not person.called("code")


def test_an_editor_that_fails_is_told_with_its_journal(reader, person, opening, tmp_path):
    person.has("broken", "#!/bin/sh\nexit 3\n")
    opening.choice = Choice(editor="broken {file}")
    opening.open_at(str(tmp_path / "go.mod"), 1, None)
    reason = fails(reader, opening)
    assert reason.startswith(
        f"{person.bin}/broken ended with status 3: see journalctl --user -u app-gowatchd-open@"
    )


def test_an_editor_that_cannot_be_run_is_told(reader, person, opening, tmp_path):
    person.has("foreign", "#!/no/such/interpreter\n")
    opening.choice = Choice(editor="foreign {file}")
    opening.open_at(str(tmp_path / "go.mod"), 1, None)
    assert fails(reader, opening) == f"{person.bin}/foreign cannot be run"


def test_where_the_persons_editor_fails_the_next_program_is_tried(
    reader, manager, person, opening, applications, tmp_path
):
    applications("org.kde.kate.desktop", "kate")
    person.has("kate")
    person.has("subl", "#!/bin/sh\nexit 1\n")
    manager.systemctl("set-environment", "VISUAL=subl -w")
    assert open_at(reader, person, opening, tmp_path / "go.mod", 8, "kate") == [
        "--line",
        "8",
        f"{tmp_path}/go.mod",
    ]


def test_without_a_desktop_nothing_is_started(reader, manager, person, opening, tmp_path):
    person.has("code")
    manager.systemctl("set-environment", "VISUAL=code")
    manager.systemctl("unset-environment", "DISPLAY")
    opening.open_at(str(tmp_path / "go.mod"), 1, None)
    assert fails(reader, opening).startswith("there is no desktop")


def test_what_cannot_be_said_on_the_bus_is_told(opening):
    opening.open_at("/src/\udcff/go.mod", 4, None)
    assert [one.text for one in opening.unopened] == ["/src/\udcff/go.mod:4"]
    assert "UTF-8" in opening.unopened[0].reason


def test_go_mod_is_music_to_the_desktop(tmp_path):
    """Why a go.mod is not left to xdg-open: should this fail, the order may be thought over."""
    path = tmp_path / "go.mod"
    path.write_text("module example.com/a\n")
    info = subprocess.run(
        ["gio", "info", "-a", "standard::content-type", str(path)],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert "audio/x-mod" in info.stdout
