"""The daemon's work in numbers, with what each means: what ``gowatchctl metrics`` prints.

The names and units follow Prometheus: counters end in ``_total``, times are seconds, sizes bytes, and each
name begins with ours, so that none is taken for one of the program that collects them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Severity
from gowatchd.services.report import SCHEMA
from gowatchd.services.standing import State
from gowatchd.services.status import count
from gowatchd.services.tally import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gowatchd.services.status import Status
    from gowatchd.services.tally import Histogram, Tally

COUNTERS = (
    ("saves", "saves_total", "Saves of go.work and go.mod files that were read, our own writes among them."),
    ("checks", "checks_total", "Verdicts on workspaces, whatever led to them."),
    ("formatted", "formatted_total", "Files that were formatted."),
    ("fixed", "fixed_total", "Files in which problems were fixed."),
    ("undone", "undone_total", "Changes that were taken back."),
    ("writes_refused", "writes_refused_total", "Files that the system refused to write, once each time."),
    ("units_repaired", "units_repaired_total", "User units that were given their environment."),
    ("units_not_repaired", "units_not_repaired_total", "Repairs of user units that were not done."),
    ("rescans", "rescans_total", "Times that all folders were listed anew."),
    ("overflows", "queue_overflows_total", "Times that the kernel's queue of events ran over."),
    ("notes_shown", "notifications_total", "Notifications handed to the desktop, updates among them."),
    ("notes_merged", "notifications_merged_total", "Notifications that were merged into a summary."),
)
HISTOGRAMS = (
    ("verdict_seconds", "verdict_seconds", "From the event of a save to the verdict on a workspace."),
    ("write_seconds", "write_seconds", "From the end of the settle to the rewritten file."),
)


@dataclass(frozen=True, slots=True)
class Usage:
    """What the process takes of the machine; ``since`` is Unix seconds.

    ``None`` is what the system does not say just then: without a free descriptor it says nothing.
    """

    since: float
    cpu_seconds: float
    resident_bytes: int | None
    open_files: int | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """A moment of the numbers; ``children`` are how many were started, by what they ran for."""

    tally: Tally
    status: Status
    usage: Usage
    children: Mapping[str, int]

    def report(self) -> dict[str, object]:
        """Return what ``gowatchctl metrics --json`` prints."""
        return {"schema": SCHEMA, "metrics": [*self._counters(), *self._histograms(), *self._gauges()]}

    def _counters(self) -> Iterator[dict[str, object]]:
        for field, name, text in COUNTERS:
            yield _family(name, "counter", text, [_sample(getattr(self.tally, field))])
        samples = [_sample(number, pool=pool) for pool, number in sorted(self.children.items())]
        yield _family("children_total", "counter", "Child processes that were started.", samples)
        text = "Processor time of the daemon itself."
        yield _family("cpu_seconds_total", "counter", text, [_sample(self.usage.cpu_seconds)])

    def _histograms(self) -> Iterator[dict[str, object]]:
        for field, name, text in HISTOGRAMS:
            yield _family(name, "histogram", text, [_distribution(getattr(self.tally, field))])

    def _gauges(self) -> Iterator[dict[str, object]]:
        status = self.status
        pending = sum(one.state is State.PENDING for one in status.standings)
        modules = {module.file.path for verdict in status.verdicts for module in verdict.workspace.members}
        problems = [
            _sample(sum(count(verdict, severity) for verdict in status.verdicts), severity=severity.value)
            for severity in (Severity.ERROR, Severity.WARNING)
        ]
        yield _family("problems", "gauge", "Problems that stand.", problems)
        for name, text, value in (
            ("workspaces", "Workspaces that are watched.", len(status.verdicts)),
            ("modules", "Modules in them.", len(modules)),
            ("files_pending", "Files that wait to be formatted.", pending),
            ("watches", "inotify watches in use.", status.folders_watched),
            ("parts_off", "Parts of the daemon that do not work or are switched off.", len(status.off)),
            ("paused", "1 while nothing is written and notified.", int(status.paused is not None)),
            ("resident_memory_bytes", "Memory of the daemon itself.", self.usage.resident_bytes),
            ("open_files", "Descriptors of the daemon.", self.usage.open_files),
            ("start_time_seconds", "When the daemon began, in Unix seconds.", self.usage.since),
        ):
            yield _family(name, "gauge", text, [] if value is None else [_sample(value)])
        build = [_sample(1, version=status.version)]
        yield _family("build_info", "gauge", "Always 1; the version is in its label.", build)


def _family(name: str, kind: str, text: str, samples: list[dict[str, object]]) -> dict[str, object]:
    return {"name": f"gowatchd_{name}", "type": kind, "help": text, "samples": samples}


def _sample(value: float, **labels: str) -> dict[str, object]:
    return {"labels": labels, "value": value}


def _distribution(histogram: Histogram) -> dict[str, object]:
    """Return how many took up to each bound, as Prometheus has it; what is above is in the count alone."""
    reached = list(accumulate(histogram.counts))
    buckets = [{"le": bound, "count": number} for bound, number in zip(BOUNDS, reached, strict=False)]
    return {"labels": {}, "buckets": buckets, "sum": round(histogram.sum, 6), "count": reached[-1]}
