"""Where the session bus is, without starting one."""

from __future__ import annotations

import os
import re
import stat

TIMEOUT_SECONDS = 5.0  # for every call over the bus: a peer that needs longer hangs

BUS_NAME = "org.gowatchd.Gowatchd1"
OBJECT_PATH = "/org/gowatchd/Gowatchd1"
INTERFACE = "org.gowatchd.Manager1"


def session_bus_address() -> str | None:
    """Return the D-Bus address of the session bus, or None where there is none.

    That is $DBUS_SESSION_BUS_ADDRESS, else the socket ``bus`` in $XDG_RUNTIME_DIR (sd-bus looks there too).
    The address's guid is left out: a bus that was restarted in the same place has another one.
    """
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if address and not address.startswith("autolaunch:"):
        return re.sub(r",guid=[0-9a-f]*", "", address)
    socket = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), "bus")
    try:
        found = os.path.isabs(socket) and stat.S_ISSOCK(os.stat(socket).st_mode)
    except OSError:
        return None
    return f"unix:path={socket}" if found else None
