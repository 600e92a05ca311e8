"""The configuration: whether its files can be used, and name what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import State, Verdict
from gowatchd.cli.table import home_as_tilde
from gowatchd.translation import _

if TYPE_CHECKING:
    from gowatchd.cli.examination import Examination

EDIT = "gowatchctl config edit"
LOOK = "gowatchctl config check"


def check_configuration(examination: Examination) -> Verdict:
    """A file of the configuration has a mistake, or names a rule or a folder that there is none of.

    Symptom: a setting has no effect, or ``gowatchctl status`` tells of a mistake in the configuration.
    Looked: ``/etc/gowatchd/config.toml`` and ``~/.config/gowatchd/config.toml``.
    Helps: ``gowatchctl config edit`` opens your file and checks it before it counts. Until a mistake is
    mended, gowatchd goes on with the last good configuration.
    """
    files = examination.configuration
    wrong = [one for file in files for one in file.mistakes]
    odd = [one for file in files for one in file.doubts]
    if wrong or odd:
        state = State.PROBLEM if wrong else State.NOTE
        remedy = _("mend the file; this says all that is wrong")
        return Verdict(state, str((wrong or odd)[0]), remedy, (LOOK, EDIT))
    there = [home_as_tilde(file.file) for file in files if file.exists]
    if there:
        return Verdict(State.OK, _("no mistake in {files}").format(files=", ".join(there)))
    return Verdict(State.OK, _("there is no file, so the defaults count"))
