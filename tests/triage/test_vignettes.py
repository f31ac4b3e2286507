"""One patient after another against the triage rules: `tests/vignettes/<area>.yml` (format: vignettes.py)."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from intake.protocol.load import load
from intake.protocol.model import Disposition
from tests.protocol.folders import copy_with
from tests.triage.vignettes import judge, moved, vignettes

PROTOCOL = load()
VIGNETTES = vignettes()

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


@pytest.mark.parametrize("area, vignette", VIGNETTES, ids=[f"{area}: {each['name']}" for area, each in VIGNETTES])
def test_vignette(area, vignette):
    result = judge(vignette, PROTOCOL)
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
    assert set(vignette["findings"]) <= set(PROTOCOL.findings) and set(vignette["facts"]) <= set(PROTOCOL.facts)
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


def test_the_vignettes_that_a_change_moves_are_named_with_both_levels(tmp_path):
    folder, _ = copy_with(tmp_path, "protocol.yml", "aneurysm_age: 60", "aneurysm_age: 75")
    lines = list(moved(PROTOCOL, load(folder)))
    assert any("call_911 before" in line and "the reference says call_911" in line for line in lines)
    assert not any("call_911 now" in line for line in lines)


def test_a_vignette_can_be_judged_by_a_protocol_that_does_not_know_all_it_tells():
    _, vignette = VIGNETTES[0]
    findings, facts = {**vignette["findings"], "found_later": "present"}, {**vignette["facts"], "fact_later": 3}
    newer = {**vignette, "findings": findings, "facts": facts}
    assert judge(newer, PROTOCOL) == judge(vignette, PROTOCOL)


def test_without_a_change_no_vignette_moves():
    assert not list(moved(PROTOCOL, PROTOCOL))
