"""docs/hardening.md and the unit: what locks the service up has its line, and what has a line is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNIT = (ROOT / "units/gowatchd.service").read_text()
PAGE = (ROOT / "docs/hardening.md").read_text()
HOLDS = PAGE.partition("## What holds")[2].partition("\n## ")[0]
LEFT_OUT = PAGE.partition("## What is left out")[2].partition("\n## ")[0]
# What a service is and does, which has nothing to do with a sandbox.
ORDINARY = re.compile(
    r"Type|NotifyAccess|Exec(Start|Reload)|WatchdogSec|Restart\w*|Timeout\w+|Environment|Slice|OOMPolicy"
)


def settings() -> list[tuple[str, str]]:
    service = UNIT.partition("[Service]")[2].partition("[Install]")[0]
    return re.findall(r"^(\w+)=(.*)$", service, re.MULTILINE)


def test_every_directive_of_the_unit_has_a_line() -> None:
    names = {name for name, _ in settings() if not ORDINARY.fullmatch(name)}
    assert {name for name in names if f"`{name}=" not in HOLDS} == set()


def test_every_call_and_group_of_the_filter_is_spoken_of() -> None:
    words = {word for name, value in settings() if name == "SystemCallFilter" for word in value.split()}
    spoken = set(re.findall(r"@?\w[\w-]*", " ".join(re.findall(r"`([^`]*)`", HOLDS))))
    pipes = {"pipe", "pipe2", "memfd_create"}  # "pipes and memfds" there
    assert {word.removeprefix("~") for word in words} - spoken - pipes == set()


def test_a_file_can_keep_its_group_on_32_bit_machines_too() -> None:
    """What glibc calls there for fchown(2)."""
    kept = {word for name, value in settings() if name == "SystemCallFilter" for word in value.split()}
    assert {"fchown", "fchown32"} <= kept


def test_what_is_said_to_hold_is_in_the_unit() -> None:
    ours = {f"{name}={value}" for name, value in settings()}
    promised = set(re.findall(r"`(\w+=[^`]+)`", HOLDS))
    assert promised - ours == set()


def test_nothing_that_is_left_out_is_in_the_unit() -> None:
    left_out = set(re.findall(r"`([A-Z]\w+)=", LEFT_OUT))
    left_out.remove("NoNewPrivileges")  # spoken of as a reason
    assert left_out & {name for name, _ in settings()} == set()
