"""Words, operators and variables of a shell script (POSIX XCU 2), as far as a line of a unit needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# The deepest nesting of $( ) that is followed: nobody reads a deeper one.
DEEPEST = 8

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = re.compile(r"[#!]?([A-Za-z_][A-Za-z0-9_]*)(:?[-+=?])?")
_SEPARATORS = ";&|()\n"
_REDIRECTION = re.compile(r"<<<|<<-?|<>|[<>]&|>>|>\||[<>]")
_BLANKS = " \t"


@dataclass(slots=True)
class Use:
    """A variable that a word refers to; ``optional`` where it says what stands there without it."""

    name: str
    optional: bool


@dataclass(slots=True)
class Word:
    """One word: ``text`` as far as it is literal, ``plain`` where all of it is, and the variables in it."""

    text: str = ""
    plain: bool = True
    uses: list[Use] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)  # scripts in $( ) and backquotes


@dataclass(slots=True)
class Operator:
    """What stands between words: the end of a command (``&&``, a newline), or a ``redirection``."""

    redirection: bool


class ShellReader:
    """Splits a script into words and operators."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._at = 0
        self._word: Word | None = None
        self.tokens: list[Word | Operator] = []

    def read(self) -> list[Word | Operator]:
        """Return the tokens of the whole script."""
        while self._at < len(self._script):
            char = self._script[self._at]
            if char in _BLANKS:
                self._end_word()
                self._at += 1
            elif char in _SEPARATORS:
                self._separator()
            elif (redirection := _REDIRECTION.match(self._script, self._at)) is not None:
                self._end_word()
                self._at = redirection.end()
                self.tokens.append(Operator(redirection=True))
            elif char == "#" and self._word is None:
                end = self._script.find("\n", self._at)
                self._at = len(self._script) if end < 0 else end
            else:
                self._piece(self._open(), char)
        self._end_word()
        return self.tokens

    def _open(self) -> Word:
        if self._word is None:
            self._word = Word()
        return self._word

    def _end_word(self) -> None:
        if self._word is not None:
            self.tokens.append(self._word)
            self._word = None

    def _separator(self) -> None:
        self._end_word()
        while self._at < len(self._script) and self._script[self._at] in _SEPARATORS:
            self._at += 1
        self.tokens.append(Operator(redirection=False))

    def _piece(self, word: Word, char: str) -> None:
        if char == "'":
            end = self._script.find("'", self._at + 1)
            end = len(self._script) if end < 0 else end
            word.text += self._script[self._at + 1 : end]
            self._at = end + 1
        elif char == '"':
            self._at += 1
            self._quoted(word)
        else:
            self._common(word, char)

    def _quoted(self, word: Word) -> None:
        while self._at < len(self._script) and self._script[self._at] != '"':
            self._common(word, self._script[self._at])
        self._at += 1

    def _common(self, word: Word, char: str) -> None:
        """Take what means the same in double quotes and outside of quotes."""
        if char == "\\":
            following = self._script[self._at + 1 : self._at + 2]
            word.text += "" if following == "\n" else following
            self._at += 2
        elif char == "`":
            end = self._script.find("`", self._at + 1)
            end = len(self._script) if end < 0 else end
            self._substitute(word, self._script[self._at + 1 : end], end + 1)
        elif char == "$":
            self._dollar(word)
        else:
            word.text += char
            self._at += 1

    def _dollar(self, word: Word) -> None:
        rest = self._script[self._at + 1 : self._at + 2]
        if rest == "(":
            end = self._closing(self._at + 1)
            self._substitute(word, self._script[self._at + 2 : end], end + 1)
        elif rest == "{":
            end = self._script.find("}", self._at)
            end = len(self._script) if end < 0 else end
            inside = _BRACED.match(self._script, self._at + 2, end)
            if inside is not None:
                word.uses.append(Use(inside[1], optional=(inside[2] or "").lstrip(":") in {"-", "+", "="}))
            word.plain = False
            self._at = end + 1
        elif (name := _NAME.match(self._script, self._at + 1)) is not None:
            word.uses.append(Use(name[0], optional=False))
            word.plain = False
            self._at = name.end()
        else:
            word.plain = False  # $1, $?, $$ and a lone dollar
            self._at += 2

    def _substitute(self, word: Word, script: str, end: int) -> None:
        word.inner.append(script)
        word.plain = False
        self._at = end

    def _closing(self, opening: int) -> int:
        depth = 0
        for at in range(opening, len(self._script)):
            depth += {"(": 1, ")": -1}.get(self._script[at], 0)
            if depth == 0:
                return at
        return len(self._script)
