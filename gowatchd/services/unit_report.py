"""What ``gowatchctl env --json`` prints of the audit of user units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.report import SCHEMA, readable
from gowatchd.unitfile import drop_in

if TYPE_CHECKING:
    from gowatchd.services.unit_auditing import Inspection
    from gowatchd.services.unit_findings import Audit, Finding

SHOWN = 200  # characters of a value: a PATH fits


def report(inspection: Inspection, policy: str, reason: str, *, everybodys: bool) -> dict[str, object]:
    """Return every unit with its findings; ``everybodys`` includes those that are not the person's own."""
    return {
        "schema": SCHEMA,
        "policy": policy,
        "reason": readable(reason),
        "units": [
            unit_report(one, inspection)
            for one in inspection.audits
            if one.own or (everybodys and one.findings)
        ],
    }


def unit_report(found: Audit, inspection: Inspection) -> dict[str, object]:
    """Return what was found about one unit, and where our drop-in for it stands."""
    state = next((one for one in inspection.states if one.name == found.unit), None)
    ours = (
        [path for path in state.drop_ins if path.endswith((drop_in.NAME, drop_in.INSTANCE_NAME))]
        if state
        else []
    )
    return {
        "schema": SCHEMA,
        "unit": readable(found.unit),
        "own": found.own,
        "drop_in": readable(ours[0]) if ours else None,
        "findings": [_finding(one) for one in found.findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    offer = finding.offer
    return {
        "kind": finding.kind.value,
        "name": readable(finding.name),
        "message": readable(finding.message),
        "advice": readable(finding.advice),
        "value": None if offer is None else readable(offer.value)[:SHOWN],
        "origin": None if offer is None else offer.origin.value,
    }
