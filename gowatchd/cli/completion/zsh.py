"""What zsh completes: a function of ``_arguments`` for the program, and one for each of its verbs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gowatchd.cli.completion.program import shared_options
from gowatchd.cli.completion.value import Paths, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.cli.completion.program import Command, Option, Place

BEGIN = """\
#compdef {name}
# What zsh completes for {name}(1).
# Made by scripts/make-completions from the program's parser; edit that.
"""
ASK = """
# What the program answers, newest first: [OPTIONS that zsh puts in front] KIND.
{function}_ask() {{
    local kind=$argv[-1] line
    local -a found
    for line in ${{(f)"$(timeout {seconds} {name} --complete $kind 2>/dev/null)"}}; do
        found+=("${{${{${{line%%$'\\t'*}}//\\\\/\\\\\\\\}}//:/\\\\:}}:${{line#*$'\\t'}}")
    done
    _describe -V -t $kind $kind found
}}
"""
VERBS = """
{function}() {{
    local curcontext="$curcontext" state line
    typeset -A opt_args
    local -a every=(
{every}    )
    _arguments -C $every \\
{options}        '1: :{function}_commands' \\
        '*:: :->arguments' && return
    [[ $state == arguments ]] || return 1
    case $line[1] in
{cases}    esac
}}
"""
PATHS = {
    Paths.NONE: " ",  # _arguments takes a space for: nothing can be completed
    Paths.FOLDERS: "_files -/",
    Paths.FILES: "_files",
    Paths.GO_FILES: '_files -g "*.(mod|work)"',
}


def zsh(command: Command, seconds: int) -> str:
    """Return the file that zsh reads for a program; its own answers may take ``seconds``."""
    function = "_" + re.sub(r"\W", "_", command.name)
    values = tuple(dict.fromkeys(_values(command)))
    text = [BEGIN.format(name=command.name)]
    if any(value.asks for value in values):
        text.append(ASK.format(function=function, name=command.name, seconds=seconds))
    text += [_list(function, _name(one), one.words) for one in values if _is_told(one)]
    text += [_either(function, one) for one in values if one.asks and one.paths is not Paths.NONE]
    if command.commands:
        verbs = tuple((one.name, one.about) for one in command.commands)
        shared = shared_options(command)
        cases = "".join(
            f"        {one.name})\n{_arguments(one, function, shared, indent=8)}            ;;\n"
            for one in command.commands
        )
        every = "".join(f"        {spec}\n" for one in shared for spec in _specs(one, function))
        own = (one for one in command.options if one not in shared)
        options = "".join(f"        {spec} \\\n" for one in own for spec in _specs(one, function))
        text.append(_list(function, "commands", verbs))
        text.append(VERBS.format(function=function, every=every, options=options, cases=cases))
    else:
        text.append(f"\n{function}() {{\n{_arguments(command, function)}}}\n")
    return "".join((*text, f'\n{function} "$@"\n'))


def _values(command: Command) -> Iterator[Value]:
    for part in (command, *command.commands):
        yield from (option.value for option in part.options if option.value is not None)
        yield from (place.value for place in part.places)


def _arguments(command: Command, function: str, shared: tuple[Option, ...] = (), indent: int = 0) -> str:
    own = (one for one in command.options if one not in shared)
    specs = [spec for one in own for spec in _specs(one, function)]
    specs += _places(command.places, function)
    begin = f"{' ' * (indent + 4)}_arguments -s{' $every' if shared else ''}"
    return f" \\\n{' ' * (indent + 8)}".join((begin, *specs)) + "\n"


def _specs(option: Option, function: str) -> Iterator[str]:
    """Yield what ``_arguments`` is told of an option, by each of its names."""
    not_with = (*option.against, *(() if option.repeats else option.names))
    against = f"({' '.join(not_with)})" if len(not_with) > 1 or option.against else ""
    for name in option.names:
        value, sign = "", ""
        if option.value is not None:
            sign = "=" if name.startswith("--") else "+"
            pattern = "*-*" if option.takes_many else ""
            value = f":{pattern + ':' if pattern else ''}{option.message}:{_action(option.value, function)}"
        repeats = "*" if option.repeats else ""
        about = re.sub(r"([\\\[\]:])", r"\\\1", option.about)
        yield _quoted(f"{against}{repeats}{name}{'' if option.takes_many else sign}[{about}]{value}")


def _places(places: tuple[Place, ...], function: str) -> Iterator[str]:
    for place in places:
        message = place.message.replace(":", r"\:")
        yield _quoted(f"{'*' if place.repeats else ''}:{message}:{_action(place.value, function)}")


def _action(value: Value, function: str) -> str:
    """Return what completes a value; a space, where nothing does."""
    if _is_told(value) or (value.asks and value.paths is not Paths.NONE):
        return f"{function}_{_name(value)}"
    if value.words:
        return f"({' '.join(_escaped(word) for word, _about in value.words)})"
    return f"{function}_ask {value.asks}" if value.asks else PATHS[value.paths]


def _is_told(value: Value) -> bool:
    """Say whether the words of ``value`` have explanations."""
    return any(about for _word, about in value.words)


def _name(value: Value) -> str:
    """Return what the function that completes ``value`` is called, behind that of the program."""
    return value.asks or f"{value.name}s"


def _list(function: str, name: str, words: tuple[tuple[str, str], ...]) -> str:
    """Return a function that completes ``words``."""
    lines = "".join(f"        {_quoted(f'{_escaped(word)}:{about}')}\n" for word, about in words)
    body = f"    local -a found=(\n{lines}    )\n    _describe -t {name} {name} found\n"
    return f"\n{function}_{name}() {{\n{body}}}\n"


def _either(function: str, value: Value) -> str:
    """Return a function that completes what the program answers, and files."""
    asked = _quoted(f"{value.asks}:{value.asks}:{function}_ask {value.asks}")
    paths = _quoted(f"{value.paths.value}:{value.paths.value}:{PATHS[value.paths]}")
    return f"\n{function}_{_name(value)}() {{\n    _alternative {asked} \\\n        {paths}\n}}\n"


def _escaped(word: str) -> str:
    """Return ``word`` for a list in which a colon ends it."""
    return word.replace(":", r"\:")


def _quoted(text: str) -> str:
    """Return ``text`` as one word of the shell."""
    return "'" + text.replace("'", "'\\''") + "'"
