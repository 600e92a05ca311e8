"""Imports go downward only, pure packages stay pure, and every module has a name that says something."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "gowatchd"
LAYERS = {
    "translation": 0,
    "modfile": 0,
    "unitfile": 0,
    "style": 1,
    "workspace": 1,
    "lint": 2,
    "services": 3,
    "system": 4,
    "config": 4,
    "repository_files": 5,
    "destinations": 5,
    "unit_knowledge": 5,
    "cli": 6,
    "unit_care": 6,
    "unit_desk": 7,
    "surroundings": 6,
    "foundation": 6,
    "silence": 6,
    "go_use": 7,
    "history_desk": 7,
    "pausing": 5,
    "configuration_watch": 5,
    "settings": 6,
    "lookout": 7,
    "interests": 8,
    "vigil": 9,
    "run": 10,
    "succession": 11,
    "steering": 12,
    "status_board": 12,
    "daemon": 13,
    "__main__": 14,
}
PURE = {"modfile", "unitfile", "style", "workspace", "lint", "services"}
WORLDLY = {"subprocess", "socket", "ctypes", "sqlite3", "signal", "time", "threading", "asyncio"}
BANNED_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "tools", "stuff", "base"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def layer_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downward(module):
    own = layer_of(module)
    for name in imports(module):
        parts = name.split(".")
        if parts[0] == "gowatchd" and len(parts) > 1 and parts[1] in LAYERS:
            other = parts[1]
            assert other == own or LAYERS[other] < LAYERS[own], f"{own} must not import {name}"
        elif own in PURE and parts[0] != "gowatchd":
            assert parts[0] in sys.stdlib_module_names, f"{own} is pure: {name} is not the standard library"
            assert parts[0] not in WORLDLY, f"{own} is pure: {name} belongs into gowatchd.system"


def test_no_grab_bags():
    for path in [*MODULES, *PACKAGE.rglob("*/")]:
        assert path.stem.lower() not in BANNED_NAMES, path


def test_every_module_knows_its_layer():
    assert {layer_of(module) for module in MODULES} - {"__init__"} <= set(LAYERS)
