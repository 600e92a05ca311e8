"""What the documents name is there: files, headings, make targets, and commands that the programs take."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
from pathlib import Path

import pytest

import gowatchd.__main__ as daemon_program
from gowatchd.cli import gofumpt_work, main

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if path.name != "rules.md"  # made of docstrings, whose examples are other people's workspaces
)
# Where a path in a document may begin: at the top, or in the package, of which a page on the code speaks.
TOPS = [one.name for one in ROOT.iterdir() if one.is_dir() and one.name not in {"build", "dist"}]
PARTS = [one.name for one in (ROOT / "gowatchd").iterdir() if one.is_dir()]
SAMPLES = {"ID": "1", "N": "2", "TIME": "1h", "VERB": "status", "CHECK": "go", "CODE": "go-line-too-low"}
PARSERS = {
    "gofumpt-work": gofumpt_work.program_parser(),
    "gowatchd": daemon_program.program_parser(),
}


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def code_of(text: str) -> list[str]:
    """Return the lines of code blocks and what stands between backticks."""
    fenced = re.findall(r"(?ms)^```\w*\n(.*?)^```", text)
    text = re.sub(r"(?ms)^```.*?^```", "", text)
    blocks = re.findall(r"(?m)(?<=\n\n)(?:    .*\n?)+", text)
    inline = [" ".join(one.split()) for one in re.findall(r"(?<!`)`([^`]+)`(?!`)", text)]
    return [line.strip() for block in (*fenced, *blocks) for line in block.splitlines()] + inline


def anchors(text: str) -> set[str]:
    """Return what a link may name behind "#", as GitHub makes it from the headings."""
    titles = re.findall(r"(?m)^#+ +(.+)$", text)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    folder = (ROOT / page).parent
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (folder / path) if path else ROOT / page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_are_there(page):
    for word in (word for line in code_of(text_of(page)) for word in line.split()):
        path = word.strip("'\",;:").removeprefix("./")
        if not re.fullmatch(r"[\w.*-]+(/[\w.*-]+)+/?", path):
            continue
        pattern = re.sub(r"\b[A-Z]{2,}\b|NNNN", "*", path.rstrip("/"))  # VERB, LANGUAGE: any will do
        first = pattern.partition("/")[0]
        if first in TOPS or (first in PARTS and re.search(r"\.\w+$|/$", path)):
            assert [*ROOT.glob(pattern), *(ROOT / "gowatchd").glob(pattern)], path


@pytest.mark.parametrize("page", PAGES)
def test_targets_of_make_are_targets(page):
    rules = set(re.findall(r"(?m)^([a-z-]+):", text_of("Makefile")))
    for line in code_of(text_of(page)):
        found = re.match(r"make ([a-z][\w-]*)", line)
        assert found is None or found[1] in rules, line


def command_of(line: str) -> list[str] | None:
    """Return the words of a command of ours that ``line`` holds, None where there is none to be parsed."""
    line = re.sub(r"^(?:\$ |sudo |nice |env )|\s+#.*$|\s*(?:[|<>;&]|\s{3}).*$", "", line)
    if not re.match(r"(?:gowatchctl|gowatchd|gofumpt-work) (?!--complete)", line):
        return None
    if re.search(r"\.\.\.|[\[\]{}]|:$", line):
        return None  # a form of commands, or a part of an answer
    try:
        words = shlex.split(line)
    except ValueError:
        return None  # the beginning of a sentence
    return [SAMPLES.get(word, word) for word in words]


def is_taken(program: str, arguments: list[str]) -> bool:
    try:
        if program in PARSERS:
            PARSERS[program].parse_args(arguments)
            return True
        known = argparse.Namespace()
        main.top_parser().parse_args(arguments, known)
        main.verb_parser(known.verb).parse_args(known.rest, known)
    except SystemExit as stop:
        return stop.code == 0  # --help and --version
    return True


@pytest.mark.parametrize("page", [*PAGES, "config/gowatchd.toml"])
def test_commands_are_taken(page):
    for line in code_of(text_of(page)):
        words = command_of(line)
        if words is not None:
            # an option that is spoken of stands alone, whatever it takes
            rests = (words[1:], *([*words[1:], value] for value in ("x", "1h", "a=b")))
            assert any(is_taken(words[0], rest) for rest in rests), line


def test_there_are_commands_paths_and_targets_to_be_held():
    lines = [line for page in PAGES for line in code_of(text_of(page))]
    assert sum(command_of(line) is not None for line in lines) > 50
    assert sum(line.startswith("make ") for line in lines) > 15
    assert sum(line.startswith("tests/") for line in lines) > 5


def test_names_in_the_repository_are_plain():
    asked = ["git", "ls-files", "-z"]
    if not (ROOT / ".git").exists():
        pytest.skip("no checkout, as in a source package")
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    names = listed.split("\0")[:-1]
    assert "Makefile" in names
    assert [name for name in names if not re.fullmatch(r"[\w./+@-]+", name)] == []


def test_the_index_leads_to_every_page():
    index = text_of("docs/README.md")
    for page in (*(ROOT / "docs").glob("*.md"), *(ROOT / "docs/man").glob("*.md")):
        assert page.name == "README.md" or f"({page.relative_to(ROOT / 'docs')})" in index, page
