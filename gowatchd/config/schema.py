"""The JSON Schema of the configuration, from which editors complete keys and check values.

Draft 7 is what taplo reads, the language server behind most editors' TOML.
"""

from __future__ import annotations

import json
from typing import Any

from gowatchd.config.models import Config
from gowatchd.config.shape import keys, sections
from gowatchd.config.template import descriptions

DRAFT = "http://json-schema.org/draft-07/schema#"


def schema() -> dict[str, Any]:
    """Return the schema; it is the same with every pydantic."""
    told = descriptions()
    entries: dict[str, dict[str, Any]] = {}
    for key in keys(Config):
        entry = {**key.shape.schema, "description": told[key.dotted]}
        if key.default is not None:
            entry["default"] = key.default
        entries.setdefault(key.section, {})[key.name] = entry
    return {
        "$schema": DRAFT,
        "title": "The configuration of gowatchd",
        "description": "~/.config/gowatchd/config.toml and /etc/gowatchd/config.toml, see gowatchd.toml(5)",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {
                "type": "object",
                "description": about,
                "additionalProperties": False,
                "properties": entries[name],
            }
            for name, about in sections(Config).items()
        },
    }


def schema_text() -> str:
    """Return the schema as the file config/gowatchd.schema.json has it."""
    return f"{json.dumps(schema(), indent=2, ensure_ascii=False)}\n"
