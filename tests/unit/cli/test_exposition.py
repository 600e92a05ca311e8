"""Prometheus' text format, where names and texts are awkward."""

import pytest

from gowatchd.cli.exposition import exposition

# in an environment from before requirements-dev.txt named it
parser = pytest.importorskip("prometheus_client.parser", reason="prometheus-client is not installed")


def test_what_has_to_be_escaped_comes_back_as_it_was():
    awkward = 'a "b" \\ c\nd'
    metric = {
        "name": "gowatchd_x",
        "type": "gauge",
        "help": "back\\slash\nand line",
        "samples": [{"labels": {"name": awkward}, "value": 0.25}],
    }
    text = exposition([metric], {"user": "工具"})
    assert text.count("\n") == 3
    (family,) = parser.text_string_to_metric_families(text)
    assert family.documentation == "back\\slash\nand line"
    assert family.samples[0].labels == {"user": "工具", "name": awkward}
    assert family.samples[0].value == 0.25


def test_a_histogram():
    metric = {
        "name": "gowatchd_seconds",
        "type": "histogram",
        "help": "x",
        "samples": [
            {
                "labels": {},
                "buckets": [{"le": 0.001, "count": 1}, {"le": 10.0, "count": 3}],
                "sum": 12.5,
                "count": 4,
            }
        ],
    }
    assert exposition([metric], {"user": "me"}).splitlines() == [
        "# HELP gowatchd_seconds x",
        "# TYPE gowatchd_seconds histogram",
        'gowatchd_seconds_bucket{user="me",le="0.001"} 1',
        'gowatchd_seconds_bucket{user="me",le="10.0"} 3',
        'gowatchd_seconds_bucket{user="me",le="+Inf"} 4',
        'gowatchd_seconds_sum{user="me"} 12.5',
        'gowatchd_seconds_count{user="me"} 4',
    ]
