"""What the doctor judges of bus, user manager, lingering and notifications."""

from __future__ import annotations

import pytest

from gowatchd.cli.checks.session import check_bus, check_linger, check_manager, check_notifications
from gowatchd.cli.diagnosis import State
from gowatchd.cli.service_facts import Notifications
from gowatchd.cli.session_examination import Answer, Bus
from tests.support.patient import patient

NO_BUS = Bus("", "there is no session bus here", systemd=True)
CONTAINER = Bus("", "there is no session bus here", systemd=False)


def test_without_a_bus_one_check_complains_and_those_that_need_it_are_not_asked():
    assert check_bus(patient()).state is State.OK
    ill = patient(bus=NO_BUS, manager=Answer(failure="x"))
    assert check_bus(ill).state is State.PROBLEM
    assert "pam_systemd" in check_bus(ill).remedy
    assert check_manager(ill).state is State.UNKNOWN


def test_a_container_without_systemd_is_told_what_works_there():
    found = check_bus(patient(bus=CONTAINER))
    assert found.state is State.PROBLEM
    assert "containers" in found.result
    assert "gowatchctl check" in found.remedy
    assert not any("apt" in one for one in found.commands)
    assert check_linger(patient(bus=CONTAINER, session=("", ""))).state is State.OK


def test_a_manager_that_does_not_answer_is_a_problem():
    assert check_manager(patient()).result == "systemd 257 answers"
    found = check_manager(patient(manager=Answer(failure="not on the bus")))
    assert (found.state, found.result) == (State.PROBLEM, "not on the bus")
    assert found.commands


@pytest.mark.parametrize(
    ("session", "lingers", "state"),
    [
        (("tty", ""), False, State.NOTE),
        (("", ""), False, State.NOTE),
        (("tty", ""), True, State.OK),
        (("wayland", "GNOME"), False, State.OK),
        (("x11", ""), False, State.OK),
    ],
)
def test_lingering_matters_where_nobody_sits_at_a_desktop(session, lingers, state):
    found = check_linger(patient(session=session, lingers=lingers))
    assert found.state is state
    asked = ("loginctl", "enable-linger", "--no-ask-password", "me")
    assert found.mending == (asked if state is State.NOTE else ())


@pytest.mark.parametrize(
    ("server", "capabilities", "session", "state", "words"),
    [
        ("dunst 1.9", ("actions",), ("x11", ""), State.OK, "dunst 1.9"),
        ("osd 1", ("body",), ("x11", ""), State.NOTE, "without buttons"),
        ("", (), ("x11", ""), State.NOTE, "no notification server"),
        ("", (), ("tty", ""), State.OK, "nor is there a desktop"),
    ],
)
def test_notifications(server, capabilities, session, state, words):
    found = check_notifications(
        patient(notifications=(Notifications(server, capabilities), ""), session=session)
    )
    assert found.state is state
    assert words in found.result


def test_notifications_without_a_bus_are_not_asked():
    found = check_notifications(patient(notifications=(None, "no bus")))
    assert (found.state, found.result) == (State.UNKNOWN, "not asked: no bus")
