"""Text as D-Bus takes it: valid UTF-8 without NUL (specification, "Marshaling (Wire Format)")."""

from __future__ import annotations

import json
import re

# A surrogate is a byte of a path that is not UTF-8 (os.fsdecode); GLib ends the process over one.
FORBIDDEN = re.compile("[\0\ud800-\udfff]")


def clean(text: str) -> str:
    """Return ``text`` with U+FFFD for each character that D-Bus refuses."""
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def to_json(value: object) -> str:
    """Return ``value`` as JSON that D-Bus takes, in UTF-8 rather than with escapes."""
    return clean(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
