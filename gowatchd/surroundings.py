"""What a run of the daemon works with and outlives it, and what one run leaves to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gowatchd.repository_files import RepositoryFiles
    from gowatchd.services.history import History
    from gowatchd.services.ports import Git, Signs
    from gowatchd.services.remembering import Remembering
    from gowatchd.services.saves import Unfinished
    from gowatchd.services.tally import Tally
    from gowatchd.system.child import ChildPool
    from gowatchd.system.files import SafeFiles
    from gowatchd.system.go_installation import GoInstallation
    from gowatchd.system.loop import MainLoop
    from gowatchd.system.refusals import Refusals


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run works with, and what outlives it."""

    loop: MainLoop
    go_pool: ChildPool
    walk_pool: ChildPool
    files: SafeFiles
    refusals: Refusals
    history: History
    git: Git
    signs: Signs
    memory: Remembering
    tally: Tally
    restrictions: RepositoryFiles
    paused: Callable[[], str]  # why nothing may be written just now, "" where it may
    begun: Callable[[], None]  # hears that what is remembered is watched
    begin_anew: Callable[[], None]  # replaces this run by another one, soon
    on_go: Callable[[GoInstallation], None]  # hears which go command was found


@dataclass(frozen=True, slots=True)
class Heritage:
    """What one run leaves to the next: saves that are not formatted, and the content of the files it knew."""

    unfinished: tuple[Unfinished, ...] = ()
    known: Mapping[str, bytes] = field(default_factory=dict)
