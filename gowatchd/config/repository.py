"""What a repository's own .gowatchd.toml asks for."""

from __future__ import annotations

import os

from gowatchd.config.mistake import Mistake
from gowatchd.config.models import RepositoryConfig
from gowatchd.config.places import line_of, places
from gowatchd.config.validation import validated
from gowatchd.services.restriction import Restriction


def restriction_in(file: str, text: str) -> Restriction:
    """Return what ``text``, a repository's .gowatchd.toml at ``file``, switches off; raises ConfigError.

    What it would switch on is ignored, and stands in ``problems``.
    """
    config = RepositoryConfig(**validated(file, text, RepositoryConfig))
    return Restriction(
        unformatted=f"{file}: [format] enabled = false" if config.format.enabled is False else "",
        unwatched=f"{file}: [watch] enabled = false" if config.watch.enabled is False else "",
        cross_check=config.check.cross_check is not False,
        disable=frozenset(config.check.disable),
        level=config.notify.level,
        excludes=tuple((os.path.dirname(file), pattern) for pattern in config.watch.exclude),
        problems=tuple(map(str, ignored(file, text, config))),
    )


def ignored(file: str, text: str, config: RepositoryConfig) -> tuple[Mistake, ...]:
    """Return what ``config``, read from ``text`` in ``file``, would switch on."""
    switches = (
        (("watch", "enabled"), config.watch.enabled),
        (("format", "enabled"), config.format.enabled),
        (("check", "cross_check"), config.check.cross_check),
    )
    found = places(text)
    words = "a repository may only switch things off: this is ignored"
    return tuple(
        Mistake(file, words, line_of(found, path), ".".join(path), "true")
        for path, value in switches
        if value
    )
