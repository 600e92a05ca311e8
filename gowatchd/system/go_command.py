"""The go command beside the main loop: offline, read-only, with the toolchain that is there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.system.go_search import GoNotFoundError, search_go
from gowatchd.system.process import Command, child_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Finished
    from gowatchd.system.child import ChildPool
    from gowatchd.system.go_installation import GoInstallation

# bytes: a thousand modules take a tenth of it; a file that grew since we looked must not take all there is
MEMORY = 1 << 30

SEARCH = "find go"  # its key in a pool

# A go that is missing is looked for again at a save, so without any timer, when this long has passed since
# the last look, and after each look in vain twice as long: it may run the login shell.
AGAIN_FIRST_SECONDS = 1.0
AGAIN_MOST_SECONDS = 600.0


class GoCommand:
    """The ``Go`` port over a child pool."""

    def __init__(self, pool: ChildPool, installation: GoInstallation) -> None:
        self._pool = pool
        self.installation = installation

    def list_modules(self, root: str, gowork: str, seconds: float, done: Callable[[Finished], None]) -> None:
        """Run ``go list -m`` in the directory ``root``; ``gowork`` is the path of its go.work, or "off"."""
        command = Command(
            (self.installation.go, "list", "-m"),
            cwd=root,
            timeout=seconds,
            env=go_environment(root, gowork),
            memory=MEMORY,
        )

        def answer(finished: Finished) -> None:
            if os.path.isdir(root):  # else its workspace is gone, which is no trouble of go's
                done(finished)

        self._pool.start(f"go {root}", command, answer)


def go_environment(root: str, gowork: str) -> dict[str, str]:
    """Return the environment in which go neither downloads nor writes anything.

    GOTOOLCHAIN=local: what a file asks for must not be fetched. GOPROXY=off and GOVCS: nor a module.
    -mod=readonly: go.mod stays as it is, and a vendor folder is not looked at. GO111MODULE=on: where somebody
    switched modules off, a rule of ours says so. PWD is what go shortens the paths in its messages by.
    """
    return child_environment(
        GOTOOLCHAIN="local",
        GOPROXY="off",
        GOVCS="*:off",
        GOFLAGS="-mod=readonly",
        GO111MODULE="on",
        GOWORK=gowork,
        GOROOT="",
        PWD=root,
    )


def find_go_beside(
    pool: ChildPool,
    configured: str | None,
    done: Callable[[GoInstallation | GoNotFoundError], None],
    *,
    ask_shell: bool = True,
) -> None:
    """Search the go command without holding up the main loop; ``done`` may be called at once.

    ``configured`` and ``ask_shell`` are as for ``search_go``. A search that is still under way in ``pool``
    ends without an answer.
    """
    pool.forget(SEARCH)
    search = search_go(configured, ask_shell=ask_shell)

    def go_on(finished: Finished | None) -> None:
        try:
            command = next(search) if finished is None else search.send(finished)
        except StopIteration as found:
            done(found.value)
        except GoNotFoundError as error:
            done(error)
        else:
            pool.start(SEARCH, command, go_on)

    go_on(None)


class GoSearch:
    """Looks for the go command now, and again at a save where there is none or the one that was is gone.

    ``done`` hears each outcome, but of several in a row that say the same only the first.
    """

    def __init__(
        self,
        pool: ChildPool,
        configured: str | None,
        now: Callable[[], float],
        done: Callable[[GoInstallation | GoNotFoundError], None],
        *,
        ask_shell: bool = True,
    ) -> None:
        self._pool = pool
        self._configured = configured
        self._now = now
        self._done = done
        self._ask_shell = ask_shell
        self._found: GoInstallation | None = None
        self._failure = ""
        self._searching = False
        self._not_before = 0.0
        self._wait = AGAIN_FIRST_SECONDS

    def begin(self) -> None:
        """Look for it; a search that is still under way ends without an answer."""
        self._searching = True
        find_go_beside(self._pool, self._configured, self._finished, ask_shell=self._ask_shell)

    def saved(self) -> None:
        """Look for it again if it is missing, and if the last look is long enough ago."""
        missing = self._found is None or not os.path.exists(self._found.go)
        if missing and not self._searching and self._now() >= self._not_before:
            self.begin()

    def _finished(self, found: GoInstallation | GoNotFoundError) -> None:
        self._searching = False
        if isinstance(found, GoNotFoundError):
            self._not_before = self._now() + self._wait
            self._wait = min(self._wait * 2, AGAIN_MOST_SECONDS)
            self._found = None
            if str(found) == self._failure:
                return
            self._failure = str(found)
        else:
            self._found, self._failure, self._wait = found, "", AGAIN_FIRST_SECONDS
        self._done(found)
