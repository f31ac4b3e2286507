"""What the check finds beyond unknown ids."""

from dataclasses import dataclass

import pytest

from intake.protocol import check
from tests.protocol.folders import copy_with


@dataclass
class Case:
    name: str
    file: str
    old: str
    new: str
    says: str
    reported_in: str = ""


RULE = """title: Test
stage: screen
tiers:
  - disposition: same_day
    when: {when}
reason: you said so
source: test
evidence: P
"""

CASES = [
    Case(
        "a finding that nothing sets",
        "findings/hemoptysis_new.yml",
        "",
        "label: x\npatient: x\nkind: symptom\ngroup: x\ntier: 3\n",
        "no question fills hemoptysis_new",
    ),
    Case(
        "free text that a question asks",
        "findings/rash.yml",
        "tier: 2",
        "tier: 2\nfree_text: true",
        "a question fills rash",
    ),
    Case(
        "a question that nothing uses",
        "protocol.yml",
        "medicines_allergies, goals",
        "goals",
        "no rule and no packet uses the answer",
        "questions/care.yml",
    ),
    Case(
        "an intimate question without why",
        "screens/screen_nerves.yml",
        "  why: It helps us to tell an old problem from a new one.\n",
        "",
        "says why it is asked",
    ),
    Case(
        "any question without why",
        "questions/pain.yml",
        "  why: The spot tells us which care team should see you.\n",
        "",
        "says why it is asked",
    ),
    Case(
        "a denial of a finding that does not exist",
        "screens/screen_emergency.yml",
        "denies: [stiff_neck]",
        "denies: [stif_neck]",
        "no finding 'stif_neck'",
    ),
    Case(
        "a letter that the text does not offer",
        "screens/screen_limbs.yml",
        "    - {id: F, text: One limb numb",
        "    - {id: G, text: One limb numb",
        "does not offer G",
    ),
    Case("none as an option", "questions/pain.yml", "{id: bathroom,", "{id: none,", '"none" is no option'),
    Case(
        "a message that is too long",
        "texts/sms_help.yml",
        "sms:\n  - >-\n    {clinic}:",
        "sms:\n  - >-\n    {clinic} of beautiful Springfield:",
        "one text message holds 160",
    ),
    Case(
        "a curly quote",
        "texts/goodbye.yml",
        "sms:\n  - >-\n    Thank you.",
        "sms:\n  - >-\n    That’s it.",
        "cannot carry",
    ),
    Case(
        "too hard to read",
        "texts/goodbye.yml",
        "You can write here at any time.",
        "Subsequently communicated deterioration necessitates immediate professional reevaluation.",
        "reads at grade",
    ),
    Case(
        "a hard word",
        "texts/goodbye.yml",
        "You can write",
        "Your incontinence is noted. You can write",
        "hard word 'incontinence'",
    ),
    Case("a promise", "texts/goodbye.yml", "You can write", "You are fine. You can write", "says 'you are fine'"),
    Case(
        "an unknown placeholder",
        "texts/goodbye.yml",
        "You can write",
        "Hi {name}. You can write",
        "unknown placeholder {name}",
    ),
    Case("a note left behind", "texts/goodbye.yml", "You can write", "TODO: You can write", "is not finished"),
    Case(
        "an emergency text with a long start",
        "texts/er_now.yml",
        "Go to the ER now, even at night.",
        "Go to the ER now, even at night, and do not wait.",
        "first sentence has",
    ),
    Case(
        "Spanish that waits",
        "texts/minor.yml",
        "Llame al {phone} con su mamá",
        "Esta es una ayuda que es solo para personas adultas y ya está. Llame al {phone} con su mamá",
        "first 60 characters",
    ),
    Case("a promised call that is not marked", "texts/same_day.yml", "promises_call: true\n", "", "promises a call"),
    Case(
        "a promised call without another text", "texts/same_day.yml", "otherwise: same_day_no_call\n", "", "is missing"
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_check_finds(case, tmp_path):
    folder, _ = copy_with(tmp_path, case.file, case.old, case.new)

    found = [problem for problem in check.problems(folder) if case.says in problem.message]

    assert found
    assert found[0].file == folder / (case.reported_in or case.file)
    assert not found[0].warning
    assert found[0].fix


def test_a_rule_that_can_never_fire_is_found(tmp_path):
    folder, _ = copy_with(tmp_path, "rules/R900.yml", "", RULE.replace("{when}", "{pain_trend: up_and_down}"))
    facts = folder / "facts.yml"
    facts.write_text(facts.read_text().replace("up_and_down]", "up_and_down, sideways]"))
    rule = folder / "rules" / "R900.yml"
    rule.write_text(RULE.replace("{when}", "{all: [fever, hemoptysis_new]}"))
    finding = folder / "findings" / "hemoptysis_new.yml"
    finding.write_text("label: x\npatient: x\nkind: symptom\ngroup: x\ntier: 3\n")

    found = [problem for problem in check.problems(folder) if "can never hold" in problem.message]

    assert [problem.file.name for problem in found] == ["R900.yml"]
    assert "hemoptysis_new" in found[0].message


def test_a_tier_that_another_one_hides_is_found(tmp_path):
    twice = RULE.replace("{when}", "fever").replace(
        "reason:", "  - disposition: within_7_days\n    when: fever\nreason:"
    )
    folder, _ = copy_with(tmp_path, "rules/R900.yml", "", twice)

    assert any("an earlier tier always holds" in problem.message for problem in check.problems(folder))


def test_unsigned_rules_and_unread_spanish_are_warnings(protocol, the_clinic):
    said = " ".join(problem.message for problem in check.check(protocol, the_clinic) if problem.warning)

    if not protocol.header.signed_by:
        assert "nobody has signed this protocol" in said
    if not protocol.header.spanish_reviewed_by:
        assert "Spanish" in said


def test_an_emergency_text_must_say_what_to_do_at_once(tmp_path):
    folder, _ = copy_with(
        tmp_path,
        "texts/call_911.yml",
        "web: >-\n  Call 911 now.",
        "web: >-\n  It may be bad. It may be very bad. You may need help from people. Call 911 now.",
    )

    assert any("does not tell what to do at once" in problem.message for problem in check.problems(folder))


def test_a_safety_text_needs_spanish(tmp_path):
    folder, _ = copy_with(tmp_path, "texts/goodbye.yml", "web:", "safety: true\nweb:")

    assert any("needs Spanish" in problem.message for problem in check.problems(folder))


def test_the_exit_code_tells(capsys):
    assert check.report([]) == 0
    assert "sound" in capsys.readouterr().out
