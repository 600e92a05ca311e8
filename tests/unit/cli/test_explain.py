"""``gowatchctl explain`` and docs/rules.md, which say the same of every rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gowatchd.cli.main import main
from gowatchd.lint.catalog import RULES
from gowatchd.services.manual import Manual
from gowatchd.services.rules_page import rules_page

PAGE = Path(__file__).resolve().parents[3] / "docs/rules.md"
CODES = [rule.code for rule in RULES]


def test_the_page_in_the_repository_is_up_to_date():
    assert PAGE.read_text() == rules_page(), "run scripts/make-rules-page"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_manual_page(rule, capsys):
    manual = Manual.of(rule)
    assert manual.summary
    assert manual.what
    assert manual.why
    assert main(["explain", rule.code]) == 0
    text = capsys.readouterr().out
    lines = text.split("\n")
    assert lines[0] == f"{rule.code} ({rule.severity.value})"
    assert max(len(line) for line in lines if not line.startswith("  ")) <= 80
    for example in (manual.bad, manual.good):
        assert all(f"  {line}" in lines for line in example.split("\n") if line)
    assert ("Fix:" in text) == bool(manual.fixes)
    assert f"\n## {rule.code}\n" in rules_page()


def test_prose_is_wrapped_and_whole(capsys):
    main(["explain", "go-line-too-low"])
    text = " ".join(capsys.readouterr().out.split())
    assert "Every go command in the workspace fails, but 'go work use', which raises the line." in text
    assert "Fix: 'gowatchctl fix --code go-line-too-low'" in text


def test_without_a_code_all_are_listed(capsys):
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(CODES)
    (line,) = [line for line in lines if line.startswith("go-line-too-low ")]
    assert line.split()[1:3] == ["error", "fix"]


def test_json(capsys):
    assert main(["explain", "--json", "duplicate-use", "go-line-too-low"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    assert [rule["code"] for rule in found["rules"]] == ["duplicate-use", "go-line-too-low"]
    assert found["rules"][1]["fixes"] == ["Raise the go line to 1.23"]
    assert found["rules"][1]["bad"].startswith("-- go.work --\ngo 1.22\n")
    main(["--json", "explain"])
    assert len(json.loads(capsys.readouterr().out)["rules"]) == len(RULES)


def test_a_code_as_check_prints_it(capsys):
    assert main(["explain", "[duplicate-use]"]) == 0
    assert capsys.readouterr().out.startswith("duplicate-use (error)\n")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("duplicate-uses", "did you mean duplicate-use"),
        ("zzz", "'gowatchctl explain' lists all"),
        ("\x1b[1m", r"there is no rule \x1b[1m"),
    ],
)
def test_an_unknown_code_is_4(code, words, capsys):
    assert main(["explain", code]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
