"""Servers that do what they should not, or next to nothing."""

import json
import logging
from dataclasses import replace

from gowatchd.services.notes import UNTIL_CLOSED
from gowatchd.system.notification_calls import NAME
from tests.support.bus import wait_for
from tests.support.notifications import undo_note

SHOW_DIFF, UNDO = ("show", "Show diff"), ("undo", "Undo")


def test_a_server_that_never_answers_is_given_up(loop, mock, notifier, listener, monkeypatch, caplog):
    monkeypatch.setattr("gowatchd.system.notification_calls.TIMEOUT_SECONDS", 0.2)
    mock("silent")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("lost"))
    loop.run_until(lambda: ("closed", "lost") in listener.heard)
    notifier.show(undo_note("lost too"))
    loop.run_until(lambda: ("closed", "lost too") in listener.heard)
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 1


def test_a_server_that_dies_of_a_note_is_no_complaint(loop, mock, notifier, listener, caplog):
    caplog.set_level(logging.DEBUG)
    mock("dying")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("deadly"))
    loop.run_until(lambda: "NoReply" in caplog.text)
    loop.run_until(lambda: listener.heard[-1] == ("server", None))
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_server_that_went_before_the_note_came_is_no_complaint(loop, bus, mock, notifier, listener, caplog):
    caplog.set_level(logging.DEBUG)
    server = mock("bare")
    loop.run_until(lambda: notifier.server)
    server.kill()
    wait_for(lambda: not bus.ask("NameHasOwner", "s", NAME)[0], "the server is gone")
    notifier.show(undo_note("too late"))  # we have not heard yet that it went
    loop.run_until(lambda: "NameHasNoOwner" in caplog.text)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert listener.heard[-1] == ("server", None)


def test_a_server_whose_object_comes_after_its_name_is_asked_again(loop, mock, notifier, listener, caplog):
    mock("late")  # as GNOME Shell does at a login
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("shown"))
    loop.run_until(lambda: ("closed", "shown") in listener.heard)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_kdes_too_many_is_no_complaint(loop, mock, notifier, listener, monkeypatch, caplog):
    monkeypatch.setattr("gowatchd.system.notifier.AGAIN_SECONDS", 0.05)
    mock("excess")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("one of too many"))
    loop.run_until(lambda: ("closed", "one of too many") in listener.heard)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_button_told_twice_counts_once(loop, mock, notifier, listener):
    mock("twice")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("pressed"))
    loop.run_until(lambda: ("closed", "pressed") in listener.heard)
    assert listener.heard.count(("action", "pressed", "undo")) == 1


def test_a_server_that_can_do_nothing_gets_nothing_special(loop, bus, mock, notifier, listener):
    mock("bare")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("plain", body="a <b> & c", milliseconds=UNTIL_CLOSED))
    loop.run_until(lambda: ("closed", "plain") in listener.heard)
    types = {"desktop-entry": "String", "urgency": "Byte", "transient": "Boolean"}
    assert json.loads((bus.folder / "seen").read_text()) == ["gowatchd", "a \u2039b\u203a + c", [], types, -1]


def test_what_kde_refuses_for_a_second_is_shown_after_it(loop, bus, mock, notifier, listener, caplog):
    mock("hasty")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("same text"))
    loop.run_until(lambda: ("closed", "same text") in listener.heard)  # the mock closes what it shows
    assert json.loads((bus.folder / "seen").read_text())[2] == ["undo", "Undo"]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_click_and_the_token_for_the_window_that_it_opens(loop, bus, mock, notifier, listener):
    mock("clicked")
    loop.run_until(lambda: notifier.server)
    notifier.show(replace(undo_note("clicked"), actions=(SHOW_DIFF, UNDO), click="show"))
    loop.run_until(lambda: ("closed", "clicked") in listener.heard)
    presses = [("action", "clicked", "default", "a token"), ("action", "clicked", "undo")]
    assert [heard for heard in listener.heard if heard[0] == "action"] == presses
    sent, types = json.loads((bus.folder / "seen").read_text())[2:4]
    assert sent == [*SHOW_DIFF, *UNDO, "default", "Show diff"]
    assert types["resident"] == "Boolean"  # to look at the diff does not take Undo away


def test_no_more_buttons_than_fit(loop, bus, mock, notifier, listener):
    mock("twice")
    loop.run_until(lambda: notifier.server)
    buttons = tuple((str(number), f"Button {number}") for number in range(9))
    notifier.show(replace(undo_note("many"), actions=buttons, click="8"))
    loop.run_until(lambda: ("closed", "many") in listener.heard)
    assert len(json.loads((bus.folder / "seen").read_text())[2]) == 2 * 4
