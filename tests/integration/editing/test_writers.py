"""Programs that write a file and are gone: judged when it is whole, never before, and formatted soon."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.support.editing import MESSY
from tests.support.terminal import Terminal

LINE = "replace example.com/gone => ./gone"
WARNING = "replacement-missing"
BEFORE, AFTER = f"{LINE}\n{MESSY}", f"{MESSY}{LINE}\n"  # where the line goes

# Each takes its time between two steps: longer than the daemon needs to look, shorter than its settle.
TWO_CHUNKS = f"""
import time
with open("go.mod", "r+") as file:
    text = file.read() + {LINE + chr(10)!r}
    file.seek(0)
    file.truncate()
    for part in (text[:30], text[30:]):
        file.write(part)
        file.flush()
        time.sleep(0.03)
"""
TWO_SAVES = f"""
for line in ("// an older version", {LINE!r}):
    with open("go.mod", "w") as file:
        file.write({MESSY!r} + line + "\\n")
"""
LIKE_GOFMT = f"""
import os, shutil
shutil.copy("go.mod", "go.mod.1234567")
with open("go.mod", "r+") as file:
    text = file.read() + {LINE + chr(10)!r}
    file.seek(0)
    file.truncate()
    file.write(text)
os.remove("go.mod.1234567")
"""
JETBRAINS = f"""
import os, shutil
shutil.copy2("go.mod", "go.mod~")
descriptor = os.open("go.mod", os.O_WRONLY | os.O_TRUNC | os.O_SYNC)
for part in ({MESSY!r}, {LINE + chr(10)!r}):
    os.write(descriptor, part.encode())
os.close(descriptor)
os.remove("go.mod~")
"""
JETBRAINS_BEFORE_2019 = f"""
import os
with open("go.mod___jb_tmp___", "w") as file:
    file.write({AFTER!r})
os.rename("go.mod", "go.mod___jb_old___")
os.rename("go.mod___jb_tmp___", "go.mod")
os.remove("go.mod___jb_old___")
"""


def _shell(script):
    return ("sh", "-ec", script)


def _python(script):
    return (sys.executable, "-c", script)


WRITERS = {
    "sed": (("sed", "-i", f"1i {LINE}", "go.mod"), BEFORE),
    "perl": (("perl", "-pi", "-e", f"print qq({LINE}\\n) if $. == 1", "go.mod"), BEFORE),
    "ed": (_shell(f"printf '$a\\n{LINE}\\n.\\nw\\nq\\n' | ed -s go.mod"), AFTER),
    "ex": (("vim", "-u", "NONE", "-i", "NONE", "-es", "-c", f"$put ='{LINE}'", "-c", "wq", "go.mod"), AFTER),
    "mv": (_shell(f"{{ cat go.mod; echo '{LINE}'; }} > new && mv new go.mod"), AFTER),
    "cp": (_shell(f"{{ cat go.mod; echo '{LINE}'; }} > new && cp new go.mod && rm new"), AFTER),
    "install": (
        _shell(f"{{ cat go.mod; echo '{LINE}'; }} > new && install -m 644 new go.mod && rm new"),
        AFTER,
    ),
    "append": (_shell(f"echo '{LINE}' >> go.mod"), AFTER),
    "tee": (_shell(f"echo '{LINE}' | tee -a go.mod"), AFTER),
    "truncate-and-append": (
        _shell(f"text=$(cat go.mod); : > go.mod; printf '%s\\n{LINE}\\n' \"$text\" >> go.mod"),
        AFTER,
    ),
    "two-chunks": (_python(TWO_CHUNKS), AFTER),
    "two-saves": (_python(TWO_SAVES), AFTER),
    "like-gofmt": (_python(LIKE_GOFMT), AFTER),
    "jetbrains": (_python(JETBRAINS), AFTER),
    "jetbrains-before-2019": (_python(JETBRAINS_BEFORE_2019), AFTER),
}


@pytest.mark.parametrize("name", WRITERS)
def test_what_it_wrote_is_judged_whole_and_formatted(place, name):
    command, text = WRITERS[name]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    subprocess.run(command, cwd=place.folder, check=True, timeout=90, stdout=subprocess.DEVNULL)
    place.verdicts.wait_for_code(place.folder, WARNING)
    place.wait_until_formatted(text)
    assert place.standing() == []
    assert sorted(os.listdir(place.folder)) == [".git", "go.mod"]


@pytest.mark.parametrize("kind", ["symlink", "hard link"])
def test_a_save_through_a_link_keeps_the_link(place, kind):
    """vim writes in place through both; its sign stands beside the name that it was given, or the target."""
    real = place.folder / "real" / "go.mod"
    real.parent.mkdir()
    os.rename(place.file, real)
    if kind == "symlink":
        place.file.symlink_to("real/go.mod")
    else:
        place.file.hardlink_to(real)
    vim = ("vim", "-u", "NONE", "-i", "NONE", "-N", "--cmd", "set backupskip=", "go.mod")
    with Terminal(vim, place.folder, place.daemon.environment) as terminal:
        terminal.shows("example.com/app")
        terminal.press(f"gg:0put ='{LINE}'\r:w\r")
        place.wait_for_text(BEFORE)
        place.wait_for_standing("pending", "an editor")
        terminal.press(":0put ='// second'\r:w\r")
        place.wait_for_text(f"// second\n{BEFORE}")
        terminal.press(":q\r")
        terminal.ended()
    place.wait_until_formatted(f"// second\n{BEFORE}")
    assert place.file.is_symlink() == (kind == "symlink")
    assert place.file.samefile(real)
