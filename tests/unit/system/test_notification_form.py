"""What a server is sent, by what it can."""

import pytest

from gowatchd.services.notes import OPEN, SHOW, UNDO, UNTIL_CLOSED, Note
from gowatchd.system.notification_form import TEXT_MOST, XFCE, NotificationForm

ABLE = frozenset({"actions", "body", "body-markup"})
NOTE = Note(
    "key",
    "a <b> & c",
    "v1 < v2 & <i>\ud800",
    milliseconds=UNTIL_CLOSED,
    actions=((SHOW, "Show diff"), (UNDO, "Undo")),
    click=SHOW,
)


def sent(form, note=NOTE):
    names = ("application", "replaces", "icon", "title", "body", "actions", "hints", "expire")
    return dict(zip(names, form.arguments(note, 7).unpack(), strict=True))


def test_markup_is_escaped_where_it_is_announced_and_left_out_elsewhere():
    assert sent(NotificationForm("x", ABLE))["body"].startswith("v1 &lt; v2 &amp; &lt;i&gt;")
    plain = sent(NotificationForm("x", frozenset()))["body"]
    assert not set(plain) & set("<>&")
    assert sent(NotificationForm("x", ABLE))["title"] == "a <b> & c"  # never markup


@pytest.mark.parametrize(("name", "clicks"), [("dunst", 1), ("gnome-shell", 1), (XFCE, 0)])
def test_a_click_is_asked_for_where_it_is_no_button(name, clicks):
    assert sent(NotificationForm(name, ABLE))["actions"].count("default") == clicks


def test_a_click_on_nothing_is_not_asked_for():
    note = Note("key", "title", "body", actions=((UNDO, "Undo"),), click=OPEN)
    assert sent(NotificationForm("dunst", ABLE), note)["actions"] == [UNDO, "Undo"]


def test_a_server_without_buttons_gets_none_and_nothing_that_stays_for_ever():
    what = sent(NotificationForm("notify-osd", frozenset({"body"})))
    assert (what["actions"], what["expire"]) == ([], -1)
    assert sent(NotificationForm("dunst", ABLE))["expire"] == 0


def test_no_text_is_longer_than_servers_bear():
    note = Note("key", "t" * 10**6, "b" * 10**6)
    what = sent(NotificationForm("x", ABLE), note)
    assert (len(what["title"]), len(what["body"])) == (TEXT_MOST, TEXT_MOST)


def test_nothing_is_ever_critical_and_all_of_it_is_ours():
    what = sent(NotificationForm("x", ABLE))
    assert what["hints"]["urgency"] < 2
    assert what["hints"]["desktop-entry"] == what["application"] == "gowatchd"
