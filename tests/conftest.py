"""What holds for all tests."""

from __future__ import annotations

import os
import signal

# A job in the background starts with SIGINT ignored, and its children inherit that; some tests interrupt
# theirs. A handler of any kind does not survive exec, so it gives them the default back.
signal.signal(signal.SIGINT, signal.default_int_handler)

# What is said is compared with English, whatever the person before the screen speaks; git heeds it too.
os.environ["LANGUAGE"] = "en"
