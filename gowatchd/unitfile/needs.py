"""What one command of a unit needs of its environment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.unitfile import expansion
from gowatchd.unitfile.go_programs import SETTINGS, is_go_program
from gowatchd.unitfile.shell_script import read_script

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SHELLS = frozenset({"ash", "bash", "dash", "ksh", "mksh", "sh", "zsh"})
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=", re.DOTALL)

# Programs that run the rest of their words, and those of their options that take the next word.
_WRAPPERS = {
    "chrt": frozenset[str](),
    "env": frozenset({"-u", "-C", "--unset", "--chdir"}),
    "ionice": frozenset({"-c", "-n", "--class", "--classdata"}),
    "nice": frozenset({"-n", "--adjustment"}),
    "nohup": frozenset[str](),
    "setsid": frozenset[str](),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "systemd-cat": frozenset({"-t", "-p", "--identifier", "--priority"}),
    "timeout": frozenset({"-k", "-s", "--kill-after", "--signal"}),
}
_FIRST_IS_VALUE = frozenset({"chrt", "timeout"})  # a priority, a duration
_DEEPEST = 6  # wrappers in wrappers


@dataclass(frozen=True, slots=True)
class Need:
    """A variable that a command needs; ``why`` completes "needs NAME: ...".

    ``optional`` means: the command goes on without it, so it is missed only where the login shell has it.
    """

    name: str
    why: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One Exec line: its words as ExecStartEx shows them, and whether systemd expands variables in it."""

    words: tuple[str, ...]
    expands: bool = True


@dataclass(frozen=True, slots=True)
class Needs:
    """What a command needs: variables, programs by PATH, and what is written wrongly."""

    needs: tuple[Need, ...]
    programs: tuple[str, ...]  # looked up along PATH, by a shell or by env
    invalid: tuple[str, ...] = ()


def needs_of(command: Command, read_head: Callable[[str], str | None] = lambda _path: None) -> Needs:
    """Return what ``command`` needs.

    ``read_head(path)`` returns the beginning of a script, None for a program.
    """
    found: dict[str, Need] = {}
    programs: list[str] = []
    words: Sequence[str] = command.words
    wrong: tuple[str, ...] = ()
    if command.expands:
        for reference in expansion.references(words):
            if reference.form is expansion.Form.WORD:
                why = f"${reference.name} stands in its command, and without it that argument is left out"
            else:
                why = f"${{{reference.name}}} stands in its command, and without it nothing stands there"
            found.setdefault(reference.name, Need(reference.name, why))
        wrong = tuple(expansion.invalid(words))
        if not any(word.rpartition("/")[2] in _SHELLS for word in words):
            wrong += tuple(expansion.left(words))  # a shell expands it
        words = expansion.expand(words, lambda name: f"${{{name}}}")
    _look(words, found, programs, read_head, 0)
    return Needs(tuple(found.values()), tuple(dict.fromkeys(programs)), wrong)


def _look(
    words: Sequence[str],
    found: dict[str, Need],
    programs: list[str],
    read_head: Callable[[str], str | None],
    depth: int,
) -> None:
    if not words or depth > _DEEPEST:
        return
    name = words[0].rpartition("/")[2]
    if name in _WRAPPERS:
        inner, own = _unwrap(name, words[1:])
        before = set(found)
        if inner and name == "env" and "/" not in inner[0]:
            programs.append(inner[0])
        _look(inner, found, programs, read_head, depth + 1)
        for one in own - before:
            found.pop(one, None)
        return
    if name in _SHELLS:
        script = _script_of(words[1:], read_head)
        if script is not None:
            _take_script(script, found, programs)
        return
    head = read_head(words[0])
    if head is not None:
        _take_script(head, found, programs)
    if is_go_program(name):
        _take_go(name, found, programs)


def _unwrap(wrapper: str, words: Sequence[str]) -> tuple[Sequence[str], set[str]]:
    """Return what a wrapper runs, and the variables that it sets for it."""
    own: set[str] = set()
    rest = list(words)
    takes_next = _WRAPPERS[wrapper]
    while rest and (rest[0].startswith("-") or (wrapper == "env" and _ASSIGNMENT.match(rest[0]))):
        word = rest.pop(0)
        if word in {"-S", "--split-string"} and rest:
            rest = [*rest[0].split(), *rest[1:]]
        elif word in takes_next and rest:
            rest.pop(0)
        elif assignment := _ASSIGNMENT.match(word):
            own.add(assignment[1])
    if wrapper in _FIRST_IS_VALUE and rest:
        rest.pop(0)
    return rest, own


def _script_of(words: Sequence[str], read_head: Callable[[str], str | None]) -> str | None:
    """Return the script that a shell with these arguments runs; None where a login shell sees to itself."""
    rest = list(words)
    while rest and rest[0][:1] in {"-", "+"}:
        option = rest.pop(0)
        if option == "--login" or (not option.startswith("--") and "l" in option[1:]):
            return None
        if not option.startswith("--") and "c" in option[1:]:
            while rest and rest[0][:1] in {"-", "+"}:
                rest.pop(0)
            return rest[0] if rest else None
        if option in {"-o", "+o"} and rest:
            rest.pop(0)
    return read_head(rest[0]) if rest else None


def _take_script(text: str, found: dict[str, Need], programs: list[str]) -> None:
    script = read_script(text)
    for name in script.required:
        found.setdefault(name, Need(name, f"its script uses ${name}"))
    for name in script.optional:
        found.setdefault(name, Need(name, f"its script uses ${name} where it is set", optional=True))
    for program in script.programs:
        if "/" not in program:
            programs.append(program)
        if is_go_program(program):
            _take_go(program, found, programs)


def _take_go(program: str, found: dict[str, Need], programs: list[str]) -> None:
    name = program.rpartition("/")[2]
    programs.append("go")
    for setting in SETTINGS:
        found.setdefault(setting, Need(setting, f"{name} reads it", optional=True))
