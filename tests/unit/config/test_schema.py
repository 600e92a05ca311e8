"""The example and the JSON Schema: up to date, and of one mind with what gowatchd takes."""

from __future__ import annotations

import sys
from pathlib import Path

import jsonschema
import pytest

from gowatchd.config.loading import load
from gowatchd.config.mistake import ConfigError
from gowatchd.config.models import Config, RepositoryConfig
from gowatchd.config.schema import as_text, repository_schema, schema
from gowatchd.config.shape import keys
from gowatchd.config.template import descriptions, example, to_begin_from
from gowatchd.config.validation import validated

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[3]


def test_the_shipped_example_holds_every_key_with_its_default():
    assert load((str(ROOT / "config/gowatchd.toml"),)) == Config()
    text = example()
    assert text == (ROOT / "config/gowatchd.toml").read_text()
    set_there = tomllib.loads(text)
    for key in keys(Config):
        assert (key.name in set_there[key.section]) == (key.default not in (None, {})), key.dotted


def test_every_key_is_described():
    told = descriptions()
    for key in keys(Config):
        assert told[key.dotted].endswith((".", "?")), key.dotted
        assert len(told[key.dotted]) > 20
    assert told["env.values"].startswith("Values that win over those of the login shell.")


def test_what_a_person_begins_from_sets_nothing_and_shows_everything():
    text = to_begin_from()
    assert tomllib.loads(text) == {section: {} for section in tomllib.loads(example())}
    uncommented = "".join(f"{line.removeprefix('# ')}\n" for line in text.splitlines() if " = " in line)
    assert uncommented.count('"~"') == 1
    for key in keys(Config):
        assert f"# {key.name} = " in text or f"# [{key.dotted}]" in text


def test_the_shipped_schema_is_up_to_date_and_a_schema():
    for name, one in (("gowatchd", schema()), ("gowatchd-repository", repository_schema())):
        file = ROOT / f"config/{name}.schema.json"
        assert file.read_text() == as_text(one), "run scripts/make-config-schema"
        jsonschema.Draft7Validator.check_schema(one)
        assert all(section["description"] for section in one["properties"].values())
    assert example().startswith("#:schema /usr/share/gowatchd/gowatchd.schema.json\n")


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (example(), True),
        (to_begin_from(), True),
        ("", True),
        ('[watch]\nroots = []\nbudget = 1\n[check]\ngo = "/go"\n', True),
        ('[env.values]\nA = "1"\n[env.required]\n"s*" = ["A"]\n', True),
        ("[format]\nsettle_ms = 60000\n", True),
        ("[format]\nsettle_ms = 60001\n", False),
        ("[format]\nsettle_ms = -1\n", False),
        ("[format]\nsettle_ms = 1.5\n", False),
        ('[format]\nsettle_ms = "1"\n', False),
        ("[format]\nsettle_ms = true\n", False),
        ("[format]\nsetle_ms = 1\n", False),
        ("[format]\nenabled = 1\n", False),
        ('[format]\nindent = "4-space"\n', False),
        ("[watch]\nbudget = 0\n", False),
        ('[watch]\nroots = "~"\n', False),
        ("[watch]\nroots = [1]\n", False),
        ("[env.values]\nA = 1\n", False),
        ('[env.required]\n"s*" = "A"\n', False),
        ("watch = 1\n", False),
        ("[other]\n", False),
        ("[check]\ngo = 1\n", False),
    ],
)
def test_the_schema_takes_what_gowatchd_takes(text, good):
    assert jsonschema.Draft7Validator(schema()).is_valid(tomllib.loads(text)) == good
    if good:
        validated("f", text, Config)
    else:
        with pytest.raises(ConfigError):
            validated("f", text, Config)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("[watch]\nenabled = false\nexclude = ['gen']\n[notify]\nlevel = 'off'\n", True),
        ("[format]\nenabled = true\n", True),
        ("[format]\nsettle_ms = 1\n", False),
        ("[watch]\nroots = []\n", False),
        ("[check]\ncross_check = 0\n", False),
        ("[env]\n", False),
    ],
)
def test_the_schema_of_a_repository_takes_what_gowatchd_takes(text, good):
    assert jsonschema.Draft7Validator(repository_schema()).is_valid(tomllib.loads(text)) == good
    if good:
        validated("f", text, RepositoryConfig)
    else:
        with pytest.raises(ConfigError):
            validated("f", text, RepositoryConfig)
