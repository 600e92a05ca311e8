"""What holds for all tests."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

# Several workers take whole files, in this order: a long one that came last would keep them all waiting.
LONGEST = ("system/", "fault/", "integration/editing/", "integration/", "")

# A job in the background starts with SIGINT ignored, and its children inherit that; some tests interrupt
# theirs. A handler of any kind does not survive exec, so it gives them the default back.
signal.signal(signal.SIGINT, signal.default_int_handler)

# What is said is compared with English, whatever the person before the screen speaks; git heeds it too.
os.environ["LANGUAGE"] = "en"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the files that wait for the world, and end with those that only count."""
    tests = config.rootpath / "tests"

    def rank(item: pytest.Item) -> int:
        place = item.path.relative_to(tests).as_posix() if item.path.is_relative_to(tests) else ""
        return next(number for number, start in enumerate(LONGEST) if place.startswith(start))

    items.sort(key=rank)


@pytest.hookimpl(hookwrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, None]:
    """Let a worker tell of odd names: what a report quotes may hold bytes that are no UTF-8."""
    outcome = yield
    outcome.force_result(_sendable(outcome.get_result()))


def _sendable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_sendable(key): _sendable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_sendable, value))
    return value
