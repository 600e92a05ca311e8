"""A program as a shell completes it: its options, its verbs and what stands at which place."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.cli.completion.value import Value, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Option:
    """An option: ``value`` is what comes behind it, None where nothing does.

    ``repeats`` says that it may be given again, ``takes_many`` that several words may follow. The options
    named by ``against`` do not go together with it.
    """

    names: tuple[str, ...]
    about: str
    message: str
    value: Value | None
    repeats: bool
    takes_many: bool
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What stands without an option: one word, or where ``repeats`` as many as one likes."""

    message: str
    value: Value
    repeats: bool


@dataclass(frozen=True, slots=True)
class Command:
    """A program, or one of its verbs: ``commands`` are the verbs of a program that has some."""

    name: str
    about: str
    options: tuple[Option, ...]
    places: tuple[Place, ...]
    commands: tuple[Command, ...] = ()


def command_of(
    name: str,
    about: str,
    parser: argparse.ArgumentParser,
    commands: tuple[Command, ...] = (),
) -> Command:
    """Return what ``parser`` takes; where there are ``commands``, the places are theirs."""
    actions = parser._actions  # noqa: SLF001 argparse has no other way to ask
    options = tuple(_option(name, one, _rivals(parser, one)) for one in actions if one.option_strings)
    places = () if commands else tuple(_place(name, one) for one in actions if not one.option_strings)
    return Command(name, about, options, places, commands)


def shared_options(command: Command) -> tuple[Option, ...]:
    """Return the options that a program and all of its verbs take; none where it has no verbs."""
    verbs = command.commands
    return tuple(one for one in command.options if verbs and all(one in verb.options for verb in verbs))


def _option(command: str, action: argparse.Action, against: tuple[str, ...]) -> Option:
    repeats = type(action).__name__ in {"_AppendAction", "_ExtendAction"}
    value = None if action.nargs == 0 else _value(command, action)
    names = tuple(action.option_strings)
    message = str(action.metavar or action.dest.upper())
    return Option(names, _first_clause(action.help), message, value, repeats, action.nargs == "+", against)


def _place(command: str, action: argparse.Action) -> Place:
    return Place(str(action.metavar), _value(command, action), repeats=action.nargs == "*")


def _value(command: str, action: argparse.Action) -> Value:
    """Return what an argument takes: one of its choices, or what its metavariable stands for."""
    if action.choices is not None:
        choices = action.choices
        told = choices if isinstance(choices, Mapping) else dict.fromkeys(choices, "")
        name = str(action.metavar or action.dest).lower()
        return Value(name, tuple((str(word), _first_clause(about)) for word, about in told.items()))
    return value_of(command, tuple(action.option_strings), str(action.metavar))


def _rivals(parser: argparse.ArgumentParser, action: argparse.Action) -> tuple[str, ...]:
    """Return the names of the options that stand in for ``action``."""
    return tuple(_names_of_rivals(parser, action))


def _names_of_rivals(parser: argparse.ArgumentParser, action: argparse.Action) -> Iterator[str]:
    for group in parser._mutually_exclusive_groups:  # noqa: SLF001 as above
        members = group._group_actions  # noqa: SLF001 as above
        if action in members:
            yield from (name for one in members if one is not action for name in one.option_strings)


def _first_clause(text: str | None) -> str:
    """Return what a line of a menu has room for."""
    return "" if text in {None, argparse.SUPPRESS} else str(text).partition(";")[0]
