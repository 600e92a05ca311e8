"""The JSON Schemas of the configuration, from which editors complete keys and check values.

Draft 7 is what taplo reads, the language server behind most editors' TOML.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gowatchd.config.models import Config, RepositoryConfig
from gowatchd.config.shape import keys, sections
from gowatchd.config.template import descriptions

if TYPE_CHECKING:
    from pydantic import BaseModel

DRAFT = "http://json-schema.org/draft-07/schema#"

# The example shows what a person sets; these are the same keys from the side of a repository.
OF_REPOSITORY = {
    "watch.enabled": "With false, nothing is watched here. A repository can only switch things off.",
    "watch.exclude": "Folders here to leave out: glob patterns against the folder's name, or its path when"
    " the pattern has a slash; one that begins with a slash counts from this file's folder.",
    "format.enabled": "With false, nothing is formatted here when it is saved; it is still checked.",
    "check.cross_check": "With false, the real go is not asked here after a save.",
    "check.disable": "Codes of diagnostics not to report here.",
    "notify.level": "The most to tell of workspaces here; a person's own lower level stands.",
}


def schema() -> dict[str, Any]:
    """Return the schema of a person's file, or the administrator's; it is the same with every pydantic."""
    about = "~/.config/gowatchd/config.toml and /etc/gowatchd/config.toml, see gowatchd.toml(5)"
    return _schema(Config, descriptions(), "The configuration of gowatchd", about)


def repository_schema() -> dict[str, Any]:
    """Return the schema of a repository's .gowatchd.toml."""
    about = "What gowatchd leaves alone below this file, see gowatchd.toml(5)"
    return _schema(RepositoryConfig, OF_REPOSITORY, "A repository's .gowatchd.toml", about)


def as_text(described: dict[str, Any]) -> str:
    """Return a schema as its file has it."""
    return f"{json.dumps(described, indent=2, ensure_ascii=False)}\n"


def _schema(model: type[BaseModel], told: dict[str, str], title: str, about: str) -> dict[str, Any]:
    entries: dict[str, dict[str, Any]] = {}
    for key in keys(model):
        entry = {**key.shape.schema, "description": told[key.dotted]}
        if key.default is not None:
            entry["default"] = key.default
        entries.setdefault(key.section, {})[key.name] = entry
    return {
        "$schema": DRAFT,
        "title": title,
        "description": about,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {
                "type": "object",
                "description": what,
                "additionalProperties": False,
                "properties": entries[name],
            }
            for name, what in sections(model).items()
        },
    }
