"""gowatchd.toml(5): every key with its type, its default and its unit, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gowatchd.config.models import Config, RepositoryConfig
from gowatchd.config.shape import Key, keys
from gowatchd.config.toml_file import as_toml
from tests.support.man_page import FOLDER, sections

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = sections("gowatchd.toml.5")
REPOSITORY = PAGE["A REPOSITORY'S OWN FILE"]
UNITS = {"_ms": ", in milliseconds"}  # by the end of a key's name


def kind(schema: Mapping[str, Any]) -> str:
    """Return how the page calls what a value has to be."""
    if "enum" in schema:
        *others, last = (f'"{one}"' for one in schema["enum"])
        return f"{', '.join(others)} or {last}"
    if schema["type"] == "array":
        return "list of strings"
    if schema["type"] == "object":
        return f"table of {kind(schema['additionalProperties']).replace('list', 'lists').removesuffix('s')}s"
    if schema["type"] == "integer":
        return f"number from {schema['minimum']} to {schema['maximum']}"
    return {"boolean": "true or false", "string": "string"}[schema["type"]]


def unit(key: Key) -> str:
    """Return what the page adds to the type of a number that counts something."""
    return next((words for end, words in UNITS.items() if key.name.endswith(end)), "")


@pytest.mark.parametrize("key", tuple(keys(Config)), ids=lambda key: key.dotted)
def test_a_key_stands_with_its_default_type_and_unit(key):
    section = PAGE[f"[{key.section}]"]
    if key.shape.schema["type"] == "object":
        head = f"[{key.dotted}]"
    elif key.default is None:
        head = next((one for one in section.names if one.startswith(f"{key.name} = ")), key.name)
        assert head.rpartition(" ")[2].isalpha(), head  # a word, for there is no default
    else:
        head = f"{key.name} = {as_toml(key.default)}"
    assert (
        section.body(head.replace('"*"', r'"\"'))
        .lower()
        .startswith(f"*{kind(key.shape.schema)}{unit(key)}.*")
    )


@pytest.mark.parametrize("key", tuple(keys(RepositoryConfig)), ids=lambda key: key.dotted)
def test_a_key_of_a_repository_stands_with_its_type(key):
    # what a switch is good for there is to be off
    value = "false" if key.default is None else as_toml(key.default)
    body = REPOSITORY.body(f"[{key.section}] {key.name} = {value}")
    assert body.lower().startswith(f"*{kind(key.shape.schema)}.*")


def test_no_other_key_stands_there():
    listed = [
        name for key in dict.fromkeys(one.section for one in keys(Config)) for name in PAGE[f"[{key}]"].names
    ]
    assert len(listed) == len(list(keys(Config)))
    assert len(REPOSITORY.names) == len(list(keys(RepositoryConfig)))


def test_the_design_lists_every_key():
    design = (FOLDER.parent / "design.md").read_text(encoding="utf-8")
    listed = design.partition("Configuration keys: ")[2].partition("\n\n")[0]
    for part in dict.fromkeys(key.section for key in keys(Config)):
        told = listed.partition(f"[{part}] ")[2].partition("`")[0]
        names = [word.partition(" = ")[0].strip() for word in " ".join(told.split()).split(",")]
        assert names == [key.name for key in keys(Config) if key.section == part]
