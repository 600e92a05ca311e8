"""A Go release that was downloaded: whether it is what it should be."""

from __future__ import annotations

import os
import platform
import re
from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import State, Verdict
from gowatchd.cli.shell_word import shell_word
from gowatchd.cli.table import home_as_tilde
from gowatchd.translation import _

if TYPE_CHECKING:
    from gowatchd.cli.examination import Examination
    from gowatchd.system.go_archive import Archive

# go1.22.10.linux-amd64.tar.gz, and what the kernel calls those machines
_ARCHIVE = re.compile(r"(go\d[\w.]*?)\.(\w+)-(\w+)\.tar\.gz")
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "i686": "386", "armv7l": "armv6l", "armv6l": "armv6l"}


def check_archive(examination: Examination) -> Verdict:
    """A downloaded Go release is damaged, forged, or for another machine.

    Symptom: what was unpacked does not work, or you want to know before you unpack it.
    Looked: only with ``--archive FILE``: its SHA-256, whether it can be unpacked whole, what its file
    ``go/VERSION`` says, and the machine in its name. The sum that it should have is that of ``--sha256
    SUM``, else that in ``FILE.sha256``. Nothing is fetched, and no list of sums comes with gowatchd: it
    would know no release that is younger than itself.
    Helps: Go's download page shows the sum beside each file. A ``FILE.sha256`` from where the archive
    is from proves that the download is whole, not that nobody changed both.
    """
    archive = examination.archive
    name = os.path.basename(archive.path)
    system = _ARCHIVE.fullmatch(name)
    if archive.told and archive.told != archive.sha256:
        return Verdict(
            State.PROBLEM,
            _("its SHA-256 is {sum}, and {source} says {told}").format(
                sum=archive.sha256, source=archive.source, told=archive.told
            ),
            _("do not unpack it; remove it and download it again"),
            (f"rm {shell_word(archive.path)}",),
        )
    if archive.damage:
        return Verdict(
            State.PROBLEM,
            _("it cannot be unpacked: {reason}").format(reason=archive.damage),
            _("remove it and download it again"),
            (f"rm {shell_word(archive.path)}",),
        )
    if system and (wrong := _wrong(system, archive)):
        return Verdict(State.PROBLEM, wrong, _("download the one for this machine"))
    if not archive.told:
        return Verdict(
            State.NOTE,
            _("it is whole and says {version}; its SHA-256 is {sum}, which nothing here can confirm").format(
                version=archive.version or "-", sum=archive.sha256
            ),
            _("hold it against the sum on Go's download page:"),
            (f"gowatchctl doctor --archive {shell_word(archive.path)} --sha256 SUM",),
        )
    return Verdict(
        State.OK,
        _("{version}, whole, with the SHA-256 that {source} says").format(
            version=archive.version or name, source=home_as_tilde(archive.source)
        ),
    )


def _wrong(name: re.Match[str], archive: Archive) -> str:
    """Return what the ``name`` of an official archive says that does not hold, or nothing."""
    version, system, machine = name.groups()
    if archive.version and archive.version != version:
        return _("its name says {name}, and what is in it says {version}").format(
            name=version, version=archive.version
        )
    ours = _MACHINES.get(platform.machine(), platform.machine())
    if (system, machine) != ("linux", ours):
        return _("it is for {theirs}, and this is {ours}").format(
            theirs=f"{system}-{machine}", ours=f"linux-{ours}"
        )
    return ""
