"""Which versions gowatchd promises to work with, and which tests can tell."""

from __future__ import annotations

from dataclasses import dataclass

# Those of the distributions, and the newest, which somebody has from PyPI.
WATCHDOGS = ("2.1.6", "2.2.1", "3.0.0", "6.0.0", "7.1.0")
PYDANTICS = ("1.8.2", "1.10.4", "1.10.14", "2.10.6", "2.14.*")

# All that meets these two libraries: the configuration, its schema and its mistakes, the watching with and
# without inotify, and the daemon as a whole, which has both in one process. What the other tests see of them
# they see through these.
TESTS_OF_A_PAIR = (
    "tests/unit/config",
    "tests/unit/test_repository_files.py",
    "tests/unit/cli/test_config.py",
    "tests/integration/test_watching.py",
    "tests/integration/test_polling.py",
    "tests/integration/test_daemon.py::test_undo_by_gowatchctl_and_again",
    "tests/integration/test_daemon.py::test_the_configuration_is_read_again_on_sighup",
    "tests/integration/test_daemon.py::test_it_ends_cleanly_on_sigterm",
)
TESTS_OF_A_DISTRIBUTION = ("tests/unit",)


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a release of Debian or Ubuntu has; ``suite`` is its name in an archive."""

    suite: str
    python: str
    watchdog: str
    pydantic: str


DISTRIBUTIONS = (
    Distribution("jammy", "3.10", "2.1.6", "1.8.2"),
    Distribution("bookworm", "3.11", "2.2.1", "1.10.4"),
    Distribution("noble", "3.12", "3.0.0", "1.10.14"),
    Distribution("trixie", "3.13", "6.0.0", "2.10.6"),
    Distribution("sid", "3.14", "6.0.0", "2.14.*"),
)
