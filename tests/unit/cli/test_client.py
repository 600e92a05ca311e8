"""The client that gowatchctl speaks to the daemon with."""

import socket
import threading

import pytest

from gowatchd.cli import client as client_module
from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit
from tests.support.bus import beside


def test_a_signal_that_comes_before_an_answer_is_heard(daemon):
    def status():
        daemon.exported.status_changed("while it was asked")
        return {"schema": 1}

    daemon.desk.status = status

    def heard():
        with Client() as client:
            client.subscribe()
            answer = client.ask("GetStatus")
            return answer, client.next_event(20), client.next_event(0)

    assert beside(daemon.loop, heard) == ({"schema": 1}, "StatusChanged", None)


def test_what_happened_before_it_listened_is_no_event(daemon):
    def heard():
        with Client() as client:
            client.ask("GetStatus")
            client.subscribe()
            return client.next_event(0)

    assert beside(daemon.loop, heard) is None


def test_a_bus_that_lets_us_in_and_is_silent_then_ends_it(tmp_path, monkeypatch):
    monkeypatch.setattr(client_module, "TIMEOUT_SECONDS", 0.2)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
    heard: list[bytes] = []

    def be_silent() -> None:
        peer, _address = server.accept()
        with peer:
            while b"BEGIN" not in b"".join(heard) and (data := peer.recv(4096)):
                heard.append(data)
                if b"AUTH" in data:
                    peer.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
            while data := peer.recv(4096):  # until the other end hangs up
                heard.append(data)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{tmp_path}/bus")
        server.listen()
        bus = threading.Thread(target=be_silent, daemon=True)
        bus.start()
        with pytest.raises(CommandError, match="no answer to Hello") as raised:
            Client()
        bus.join(20)
    assert raised.value.code is Exit.UNAVAILABLE
    assert b"Hello" in b"".join(heard)
    assert not bus.is_alive(), "the socket is closed"
