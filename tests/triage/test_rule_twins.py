"""Every rule against its twin, and every rule and tier with a case that fires and one that does not."""

from __future__ import annotations

import pytest

from intake.protocol.load import load
from tests.triage.twins import load_cases

PROTOCOL = load()
CASES = load_cases(PROTOCOL)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_twin(case):
    result = case.judge(PROTOCOL)
    assert not case.wrong(result.disposition, result.fired), result.fired


def test_every_rule_has_a_twin():
    assert {case.rule for case in CASES} == set(PROTOCOL.rules)


def test_every_tier_fires_in_a_twin_and_every_rule_stays_silent_in_one():
    fired, silent = set(), set()
    for case in CASES:
        tiers = {each.rule: each.tier for each in case.judge(PROTOCOL).fired}
        if case.rule in tiers:
            fired.add((case.rule, tiers[case.rule]))
        else:
            silent.add(case.rule)
    tiers = {(rule.id, index) for rule in PROTOCOL.rules.values() for index in range(len(rule.tiers))}
    assert not tiers - fired, f"no twin fires {sorted(tiers - fired)}"
    assert not set(PROTOCOL.rules) - silent, f"no twin in which {sorted(set(PROTOCOL.rules) - silent)} stays silent"
