"""Holds what a file says against the models, and explains each mistake in words of our own.

pydantic finds the mistakes; its words for them change from release to release and are about Python.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from gowatchd.config.mistake import ConfigError, Mistake
from gowatchd.config.places import line_of, places
from gowatchd.config.shape import SECTION, keys
from gowatchd.config.toml_file import as_key, as_toml, parse
from gowatchd.services.editor_command import template_problem, words_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from gowatchd.config.places import Path

VALUE_LENGTH = 80  # characters of a value in a message: the line is named, and has all of it

MISTAKES_MOST = 100  # of one file that are explained, each by comparing it with what there is

NUL = "no path, variable or argument can hold the character NUL: take it out"


def validated(file: str, text: str, model: type[BaseModel]) -> dict[str, Any]:
    """Return the values in ``text``, which ``file`` holds, if ``model`` takes them; raises ConfigError."""
    values = parse(file, text)
    try:
        model(**values)
    except ValidationError as error:
        explaining = _Explaining(file, values, model, places(text))
        mistakes = dict.fromkeys(explaining.mistake(item) for item in error.errors()[:MISTAKES_MOST])
        raise ConfigError(*sorted(mistakes, key=lambda one: one.line)) from error
    mistakes = dict.fromkeys((*_nuls(file, text, values), *_programs_that_cannot_start(file, text, values)))
    if mistakes:
        raise ConfigError(*mistakes)
    return values


def _nuls(file: str, text: str, value: object, path: Path = ()) -> Iterator[Mistake]:
    """Yield what holds a character that no path, variable or argument can have: system calls raise for it."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _nuls(file, text, name, (*path, name))
            yield from _nuls(file, text, one, (*path, name))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _nuls(file, text, one, (*path, index))
    elif isinstance(value, str) and "\0" in value:
        key = ".".join(as_key(part) for part in path if isinstance(part, str))
        yield Mistake(file, NUL, line_of(places(text), path), key, as_toml(value))


def _programs_that_cannot_start(file: str, text: str, values: dict[str, Any]) -> Iterator[Mistake]:
    for name, problem_of in (("editor", template_problem), ("terminal", words_problem)):
        value = values.get("notify", {}).get(name)
        if value is not None and (problem := problem_of(value)):
            line = line_of(places(text), ("notify", name))
            yield Mistake(file, problem, line, f"notify.{name}", as_toml(value))


class _Explaining:
    def __init__(
        self, file: str, values: dict[str, Any], model: type[BaseModel], found: dict[Path, int]
    ) -> None:
        self._file = file
        self._values = values
        self._keys = tuple(keys(model))
        self._found = found

    def mistake(self, item: Any) -> Mistake:  # noqa: ANN401 - pydantic's own dict
        """Return what pydantic says in ``item``."""
        path = self._there(item["loc"])
        line = line_of(self._found, path)
        key = ".".join(as_key(part) for part in path if isinstance(part, str))
        if "extra" in item["type"]:
            return Mistake(self._file, self._hint(path), line, key)
        value: Any = self._values
        for part in path[: 3 if self._is_table(path) else 2]:  # of a list, show all
            value = value[part]
        written = as_toml(value)
        if len(written) > VALUE_LENGTH:
            written = f"{written[: VALUE_LENGTH - 3]}..."
        return Mistake(self._file, f"must be {self._words(path)}", line, key, written)

    def _there(self, location: tuple[str | int, ...]) -> Path:
        """Return as much of ``location`` as leads to something in the file."""
        value: Any = self._values
        path: Path = ()
        for part in location:
            inside = isinstance(value, dict) and part in value
            inside = inside or (isinstance(value, list) and isinstance(part, int) and part < len(value))
            if not inside:
                break
            value = value[part]
            path = (*path, part)
        return path

    def _is_table(self, path: Path) -> bool:
        """Say whether ``path`` leads into a table whose keys are the person's own."""
        return len(path) > 2 and isinstance(path[2], str)

    def _words(self, path: Path) -> str:
        if len(path) == 1:
            return SECTION.words.format(name=path[0])
        (key,) = (one for one in self._keys if (one.section, one.name) == path[:2])
        entries = key.shape.schema.get("additionalProperties")
        if entries is not None and self._is_table(path):
            return key.shape.words.removeprefix("a table, each of its values ")
        return key.shape.words

    def _hint(self, path: Path) -> str:
        """Return what an unknown key was meant to be, or what there is."""
        *section, name = map(str, path)
        here = [one.name for one in self._keys if [one.section] == section]
        if not section:
            here = list(dict.fromkeys(one.section for one in self._keys))
        if close := difflib.get_close_matches(name, here, n=1):
            return f"did you mean {close[0]}?"
        elsewhere = {one.name: one for one in reversed(self._keys)}
        if close := difflib.get_close_matches(name, elsewhere, n=1, cutoff=0.8):
            one = elsewhere[close[0]]
            return f"did you mean {one.name} in [{one.section}]?"
        return f"known here: {', '.join(here)}"
