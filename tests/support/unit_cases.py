"""Units that show what systemd makes of unit files: words, variables, order and files.

Each runs a program that writes down its arguments and its environment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.unitfile.effective import Settings, effective
from gowatchd.unitfile.expansion import expand
from gowatchd.unitfile.static_unit import EXEC_KEYS, read_static
from gowatchd.unitfile.unit_name import specifiers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gowatchd.services.unit_ports import UnitFiles, UnitFolders
    from gowatchd.unitfile.needs import Command
    from gowatchd.unitfile.static_unit import StaticUnit

# Compiled by nobody and run by no shell: what execve was given, byte for byte.
DUMP = """\
#!{python} -IS
import os, sys
unit = sys.argv[1]
with open("/proc/self/cmdline", "rb") as file:
    words = file.read()
with open("/proc/self/environ", "rb") as file:
    variables = file.read()
folder = "{out}/" + unit
os.makedirs(folder, exist_ok=True)
number = len(os.listdir(folder))
with open(f"{{folder}}/{{number}}", "wb") as file:
    file.write(b"%d\\n" % len(words) + words + variables)
"""

# What systemd tells every process, and what no Environment= decides (systemd.exec(5)).
SYSTEMDS_OWN = {
    *("INVOCATION_ID", "JOURNAL_STREAM", "LISTEN_FDS", "MAINPID", "MANAGERPID", "MANAGERPIDFDID"),
    *("MEMORY_PRESSURE_WATCH", "MEMORY_PRESSURE_WRITE", "NOTIFY_SOCKET", "SYSTEMD_EXEC_PID", "USER"),
    *("HOME", "LOGNAME", "SHELL", "SERVICE_RESULT", "EXIT_CODE", "EXIT_STATUS"),
}


@dataclass(frozen=True)
class Case:
    """A unit: the lines of its [Service] but ``ExecStart=DUMP %n``, whose further words are ``words``.

    ``more`` are further files, below the unit folder; UNIT in their names and texts is the unit's name, OTHER
    the folder of files of the test. ``asks`` says that our reading of the files leaves it to systemd.
    """

    name: str
    words: str = ""
    lines: str = ""
    more: dict[str, str] = field(default_factory=dict)
    asks: bool = False
    instance: str = ""

    @property
    def unit(self) -> str:
        return f"{self.name}@{self.instance}.service" if self.instance else f"{self.name}.service"

    @property
    def file(self) -> str:
        return f"{self.name}@.service" if self.instance else f"{self.name}.service"


SET = "Environment=SET=one 'BLANKS=a  b c' EMPTY=\n"

CASES = (
    Case("plain", "a b  c"),
    Case("quotes", """"b c" 'd e' "it's" 'say "x"' a"b c"d x'y z'w "" '' """),
    Case("escapes", r"""f\x41g \x20 "\t" \101 \u00e9 \U0001F600 \\ \" \' \s \a\b\f\n\r\v"""),
    Case("bytes", r"\xc3\xa9 ü 日本"),
    Case("percent", "100%% %%h"),
    Case("known", "%h %n %N %p %i|  %t %U", asks=False),
    Case("others", "%H-is-asked-for", asks=True),
    Case("words-set", "$SET $BLANKS $EMPTY $GONE end", SET),
    Case("braces", "${SET} ${BLANKS} ${EMPTY} ${GONE} pre${SET}post${GONE}x ${SET}${BLANKS}", SET),
    Case("dollars", "$$ $$$$ $$SET a$SET a$ $ a$$b $${SET} ${SET}$$", SET),
    Case("mid-word", "pre$SET/x a$SET$GONE", SET),
    Case("quoted-variables", "'$SET' \"${BLANKS}\" \"x $SET\" '$BLANKS'", SET),
    Case("not-names", "${SET:-x} ${GONE:-y} ${} ${1} ${SET", SET),
    Case("looks-like-one", "$SET/bin $1 $? $SET.x end", SET),
    Case("semicolons", "a \\; b ';' \"\\;\" c;d"),
    Case("two-commands", "first ; DUMP %n second"),
    Case("continued", "a \\\n b \\\n# a comment\n; another\n c", ""),
    Case("continued-quote", "'a \\\n   b'"),
    Case("blanks-around", "a", "  Environment =  A=1 \t\n\tEnvironment=B=2\n"),
    Case("reset", "$A $B", "Environment=A=1\nEnvironment=\nEnvironment=B=2\n"),
    Case("later-wins", "", 'Environment=A=1 B=1\nEnvironment=A=2\nEnvironment="A=3" A=4\n'),
    Case("quoting", "", 'Environment=A="x y" B=\'x y\' "C=x y" D=a\\x20b E="a\'b" F=\'a"b\' G=a\\"b\n'),
    Case("dollar-values", "${A}", 'Environment=A=$SET "B=${SET}" C=$$ D=~/x\n'),
    Case("percent-values", "", 'Environment=A=50%% B=%h/x "C=%n %t"\n'),
    Case("bad-names", "", "Environment=BAD-NAME=1 OK=2 1A=3 =4 NOEQUALS B=5\n"),
    Case("bad-escape", "", "Environment=A=1 B=\\q C=3\nEnvironment=D=4\n", asks=True),
    Case("bad-escape-of-a-command", "a\\qb \\x00 \\x4 \\9 c"),
    Case("for-a-shell", "${SET:-x} a${GONE:+y} ${SET:-${SET}} ${GONE-y}z", SET),
    Case("bad-quote", "", 'Environment=A=1 "B=2\nEnvironment=D=4\n', asks=True),
    Case("equals", "", 'Environment=A==1 B=a=b "C= = " D=\n'),
    Case("newline-value", "", 'Environment="A=one\\ntwo" B=a\\tb\n'),
    Case("unicode", "", 'Environment=A=ü "B=日本 語" C=\\u00e9 D=\\xc3\\xa9\n'),
    Case("passed", "", "PassEnvironment=FROM_MANAGER NOBODYS\nEnvironment=A=1\n"),
    Case("passed-first", "", "Environment=FROM_MANAGER=unit\nPassEnvironment=FROM_MANAGER\n"),
    Case("unset", "", "Environment=A=1 B=2 C=3\nUnsetEnvironment=A B=2 C=4 FROM_MANAGER\n"),
    Case("unset-reset", "", "Environment=A=1\nUnsetEnvironment=A\nUnsetEnvironment=\n"),
    Case("unset-quoted", "", 'Environment="A=x y" B=1\nUnsetEnvironment="A=x y" \'B=2\'\n'),
    Case("search-path", "", "ExecSearchPath=/usr/bin:/bin\n"),
    Case("search-path-twice", "", "ExecSearchPath=/usr/bin\nExecSearchPath=%h:/bin\n"),
    Case("search-path-and-path", "", "ExecSearchPath=/usr/bin\nEnvironment=PATH=/x:/y\n"),
    Case("search-path-reset", "", "ExecSearchPath=/usr/bin\nExecSearchPath=\n"),
    Case("file", "$A", "Environment=A=1 B=1\nEnvironmentFile=OTHER/one\n"),
    Case("file-order", "", "EnvironmentFile=OTHER/two\nEnvironmentFile=OTHER/one\n"),
    Case("file-order-turned", "", "EnvironmentFile=OTHER/one\nEnvironmentFile=OTHER/two\n"),
    Case("file-missing-may", "", "EnvironmentFile=-OTHER/none\nEnvironment=A=1\n"),
    Case("file-reset", "", "EnvironmentFile=OTHER/one\nEnvironmentFile=\nEnvironment=B=1\n"),
    Case("file-pattern", "", "EnvironmentFile=OTHER/many-*\n"),
    Case("file-specifier", "", "EnvironmentFile=-%h/other/%N.env\n"),
    Case("file-unset", "", "EnvironmentFile=OTHER/one\nUnsetEnvironment=A\n"),
    Case("file-language", "", "EnvironmentFile=OTHER/language\n"),
    Case("file-bytes", "", "EnvironmentFile=-OTHER/bytes\nEnvironment=A=1\n"),
    Case("file-crlf", "", "EnvironmentFile=OTHER/crlf\n"),
    Case("file-cut", "", "EnvironmentFile=OTHER/cut\n"),
    Case("file-comment", "", "EnvironmentFile=OTHER/comment\n"),
    Case(
        "drop-ins",
        "$A",
        "Environment=A=unit B=unit C=unit D=unit\n",
        {
            "UNIT.d/20-b.conf": "[Service]\nEnvironment=A=20 B=20\n",
            "UNIT.d/10-a.conf": "[Service]\nEnvironment=A=10 C=10\n",
            "UNIT.d/note.txt": "[Service]\nEnvironment=D=note\n",
            "UNIT.d/.hidden.conf": "[Service]\nEnvironment=D=hidden\n",
        },
    ),
    Case(
        "pre-fix-unit",
        "",
        "Environment=A=unit\n",
        {
            "pre-.service.d/10-x.conf": "[Service]\nEnvironment=A=pre B=pre\n",
            "pre-fix-.service.d/05-y.conf": "[Service]\nEnvironment=A=prefix C=prefix\n",
            "pre-.service.d/50-same.conf": "[Service]\nEnvironment=D=pre\n",
            "UNIT.d/50-same.conf": "[Service]\nEnvironment=D=unit\n",
            "service.d/00-type.conf": "[Service]\nEnvironment=OF_TYPE=all\n",
            "service.d/60-type.conf": "[Service]\nEnvironment=LATE_OF_TYPE=all\n",
        },
    ),
    Case(
        "masked-drop-in",
        "",
        "",
        {"mask-.service.d/a.conf": "[Service]\nEnvironment=A=1\n", "UNIT.d/60-type.conf": ""},
    ),
    Case(
        "reset-in-drop-in",
        "",
        "Environment=A=1\nEnvironmentFile=OTHER/one\n",
        {"UNIT.d/a.conf": "[Service]\nEnvironment=\nEnvironmentFile=\nExecStart=\nExecStart=DUMP %n new\n"},
    ),
    Case("wrong-section", "", "", {"UNIT.d/a.conf": "[Unit]\nEnvironment=A=1\n[service]\nEnvironment=B=1\n"}),
    Case("spaced-header", "", "", {"UNIT.d/a.conf": "Environment=Z=0\n[Service] \nEnvironment=A=1\n"}),
    Case("crlf", "", "", {"UNIT.d/a.conf": "[Service]\r\nEnvironment=A=1\r\nEnvironment=B=2 C=3\r\n"}),
    Case("template", "%i %p %n", "Environment=A=%i\n", instance="one"),
    Case(
        "escaped",
        "%i",
        "",
        {
            "escaped@.service.d/a.conf": "[Service]\nEnvironment=A=template B=template\n",
            "UNIT.d/a.conf": "[Service]\nEnvironment=A=instance\n",
        },
        instance="home-my\\x20ws-a\\x2db",
    ),
    Case("unescaped", "%I", instance="home-my\\x20ws", asks=True),
    Case("no-expansion", "", "ExecStart=:DUMP %n $SET ${SET} $$\n" + SET),
    Case("prefixes", "", "ExecStart=-DUMP %n a\nExecStart=@DUMP arg0 %n b\nExecStart=-@:DUMP arg0 %n $A\n"),
    Case("others-too", "", "ExecStartPre=DUMP %n pre $A\nExecStartPost=DUMP %n post\nEnvironment=A=1\n"),
    Case("with\\x20blank", "x", more={"UNIT.d/a.conf": "[Service]\nEnvironment=A=1\n"}),
    Case("quoted-program", "", 'ExecStart="DUMP" %n a\n'),
    Case("long", " ".join(f"w{number}" for number in range(400))),
)

FILES = {
    "one": b"A=one\nC=one\n",
    "two": b"A=two\nB=two\n",
    "many-b": b"A=b\nB=b\n",
    "many-a": b"A=a\nC=a\n",
    "file-specifier.env": b"A=by name\n",
    "language": b"""\
# a comment
; another
PLAIN=a b  c   \n\
QUOTED="a  b"\x20
SINGLE='a $b "c" \\n'
DOUBLE="a \\"b\\" \\$c \\` \\\\ \\n"
export EXPORTED=1
 INDENTED=1
SPACED = x
MIXED=a"b c"d'e f'
AFTER="x y"z  w
JOINED="a"'b'
CONTINUED=a\\
b
IN_QUOTES="a
b"
DOLLAR=$HOME ${HOME}
TILDE=~/x
EMPTY=
EMPTY_QUOTES=""
HASH=a#b #c
BACKSLASH=a\\bc\\\\d
TRAILING=x\\\x20
TWICE=1
TWICE=2
NOEQUALS
BAD-NAME=1
1BAD=1
=nothing
UNICODE=\xc3\xbc\xe6\x97\xa5
LAST=no newline at the end""",
    "bytes": b"A=\xff\nB=1\n",
    "crlf": b"A=1\r\nB='x y'\r\nC=\"z\"\r\n# comment\r\nD=4\r\n",
    "cut": b"A=1\nB='never closed\nC=3\n",
    "comment": b"A=1 # not a comment\n#B=2\\\n#C=3\n;x\\ y\nD=4\n",
}


# A drop-in of one of the cases that is a link to /dev/null.
MASK = "masked-drop-in.service.d/a.conf"


class Dumped:
    """What the process of a unit was started with: the words of each command, and the environment."""

    def __init__(self, folder: Path) -> None:
        self.commands: list[tuple[str, ...]] = []
        self.environments: list[dict[str, str]] = []
        for path in sorted(folder.iterdir(), key=lambda one: int(one.name)) if folder.is_dir() else ():
            size, _, rest = path.read_bytes().partition(b"\n")
            words, variables = rest[: int(size)], rest[int(size) :]
            # the interpreter and its option stand before what systemd passed on
            self.commands.append(tuple(map(os.fsdecode, words.split(b"\0")[2:-1])))
            pairs = (os.fsdecode(one).partition("=") for one in variables.split(b"\0") if one)
            self.environments.append({name: value for name, _, value in pairs})


NASTY = (
    *(
        "plain",
        "",
        " ",
        "  two  blanks  ",
        "\ttab\t",
        "line\nbreak",
        "\n",
        "trailing\n",
        "\r\n",
        "carriage\rreturn",
    ),
    *("%", "%h", "%%", "100% sure", "%n%t%U", "$HOME", "${HOME}", "$$", "$", "~", "~/x", "`id`", "$(id)"),
    *(
        "'",
        '"',
        "''",
        '""',
        "it's",
        'say "hi"',
        "\\",
        "\\\\",
        "\\n",
        "\\x41",
        "ends in \\",
        "\\\n",
        '\\"',
        "\\'",
    ),
    *("a=b", "=", "==", ";", "a; b", "# no comment", "#", "; no comment", "[Service]", "Environment=X=1"),
    *(
        "\x01",
        "\x1f",
        "\x7f",
        "\x0b\x0c",
        "\a\b\x1b[31m",
        "é",
        "日本語",
        "😀",
        "\u00a0",
        "\u2028",
        "\ufeff",
        "\u0085",
    ),
    *("e\u0301", "*?[a-z]", "a:b:c", "x" * 4096, "%" * 2000, '"' * 2000, "\\" * 2000, "\n" * 900, "ü" * 2048),
    "/home/dev/my src:/opt/go's/bin:C:\\Go\\bin",
)


def dump_program(python: str, out: str) -> str:
    """Return the program that writes down what it is started with, in a folder of ``out`` a unit."""
    return DUMP.format(python=python, out=out)


def texts_of(cases: Iterable[Case], dump: str, other: str) -> dict[str, str]:
    """Return the files of ``cases`` below the unit folder; ``other`` is where ``FILES`` are."""
    texts = {}
    for case in cases:

        def filled(text: str, unit: str = case.unit) -> str:
            return text.replace("DUMP", dump).replace("OTHER", other).replace("UNIT", unit)

        start = "" if "ExecStart=" in case.lines else f"ExecStart=DUMP %n {case.words}\n"
        texts[case.file] = filled(f"[Service]\nType=oneshot\n{case.lines}{start}")
        texts.update({filled(name): filled(text) for name, text in case.more.items()})
    return texts


def reading(
    files: UnitFiles, specifiers: Mapping[str, str], folders: UnitFolders
) -> tuple[StaticUnit, Settings]:
    """Return what we read of a unit's files alone."""
    static = read_static(files.texts, {**specifiers, **specifiers_of(files.name)})
    environments, _ = folders.environment_files(static.files)
    parts = (static.passed, static.unset, static.search_path)
    return static, Settings(tuple(static.assignments), environments, *map(tuple, parts))


def commands_of(static: StaticUnit) -> list[Command]:
    """Return the commands in the order in which a start runs them."""
    return [one for key in EXEC_KEYS for one in static.commands.get(key, ())]


def foreseen(manager: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Return the environment that we expect, without what systemd tells every process."""
    return real(effective(manager, settings).values)


def real(environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` without what systemd tells every process."""
    return {name: value for name, value in environment.items() if name not in SYSTEMDS_OWN}


def arguments(commands: Iterable[Command], environment: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the words of each command as we expect the process to get them."""
    return [
        (one.words[0], *expand(one.words[1:], environment.get)) if one.expands else one.words
        for one in commands
    ]
