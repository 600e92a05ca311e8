"""Our file in environment.d(5): variables for everything that the user manager starts, and PATH's folders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.unitfile.drop_in import is_ours, seal
from gowatchd.unitfile.environment_file import parse_environment_file
from gowatchd.unitfile.expansion import is_name
from gowatchd.unitfile.quoting import LONGEST_VALUE, UnquotableError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Sorts after 99-environment.conf: on Ubuntu that is /etc/environment, and sets PATH.
NAME = "99-gowatchd.conf"
FOLDER = "environment.d"

# With nothing in the place of a PATH that nobody set, the current folder would be on it: an empty entry.
_PATH = "${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"

# env-file.c reads these in double quotes behind a backslash; a $ that is doubled outlives the expansion.
_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("`"): "\\`", ord("$"): "$$"}

_HEAD = """\
# Written by gowatchd because you asked for it: systemd reads it at its start and at each daemon-reload.
# "gowatchctl env --shared --undo" takes it back. Change it and gowatchd leaves it alone from then on.
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the file sets: ``values`` by name, and the folders that stand ``first`` and ``last`` on PATH."""

    values: Mapping[str, str] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that is set, sorted."""
        return tuple(sorted({*self.values, *(("PATH",) if self.first or self.last else ())}))

    def holds(self, environment: Mapping[str, str]) -> str | None:
        """Return the name of a variable that is otherwise in ``environment``; None if there is none."""
        for name, value in sorted(self.values.items()):
            if environment.get(name) != value:
                return name
        on_path = environment.get("PATH", "").split(":")
        return None if set(self.first + self.last) <= set(on_path) else "PATH"


def render(shared: Shared) -> str:
    """Return the file; raises quoting.UnquotableError."""
    lines = [f'{name}="{_quoted(name, value)}"' for name, value in sorted(shared.values.items())]
    if shared.first or shared.last:
        first, last = ([_quoted("PATH", one) for one in some] for some in (shared.first, shared.last))
        lines.append(f'PATH="{":".join([*first, _PATH, *last])}"')
    body = "".join(f"{line}\n" for line in lines)
    return f"{_HEAD}{seal(body)}{body}"


def read(text: str) -> Shared | None:
    """Return what a file of ours sets, or None where ``text`` is none of ours."""
    if not is_ours(text):
        return None
    values = parse_environment_file(text)
    path = values.pop("PATH", "")
    plain = {name: value.replace("$$", "$") for name, value in values.items()}
    first, found, last = path.partition(_PATH)
    return Shared(plain, *(_folders(one) for one in (first if found else "", last)))


def _folders(path: str) -> tuple[str, ...]:
    return tuple(one.replace("$$", "$") for one in path.split(":") if one)


def _quoted(name: str, value: str) -> str:
    if not is_name(name):
        raise UnquotableError(f"{name!r} is no name of a variable: letters, digits and _")
    if not value:
        raise UnquotableError(f"{name}: systemd ignores an empty value there")
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise UnquotableError(f"{name}: a value for all programs holds no line breaks or control characters")
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise UnquotableError(f"{name}: the value is not UTF-8, and systemd would drop the line") from None
    if size > LONGEST_VALUE:
        raise UnquotableError(f"{name}: the value has {size} bytes, more than a setting ({LONGEST_VALUE})")
    return value.translate(_ESCAPES)
