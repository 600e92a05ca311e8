"""Text from outside (file names, other programs' words) as one harmless line."""

from __future__ import annotations


def escape(text: str) -> str:
    r"""Return ``text`` with every character written out that is not printable, such as ``\x1b`` and ``\n``.

    That takes in whatever a terminal or a log obeys, direction overrides too; a byte that was not UTF-8
    becomes ``\xNN``. A backslash stays as it is: this is for people to read.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _written_out(one) for one in text)


def shorten(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of ``text``, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _written_out(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # how os.fsdecode keeps a byte that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
