"""What is said to people, in their language.

``_``, ``ngettext`` and ``N_`` are gettext's, and what they get stands in English in the source. Only what
people read goes through here: logs, JSON, D-Bus and the messages of diagnostics are English for everybody,
because programs and search engines read them. A sentence is one whole string with named placeholders, since
another language has another order: ``_("formatted {file}").format(file=file)``.

The catalogue is looked for when the first sentence is asked for, which no output for programs does. It lies
in the package, where an installation from source puts it, or where the distribution's packages have theirs.
Without one, English is spoken.
"""

from __future__ import annotations

import gettext as library
import os
import struct
import sys
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DOMAIN = "gowatchd"
NO_DOMAIN = "messages"  # gettext's own default, which nobody has a catalogue for
FOLDERS = (
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale"),
    os.path.join(sys.base_prefix, "share", "locale"),
)
ENGLISH = library.NullTranslations()
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the variables that name the locale, the strongest first
UNTRANSLATED = {"C", "POSIX"}  # the locales in which setlocale(3) and gettext(3) translate nothing

_spoken: library.NullTranslations | None = None


def _(message: str) -> str:
    """Return ``message`` in the language of the person."""
    return _catalogue().gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form of a sentence that fits ``number``, in the language of the person."""
    return _catalogue().ngettext(one, many, number)


def N_(message: str) -> str:  # noqa: N802 it is gettext's name, by which xgettext finds it
    """Return ``message`` as it is; a constant is marked with it here, and translated where it is shown."""
    return message


def use(languages: Sequence[str] | None = None) -> None:
    """Speak the first of ``languages`` that there is a catalogue for, by default those of the environment.

    argparse asks the domain that is gettext's default: ours is, as long as it has a catalogue.
    """
    global _spoken  # noqa: PLW0603 one process speaks one language, as it has one locale
    wanted = languages_of(os.environ) if languages is None else languages
    _spoken = ENGLISH
    library.textdomain(NO_DOMAIN)
    for folder in FOLDERS if wanted else ():
        try:
            _spoken = library.translation(DOMAIN, folder, wanted)
        except (OSError, ValueError, LookupError, struct.error):  # there is none, or a damaged one
            continue
        library.bindtextdomain(DOMAIN, folder)
        library.textdomain(DOMAIN)
        return


def languages_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the languages that ``environment`` asks for, best first; none means English.

    As gettext(3) has it: LC_ALL, LC_MESSAGES and LANG name the locale, and where that is not C, LANGUAGE may
    list better ones. Other than there, what comes after English does not count: English has no catalogue,
    and ``en_US:zh_CN`` asks for Chinese only where there is no English.
    """
    locale = next(filter(None, map(environment.get, LOCALES)), "C")
    if locale in UNTRANSLATED:
        return ()
    listed = filter(None, (environment.get("LANGUAGE") or locale).split(":"))
    return tuple(takewhile(_is_foreign, listed))


def _is_foreign(language: str) -> bool:
    return language not in UNTRANSLATED and language.partition("_")[0].partition(".")[0] != "en"


def _catalogue() -> library.NullTranslations:
    if _spoken is None:
        use()
    return _spoken or ENGLISH
