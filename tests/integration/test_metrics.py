"""metrics with the real daemon, read by the parser that Prometheus' own client library has."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.go import needs_go
from tests.support.watching import write

# in an environment from before requirements-dev.txt named it
parser = pytest.importorskip("prometheus_client.parser", reason="prometheus-client is not installed")
MESSY, TIDY = "module example.com/m\ngo 1.21\n", "module example.com/m\n\ngo 1.21\n"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    folder = tmp_path_factory.mktemp("metrics")
    with PrivateBus(folder) as bus:
        daemon = Daemon(folder / "home", bus, go=True)
        write(daemon.source / "app/go.mod", TIDY)
        daemon.start()
        yield daemon
        assert daemon.stop() == 0
        assert "Traceback" not in daemon.log(), daemon.log()


def families(text):
    """Return what a Prometheus would take out of ``text``, by name."""
    return {family.name: family for family in parser.text_string_to_metric_families(text)}


def value(daemon, name, **labels):
    found = families(daemon.gowatchctl("metrics").stdout)
    family = next(one for one in found.values() if name.startswith(one.name))
    (sample,) = [one for one in family.samples if one.name == name and labels.items() <= one.labels.items()]
    return sample.value


@needs_go
def test_what_happens_is_counted(daemon):
    path = daemon.source / "app/go.mod"
    before = {name: value(daemon, f"gowatchd_{name}_total") for name in ("saves", "formatted", "undone")}
    verdicts = value(daemon, "gowatchd_verdict_seconds_count")
    path.write_text(MESSY)
    daemon.wait_for_bytes(path, TIDY.encode())
    daemon.wait_for(
        lambda: value(daemon, "gowatchd_saves_total") == before["saves"] + 2,
        "the save and its echo are counted",
    )
    assert value(daemon, "gowatchd_formatted_total") == before["formatted"] + 1
    assert value(daemon, "gowatchd_verdict_seconds_count") == verdicts + 2
    assert value(daemon, "gowatchd_write_seconds_count") == value(daemon, "gowatchd_formatted_total")
    assert 0 < value(daemon, "gowatchd_verdict_seconds_sum") < 60
    assert daemon.gowatchctl("undo").returncode == 0
    assert value(daemon, "gowatchd_undone_total") == before["undone"] + 1
    daemon.wait_for(lambda: value(daemon, "gowatchd_children_total", pool="go") > 0, "go was asked")
    rescans = value(daemon, "gowatchd_rescans_total")
    daemon.ask("Rescan")
    assert value(daemon, "gowatchd_rescans_total") == rescans + 1


def test_how_it_is(daemon):
    broken = write(daemon.source / "broken/go.mod", "nonsense\n")
    daemon.wait_for(lambda: value(daemon, "gowatchd_workspaces") == 2, "the new workspace")
    assert value(daemon, "gowatchd_problems", severity="error") > 0
    broken.unlink()
    daemon.wait_for(lambda: value(daemon, "gowatchd_workspaces") == 1, "its end")
    assert value(daemon, "gowatchd_problems", severity="error") == 0
    assert value(daemon, "gowatchd_modules") == 1
    assert value(daemon, "gowatchd_watches") == daemon.ask("GetStatus")["folders_watched"]
    assert value(daemon, "gowatchd_build_info", version=daemon.ask("GetStatus")["version"]) == 1
    assert (value(daemon, "gowatchd_up"), value(daemon, "gowatchd_paused")) == (1, 0)
    daemon.gowatchctl("pause")
    assert value(daemon, "gowatchd_paused") == 1
    daemon.gowatchctl("resume")
    lines = Path(f"/proc/{daemon.process.pid}/status").read_text().splitlines()
    resident = next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS:"))
    assert value(daemon, "gowatchd_resident_memory_bytes") == pytest.approx(resident, rel=0.5)
    assert value(daemon, "gowatchd_cpu_seconds_total") > 0


def test_each_metric_is_described_and_every_histogram_adds_up(daemon):
    text = daemon.gowatchctl("metrics").stdout
    assert text.endswith("\n")
    found = families(text)
    answer = json.loads(daemon.gowatchctl("metrics", "--json").stdout)
    assert answer["schema"] == 1
    named = {one["name"]: one for one in answer["metrics"]}
    assert {name.removesuffix("_total") for name in named} == set(found)
    for name, one in named.items():
        family = found[name.removesuffix("_total")]
        assert (family.type, family.documentation) == (one["type"], one["help"])
        assert family.samples, name
        assert all("user" in sample.labels for sample in family.samples)
        if family.type == "histogram":
            buckets = [sample.value for sample in family.samples if sample.name.endswith("_bucket")]
            assert buckets == sorted(buckets)
            assert buckets[-1] == next(one.value for one in family.samples if one.name.endswith("_count"))


def test_a_file_for_the_collector(daemon, tmp_path):
    file = tmp_path / "gowatchd.prom"
    file.write_text("old\n")
    with file.open() as reader:
        done = daemon.gowatchctl("metrics", "--output", str(file))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert reader.read() == "old\n", "whoever reads it has the old file as a whole"
    assert families(file.read_text())["gowatchd_up"].samples[0].value == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert os.listdir(tmp_path) == ["gowatchd.prom"]
    done = daemon.gowatchctl("metrics", "--output", str(tmp_path / "no/such.prom"))
    assert (done.returncode, "No such file or directory" in done.stderr) == (1, True)


def test_a_file_says_that_there_is_no_daemon(tmp_path):
    with PrivateBus(tmp_path) as bus:
        absent = Daemon(tmp_path / "home", bus)
        file = tmp_path / "gowatchd.prom"
        done = absent.gowatchctl("metrics", "--output", str(file))
        assert (done.returncode, "not running" in done.stderr) == (3, True)
        (family,) = families(file.read_text()).values()
        assert (family.name, family.samples[0].value) == ("gowatchd_up", 0)
        assert absent.gowatchctl("metrics").returncode == 3
