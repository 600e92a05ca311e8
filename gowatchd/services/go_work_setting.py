"""What stands where GOWORK points: a rule may not look, and the file comes and goes without go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.services.ports import Look

if TYPE_CHECKING:
    from gowatchd.lint.facts import Facts
    from gowatchd.services.ports import Files


def with_gowork(facts: Facts, files: Files) -> Facts:
    """Return ``facts`` with what the system says, now, of the file that GOWORK names."""
    setting = facts.environment.gowork
    if not setting.startswith("/"):
        return facts
    look = files.read(setting).look
    if look is Look.MISSING:
        trouble = f"open {setting}: no such file or directory"
    elif look is Look.DENIED:
        trouble = f"open {setting}: permission denied"
    elif look is Look.SPECIAL and files.is_directory(setting):
        trouble = f"read {setting}: is a directory"
    else:
        trouble = ""
    return replace(facts, environment=replace(facts.environment, gowork_trouble=trouble))
