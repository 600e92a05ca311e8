"""Every rule's manual page: its Bad example is found by that rule, its Good example by none."""

from __future__ import annotations

import textwrap

import pytest

from gowatchd.lint.catalog import RULES, check
from gowatchd.services.manual import example_facts, example_files, example_workspaces

WITHOUT_EXAMPLE = {
    "unreadable-file": "about the file, not its text",
    "special-file": "about the file, not its text",
    "file-too-large": "about the file, not its text",
}

# What the examples of other rules are not about, and would only be longer without.
TERSE = frozenset({"missing-go-line", "missing-go-sum-entry", "leaking-replace"})


def example(rule, heading):
    lines = rule.manual.split("\n")
    start = lines.index(f"{heading}:") + 1
    end = next(
        (n for n in range(start, len(lines)) if lines[n] and not lines[n].startswith("    ")), len(lines)
    )
    return textwrap.dedent("\n".join(lines[start:end]))


def diagnose(text):
    files = example_files(text)
    facts = example_facts(files)
    return [one for workspace in example_workspaces(files) for one in check(workspace, facts)]


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
    good = diagnose(example(rule, "Good"))
    assert [one for one in good if one.code == rule.code or one.code not in TERSE] == []


def test_codes_are_unique():
    assert len({rule.code for rule in RULES}) == len(RULES)
