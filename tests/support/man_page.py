"""A manual page of docs/man, as tests hold it against the programs: its sections, and the entries in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "docs/man"


@dataclass(frozen=True, slots=True)
class Entry:
    """An explanation: ``head`` as it stands there, such as ``**-n**, **--dry-run**``; the words of it."""

    head: str
    body: str


@dataclass(frozen=True, slots=True)
class Section:
    """The text below one heading of a page."""

    text: str

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is explained in it, in its order."""
        found = re.findall(r"(?m)^(\S[^\n]*)\n:   ((?:[^\n]|\n(?=    )|\n(?=\n    ))*)", self.text)
        return tuple(Entry(head, " ".join(body.split())) for head, body in found)

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of its entries."""
        return tuple(one.head for one in self.entries)

    @property
    def bold(self) -> frozenset[str]:
        """Every word or words that are set in bold."""
        return frozenset(re.findall(r"\*\*((?:[^*\\]|\\.)+)\*\*", self.text))

    @property
    def names(self) -> tuple[str, ...]:
        """What it explains, without bold and italics: several may share an entry."""
        return tuple(name for head in self.heads for name in head.replace("*", "").split(", "))

    def body(self, name: str) -> str:
        """Return what is said of ``name``."""
        found = [one.body for one in self.entries if name in one.head.replace("*", "").split(", ")]
        assert len(found) == 1, f"{name} needs one entry"
        return found[0]


def sections(page: str) -> dict[str, Section]:
    """Return the sections of ``page``, such as ``gowatchd.1``, by heading, of whatever level."""
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^#+ (.+)$", text)
    return {title: Section(below) for title, below in zip(parts[1::2], parts[2::2], strict=True)}


def optional(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield what a parser takes by a name that begins with a dash."""
    return (one for one in parser._actions if one.option_strings)


def positional(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield what a parser takes by its place."""
    return (one for one in parser._actions if not one.option_strings)


def forms(action: argparse.Action) -> Iterator[str]:
    """Yield how a page writes each name of an option, with what comes after it: ``-n N``, ``--lines N``."""
    choices = " | ".join(map(str, action.choices or ()))
    value = "" if action.nargs == 0 else f" {choices or action.metavar}{'...' if action.nargs == '+' else ''}"
    return (f"{one}{value}" for one in action.option_strings)
