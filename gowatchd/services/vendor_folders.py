"""Reading vendor folders: what was parsed once is parsed again only when it changed."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gowatchd.services.ports import Look
from gowatchd.workspace.vendor import parse_vendor_list

if TYPE_CHECKING:
    from gowatchd.services.ports import Files
    from gowatchd.workspace.vendor import VendorList


class VendorFolders:
    """The vendor folders beside go.work and go.mod files, each with its modules.txt as it was last read."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._lists: dict[str, tuple[bytes, VendorList]] = {}

    def read(self, root: str) -> VendorList | None:
        """Return what the folder vendor in ``root`` holds; None without one, or where that cannot be read.

        A folder without modules.txt counts as one that holds nothing: so it does for go. While somebody
        writes that, it is what it was.
        """
        folder = posixpath.join(root, "vendor")
        if not self._files.is_directory(folder):
            self._lists.pop(root, None)
            return None
        reading = self._files.read(posixpath.join(folder, "modules.txt"))
        data, parsed = self._lists.get(root, (None, None))
        if reading.look in {Look.WRITER, Look.TROUBLE}:
            return parsed  # who writes it closes it, and we look again
        if reading.look not in {Look.CONTENT, Look.MISSING}:
            return None
        if parsed is None or data != reading.data:
            parsed = parse_vendor_list(reading.data)
            self._lists[root] = reading.data, parsed
        return parsed
