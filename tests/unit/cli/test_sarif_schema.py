"""SARIF 2.1.0: every log validates against the schema of the standard (scripts/fetch-sarif-schema)."""

from __future__ import annotations

import copy
import json

import jsonschema
import pytest

from gowatchd.cli.sarif import sarif_log
from gowatchd.lint.catalog import RULES, check
from gowatchd.services.manual import EXAMPLE_ROOT, example_facts, example_files, example_workspaces, manuals
from tests.support.go import ROOT

SCHEMA = ROOT / "build" / "sarif-2.1.0.json"
MANUALS = [one for one in manuals(RULES) if one.bad]

pytestmark = pytest.mark.skipif(
    not SCHEMA.exists(), reason="build/sarif-2.1.0.json is not there: make setup-test fetches it, with npm"
)


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8-sig"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def log_of(files):
    workspaces = example_workspaces(files)
    found = [one for workspace in workspaces for one in check(workspace, example_facts(files))]
    return sarif_log(found, files, EXAMPLE_ROOT)


@pytest.mark.parametrize("manual", MANUALS, ids=lambda manual: manual.code)
def test_the_bad_example_of_every_rule(validator, manual):
    log = log_of(example_files(manual.bad))
    assert manual.code in {one["ruleId"] for one in log["runs"][0]["results"]}
    validator.validate(log)


def test_nothing_found(validator):
    log = log_of({f"{EXAMPLE_ROOT}/go.mod": b"module example.com/m\n\ngo 1.22\n"})
    assert log["runs"][0]["results"] == []
    validator.validate(log)


def test_files_that_are_odd(validator):
    files = {
        f"{EXAMPLE_ROOT}/\udcff odd%/go.mod": b"module example.com/m\n\nrequire \xff v1\n",
        f"{EXAMPLE_ROOT}/empty/go.mod": b"",
    }
    log = log_of(files)
    assert len(log["runs"][0]["results"]) >= 2
    validator.validate(log)


@pytest.mark.parametrize(
    ("place", "value"),
    [(("version",), "2.0.0"), (("runs", 0, "results", 0, "nonsense"), 1), (("runs", 0, "tool"), {})],
)
def test_the_schema_refuses_what_is_wrong(validator, place, value):
    log = copy.deepcopy(log_of(example_files(MANUALS[0].bad)))
    *way, last = place
    spot = log
    for step in way:
        spot = spot[step]
    spot[last] = value
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(log)
