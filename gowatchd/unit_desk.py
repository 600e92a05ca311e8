"""What a person asks of the daemon about user units, and the care for them across reloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.unit_care import UnitCare

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.config.models import Env
    from gowatchd.services.unit_response import Teller
    from gowatchd.system.go_installation import GoInstallation
    from gowatchd.unit_care import Means


class UnitDesk:
    """Answers ``Manager``'s requests about units.

    ``withdraw`` takes a file that is ours as a whole away, and returns how that went as JSON.
    """

    def __init__(
        self, means: Means, config: Env, teller: Teller, withdraw: Callable[[str], dict[str, object]]
    ) -> None:
        self._means = means
        self._config = config
        self._teller = teller
        self._withdraw = withdraw
        self._care = UnitCare(means, config, teller)

    def reload(self, config: Env) -> None:
        """Go by ``config`` from now on; go is told again by the run that begins with it."""
        if config != self._config:
            self._config = config
            self._care.close()
            self._care = UnitCare(self._means, config, self._teller)

    def close(self) -> None:
        """Stop for good."""
        self._care.close()

    def set_go(self, go: GoInstallation) -> None:
        """Take ``go`` for the go command of the person."""
        self._care.set_go(go)

    def session_appeared(self) -> None:
        """Look again: a desktop session is there, and its environment with it."""
        self._care.session_appeared()

    def restart(self, unit: str) -> None:
        """Restart ``unit``, if it runs."""
        self._care.restart(unit)

    def resumed(self) -> None:
        """Do what was not done during a pause."""
        self._care.resumed()

    def forget(self, path: str) -> None:
        """Have systemd forget what was taken back, if ``path`` is one of our files of units."""
        self._care.undone(path)

    def units(self, *, everybodys: bool) -> dict[str, object]:
        """Return what the last audit found in the user units."""
        return self._care.report(everybodys=everybodys)

    def preview_unit(self, unit: str) -> dict[str, object]:
        """Return what was found about one unit, and what would mend it."""
        return self._care.preview(unit)

    def repair_unit(self, unit: str, *, reload_others: bool) -> None:
        """Begin to repair a unit."""
        self._care.repair(unit, reload_others=reload_others)

    def undo_unit(self, unit: str) -> dict[str, object]:
        """Take our drop-in for a unit away."""
        return self._withdraw(self._care.drop_in_of(unit))

    def preview_shared(self, names: tuple[str, ...]) -> dict[str, object]:
        """Return what would give variables to all units."""
        return self._care.shared.preview(names)

    def write_shared(self, names: tuple[str, ...], *, reload_others: bool) -> None:
        """Begin to give variables to all units."""
        self._care.shared.write(names, reload_others=reload_others)

    def undo_shared(self) -> dict[str, object]:
        """Take away what gives variables to all units."""
        return self._withdraw(self._care.shared.path())
