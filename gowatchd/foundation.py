"""What the daemon stands on from its start to its end: pools, files, the history, what it remembers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.repository_files import RepositoryFiles
from gowatchd.services.history import History
from gowatchd.services.remembering import Remembering
from gowatchd.services.tally import Tally
from gowatchd.system.child import ChildPool
from gowatchd.system.drop_in_files import RoutedFiles
from gowatchd.system.editors import Editors, neovim_swap_folders
from gowatchd.system.files import SafeFiles
from gowatchd.system.git import GitState
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.holders import Holders
from gowatchd.system.memory_file import MemoryFile
from gowatchd.system.refusals import Refusals
from gowatchd.system.strays import clean_beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.system.loop import MainLoop
    from gowatchd.system.person import Person

# Bytes of a file that we check and format at its save, on the main loop: a go.mod of this size has 4,400
# lines and takes a quarter of a second. gowatchctl check and gofumpt-work take larger ones.
LARGEST_IN_PASSING = 256 << 10


class Foundation:
    """The adapters that outlive every run; ``let_go`` hears of a file whose holder has ended."""

    def __init__(self, loop: MainLoop, person: Person, let_go: Callable[[str], None]) -> None:
        self.go_pool = ChildPool(loop)
        self.walk_pool = ChildPool(loop)
        self.git_pool = ChildPool(loop)  # its own: git's quick answers do not wait for a slow go
        self.git = GitState(self.git_pool)
        self.refusals = Refusals()
        self.files = SafeFiles(self.refusals, LARGEST_IN_PASSING)
        # what gowatchctl fix wrote may be larger than what is read in passing
        self.routed = RoutedFiles(SafeFiles(self.refusals))
        self._database = HistoryDatabase(person.state_folder)
        self.history = History(self._database, self.routed, clean_beside)
        self.holders = Holders(Editors(neovim_swap_folders(os.environ)), loop, let_go)
        self.memory = Remembering(loop, MemoryFile.of_folders(person.state_folder))
        self.restrictions = RepositoryFiles()
        self.tally = Tally()

    def close(self) -> None:
        """Write what is due, and end every child process."""
        self.memory.close()
        self.holders.close()
        self.go_pool.close()
        self.walk_pool.close()
        self.git_pool.close()
        self._database.close()
