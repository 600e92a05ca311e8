"""What the shells complete: made from the parsers, up to date, and nothing that a program would refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gowatchd.__main__ as daemon_program
from gowatchd.cli import main
from gowatchd.cli.completion import candidates
from gowatchd.cli.completion.files import completion_files
from gowatchd.cli.completion.program import command_of
from gowatchd.cli.errors import CommandError, Exit

FOLDER = Path(__file__).resolve().parents[3] / "completions"
VERBS = tuple(command_of(verb, about, main.verb_parser(verb)) for verb, about in main.VERBS.items())


def test_the_files_are_up_to_date():
    made = completion_files(daemon_program.program_parser())
    there = {str(one.relative_to(FOLDER)) for one in FOLDER.rglob("*") if one.is_file()}
    assert there == set(made), "run scripts/make-completions"
    for name, text in made.items():
        assert (FOLDER / name).read_text() == text, f"{name}: run scripts/make-completions"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_word_that_is_offered_is_taken(verb):
    parser = main.verb_parser(verb.name)
    options = (option for option in verb.options if option.value is not None)
    for command in (
        *((option.names[-1], word) for option in options for word, _about in option.value.words),
        *((word,) for place in verb.places for word, _about in place.value.words),
    ):
        parser.parse_args(command)  # ends the test where it does not


def test_only_one_line_stands_for_each_word():
    for verb in VERBS:
        told = [about for one in (*verb.options, *verb.places) if one.value for _, about in one.value.words]
        assert not [about for about in told if re.search(r"[\n\t`%]", about)]


def test_what_a_terminal_or_a_shell_could_misread_is_not_offered(monkeypatch, capsys):
    names = ("/a", "/two words", "/$(touch x)", "/a\x1b[31m", "/a\nb", "/a\tb", "-rf", "/a\ufffd", "")
    monkeypatch.setitem(candidates.KINDS, "workspaces", lambda: ((one, "be\x07ll") for one in names))
    assert candidates.run(["workspaces"]) == Exit.OK
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("\t")[0] for line in lines] == ["/a", "/two words", "/$(touch x)"]
    assert not any(char < " " for char in "".join(lines).replace("\t", ""))


def test_the_menu_has_an_end(monkeypatch, capsys):
    endless = (str(number) for number in range(10**9))
    monkeypatch.setitem(candidates.KINDS, "changes", lambda: ((one, "") for one in endless))
    assert candidates.run(["changes"]) == Exit.OK
    assert len(capsys.readouterr().out.splitlines()) == candidates.MOST


def test_what_goes_wrong_says_nothing(monkeypatch, capsys):
    def fail():
        raise CommandError("there is no session bus", Exit.UNAVAILABLE)

    monkeypatch.setitem(candidates.KINDS, "units", fail)
    assert main.main([main.COMPLETE, "units"]) == Exit.UNAVAILABLE
    assert main.main([main.COMPLETE, "everything"]) == Exit.USAGE
    assert main.main([main.COMPLETE]) == Exit.USAGE
    assert capsys.readouterr() == ("", "")


def test_nothing_of_a_program_goes_through_a_shell_again():
    for file in (FOLDER / "bash").iterdir():
        assert "compgen -W" not in file.read_text()
        assert "eval" not in file.read_text()
