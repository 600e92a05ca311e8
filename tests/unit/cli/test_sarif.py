"""SARIF 2.1.0: held against the objects of the standard, as far as we use them, and what readers need.

test_sarif_schema.py asks the schema itself where it can be had; this needs nothing. SHAPES says, from
sections 3.13 to 3.58 of the standard, what each object must have, what else it may have of what we write,
and of which type: anything else is refused, as the schema does with "additionalProperties": false.
"""

from __future__ import annotations

import json
import os
import re
import urllib.parse

import pytest

from gowatchd.cli.main import main
from gowatchd.cli.sarif import sarif_log
from gowatchd.lint.catalog import RULES
from gowatchd.lint.diagnostic import Diagnostic, Edit, Fix, Severity
from gowatchd.modfile.position import Position, Span
from gowatchd.services.fixing import apply_edits

URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
POSITIVE = "positive integer"
LEVEL = {"none", "note", "warning", "error"}

# object: {property: (required, what it holds)}; a list holds a list of that, a name another object
SHAPES = {
    "sarifLog": {"$schema": (False, "uri"), "version": (True, {"2.1.0"}), "runs": (True, ["run"])},
    "run": {
        "tool": (True, "tool"),
        "columnKind": (False, {"utf16CodeUnits", "unicodeCodePoints"}),
        "originalUriBaseIds": (False, ("map", "artifactLocation")),
        "results": (False, ["result"]),
    },
    "tool": {"driver": (True, "toolComponent")},
    "toolComponent": {
        "name": (True, str),
        "fullName": (False, str),
        "version": (False, str),
        "rules": (False, ["reportingDescriptor"]),
    },
    "reportingDescriptor": {
        "id": (True, str),
        "name": (False, str),
        "shortDescription": (False, "multiformatMessageString"),
        "fullDescription": (False, "multiformatMessageString"),
        "help": (False, "multiformatMessageString"),
        "defaultConfiguration": (False, "reportingConfiguration"),
    },
    "multiformatMessageString": {"text": (True, str), "markdown": (False, str)},
    "reportingConfiguration": {"level": (False, LEVEL)},
    "result": {
        "ruleId": (False, str),
        "ruleIndex": (False, int),
        "level": (False, LEVEL),
        "message": (True, "message"),
        "locations": (False, ["location"]),
        "partialFingerprints": (False, ("map", str)),
        "fixes": (False, ["fix"]),
    },
    "message": {"text": (True, str)},
    "location": {"physicalLocation": (False, "physicalLocation")},
    "physicalLocation": {"artifactLocation": (True, "artifactLocation"), "region": (False, "region")},
    "artifactLocation": {"uri": (False, "uri"), "uriBaseId": (False, str)},
    "region": {
        "startLine": (True, POSITIVE),
        "startColumn": (True, POSITIVE),
        "endLine": (True, POSITIVE),
        "endColumn": (True, POSITIVE),
    },
    "fix": {"description": (False, "message"), "artifactChanges": (True, ["artifactChange"])},
    "artifactChange": {
        "artifactLocation": (True, "artifactLocation"),
        "replacements": (True, ["replacement"]),
    },
    "replacement": {"deletedRegion": (True, "region"), "insertedContent": (False, "artifactContent")},
    "artifactContent": {"text": (True, str)},
}


def demand(value, shape, where="$"):
    if isinstance(shape, list):
        assert isinstance(value, list), where
        for number, item in enumerate(value):
            demand(item, shape[0], f"{where}[{number}]")
    elif isinstance(shape, tuple):
        assert isinstance(value, dict), where
        for key, item in value.items():
            demand(item, shape[1], f"{where}.{key}")
    elif isinstance(shape, str) and shape in SHAPES:
        demand_object(value, SHAPES[shape], where)
    else:
        assert is_plain(value, shape), f"{where}: {value!r}"


def is_plain(value, shape):
    if isinstance(shape, set):
        return value in shape
    if shape == POSITIVE:
        return type(value) is int and value >= 1
    if shape == "uri":
        return URI.fullmatch(value) is not None
    return type(value) is shape


def demand_object(value, shape, where):
    assert isinstance(value, dict), where
    assert value.keys() <= shape.keys(), where
    for name, (required, inner) in shape.items():
        assert name in value or not required, f"{where}.{name}"
        if name in value:
            demand(value[name], inner, f"{where}.{name}")


def log_of(diagnostics, texts=None, base="/w"):
    log = json.loads(json.dumps(sarif_log(diagnostics, texts or {}, base)))
    demand(log, "sarifLog")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:  # 3.27.6: an index has to be that of the id
        if "ruleIndex" in result:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    return run


def error(path="/w/go.mod", span=None, code="syntax", message="m", fix=None, severity=Severity.ERROR):
    return Diagnostic(path, span or Span.at(1), severity, code, message, fix)


def test_every_rule_is_described():
    run = log_of([])
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == {rule.code for rule in RULES}
    assert all(rule["shortDescription"]["text"].endswith(".") for rule in rules)
    assert run["results"] == []
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///w/"}}


def test_a_result():
    (result,) = log_of([error("/w/a/go.mod", Span.at(3, 2, 4), severity=Severity.INFO)])["results"]
    assert (result["ruleId"], result["level"]) == ("syntax", "note")
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a/go.mod", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 3, "startColumn": 2, "endLine": 3, "endColumn": 6},
            }
        }
    ]


def test_a_rule_of_somebody_else_has_no_index():
    (result,) = log_of([error(code="go-says")])["results"]
    assert "ruleIndex" not in result


@pytest.mark.parametrize(
    ("path", "base", "location"),
    [
        ("/w/ü b%/go.mod", "/w", {"uri": "%C3%BC%20b%25/go.mod", "uriBaseId": "%SRCROOT%"}),
        ("/w/\udcff/go.mod", "/w", {"uri": "%FF/go.mod", "uriBaseId": "%SRCROOT%"}),
        ("/w/a:b/go.mod", "/w", {"uri": "a%3Ab/go.mod", "uriBaseId": "%SRCROOT%"}),
        ("/elsewhere/go.mod", "/w", {"uri": "file:///elsewhere/go.mod"}),
        ("/web/go.mod", "/w", {"uri": "file:///web/go.mod"}),
        ("/go.mod", "/", {"uri": "go.mod", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_where_a_file_is(path, base, location):
    run = log_of([error(path)], base=base)
    (result,) = run["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == location
    uri = urllib.parse.urljoin(run["originalUriBaseIds"]["%SRCROOT%"]["uri"], location["uri"])
    assert os.fsdecode(urllib.parse.unquote_to_bytes(urllib.parse.urlsplit(uri).path)) == path


def test_a_fix_of_two_files():
    edits = (
        Edit("/w/go.work", Span.at(1, 4, 4), "1.23"),
        Edit("/w/a/go.mod", Span(Position(2, 1), Position(3, 1)), ""),
        Edit("/w/go.work", Span.at(3, 1), "use ./b\n"),
    )
    (result,) = log_of([error(fix=Fix("Do it", edits))])["results"]
    (fix,) = result["fixes"]
    assert fix["description"] == {"text": "Do it"}
    work, mod = fix["artifactChanges"]
    assert (work["artifactLocation"]["uri"], mod["artifactLocation"]["uri"]) == ("go.work", "a/go.mod")
    made = apply_edits(b"go 1.22\n\n", [edits[0], edits[2]])
    assert [one["insertedContent"]["text"] for one in work["replacements"]] == ["1.23", "use ./b\n"]
    assert replay(b"go 1.22\n\n", work["replacements"]) == made


def replay(data, replacements):
    """Do what a reader of SARIF does with replacements."""
    lines = data.decode().splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    text = data.decode()
    for one in reversed(replacements):
        region = one["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:start] + one["insertedContent"]["text"] + text[end:]
    return text.encode()


def prints(diagnostics, text):
    run = log_of(diagnostics, {"/w/go.mod": text})
    return [result["partialFingerprints"]["codeAndLine/v1"] for result in run["results"]]


def test_fingerprints_stay_when_lines_move_and_tell_results_apart():
    first = prints([error(span=Span.at(2)), error(span=Span.at(3))], b"\nsame\nsame\n")
    moved = prints([error(span=Span.at(3)), error(span=Span.at(4))], b"\n\n  same\nsame\n")
    assert first == moved
    assert len(set(first)) == 2
    assert prints([error(span=Span.at(2))], b"\nother\n") != first[:1]
    assert prints([error(span=Span.at(2), code="duplicate-use")], b"\nsame\n") != first[:1]


def test_bytes_that_are_not_utf_8():
    (result,) = log_of([error(message="bad \udcff")])["results"]
    assert result["message"]["text"] == "bad \ufffd"


def test_check_prints_it(tmp_path, monkeypatch, capsys):
    (tmp_path / "go.work").write_text("go 1.20\n\nuse ./a\n")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--format", "sarif"]) == 1
    log = json.loads(capsys.readouterr().out)
    demand(log, "sarifLog")
    assert [one["ruleId"] for one in log["runs"][0]["results"]] == ["use-missing-module"]
