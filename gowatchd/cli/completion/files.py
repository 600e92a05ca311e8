"""Which files the shells read, and what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli import gofumpt_work, main
from gowatchd.cli.completion.bash import bash
from gowatchd.cli.completion.fish import fish
from gowatchd.cli.completion.program import command_of
from gowatchd.cli.completion.zsh import zsh
from gowatchd.translation import use

if TYPE_CHECKING:
    import argparse

ASK_SECONDS = 2  # for an answer of the running daemon: who pressed Tab waits no longer


def completion_files(daemon: argparse.ArgumentParser) -> dict[str, str]:
    """Return the content of every file by its path below completions/, in English.

    ``daemon`` is the parser of gowatchd, whose module stands above this one.
    """
    use(())
    verbs = tuple(command_of(verb, main.VERBS[verb], main.verb_parser(verb)) for verb in main.VERBS)
    programs = (
        command_of(main.PROGRAM, "", main.top_parser(), verbs),
        command_of(gofumpt_work.PROGRAM, "", gofumpt_work.program_parser()),
        command_of("gowatchd", "", daemon),
    )
    files = {}
    for one in programs:
        files[f"bash/{one.name}"] = bash(one, ASK_SECONDS)
        files[f"zsh/_{one.name}"] = zsh(one, ASK_SECONDS)
        files[f"fish/{one.name}.fish"] = fish(one, ASK_SECONDS)
    return files
