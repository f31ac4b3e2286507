"""One patient after another against the triage rules: `tests/vignettes/<area>.yml`.

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

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from intake.protocol.load import load
from intake.protocol.model import Disposition
from intake.triage.assess import assess
from intake.triage.record import Record, asks
from tests.triage.twins import NOW, build

FOLDER = Path(__file__).parents[1] / "vignettes"
PROTOCOL = load()
VIGNETTES = [
    (path.stem, each)
    for path in sorted(FOLDER.glob("*.yml"))
    for each in YAML(typ="safe").load(path.read_text(encoding="utf-8"))
]

REQUIRED = {"name", "story", "findings", "facts", "screen", "expect", "source"}
OPTIONAL = {"human", "clinic"}
PAIN = {"age", "pain_location", "pain_duration_days", "pain_trend", "pain_severity", "interference"}
SECTIONS = {"2C", "3A", "3E", "3F"}
ROWS = {
    f"RF-{row}"
    for row in """
        CES-1 CES-2 CES-3 CES-4 CES-5 NEU-1 NEU-2 NEU-3 FX-1 FX-2 FX-3 CA-1 CA-2 INF-1 INF-2 VAS-1 CAR-1 PE-1
        REN-1 REN-2 GI-1 PREG-1 PREG-2 PREG-3 INFL-1 PSY-1 PSY-2 SAFE-1 OPI-1 OPI-2 PED-1 ANT-1 PROC-1 DEV-1 DEV-2
        STER-1 LIMB ZOS PAIN SPEC
    """.split()
}
DISPOSITIONS = {each.value for each in Disposition} | {None}


def record(vignette: dict[str, Any]) -> Record:
    """Build the record; a complete screen denies all that it asks and the vignette does not name or imply."""
    told = dict(vignette["findings"])
    if vignette["screen"] == "complete":
        slots = set(PROTOCOL.minimum_screen)
        named = set(told) | {PROTOCOL.findings[id].parent for id in told}
        told |= {
            id: "absent" for each in PROTOCOL.order("web") if each.slot in slots for id in asks(each) if id not in named
        }
    return build(told, vignette["facts"], PROTOCOL)


@pytest.mark.parametrize("area, vignette", VIGNETTES, ids=[f"{area}: {each['name']}" for area, each in VIGNETTES])
def test_vignette(area, vignette):
    result = assess(record(vignette), PROTOCOL, NOW, vignette.get("clinic") != "closed")
    got = result.disposition and result.disposition.value
    report = (
        f"\n{vignette['story']}\n{vignette['source']} in {area}.yml: expected {vignette['expect']}, got {got}"
        f"\nrules fired: {', '.join(result.rules) or 'none'}"
    )
    assert got == vignette["expect"], report
    if "human" in vignette:
        assert result.human is vignette["human"], f"{report}\nhuman: expected {vignette['human']}, got {result.human}"


@pytest.mark.parametrize("area, vignette", VIGNETTES, ids=[f"{area}: {each['name']}" for area, each in VIGNETTES])
def test_vignette_is_well_formed(area, vignette):
    assert REQUIRED <= set(vignette) <= REQUIRED | OPTIONAL
    assert 2 <= len(re.findall(r"[.?!](?=\s|$)", vignette["story"])) <= 4
    assert vignette["expect"] in DISPOSITIONS
    assert vignette["source"] in ROWS | SECTIONS or re.fullmatch(r"R\d{3}[a-c]?", vignette["source"])
    assert vignette["screen"] in {"complete", "incomplete"} and vignette.get("clinic", "closed") == "closed"
    if vignette["screen"] == "complete":
        assert set(vignette["facts"]) >= PAIN
    elif vignette["expect"] in {"routine", "self_care"}:
        pytest.fail("no visit and no self-care before the screen is complete")


def test_every_row_of_the_red_flag_table_has_vignettes():
    assert {each["source"] for _, each in VIGNETTES} >= ROWS


def test_there_are_enough_vignettes_of_every_disposition():
    assert len(VIGNETTES) >= 160
    names = Counter(each["name"] for _, each in VIGNETTES)
    assert not [name for name, count in names.items() if count > 1]
    counts = Counter(each["expect"] for _, each in VIGNETTES)
    assert set(counts) == DISPOSITIONS and min(counts.values()) >= 8, counts
