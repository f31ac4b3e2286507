"""No fault in a rule, a threshold or a shared condition goes unnoticed by the twins."""

from __future__ import annotations

from intake.protocol.load import load
from tests.triage.mutations import Judge, mutants
from tests.triage.twins import load_cases

# Mutants that change nothing, each with the reason. An entry that no longer survives must be removed.
EQUIVALENT = {
    "R007 tier 1 unless: pain_severity: < 7 -> < 8": "a known aneurysm and pain of 7 is call_911 by the tier above",
    "R103 tier 2 when: sexual_dysfunction: d15_90 -> within90d": "newer is same_day by the tier above",
    "R103 tier 3 when: sexual_dysfunction: gt90d -> old": "15 to 90 days is within_7_days by the tier above",
    "R106 tier 0 when: {'bilateral_leg_symptoms': 'unsure'} never": "it is also a doubtful leg symptom",
    "R106 tier 1 when: {'bilateral_leg_symptoms': 'unsure'} never": "it is also a doubtful leg symptom",
    "R301 tier 0 when: leg_weakness: old -> yes": "newer is same_day by R108, then P3 does not run",
    "R301 tier 0 when: arm_weakness: old -> yes": "newer is same_day by R108, then P3 does not run",
    "R316 tier 0 when: {'condition': 'pain_acute'} always": "28 days and more fires R309, so not `nothing_fired`",
    "R316 tier 0 when: {'pain_severity': '<= 7'} always": "8 and more fires R315, so not `nothing_fired`",
    "R316 tier 0 when: pain_severity: <= 7 -> <= 8": "8 and more fires R315, so not `nothing_fired`",
    "R316b tier 0 when: {'condition': 'pain_acute'} always": "28 days and more fires R309, so not `only_offers`",
    "R316b tier 0 when: {'pain_severity': '<= 7'} always": "8 and more fires R315, so not `only_offers`",
    "R316b tier 0 when: pain_severity: <= 7 -> <= 8": "8 and more fires R315, so not `only_offers`",
    "condition ces_item: bilateral_leg_numbness never": "R103 reads it through leg_symptom too",
    "condition ces_item: bilateral_leg_weakness never": "R103 reads it through leg_symptom too",
    "condition ces_item_new: {'condition': 'both_legs_numb_or_weak_new'} never": "users name both legs too",
    "condition fracture_risk_any: {'sex': 'female'} never": "a woman over 70 has the age risk already",
    "condition fracture_risk_any: {'sex': 'female'} always": "over 70 is over 65",
    "condition fracture_risk_any: {'age': '> 70'} never": "a woman over 70 has the age risk already",
    "condition fracture_risk_any: age: > 70 -> > 69": "over 69 is over 65",
    "condition fracture_risk_any: age: > 70 -> > 71": "a woman over 70 has the age risk already",
}


def test_every_mutant_is_noticed():
    protocol = load()
    judge = Judge(protocol, load_cases(protocol))
    survivors = {mutant.where for mutant in mutants(protocol) if not judge.notices(mutant)}
    assert survivors - set(EQUIVALENT) == set(), "faults that no twin notices"
    assert set(EQUIVALENT) - survivors == set(), "listed as equivalent, but a twin notices them"
