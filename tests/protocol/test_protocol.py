"""The real protocol: sound, complete, and what the rest of the assistant relies on."""

import re

import pytest

from intake.protocol import check, references
from intake.protocol.model import Disposition, Timing

CONTRACT_FINDINGS = """
saddle_numbness urinary_retention urinary_incontinence bowel_incontinence sexual_dysfunction bilateral_leg_symptoms
leg_weakness foot_drop progressive_weakness gait_unsteadiness hand_clumsiness sensory_level numbness tingling
leg_pain arm_pain fever chills_night_sweats weight_loss night_pain cancer_history iv_drug_use immunosuppression
steroid_use osteoporosis anticoagulant major_trauma minor_fall recent_spine_procedure recent_infection
implanted_device_problem chest_pain shortness_of_breath tearing_pain pulsatile_abdomen syncope stroke_signs
hemoptysis hematuria dysuria flank_pain abdominal_pain gi_bleed pregnancy pregnancy_warning_sign suicidal_ideation
suicidal_plan passive_death_wish overdose_concern opioid_problem violence morning_stiffness rash cold_limb
calf_swelling
"""
WEB_QUESTIONS = """
Q0 Q1 Q1p Q2 Q3 Q4 Q4t Q5 Q5t Q6 Q6t Q7 Q8 Q8d Q8i Q8m Q8p Q9 Q9b Q10 Q11 Q12 Q13 Q13b Q14 Q15 Q16 Q17 Q18 Q19 Q20
Q21
"""
SMS_QUESTIONS = """
SMS-00 SMS-01 SMS-01b SMS-02 SMS-03 SMS-03b SMS-04 SMS-04b SMS-04t SMS-05 SMS-05t SMS-06 SMS-06t SMS-07 SMS-07b
SMS-08 SMS-08b SMS-08i SMS-08d SMS-08m SMS-08p SMS-09 SMS-09a SMS-09b SMS-10 SMS-11 SMS-11b SMS-12 SMS-13 SMS-14
SMS-15 SMS-16 SMS-17 SMS-18 SMS-E10
"""
RULES = """
R001 R001b R002 R003 R004 R005 R006 R006b R007 R008 R009 R010 R011 R012 R013 R014 R015 R016 R017
R101 R102 R103 R104 R105 R106 R107 R108 R109 R110 R111 R112 R113 R114 R115 R116 R117 R118 R119 R120 R121 R122 R123
R124 R125 R126 R127 R127b R128 R129 R130 R131 R132 R133 R134 R135 R136 R137 R138
R201 R202 R203 R204
R301 R302 R302b R303 R303b R304 R305 R306 R307 R308 R309 R310 R311 R312 R313 R314 R315 R316 R316b R317 R318 R999
"""
RED_FLAG_ROWS = """
CES-1 CES-2 CES-3 CES-4 CES-5 NEU-1 NEU-2 NEU-3 FX-1 FX-2 FX-3 CA-1 CA-2 INF-1 INF-2 VAS-1 CAR-1 PE-1 REN-1 REN-2
GI-1 PREG-1 PREG-2 PREG-3 INFL-1 PSY-1 PSY-2 SAFE-1 OPI-1 OPI-2 PED-1 ANT-1 PROC-1 DEV-1 DEV-2 STER-1 LIMB ZOS PAIN
SPEC
"""
STAGES = {"R0": "interrupt", "R1": "screen", "R2": "gate", "R3": "routing", "R9": "routing"}
SMS_TEXTS = """
SMS-00b SMS-02b SMS-E1 SMS-E1t SMS-E2 SMS-E2g SMS-E2p SMS-E3 SMS-E3b SMS-E4 SMS-E4b SMS-E5 SMS-E5c SMS-E6 SMS-E7
SMS-E8 SMS-E9 SMS-E9b SMS-E11 SMS-HELP SMS-STOP
"""
SCREENS = {
    "screen_emergency": ("Q3", "SMS-03"),
    "screen_emergency_2": ("SMS-03b", "SMS-03b"),
    "screen_nerves": ("Q4", "SMS-04"),
    "screen_nerves_2": ("SMS-04b", "SMS-04b"),
    "screen_nerves_timing": ("Q4t", "SMS-04t"),
    "screen_limbs": ("Q5", "SMS-05"),
    "screen_injury": ("Q6", "SMS-06"),
    "screen_body": ("Q7", "SMS-07"),
    "screen_body_2": ("SMS-07b", "SMS-07b"),
    "screen_history": ("Q8", "SMS-08"),
    "screen_mood": ("Q9", "SMS-09"),
    "screen_mood_active": ("Q9b", "SMS-09a"),
    "screen_mood_plan": ("Q9b2", "SMS-09b"),
}
EXCEPTIONS = """
chest_pain_kind breathless arm_pain_kind same_pain_before mechanism pain_onset pain_severity excess_drug excess_well
sexual_kind both_leg_quality both_leg_kind leak_kind leak_ge12mo wipe_flow_normal weak_from_pain_only gait_kind
crash_low_speed walking_since no_midline_pain aspirin_only procedure_pain infection_needed_hospital
leg_heavy_after_block headache_upright_only haematuria_well
"""


def test_it_has_no_problems(protocol, the_clinic):
    errors = [str(problem) for problem in check.check(protocol, the_clinic) if not problem.warning]

    assert not errors, "\n".join(errors)


def test_its_references_hold(protocol):
    assert not [str(problem) for problem in references.problems(protocol)]


@pytest.mark.parametrize("id", CONTRACT_FINDINGS.split())
def test_every_contract_finding_exists(protocol, id):
    assert id in protocol.findings
    assert protocol.findings[id].parent is None


@pytest.mark.parametrize("id", RULES.split())
def test_every_rule_of_the_reference_exists_in_its_stage(protocol, id):
    assert protocol.rules[id].stage == STAGES[id[:2]]


@pytest.mark.parametrize("row", RED_FLAG_ROWS.split())
def test_every_row_of_the_red_flag_table_has_a_finding_and_a_rule(protocol, row):
    def names_it(sources: str) -> bool:
        return re.search(rf"RF-{row}(?!\d)", sources) is not None

    assert any(names_it(rule.source) for rule in protocol.rules.values())
    assert any(names_it(" ".join(finding.sources)) for finding in protocol.findings.values())


@pytest.mark.parametrize("id", (WEB_QUESTIONS + SMS_QUESTIONS).split())
def test_every_question_of_the_reference_exists(protocol, id):
    assert protocol.questions[id].channel == ("sms" if id.startswith("SMS") else "web")


def test_every_text_message_of_the_reference_exists(protocol):
    ids = {id for text in protocol.texts.values() for id in text.sms_ids}

    assert ids == set(SMS_TEXTS.split())


@pytest.mark.parametrize(("slot", "ids"), SCREENS.items())
def test_a_slot_names_its_question_on_each_channel(protocol, slot, ids):
    assert protocol.question_for(slot).id == ids[0]
    assert protocol.question_for(slot, "sms").id == ids[1]
    assert protocol.question_for(ids[0]).slot == slot


def test_a_follow_up_that_is_asked_for_one_option_is_found(protocol):
    assert protocol.question_for("Q4t:numb").id == "Q4t"


@pytest.mark.parametrize("asked", [None, "", "nothing_of_the_kind"])
def test_an_unknown_question_is_none(protocol, asked):
    assert protocol.question_for(asked) is None


@pytest.mark.parametrize("id", EXCEPTIONS.split())
def test_every_exception_can_be_answered(protocol, id):
    asked = {fact for question in protocol.questions.values() for option in question.options for fact in option.facts}
    asked |= {question.fact for question in protocol.questions.values()}

    assert protocol.facts[id].exception
    assert id in asked


def test_every_level_has_its_row_and_texts(protocol):
    for level in Disposition:
        info = protocol.dispositions[level]
        assert protocol.texts[info.text].disposition == level


def test_a_family_holds_children_of_children_and_itself(protocol):
    assert protocol.family("saddle_numbness") == {"saddle_numbness", "genital_numbness"}
    assert {"hemophilia_history"} < protocol.family("bleeding_disorder")
    assert protocol.family("fever") == {"fever"}


def test_constants_are_put_into_conditions(protocol):
    assert protocol.constants["few_weeks_days"] == 28
    assert protocol.conditions["pain_few_weeks"] == {"any": [{"pain_duration_days": ">= 28"}]}


def test_no_and_yes_stay_words(protocol):
    assert "no" in protocol.facts["pregnancy_stage"].values


def test_the_protocol_cannot_be_changed_in_memory(protocol):
    with pytest.raises(TypeError):
        protocol.findings["new"] = None
    with pytest.raises(TypeError):
        protocol.findings["fever"].tier = 3


def test_timing_follow_ups_cover_the_whole_time(protocol):
    for id in ("Q4t", "Q5t", "SMS-04t", "SMS-05t"):
        timings = {option.timing for option in protocol.questions[id].options}
        assert timings == {Timing.le72h, Timing.le14d, Timing.d15_90, Timing.gt90d_stable, Timing.unknown}


@pytest.mark.parametrize("fact", ["trauma_days", "procedure_days", "pain_duration_days"])
def test_offered_day_ranges_leave_no_gap(protocol, fact):
    for question in protocol.questions.values():
        ranges = sorted(
            tuple(option.facts[fact]) for option in question.options if fact in option.facts and option.id != "unsure"
        )
        for (_, end), (start, _) in zip(ranges, ranges[1:], strict=False):
            assert start == end + 1, question.id
        assert not ranges or (ranges[0][0] == 0 and ranges[-1][1] is None)


def test_the_minimum_screen_is_the_same_on_both_channels(protocol):
    """The text messages ask what the web asks, but for what 3A leaves to free text there."""
    web_only = """
    near_syncope heavy_arm tight_band leg_weakness arm_weakness flank_pain diabetes_history liver_alcohol_history
    violence vomiting bleeding_disorder fragility_fracture_history
    """
    asked = {
        channel: {
            finding
            for question in protocol.order(channel)
            if question.slot in protocol.minimum_screen
            for option in question.options
            for finding in option.findings
        }
        for channel in ("web", "sms")
    }

    assert asked["web"] - asked["sms"] == set(web_only.split())
    assert not asked["sms"] - asked["web"]


def test_loading_takes_well_under_two_seconds_of_computing():
    import time

    from intake.protocol import load

    load.load.cache_clear()
    start = time.process_time()
    load.load()
    assert time.process_time() - start < 2
