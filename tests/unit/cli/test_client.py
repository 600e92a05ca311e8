"""The client that gowatchctl speaks to the daemon with."""

from gowatchd.cli.client import Client
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
