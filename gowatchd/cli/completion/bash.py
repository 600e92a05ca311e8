"""What bash completes: one function, which reads the words before the cursor as the program would.

Nothing that the program answers goes through ``compgen -W``, which would run what stands in it as ``$(...)``.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from gowatchd.cli.completion.program import shared_options
from gowatchd.cli.completion.value import Paths, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.cli.completion.program import Command, Option

LINE = 100  # characters of a list of words: somebody may want to read it
AGAIN, RIVAL = "+", "/"  # in front of a name: it may be given again; it does not go with those before it

BEGIN = """\
# What bash completes for {name}(1).
# Made by scripts/make-completions from the program's parser; edit that.

{function}()
{{
    local cur=${{COMP_WORDS[COMP_CWORD]}} word verb='' waits='' many='' ended='' used=' ' index
    local -i place=0
    local options='' words='' paths='' asks=''
    COMPREPLY=()
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=${{COMP_WORDS[index]}}
        if [[ $waits && $word == '=' ]]; then
            continue # --option=value comes as three words
        elif [[ $word == [:=] ]]; then
            ((index += 1)) # so does 17:00: one word ended, and nothing begins here
        elif [[ $waits && ! ($many && $word == -*) ]]; then
            [[ $many ]] || waits=''
        elif [[ ! $ended && $word == -- ]]; then
            ended=1 waits=''
        elif [[ ! $ended && $word == -?* ]]; then
            waits='' many=''
            used+="$word "
"""
PLACES = """\
        else
            place+=1
        fi
    done
    [[ $cur != '=' ]] || cur=''
    if [[ $waits ]]; then
"""
COLLECT = """\
    fi
    for word in $options; do
        local offer=''
        for index in ${word//|/ }; do
            case $index in
                /*) [[ $used != *" ${index#/} "* ]] || continue 2 ;; # does not go together with it
                +*) offer+=" ${index#+}" ;; # may be given again
                *)
                    [[ $used != *" $index "* ]] || continue 2
                    offer+=" $index"
                    ;;
            esac
        done
        words+=$offer
    done
    for word in $words; do
        [[ $word != "$cur"* ]] || COMPREPLY+=("$word")
    done
"""
PATHS = """\
    case $paths in
        folders) compopt -o plusdirs -o filenames ;;
        files) compopt -o default ;;
        go-files)
            compopt -o plusdirs -o filenames
            while IFS= read -r word; do
                [[ $word != *.@(mod|work) ]] || COMPREPLY+=("$word")
            done < <(compgen -f -- "$cur")
            ;;
    esac
"""
ASKS = """\
    if [[ $asks ]]; then
        local -a told=()
        compopt -o nosort
        while IFS=$'\\t' read -r word index; do
            [[ $word == "$cur"* ]] || continue
            COMPREPLY+=("$word")
            told+=("$word  ($index)")
        done < <(timeout {seconds} {name} --complete "$asks" 2>/dev/null)
        # A menu inserts what it shows; a list may say what each word stands for.
        [[ $paths || ${{#told[@]}} -lt 2 || $COMP_TYPE != @(9|63) ]] || COMPREPLY=("${{told[@]}}")
    fi
"""


def bash(command: Command, seconds: int) -> str:
    """Return the file that bash reads for a program; its own answers may take ``seconds``."""
    function = "_" + re.sub(r"\W", "_", command.name)
    parts = [command, *command.commands]
    asks = any(value.asks for part in parts for value in _values(part))
    text = [BEGIN.format(name=command.name, function=function), *_readers(command, parts), PLACES]
    text += _answers(command, parts)
    text += [COLLECT, PATHS, ASKS.format(name=command.name, seconds=seconds) if asks else ""]
    return "".join((*text, f"}}\n\ncomplete -F {function} {command.name}\n"))


def _values(part: Command) -> Iterator[Value]:
    yield from (option.value for option in part.options if option.value is not None)
    yield from (place.value for place in part.places)


def _verb(command: Command, part: Command) -> str:
    return "" if part is command else part.name


def _own(command: Command, part: Command) -> Iterator[Option]:
    """Yield the options of ``part`` that do not stand with those of the program itself already."""
    return (one for one in part.options if part is command or one not in shared_options(command))


def _patterns(command: Command, part: Command, option: Option) -> str:
    """Return what matches the verb and ``option`` behind it; any verb where all of them take it."""
    verb = "*' " if option in shared_options(command) else f"'{_verb(command, part)} "
    return " | ".join(f"{verb}{name}'" for name in option.names)


def _readers(command: Command, parts: list[Command]) -> Iterator[str]:
    """Yield what recognizes the options that a word follows, and the verb."""
    yield '            case "$verb $word" in\n'
    for part in parts:
        for option in _own(command, part):
            if option.value is not None:
                then = "waits=$word many=1" if option.takes_many else "waits=$word"
                yield f"                {_patterns(command, part, option)}) {then} ;;\n"
    yield "            esac\n"
    if command.commands:
        yield "        elif [[ ! $verb ]]; then\n            verb=$word\n"


def _answers(command: Command, parts: list[Command]) -> Iterator[str]:
    """Yield what completes the value of an option, an option, or a place."""
    yield '        case "$verb $waits" in\n'
    for part in parts:
        for option in _own(command, part):
            if option.value is not None and (action := _action(option.value)):
                yield f"            {_patterns(command, part, option)}) {action} ;;\n"
    yield "        esac\n    elif [[ ! $ended && $cur == -* ]]; then\n        case $verb in\n"
    for part in parts:
        options = " ".join(_groups(part.options))
        yield f"            '{_verb(command, part)}') options='{options}' ;;\n"
    yield '        esac\n    else\n        case "$verb $place" in\n'
    if command.commands:
        yield f"            ' 0') words='{' '.join(one.name for one in command.commands)}' ;;\n"
    for part in parts:
        for index, place in enumerate(part.places):
            if action := _action(place.value):
                number = "*" if place.repeats else index
                yield f"            '{_verb(command, part)} '{number}) {action} ;;\n"
    yield "        esac\n"


def _action(value: Value) -> str:
    words = "\n".join(
        textwrap.wrap(" ".join(word for word, _about in value.words), LINE, break_on_hyphens=False)
    )
    set_to = [f"words='{words}'"] if words else []
    set_to += [f"paths={value.paths.value}"] if value.paths is not Paths.NONE else []
    set_to += [f"asks={value.asks}"] if value.asks else []
    return " ".join(set_to)


def _groups(options: Iterable[Option]) -> Iterator[str]:
    """Yield an option with all its names, as ``-n|--dry-run``, and behind RIVAL what does not go with it."""
    for option in options:
        again = AGAIN if option.repeats else ""
        yield "|".join(
            (*(f"{again}{one}" for one in option.names), *(f"{RIVAL}{one}" for one in option.against))
        )
