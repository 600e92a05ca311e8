"""Writing ``Environment=`` so that systemd reads exactly the same bytes again (systemd.syntax(7))."""

from __future__ import annotations

# What would end the quotes, begin an escape, be a specifier, or end the line. Everything else stands for
# itself: tests/system has nasty values come back byte for byte over D-Bus and in /proc/PID/environ.
_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("%"): "%%", 10: "\\n", 9: "\\t", 13: "\\r"}
_ESCAPES |= {code: f"\\x{code:02x}" for code in (*range(1, 32), 127) if code not in _ESCAPES}

# A value this long is a mistake or data, not a setting; systemd itself fails from 128 KiB on.
LONGEST_VALUE = 4096


class UnquotableError(ValueError):
    """A value that no unit file can hold; the text says why."""


def environment_line(name: str, value: str) -> str:
    """Return the line that sets ``name`` to ``value``.

    Raises UnquotableError for NUL, for bytes that are not UTF-8 and for more than ``LONGEST_VALUE`` bytes.
    """
    if "\0" in value:
        raise UnquotableError(f"{name}: the value holds a NUL, which no environment can")
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise UnquotableError(f"{name}: the value is not UTF-8, and systemd would drop the line") from None
    if size > LONGEST_VALUE:
        raise UnquotableError(f"{name}: the value has {size} bytes, more than a setting ({LONGEST_VALUE})")
    return f'Environment="{name}={value.translate(_ESCAPES)}"'
