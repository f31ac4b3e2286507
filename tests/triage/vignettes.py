"""Patients as the vignettes tell them: `tests/vignettes/<area>.yml`.

The vignettes were labelled from the reference 2A, 3A.1 and 3E by somebody without a look at the rules. A vignette is

    name      what it shows
    story     one patient, two to four sentences
    findings  {id: status | [status, ...] | {status, timing, course}}
    facts     {fact: value}; ranges as [least, most]
    screen    complete: whatever the minimum screen asks and `findings` does not name is denied; incomplete: it is open
    clinic    closed; open when left out
    expect    the disposition, or null when none may be given yet
    human     whether a person must continue; left out where clinical reference does not say
    source    row of 2A (RF-...), rule of 3C (R...) or section
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from intake.protocol.load import Protocol
from intake.triage.assess import Assessment, assess
from intake.triage.record import Record, asks
from tests.triage.twins import NOW, build

FOLDER = Path(__file__).parents[1] / "vignettes"


def vignettes() -> list[tuple[str, dict[str, Any]]]:
    """All vignettes, each with its area."""
    areas = {path.stem: YAML(typ="safe").load(path) for path in sorted(FOLDER.glob("*.yml"))}
    return [(area, each) for area, told in areas.items() for each in told]


def judge(vignette: dict[str, Any], protocol: Protocol) -> Assessment:
    """What the rules of a protocol make of a vignette; what that protocol does not know is left out."""
    return assess(record(vignette, protocol), protocol, NOW, vignette.get("clinic") != "closed")


def record(vignette: dict[str, Any], protocol: Protocol) -> Record:
    """Build the record; a complete screen denies all that it asks and the vignette does not name or imply."""
    told = {id: status for id, status in vignette["findings"].items() if id in protocol.findings}
    if vignette["screen"] == "complete":
        slots = set(protocol.minimum_screen)
        named = set(told) | {protocol.findings[id].parent for id in told}
        told |= {
            id: "absent" for each in protocol.order("web") if each.slot in slots for id in asks(each) if id not in named
        }
    return build(told, {id: value for id, value in vignette["facts"].items() if id in protocol.facts}, protocol)


def moved(before: Protocol, after: Protocol) -> Iterator[str]:
    """Each vignette that two versions of the protocol judge differently, with both levels and the expected one."""
    for area, vignette in vignettes():
        old, new = (judge(vignette, each) for each in (before, after))
        if (old.disposition, old.human) != (new.disposition, new.human):
            yield (
                f"{vignette['name']} ({area}, {vignette['source']}): {_level(old)} before, {_level(new)} now; "
                f"the reference says {vignette['expect'] or 'nothing yet'}"
            )


def _level(assessment: Assessment) -> str:
    level = assessment.disposition.value if assessment.disposition else "nothing yet"
    return f"{level} and a person" if assessment.human else level
