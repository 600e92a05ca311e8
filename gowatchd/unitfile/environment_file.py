"""Reading what ``EnvironmentFile=`` names, as systemd does (src/basic/env-file.c)."""

from __future__ import annotations

import re
from enum import Enum, auto

from gowatchd.unitfile.expansion import is_name

_NEWLINE = "\n\r"
_BLANK = " \t\n\r"
_NOT_UTF8 = re.compile("[\ud800-\udfff]")
_ESCAPED_IN_QUOTES = '"\\`$'


class _State(Enum):
    BEFORE_KEY = auto()
    KEY = auto()
    BEFORE_VALUE = auto()
    VALUE = auto()
    VALUE_ESCAPE = auto()
    SINGLE = auto()
    DOUBLE = auto()
    DOUBLE_ESCAPE = auto()
    COMMENT = auto()
    COMMENT_ESCAPE = auto()


_IN_VALUE = frozenset(
    {
        _State.BEFORE_VALUE,
        _State.VALUE,
        _State.VALUE_ESCAPE,
        _State.SINGLE,
        _State.DOUBLE,
        _State.DOUBLE_ESCAPE,
    }
)


class EnvironmentFileError(ValueError):
    """A file that systemd refuses as a whole: a byte of it is NUL or part of no UTF-8."""


def parse_environment_file(text: str) -> dict[str, str]:
    """Return the variables that ``text`` sets; lines that systemd ignores (``export X=1``) are ignored.

    Nothing is expanded. Where a name comes twice the later one counts. After a comment that ends in a
    backslash the next line counts, as since systemd 254; an older one takes it for more of the comment.
    Raises EnvironmentFileError; bytes that are not UTF-8 are expected as surrogates (PEP 383).
    """
    if "\0" in text:
        raise EnvironmentFileError("a NUL in it")
    reader = _Reader()
    for char in text:
        reader.feed(char)
    reader.end()
    return reader.values


class _Reader:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._state = _State.BEFORE_KEY
        self._key: list[str] = []
        self._value: list[str] = []
        self._solid = 0  # how much of the value stands before trailing blanks
        self._steps = {
            _State.BEFORE_KEY: self._before_key,
            _State.KEY: self._in_key,
            _State.BEFORE_VALUE: self._before_value,
            _State.VALUE: self._in_value,
            _State.VALUE_ESCAPE: self._value_escape,
            _State.SINGLE: self._in_single,
            _State.DOUBLE: self._in_double,
            _State.DOUBLE_ESCAPE: self._double_escape,
            _State.COMMENT: self._in_comment,
            _State.COMMENT_ESCAPE: self._comment_escape,
        }

    def feed(self, char: str) -> None:
        """Take one more character."""
        self._steps[self._state](char)

    def end(self) -> None:
        """Take the end of the file."""
        if self._state in _IN_VALUE:
            self._store()

    def _store(self) -> None:
        name = "".join(self._key).rstrip(_BLANK)
        if self._state is _State.VALUE:
            del self._value[self._solid :]
        value = "".join(self._value)
        if _NOT_UTF8.search(name) or _NOT_UTF8.search(value):
            raise EnvironmentFileError("not UTF-8")
        if is_name(name):
            self.values[name] = value
        self._key, self._value, self._solid = [], [], 0
        self._state = _State.BEFORE_KEY

    def _before_key(self, char: str) -> None:
        if char in "#;":
            self._state = _State.COMMENT
        elif char not in _BLANK:
            self._key.append(char)
            self._state = _State.KEY

    def _in_key(self, char: str) -> None:
        if char in _NEWLINE:
            self._key = []
            self._state = _State.BEFORE_KEY
        elif char == "=":
            self._state = _State.BEFORE_VALUE
        else:
            self._key.append(char)

    def _before_value(self, char: str) -> None:
        if char in _NEWLINE:
            self._store()
        elif char == "'":
            self._state = _State.SINGLE
        elif char == '"':
            self._state = _State.DOUBLE
        elif char == "\\":
            self._state = _State.VALUE_ESCAPE
        elif char not in _BLANK:
            self._state = _State.VALUE
            self._add(char)

    def _in_value(self, char: str) -> None:
        if char in _NEWLINE:
            self._store()
        elif char == "\\":
            self._solid = len(self._value)
            self._state = _State.VALUE_ESCAPE
        else:
            self._value.append(char)
            if char not in _BLANK:
                self._solid = len(self._value)

    def _value_escape(self, char: str) -> None:
        self._state = _State.VALUE
        if char not in _NEWLINE:
            self._add(char)

    def _in_single(self, char: str) -> None:
        if char == "'":
            self._state = _State.BEFORE_VALUE
        else:
            self._add(char)

    def _in_double(self, char: str) -> None:
        if char == '"':
            self._state = _State.BEFORE_VALUE
        elif char == "\\":
            self._state = _State.DOUBLE_ESCAPE
        else:
            self._add(char)

    def _double_escape(self, char: str) -> None:
        self._state = _State.DOUBLE
        if char in _ESCAPED_IN_QUOTES:
            self._add(char)
        elif char != "\n":
            self._value.append("\\")
            self._add(char)

    def _in_comment(self, char: str) -> None:
        if char == "\\":
            self._state = _State.COMMENT_ESCAPE
        elif char in _NEWLINE:
            self._state = _State.BEFORE_KEY

    def _comment_escape(self, char: str) -> None:
        self._state = _State.BEFORE_KEY if char in _NEWLINE else _State.COMMENT

    def _add(self, char: str) -> None:
        self._value.append(char)
        self._solid = len(self._value)
