"""What holds for all tests."""

from __future__ import annotations

import signal

# A job in the background starts with SIGINT ignored, and its children inherit that; some tests interrupt
# theirs. A handler of any kind does not survive exec, so it gives them the default back.
signal.signal(signal.SIGINT, signal.default_int_handler)
