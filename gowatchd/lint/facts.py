"""What the rules may know beyond the files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the world; a rule that needs what is not known stays silent.

    ``go_version`` is that of the go command that the person runs, such as ``1.22.10``. ``switches_toolchain``
    says whether that command would fetch a newer toolchain by itself, which GOTOOLCHAIN=local forbids.
    """

    go_version: str | None = None
    switches_toolchain: bool = True
