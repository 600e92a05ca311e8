"""The saves that are not formatted yet: why not, and when they are looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.saves import RETRY_MOST_SECONDS, Save, Unfinished
from gowatchd.services.standing import Standing, State

if TYPE_CHECKING:
    from gowatchd.services.saves import TidyListener
    from gowatchd.services.settling import Settling


class OpenSaves:
    """Holds one save a path until it is dropped, and tells ``listener`` where it stands."""

    def __init__(self, settling: Settling, listener: TidyListener) -> None:
        self._settling = settling
        self._listener = listener
        self._saves: dict[str, Save] = {}
        self._refused: set[str] = set()  # the paths of those that the system refused to write, as was told

    def get(self, path: str) -> Save | None:
        """Return the one of ``path``, if there is one."""
        return self._saves.get(path)

    def all(self) -> tuple[tuple[str, Save], ...]:
        """Return them with their paths, as they are now."""
        return tuple(self._saves.items())

    def standings(self) -> tuple[Standing, ...]:
        """Return the files that are not formatted, and why."""
        return tuple(save.standing for save in self._saves.values() if save.standing is not None)

    def unfinished(self) -> tuple[Unfinished, ...]:
        """Return all of them, for whatever reason they wait, to be taken up elsewhere."""
        return tuple(
            Unfinished(path, save.data, save.provenance if save.by_another else None, path in self._refused)
            for path, save in self._saves.items()
        )

    def open(self, path: str, save: Save) -> Save:
        """Take ``save`` for the newest of ``path``, and return it."""
        self._saves[path] = save
        return save

    def drop(self, path: str) -> None:
        """Be done with ``path`` until its next save."""
        self._settling.cancel(path)
        self._close(path)

    def forget(self, path: str) -> None:
        """Be done with ``path`` and with the pace of its saves: the file is no more."""
        self._settling.forget(path)
        self._close(path)

    def clear(self) -> None:
        """Call off all that is planned, and tell nobody."""
        self._settling.clear()
        self._saves.clear()
        self._refused.clear()

    def pend(self, path: str, save: Save, reason: str) -> None:
        """Leave it for the moment, and look at it again after a while, each time a longer one."""
        self._settling.wait(path, save.retry)
        save.retry = min(save.retry * 2, RETRY_MOST_SECONDS)
        self._stand(save, Standing(path, State.PENDING, reason))

    def pend_refused(self, path: str, save: Save, reason: str) -> None:
        """Leave it for the moment since the system refused the write, which is told once."""
        self.pend(path, save, reason)
        if path not in self._refused:
            self._refused.add(path)
            self._listener.write_failed(path, reason)

    def inherit_refusal(self, path: str) -> None:
        """Take it for told that the system refused the write of ``path``: its end is to be told as well."""
        self._refused.add(path)

    def pause(self, path: str, save: Save, reason: str) -> None:
        """Leave it for the moment without looking again: the end of a pause is told."""
        self._stand(save, Standing(path, State.PENDING, reason))

    def keep(self, path: str, save: Save, reason: str) -> None:
        """Leave it as it is for good."""
        self._stand(save, Standing(path, State.KEPT, reason))

    def _close(self, path: str) -> None:
        self._saves.pop(path, None)
        if path in self._refused:
            self._refused.remove(path)
            self._listener.write_over(path)

    def _stand(self, save: Save, standing: Standing) -> None:
        if save.standing != standing:
            save.standing = standing
            self._listener.stands(standing)
