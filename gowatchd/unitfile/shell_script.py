"""What a shell script needs from outside: variables it does not set itself, and the programs that it runs."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from gowatchd.unitfile.shell_words import DEEPEST, Operator, ShellReader, Word

# Longer scripts are looked at as far as this: what a unit's script needs is used in its head.
LONGEST = 1 << 16

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\+?=")
_KEYWORDS = frozenset(
    {"if", "then", "elif", "else", "fi", "do", "done", "while", "until", "!", "{", "}", "esac", "time"}
)
# What a shell does itself, of what stands in a unit's scripts (POSIX XCU 2.14 and bash's own).
_BUILTINS = frozenset(
    {
        *(
            ".",
            ":",
            "alias",
            "bg",
            "break",
            "cd",
            "continue",
            "echo",
            "eval",
            "exit",
            "false",
            "fg",
            "getopts",
        ),
        *(
            "hash",
            "jobs",
            "kill",
            "let",
            "mapfile",
            "popd",
            "printf",
            "pushd",
            "pwd",
            "return",
            "set",
            "shift",
        ),
        *("shopt", "source", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset", "wait"),
    }
)
_PREFIXES = frozenset({"exec", "command", "builtin", "nohup", "setsid", "env", "nice", "sudo"})
_DECLARES = frozenset({"export", "local", "declare", "typeset", "readonly", "read"})
_TESTS = frozenset({"[", "[[", "test"})


@dataclass(frozen=True, slots=True)
class Script:
    """What was found: ``required`` and ``optional`` variables, and the ``programs`` in command position."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    programs: tuple[str, ...]


def read_script(text: str) -> Script:
    """Return what the script ``text`` needs; a variable that it assigns anywhere is its own affair."""
    found = _Findings()
    found.read(text[:LONGEST], 0)
    needed = [name for name in found.used if name not in found.own]
    required = tuple(dict.fromkeys(name for name in needed if name not in found.tested))
    optional = tuple(dict.fromkeys(name for name in found.spared if name not in {*found.own, *required}))
    tested = tuple(dict.fromkeys(name for name in needed if name in found.tested and name not in optional))
    return Script(required, (*optional, *tested), tuple(dict.fromkeys(found.programs)))


class _Findings:
    def __init__(self) -> None:
        self.used: list[str] = []
        self.spared: list[str] = []
        self.own: set[str] = set()
        self.tested: set[str] = set()
        self.programs: list[str] = []

    def read(self, text: str, depth: int) -> None:
        """Take in ``text``, and the scripts inside it."""
        command: list[Word] = []
        target = False  # the next word is what a redirection leads to
        for token in [*ShellReader(text).read(), Operator(redirection=False)]:
            if isinstance(token, Operator):
                target = token.redirection
                if not target:
                    self._command(command)
                    command = []
                continue
            self._uses(token, depth)
            if not target:
                command.append(token)
            target = False

    def _uses(self, word: Word, depth: int) -> None:
        for use in word.uses:
            (self.spared if use.optional else self.used).append(use.name)
        for script in word.inner:
            if depth < DEEPEST and not script.startswith("("):  # $(( )) is arithmetic
                self.read(script, depth + 1)

    def _command(self, words: list[Word]) -> None:
        rest = list(words)
        while rest and rest[0].plain and rest[0].text in _KEYWORDS:
            rest.pop(0)
        if len(rest) > 1 and rest[0].text in {"for", "select", "case"}:
            if rest[0].text != "case":
                self.own.add(rest[1].text)
            return
        while rest and (assignment := _ASSIGNMENT.match(rest[0].text)) is not None:
            self.own.add(assignment[1])
            rest.pop(0)
        if rest:
            self._run(rest)

    def _run(self, words: list[Word]) -> None:
        first, rest = words[0], words[1:]
        if first.text in _DECLARES:
            self.own.update(
                word.text.partition("=")[0]
                for word in rest
                if word.text[:1] != "-" and ("=" in word.text or first.text == "read")
            )
        elif first.text in _TESTS:
            for option, word in itertools.pairwise(rest):
                if option.text in {"-n", "-z"}:
                    self.tested.update(use.name for use in word.uses)
        elif first.text in _PREFIXES:
            while rest and (rest[0].text[:1] == "-" or _ASSIGNMENT.match(rest[0].text)):
                rest = rest[1:]
            if rest:
                self._run(rest)
        elif first.plain and first.text and first.text not in _BUILTINS:
            self.programs.append(first.text)
