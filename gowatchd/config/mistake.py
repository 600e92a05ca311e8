"""What is wrong with a configuration file, as a value: where, what stands there, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that makes a file unusable; ``text`` says what is wrong and what would be right.

    ``line`` is 0 and ``key`` empty where it is the whole file; ``value`` is as TOML writes it.
    """

    file: str
    text: str
    line: int = 0
    key: str = ""
    value: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        if not self.key:
            return f"{place}: {self.text}"
        if not self.value:
            return f"{place}: unknown key {self.key}: {self.text}"
        return f"{place}: {self.key} = {self.value}: {self.text}"

    def as_json(self) -> dict[str, object]:
        """Return it as ``config check --json`` prints it."""
        return {
            "file": self.file,
            "line": self.line or None,
            "key": self.key or None,
            "value": self.value or None,
            "message": self.text,
        }


class ConfigError(Exception):
    """A configuration file that cannot be used; the text names file, line, key, value and remedy."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes
