"""docs/security.md: every line of its tables is held by tests that exist, and names all of tests/security."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
HEAD = ["what can happen", "what is done", "what remains", "tests"]
SECTIONS = {
    "A hostile repository",
    "Another user of the machine",
    "Another program on the person's bus",
    "Values that go into units",
    "Programs that we start",
    "The package",
}


def tables() -> dict[str, list[list[str]]]:
    """Return the lines of each section's table, as their cells."""
    found = {}
    for section in PAGE.split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        lines = [line for line in text.splitlines() if line.startswith("|")]
        found[title] = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return found


def functions_of(file: Path) -> set[str]:
    """Return the names of the test functions in ``file``, those in classes too."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_way_to_attack_has_its_table():
    found = tables()
    assert set(found) == SECTIONS
    for title, lines in found.items():
        assert lines[0] == HEAD, title
        assert len(lines) > 2, f"{title} has no line"


@pytest.mark.parametrize("title", sorted(SECTIONS))
def test_every_line_says_what_is_done_and_is_held_by_tests_that_exist(title):
    for cells in tables()[title][2:]:
        assert len(cells) == len(HEAD), f"a cell has a bar in it: {cells}"
        happens, done, _remains, tests = cells
        assert happens
        assert done
        names = NAMED.findall(tests)
        assert names, f"no test holds: {happens}"
        assert NAMED.sub("", tests).strip(" ,") == "", f"what is this: {tests}"
        for file, name in names:
            assert (ROOT / file).is_file(), f"{happens}: there is no {file}"
            assert name in functions_of(ROOT / file), f"{happens}: {file} has no {name}"


def test_every_test_of_an_attack_is_named():
    named = set(NAMED.findall(PAGE))
    files = sorted((ROOT / "tests" / "security").glob("test_*.py"))
    there = {(f"tests/security/{file.name}", name) for file in files for name in functions_of(file)}
    assert there, "nothing attacks"
    assert there <= named, f"docs/security.md does not name {sorted(there - named)}"
