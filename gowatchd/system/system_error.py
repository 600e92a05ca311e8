"""System errors in the words that the go command uses."""

from __future__ import annotations

import os


def error_text(error: OSError) -> str:
    """Return the text of ``error`` as Go prints it: the C library's, begun in lower case."""
    if error.errno is None:
        return str(error)
    text = os.strerror(error.errno)
    return text[:1].lower() + text[1:]
