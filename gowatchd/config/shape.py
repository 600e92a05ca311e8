"""What a key takes, as a value: for the words of a message and for the JSON Schema.

It is read from the annotations of the models and not from pydantic's own schema, which says the same thing in
another way in every release.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StrictBool, StrictStr

from gowatchd.config.models import LONGEST_SETTLE, MOST_WATCHES, Count, Milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

RANGES = ((Milliseconds, (0, LONGEST_SETTLE)), (Count, (1, MOST_WATCHES)))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value has to be: ``words`` go after "must be", ``schema`` is its JSON Schema."""

    words: str
    schema: dict[str, Any]


TEXT = Shape("a string, in quotes", {"type": "string"})
SWITCH = Shape("true or false", {"type": "boolean"})
SECTION = Shape("a section: [{name}] on a line of its own, and its keys below", {"type": "object"})
STRINGS = Shape('a list of strings, such as ["a", "b"]', {"type": "array", "items": TEXT.schema})


@dataclass(frozen=True, slots=True)
class Key:
    """One key: ``section`` and ``name`` as they stand in the file, its default, and what it takes."""

    section: str
    name: str
    default: object
    shape: Shape

    @property
    def dotted(self) -> str:
        """The key with its section, as messages name it."""
        return f"{self.section}.{self.name}"


def keys(model: type[BaseModel]) -> Iterator[Key]:
    """Yield every key below the sections of ``model``, in their order."""
    defaults = model()
    for section, part in _fields(model).items():
        for name, annotation in _fields(part).items():
            yield Key(section, name, getattr(getattr(defaults, section), name), shape_of(annotation))


def sections(model: type[BaseModel]) -> dict[str, str]:
    """Return what each section of ``model`` is about, by its name."""
    parts = _fields(model).items()
    return {name: str(part.__doc__).partition(": ")[2].capitalize() for name, part in parts}


def shape_of(annotation: Any) -> Shape:  # noqa: ANN401 - an annotation may be anything
    """Return what a key of this annotation takes."""
    for alias, (least, most) in RANGES:
        if annotation is alias or annotation == alias:
            return Shape(
                f"a whole number from {least} to {most}",
                {"type": "integer", "minimum": least, "maximum": most},
            )
    if annotation in {StrictStr, StrictBool}:
        return TEXT if annotation is StrictStr else SWITCH
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        quoted = [f'"{one}"' for one in inside]
        return Shape(f"{', '.join(quoted[:-1])} or {quoted[-1]}", {"type": "string", "enum": list(inside)})
    if origin is Union:  # Optional: TOML has no null, so the key is simply not there
        return shape_of(inside[0])
    if origin is tuple:
        return STRINGS
    return _table(shape_of(inside[1]))


def _table(entry: Shape) -> Shape:
    return Shape(
        f"a table, each of its values {entry.words}",
        {"type": "object", "additionalProperties": entry.schema},
    )


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.__annotations__}
