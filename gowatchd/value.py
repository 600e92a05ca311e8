"""Values: classes made of their fields, frozen and with slots, at a fraction of a dataclass's price.

``@value`` means what ``@dataclass(frozen=True, slots=True)`` means, ``field`` and ``replace`` what they mean
in ``dataclasses``, as far as it is used here. The reason is the start of the programs: ``dataclasses``
imports ``inspect`` and compiles six functions a class, which was a third of what ``gowatchctl check`` needed
before it could begin (docs/adr/0006-values-instead-of-dataclasses.md). A class here compiles one function;
the others are shared.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_options: object) -> Callable[[Any], Any]:
        """Do nothing: only type checkers read it, and ``typing`` has it from Python 3.11 on."""
        return lambda function: function


T = TypeVar("T")

_ABSENT: Any = object()  # what stands for an argument that was not given, where a factory makes it


class _Field:
    """What ``field`` says of a field."""

    __slots__ = ("default_factory", "init")

    def __init__(self, default_factory: Callable[[], Any] | None, init: bool) -> None:  # noqa: FBT001 its own
        self.default_factory = default_factory
        self.init = init


def field(*, default_factory: Callable[[], Any] | None = None, init: bool = True) -> Any:  # noqa: ANN401 any
    """Declare a field that ``default_factory`` makes, or, without ``init``, one that ``__post_init__`` sets.

    The latter belongs neither to what is compared nor to what is shown.
    """
    return _Field(default_factory, init)


@overload
def value(cls: type[T], /) -> type[T]: ...
@overload
def value(*, eq: bool = True, order: bool = False, frozen: bool = True) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(
    cls: type[T] | None = None, /, *, eq: bool = True, order: bool = False, frozen: bool = True
) -> type[T] | Callable[[type[T]], type[T]]:
    """Give a class the methods that its annotated fields call for; ``eq=False`` compares by identity."""
    if cls is not None:
        return _made(cls, eq, order, frozen)
    return lambda given: _made(given, eq, order, frozen)


def replace(one: T, **changes: object) -> T:
    """Return a copy of the value ``one`` in which the fields of ``changes`` are others."""
    for name in one._arguments_:  # type: ignore[attr-defined]
        if name not in changes:
            changes[name] = getattr(one, name)
    return type(one)(**changes)


def _made(cls: type[Any], eq: bool, order: bool, frozen: bool) -> type[Any]:  # noqa: FBT001 as value takes them
    """Return ``cls`` anew: a class gets its slots when it is made, and at no other time."""
    names = tuple(cls.__annotations__)
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    derived = {name for name, one in defaults.items() if isinstance(one, _Field) and not one.init}
    arguments = tuple(name for name in names if name not in derived)
    body = {name: one for name, one in cls.__dict__.items() if name not in defaults}
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    get = attrgetter(*arguments) if arguments else _nothing
    for name, method in _methods(cls.__name__, arguments, get, eq=eq, order=order, frozen=frozen).items():
        body.setdefault(name, method)
    if not (eq and "__hash__" in cls.__dict__):
        body["__hash__"] = _hash_with(get) if eq and frozen else None if eq else object.__hash__
    made = type(cls.__name__, cls.__bases__, {**body, "__slots__": names, "_arguments_": arguments})
    made.__qualname__ = cls.__qualname__
    initialiser = _initialiser(made, arguments, defaults, frozen=frozen)
    type.__setattr__(made, "__init__", initialiser)
    return made


def _initialiser(
    made: type[Any], arguments: tuple[str, ...], defaults: dict[str, Any], *, frozen: bool
) -> Callable[..., None]:
    """Compile ``__init__``; that of a frozen class goes past ``__setattr__`` straight to the slots."""
    names: dict[str, Any] = {"_absent": _ABSENT}
    parameters, lines = ["self"], []
    for name in arguments:
        names[f"_set_{name}"] = made.__dict__[name].__set__
        default = defaults.get(name, _ABSENT)
        given = name
        if isinstance(default, _Field):
            names[f"_make_{name}"], default = default.default_factory, _ABSENT
            given = f"_make_{name}() if {name} is _absent else {name}"
            parameters.append(f"{name}=_absent")
        elif name in defaults:
            names[f"_default_{name}"] = default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        lines.append(f" _set_{name}(self, {given})" if frozen else f" self.{name} = {given}")
    if hasattr(made, "__post_init__"):
        lines.append(" self.__post_init__()")
    text = f"def __init__({', '.join(parameters)}):\n" + ("\n".join(lines) or " pass")
    exec(text, names)  # noqa: S102 as dataclasses does: nothing in the text comes from outside
    initialiser: Callable[..., None] = names["__init__"]
    initialiser.__qualname__ = f"{made.__qualname__}.__init__"
    return initialiser


def _methods(
    name: str, arguments: tuple[str, ...], get: Callable[[Any], Any], *, eq: bool, order: bool, frozen: bool
) -> dict[str, Any]:
    def __repr__(self: Any) -> str:  # noqa: ANN401, N807 a method of any value
        return f"{name}({', '.join(f'{one}={getattr(self, one)!r}' for one in arguments)})"

    def __eq__(self: Any, other: object) -> bool:  # noqa: ANN401, N807 as above
        return get(self) == get(other) if type(other) is type(self) else NotImplemented

    def __lt__(self: Any, other: object) -> bool:  # noqa: ANN401, N807 as above
        return get(self) < get(other) if type(other) is type(self) else NotImplemented

    def __le__(self: Any, other: object) -> bool:  # noqa: ANN401, N807 as above
        return get(self) <= get(other) if type(other) is type(self) else NotImplemented

    methods: dict[str, Any] = {"__repr__": __repr__}
    if eq:
        methods["__eq__"] = __eq__
    if order:  # Python turns a > b into b < a
        methods.update(__lt__=__lt__, __le__=__le__)
    if frozen:
        methods.update(__setattr__=_refuse, __delattr__=_refuse)
    return methods


def _hash_with(get: Callable[[Any], Any]) -> Callable[[Any], int]:
    return lambda self: hash(get(self))


def _nothing(_value: object) -> tuple[()]:
    return ()


def _refuse(self: object, name: str, *_new: object) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: its {name} stays as it is")
