"""Every rule's manual page: its Bad example is found by that rule, its Good example by none."""

from __future__ import annotations

import textwrap

import pytest

from gowatchd.lint.catalog import RULES, check
from gowatchd.lint.facts import Facts, GoEnvironment
from gowatchd.services.workspaces import Workspaces
from tests.support.memory import MemoryFiles, txtar

WITHOUT_EXAMPLE = {
    "unreadable-file": "about the file, not its text",
    "special-file": "about the file, not its text",
    "file-too-large": "about the file, not its text",
}

GO_ENV = "/w/go/env"  # what `go env` says, in an example


def example(rule, heading):
    lines = rule.manual.split("\n")
    start = lines.index(f"{heading}:") + 1
    end = next(
        (n for n in range(start, len(lines)) if lines[n] and not lines[n].startswith("    ")), len(lines)
    )
    return textwrap.dedent("\n".join(lines[start:end]))


def diagnose(text):
    files = MemoryFiles(txtar(text))
    environment = dict(line.split("=", 1) for line in files.files.pop(GO_ENV, b"").decode().splitlines())
    found = [path for path in files.files if path.endswith(("/go.work", "/go.mod"))]
    facts = Facts(
        go_version="1.27.3",
        switches_toolchain=False,
        environment=GoEnvironment(**{name.lower(): value for name, value in environment.items()}),
    )
    return [one for workspace in Workspaces(files).load(found) for one in check(workspace, facts)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_manual_page_says_what_and_why(rule):
    assert rule.summary.endswith(".")
    assert "\nWhat: " in rule.manual
    assert "\nWhy: " in rule.manual
    assert ("\nBad:\n" in rule.manual and "\nGood:\n" in rule.manual) != (rule.code in WITHOUT_EXAMPLE)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.code not in WITHOUT_EXAMPLE], ids=lambda rule: rule.code
)
def test_bad_is_found_and_good_is_clean(rule):
    found = diagnose(example(rule, "Bad"))
    assert rule.code in {one.code for one in found}
    assert {one.severity for one in found if one.code == rule.code} == {rule.severity}
    assert diagnose(example(rule, "Good")) == []


def test_codes_are_unique():
    assert len({rule.code for rule in RULES}) == len(RULES)
