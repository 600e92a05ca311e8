import resource
from contextlib import contextmanager
from types import SimpleNamespace

from gowatchd.services.metrics import Metrics
from gowatchd.services.tally import Tally
from gowatchd.system.own_usage import own_usage

STATUS = SimpleNamespace(verdicts=(), standings=(), folders_watched=0, off=(), paused=None, version="1.0")


@contextmanager
def no_descriptors():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def open_files(usage):
    families = Metrics(Tally(), STATUS, usage, {}).report()["metrics"]
    (samples,) = (one["samples"] for one in families if one["name"] == "gowatchd_open_files")
    return [one["value"] for one in samples]


def test_what_we_take():
    usage = own_usage(7.0)
    assert usage.since == 7.0
    assert usage.resident_bytes > 1 << 20
    assert open_files(usage) == [usage.open_files]
    assert usage.open_files >= 1


def test_what_cannot_be_asked_for_lack_of_descriptors_is_left_out():
    with no_descriptors():
        usage = own_usage(7.0)
    assert (usage.resident_bytes, usage.open_files) == (None, None)
    assert open_files(usage) == []
