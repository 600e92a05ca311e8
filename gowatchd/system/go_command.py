"""The go command beside the main loop: offline, read-only, with the toolchain that is there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.system.go_installation import GoInstallation, GoNotFoundError, search_go
from gowatchd.system.process import Command, child_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Finished
    from gowatchd.system.child import ChildPool

SEARCH = "find go"  # its key in a pool


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
    pool: ChildPool, configured: str | None, done: Callable[[GoInstallation | GoNotFoundError], None]
) -> None:
    """Search the go command without holding up the main loop; ``done`` may be called at once.

    A search that is still under way in ``pool`` ends without an answer.
    """
    pool.forget(SEARCH)
    search = search_go(configured)

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
