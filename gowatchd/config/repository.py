"""What a repository's own .gowatchd.toml asks for."""

from __future__ import annotations

import os

from gowatchd.config.models import RepositoryConfig
from gowatchd.config.places import line_of, places
from gowatchd.config.validation import validated
from gowatchd.services.restriction import Restriction


def restriction_in(file: str, text: str) -> Restriction:
    """Return what ``text``, a repository's .gowatchd.toml at ``file``, switches off; raises ConfigError.

    What it would switch on is ignored, and stands in ``problems``.
    """
    config = RepositoryConfig(**validated(file, text, RepositoryConfig))
    switches = (
        (("watch", "enabled"), config.watch.enabled),
        (("format", "enabled"), config.format.enabled),
        (("check", "cross_check"), config.check.cross_check),
    )
    found = places(text)
    problems = tuple(
        f"{file}:{line_of(found, keys)}: {'.'.join(keys)} = true: a repository may only switch things off:"
        " this is ignored"
        for keys, value in switches
        if value
    )
    return Restriction(
        unformatted=f"{file}: [format] enabled = false" if config.format.enabled is False else "",
        unwatched=f"{file}: [watch] enabled = false" if config.watch.enabled is False else "",
        cross_check=config.check.cross_check is not False,
        disable=frozenset(config.check.disable),
        level=config.notify.level,
        excludes=tuple((os.path.dirname(file), pattern) for pattern in config.watch.exclude),
        problems=problems,
    )
