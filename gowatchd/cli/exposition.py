"""Prometheus' text format 0.0.4, as its page "Exposition formats" has it: HELP, TYPE, and the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_HELP = str.maketrans({"\\": "\\\\", "\n": "\\n"})
_LABEL = str.maketrans({"\\": "\\\\", "\n": "\\n", '"': '\\"'})


def exposition(metrics: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> str:
    """Return ``metrics``, of the form that GetMetrics answers, as text; each sample has ``labels`` too."""
    return "".join(f"{line}\n" for metric in metrics for line in _lines(metric, labels))


def _lines(metric: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    name = metric["name"]
    yield f"# HELP {name} {metric['help'].translate(_HELP)}"
    yield f"# TYPE {name} {metric['type']}"
    for sample in metric["samples"]:
        own = {**labels, **sample["labels"]}
        if metric["type"] != "histogram":
            yield _sample(name, own, sample["value"])
            continue
        for bucket in sample["buckets"]:
            yield _sample(f"{name}_bucket", {**own, "le": _number(bucket["le"])}, bucket["count"])
        yield _sample(f"{name}_bucket", {**own, "le": "+Inf"}, sample["count"])
        yield _sample(f"{name}_sum", own, sample["sum"])
        yield _sample(f"{name}_count", own, sample["count"])


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    pairs = ",".join(f'{key}="{text.translate(_LABEL)}"' for key, text in labels.items())
    return f"{name}{{{pairs}}} {_number(value)}"


def _number(value: float) -> str:
    return repr(value)
