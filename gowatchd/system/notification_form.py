"""The arguments of Notify, as far as one server can do what a note wants.

Servers differ in what they can and in what they do with what they cannot: actions become a modal window,
markup is shown as it is, or parsed where it was not announced.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from gi.repository import GLib

from gowatchd.services.notes import CLICK, OPEN, SERVER_DECIDES, SHOW, UNTIL_CLOSED, Note
from gowatchd.system.dbus_text import clean

APPLICATION = "gowatchd"  # and its .desktop file: GNOME and KDE find name, icon and the mute switch by it
ICON = "gowatchd"  # of the icon theme, for servers that do not look into .desktop files (dunst, Xfce's)
TEXT_MOST = 1000  # characters; servers lay out what they get, and hang over a megabyte
BUTTONS_MOST = 4  # GNOME shows three side by side, and takes a fourth
XFCE = "Xfce Notify Daemon"  # it draws the click on a note as one more button
# Without body-markup a body is plain text, yet some servers parse it all the same.
PLAIN = str.maketrans({"<": "\u2039", ">": "\u203a", "&": "+"})  # quotation marks that every font has
STAYS = frozenset({SHOW, OPEN})  # to look at something ends nothing: the other buttons are wanted afterwards


@dataclass(frozen=True, slots=True)
class NotificationForm:
    """What the server called ``name`` is sent, which has these ``capabilities``."""

    name: str = ""
    capabilities: frozenset[str] = frozenset()

    def arguments(self, note: Note, replaces: int) -> GLib.Variant:
        """Return the arguments of Notify for ``note``, in place of the one with the id ``replaces``."""
        body = clean(note.body)[:TEXT_MOST]
        markup = "body-markup" in self.capabilities
        actions = self._actions(note)
        hints = {
            "desktop-entry": GLib.Variant("s", APPLICATION),
            "urgency": GLib.Variant("y", int(note.urgency)),
            "transient": GLib.Variant("b", note.transient),
        }
        if any(key in STAYS for key, _ in note.actions):
            hints["resident"] = GLib.Variant("b", True)  # noqa: FBT003 that is how a variant is made
        # notify-osd makes a modal window of what may not expire
        until_closed = note.milliseconds == UNTIL_CLOSED
        patient = "actions" in self.capabilities
        return GLib.Variant(
            "(susssasa{sv}i)",
            (
                APPLICATION,
                replaces,
                ICON,
                clean(note.title)[:TEXT_MOST],
                html.escape(body, quote=False) if markup else body.translate(PLAIN),
                [clean(text) for action in actions for text in action],
                hints,
                SERVER_DECIDES if until_closed and not patient else note.milliseconds,
            ),
        )

    def _actions(self, note: Note) -> tuple[tuple[str, str], ...]:
        """Return the buttons, and the click on the note where it is no button."""
        if "actions" not in self.capabilities:
            return ()
        buttons = note.actions[:BUTTONS_MOST]
        label = dict(buttons).get(note.click)
        if label is None or self.name == XFCE:
            return buttons
        return (*buttons, (CLICK, label))
