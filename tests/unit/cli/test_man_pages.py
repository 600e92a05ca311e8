"""The manual pages of the programs: all that a program takes and returns is there, and nothing else."""

from __future__ import annotations

import importlib
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import gowatchd.__main__ as daemon_program
from gowatchd.cli import gofumpt_work, main
from gowatchd.cli.errors import Exit
from gowatchd.system import bus_address, loop, manager_object
from tests.support.man_page import Section, forms, optional, positional, sections

if TYPE_CHECKING:
    import argparse

PACKAGE = Path(daemon_program.__file__).parent
CONTROL = sections("gowatchctl.1")
SHARED = {"-h", "--help", "-C", "--color", "--json"}  # what every verb takes, explained once
PLAIN = {
    "gofumpt-work.1": gofumpt_work.program_parser(),
    "gowatchd.1": daemon_program.program_parser(),
    "gowatchctl.1": main.top_parser(),
}


def section_of(verb: str) -> Section:
    found = [one for title, one in CONTROL.items() if verb in title.split(", ")]
    assert len(found) == 1, f"docs/man/gowatchctl.1.md needs one section ### {verb}"
    return found[0]


def own(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [one for one in optional(parser) if not SHARED & set(one.option_strings)]


def synopsis_of(verb: str) -> str:
    return " ".join(re.findall(rf"(?m)^\*\*gowatchctl {verb}\b(?:.|\n(?!\n))*", section_of(verb).text))


@pytest.mark.parametrize("page", PLAIN)
def test_the_options_of_a_program_are_explained_and_no_others(page):
    expected = [form for action in optional(PLAIN[page]) for form in forms(action)]
    assert sorted(sections(page)["OPTIONS"].names) == sorted(expected)


@pytest.mark.parametrize("page", ["gofumpt-work.1", "gowatchd.1"])
def test_the_synopsis_of_a_program_has_its_options(page):
    synopsis = sections(page)["SYNOPSIS"].text
    for action in optional(PLAIN[page]):
        assert any(f"**{one}**" in synopsis for one in action.option_strings), action.option_strings
    for action in positional(PLAIN[page]):
        assert f"[*{action.metavar}*...]" in synopsis


def test_there_is_a_section_for_every_verb_and_for_nothing_else():
    titles = [title for title in CONTROL if title == title.lower()]
    assert sorted(verb for title in titles for verb in title.split(", ")) == sorted(main.VERBS)


@pytest.mark.parametrize("verb", main.VERBS)
def test_the_options_of_a_verb_are_explained_and_no_others(verb):
    section = section_of(verb)
    together = next(title for title in CONTROL if CONTROL[title] is section).split(", ")
    expected = {form for one in together for action in own(main.verb_parser(one)) for form in forms(action)}
    names = section_of(verb).names
    assert len(names) == len(set(names))
    assert set(names) == expected


@pytest.mark.parametrize("verb", main.VERBS)
def test_the_synopsis_of_a_verb_has_what_it_takes_and_nothing_else(verb):
    parser = main.verb_parser(verb)
    synopsis = synopsis_of(verb)
    known = {one for action in own(parser) for one in action.option_strings}
    assert set(re.findall(r"\*\*(-[\w-]+)\*\*", synopsis)) <= known
    for action in own(parser):
        assert any(f"**{one}**" in synopsis for one in action.option_strings), action.option_strings
    words = {word for action in own(parser) for word in re.findall("[A-Z]+", str(action.metavar or ""))}
    words |= {"FORMAT", "KIND"} & {str(action.dest).upper() for action in own(parser) if action.choices}
    for action in positional(parser):
        if action.choices:
            assert all(re.search(rf"\b{one}\*\*", synopsis) for one in action.choices)
        else:
            words |= set(str(action.metavar).split("|"))
    assert set(re.findall(r"\b[A-Z]+\b", synopsis)) == words


@pytest.mark.parametrize("verb", main.VERBS)
def test_the_defaults_and_choices_of_a_verb_are_named(verb):
    section = section_of(verb)
    for action in (*own(main.verb_parser(verb)), *positional(main.verb_parser(verb))):
        for choice in action.choices or ():
            assert choice in section.bold, choice
        if isinstance(action.default, str) and action.default != ".":
            named = f"**{action.default}**, the default" in section.text
            assert named or f"by default a **{action.default}**" in section.text, action.default
        if action.default == ".":
            assert "by default the current directory" in section.text or section in matching_all()


def matching_all() -> list[Section]:
    """Return the sections whose *DIR* is explained above all three."""
    assert "by default the current directory" in CONTROL["THE MODULES OF A WORKSPACE"].text
    return [CONTROL[one] for one in ("graph", "matrix", "topology")]


@pytest.mark.parametrize("page", PLAIN)
def test_the_defaults_of_a_program_are_named(page):
    section = sections(page)["OPTIONS"]
    for action in optional(PLAIN[page]):
        if isinstance(action.default, str) and action.nargs != 0:
            body = section.body(next(forms(action)))
            assert f"by default **{action.default}**" in body or f"**{action.default}**, the default" in body


def test_every_exit_status_is_explained():
    assert CONTROL["EXIT STATUS"].heads == tuple(str(int(one)) for one in Exit)


def test_every_exit_status_of_the_formatter_is_explained():
    used = {int(Exit.USAGE)}  # argparse's own
    for module in ("gofumpt_work", "gofumpt_run"):
        source = Path(str(importlib.import_module(f"gowatchd.cli.{module}").__file__)).read_text()
        used |= {int(Exit[name]) for name in re.findall(r"\bExit\.([A-Z_]+)", source)}
    assert sections("gofumpt-work.1")["EXIT STATUS"].heads == tuple(str(one) for one in sorted(used))


def test_every_exit_status_of_the_daemon_is_explained():
    codes = (0, int(Exit.USAGE), loop.EXIT_BUG, daemon_program.EXIT_CONFIGURATION)
    assert sections("gowatchd.1")["EXIT STATUS"].heads == tuple(map(str, codes))


def test_every_variable_that_is_read_is_explained():
    sources = "".join(file.read_text() for file in PACKAGE.rglob("*.py"))
    read = set(re.findall(r'\benviron(?:ment)?(?:\.get\(|\[)"(\w+)"', sources))
    assert {"NO_COLOR", "DBUS_SESSION_BUS_ADDRESS", "SHELL"} <= read  # the search still finds something
    told = sections("gowatchd.1")["ENVIRONMENT"].bold | CONTROL["ENVIRONMENT"].bold
    assert read <= told, read - told


def test_the_signals_of_the_daemon_are_explained():
    names = set(re.findall(r"signal\.(SIG[A-Z]+)", (PACKAGE / "daemon.py").read_text()))
    assert set(sections("gowatchd.1")["SIGNALS"].names) == names


def test_the_bus_name_and_all_that_is_called_there_are_explained():
    section = sections("gowatchd.1")["D-BUS"]
    assert {bus_address.BUS_NAME, bus_address.INTERFACE} <= section.bold
    assert f"*{bus_address.OBJECT_PATH}*" in section.text
    tree = ET.fromstring(manager_object.INTROSPECTION)
    expected = {str(one.get("name")) for kind in ("method", "signal", "property") for one in tree.iter(kind)}
    errors = {*manager_object.ERROR_NAMES.values(), "Refused", "Internal"}
    assert {word for word in section.bold if re.fullmatch("([A-Z][a-z]+)+", word)} == expected | errors
    comment = manager_object.INTROSPECTION.partition("Errors:")[2].partition("-->")[0]
    assert all(f".{error}" in comment for error in errors)
