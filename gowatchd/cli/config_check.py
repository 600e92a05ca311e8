"""``gowatchctl config check``: what is wrong in the files, or in one that may become one."""

from __future__ import annotations

import difflib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gowatchd.cli.config_show import files_that_count
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.table import home_as_tilde
from gowatchd.cli.terminal import BOLD, RED, YELLOW, Paint, printable, stdout_paint
from gowatchd.config.mistake import ConfigError, Mistake
from gowatchd.config.models import Config, RepositoryConfig
from gowatchd.config.places import line_of, places
from gowatchd.config.repository import ignored
from gowatchd.config.toml_file import as_toml, read
from gowatchd.config.validation import validated
from gowatchd.lint.catalog import RULES
from gowatchd.services.restriction import FILE_NAME
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

CODE_KEYS = (("format", "fix_on_save"), ("check", "disable"))


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to say about one file: ``mistakes`` make it unusable, ``doubts`` do not."""

    file: str
    exists: bool
    mistakes: tuple[Mistake, ...] = ()
    doubts: tuple[Mistake, ...] = ()


def run(arguments: argparse.Namespace) -> int:
    """Print what is wrong; 78 if a file is unusable."""
    files = files_that_count() if arguments.file is None else (os.path.abspath(arguments.file),)
    found = [check(file) for file in files]
    if arguments.file is not None and not found[0].exists:
        raise CommandError(f"{printable(arguments.file)}: No such file or directory", Exit.NO_SUCH_THING)
    if arguments.json:
        print(json.dumps({"schema": 1, "files": [_report(one) for one in found]}))
    else:
        paint = stdout_paint(arguments.color)
        print("\n".join(line for one in found for line in lines(one, paint)))
    return Exit.CONFIGURATION if any(one.mistakes for one in found) else Exit.OK


def check(file: str) -> Checked:
    """Read ``file`` and hold it against what there is; one by a repository's name as a repository's."""
    of_repository = os.path.basename(file) == FILE_NAME
    model = RepositoryConfig if of_repository else Config
    try:
        text = read(file, required=False)
        if text is None:
            return Checked(file, exists=False)
        values = validated(file, text, model)
        doubts = tuple(_doubts(file, text, values))
        if of_repository:
            doubts += ignored(file, text, RepositoryConfig(**values))
        return Checked(file, exists=True, doubts=doubts)
    except ConfigError as error:
        return Checked(file, exists=True, mistakes=error.mistakes)


def lines(checked: Checked, paint: Paint) -> Iterator[str]:
    """Yield what is to say about one file, a line each."""
    for mistake in checked.mistakes:
        yield f"{paint('error:', BOLD, RED)} {printable(str(mistake))}"
    for doubt in checked.doubts:
        yield f"{paint('warning:', BOLD, YELLOW)} {printable(str(doubt))}"
    if not checked.mistakes and not checked.doubts:
        what = _("{file}: fine") if checked.exists else _("{file}: not there, which is fine")
        yield what.format(file=printable(home_as_tilde(checked.file)))


def _doubts(file: str, text: str, values: dict[str, Any]) -> Iterator[Mistake]:
    """Yield what can be used and does nothing."""
    codes = [rule.code for rule in RULES]
    found = places(text)
    for section, name in CODE_KEYS:
        for index, code in enumerate(values.get(section, {}).get(name, ())):
            if code not in codes:
                close = difflib.get_close_matches(code, codes, n=1, cutoff=0.5)
                hint = f"did you mean {close[0]}?" if close else "'gowatchctl explain' lists all"
                line = line_of(found, (section, name, index))
                words = f"there is no such rule: {hint}"
                yield Mistake(file, words, line, f"{section}.{name}", as_toml([code]))
    for index, root in enumerate(values.get("watch", {}).get("roots", ())):
        if not os.path.isdir(os.path.expanduser(root)):
            line = line_of(found, ("watch", "roots", index))
            yield Mistake(file, "there is no such folder now", line, "watch.roots", as_toml([root]))


def _report(checked: Checked) -> dict[str, object]:
    return {
        "path": checked.file,
        "exists": checked.exists,
        "errors": [one.as_json() for one in checked.mistakes],
        "warnings": [one.as_json() for one in checked.doubts],
    }
