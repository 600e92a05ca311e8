"""What fish completes: a line of ``complete`` for each option and place, under the condition that it fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gowatchd.cli.completion.program import shared_options
from gowatchd.cli.completion.value import Paths, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.cli.completion.program import Command

BEGIN = """\
# What fish completes for {name}(1).
# Made by scripts/make-completions from the program's parser; edit that.

function {function}_place --description 'The verb, and how many words, or which option, the cursor is behind'
    set -l words (commandline -opc)
    set -l verb {start}
    set -l count 0
    set -l waits no
    set -l many ''
    for word in $words[2..-1]
        if test $waits = yes
            set waits no
            continue
        end
        switch "$verb $word"
{takes}{takes_many}            case '* -*'
                set many ''
            case '*'
                if test "$verb" = ''
                    set verb $word
                else if test -z "$many"
                    set count (math $count + 1)
                end
        end
    end
    test -z "$many"
    and echo "$verb $count"
    or echo "$verb $many"
end

function {function}_at --description 'VERB COUNT: whether the cursor is there'
    string match -q -- "$argv" ({function}_place)
end
"""
ASK = """
function {function}_ask --description 'KIND: what the program answers'
    timeout {seconds} {name} --complete $argv 2>/dev/null
end
"""
FOLDERS = "(__fish_complete_directories (commandline -ct))"
ONE = """\
            case {}
                set waits yes
                set many ''
"""
MANY = """\
            case {}
                set many $word
"""
ONLY = "-"  # the verb of a program that has none


def fish(command: Command, seconds: int) -> str:
    """Return the file that fish reads for a program; its own answers may take ``seconds``."""
    function = "__" + re.sub(r"\W", "_", command.name)
    values = dict.fromkeys(_values(command))
    begin = BEGIN.format(
        name=command.name,
        function=function,
        start="''" if command.commands else ONLY,
        takes="".join(map(ONE.format, _taking(command, many=False))),
        takes_many="".join(map(MANY.format, _taking(command, many=True))),
    )
    text = [begin]
    if any(value.asks for value in values):
        text.append(ASK.format(function=function, name=command.name, seconds=seconds))
    text += [_list(function, value) for value in values if _is_told(value)]
    lines = [f"complete -c {command.name} -f", *_lines(command, command, function)]
    for one in command.commands:
        at = _at(function, "", "0")
        lines.append(f"complete -c {command.name} {at} -a {one.name} -d {_quoted(one.about)}")
    for one in command.commands:
        lines += _lines(command, one, function)
    return "".join((*text, "\n", *(f"{line}\n" for line in lines)))


def _values(command: Command) -> Iterator[Value]:
    for part in (command, *command.commands):
        yield from (option.value for option in part.options if option.value is not None)
        yield from (place.value for place in part.places)


def _verb(command: Command, part: Command) -> str:
    """Return what the function that reads the line calls ``part``."""
    return part.name if part is not command else "" if command.commands else ONLY


def _taking(command: Command, *, many: bool) -> Iterator[str]:
    """Yield, part by part, the options that one word, or many, follow, with the verb that they belong to."""
    shared = shared_options(command)
    for part in (command, *command.commands):
        verbs = {option: "*" if option in shared else _verb(command, part) for option in part.options}
        patterns = (
            f"'{verb} {name}'"
            for option, verb in verbs.items()
            if option.value is not None
            and option.takes_many is many
            and (part is command or option not in shared)
            for name in option.names
        )
        if found := " ".join(patterns):
            yield found


def _lines(command: Command, part: Command, function: str) -> Iterator[str]:
    verb = _verb(command, part)
    shared = shared_options(command)
    for option in part.options:
        if option in shared and part is not command:
            continue
        names = " ".join(
            f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
        )
        takes = "" if option.value is None else f" {_argument(option.value, function, option=True)}"
        at = "" if option in shared else f" {_at(function, verb, '*')}"
        yield f"complete -c {command.name}{at} {names}{takes} -d {_quoted(option.about)}"
        if option.value is not None and option.takes_many:
            words = _argument(option.value, function, option=False)
            yield from (
                f"complete -c {command.name} {_at(function, verb, one)} {words}" for one in option.names
            )
    for index, place in enumerate(part.places):
        if argument := _argument(place.value, function, option=False):
            at = _at(function, verb, "*" if place.repeats else str(index))
            order = " -k" if place.value.asks else ""
            yield f"complete -c {command.name} {at}{order} {argument}"


def _at(function: str, verb: str, count: str) -> str:
    place = _quoted(f"{verb} {count}")
    return f"-n {_quoted(f'{function}_at {place}')}"


def _argument(value: Value, function: str, *, option: bool) -> str:
    """Return what completes a value, as options of ``complete``."""
    sources = []
    if _is_told(value):
        sources.append(f"({function}_{value.name}s)")
    elif value.words:
        sources.append(" ".join(word for word, _about in value.words))
    if value.asks:
        sources.append(f"({function}_ask {value.asks})")
    if value.paths is Paths.FOLDERS:
        sources.append(FOLDERS)
    files = value.paths in {Paths.FILES, Paths.GO_FILES}
    flags = ("-r -F" if files else "-x") if option else ("-F" if files else "")
    words = f"-a {_quoted(' '.join(sources))}" if sources else ""
    return f"{flags} {words}".strip()


def _is_told(value: Value) -> bool:
    """Say whether the words of ``value`` have explanations."""
    return any(about for _word, about in value.words)


def _list(function: str, value: Value) -> str:
    """Return a function that prints the words of ``value`` with their explanations."""
    words = " \\\n".join(f"        {word} {_quoted(about)}" for word, about in value.words)
    return f"\nfunction {function}_{value.name}s\n    printf '%s\\t%s\\n' \\\n{words}\nend\n"


def _quoted(text: str) -> str:
    """Return ``text`` as one word of fish."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
