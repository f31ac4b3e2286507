"""A mistake in the YAML is reported with file, line, field, allowed values and what to do."""

from dataclasses import dataclass

import pytest

from intake.protocol.load import load
from intake.protocol.source import ProtocolError
from tests.protocol.folders import copy_with


@dataclass
class Case:
    name: str
    file: str
    old: str
    new: str
    field: str
    says: str
    fix: str
    allowed: str = ""
    reported_in: str = ""  # when not in the changed file
    lines_below: int | None = 0  # the field stands this many lines below the start of `new`; None: in another file


CASES = [
    Case(
        "broken yaml",
        "facts.yml",
        "reporter:\n",
        "reporter: [\n",
        "file",
        "not valid YAML",
        "check indentation",
        lines_below=2,
    ),
    Case(
        "a key twice",
        "findings/fever.yml",
        "kind: symptom",
        "kind: symptom\nkind: event",
        "file",
        "duplicate key",
        "only once",
        lines_below=1,
    ),
    Case(
        "unknown key",
        "findings/fever.yml",
        "tier: 2",
        "tier: 2\nphrase: [hot]",
        "phrase",
        "unknown key 'phrase'",
        "phrases",
        "absent_phrases",
        lines_below=1,
    ),
    Case(
        "missing key",
        "findings/fever.yml",
        "kind: symptom\n",
        "",
        "kind",
        "is missing",
        "add `kind: ...`",
        lines_below=-2,
    ),
    Case(
        "value not allowed",
        "findings/fever.yml",
        "kind: symptom",
        "kind: symtom",
        "kind",
        "not an allowed value",
        "allowed values",
        "history",
    ),
    Case(
        "list where text belongs",
        "findings/fever.yml",
        "group: infection",
        "group: [infection]",
        "group",
        "str type expected",
        "write text",
    ),
    Case(
        "text where a list belongs",
        "rules/R112.yml",
        "tiers:",
        "tiers: none\nold:",
        "tiers",
        "valid list",
        "write a list",
    ),
    Case(
        "id unlike the file's name",
        "rules/R112.yml",
        "title:",
        "id: R113\ntitle:",
        "id",
        "differs from the file's name",
        "R112",
    ),
    Case(
        "unknown disposition",
        "rules/R112.yml",
        "disposition: within_7_days",
        "disposition: within_8_days",
        "tiers.0.disposition",
        "not an allowed value",
        "allowed values",
        "within_7_days",
    ),
    Case(
        "unknown parent",
        "findings/urinary_hesitancy.yml",
        "parent: urinary_retention",
        "parent: urinary_retension",
        "parent",
        "no finding 'urinary_retension'",
        "urinary_retention",
    ),
    Case(
        "a phrase of the last resort with an unknown class",
        "last_resort.yml",
        "- <cannot> .. breath|respirar",
        "- <can_not> .. breath|respirar",
        "levels.call_911.phrases.2",
        "there is no class <can_not>",
        "head of the file",
    ),
    Case(
        "an emergency level without a last resort",
        "last_resort.yml",
        "  crisis:\n    text: crisis_no_call",
        "  same_day:\n    text: crisis_no_call",
        "levels",
        "crisis is missing",
        "call_911, crisis and er_now",
        lines_below=None,
    ),
    Case(
        "unknown text of the last resort",
        "last_resort.yml",
        "text: er_nerve",
        "text: er_nerves",
        "levels.er_now.text",
        "no text 'er_nerves'",
        "er_nerve",
    ),
    Case(
        "unknown finding in a question",
        "screens/screen_body.yml",
        "findings: [weight_loss]}",
        "findings: [weightloss]}",
        "Q7.options.weight.findings.0",
        "no finding 'weightloss'",
        "weight_loss",
    ),
    Case(
        "unknown fact in a question",
        "questions/pain.yml",
        "facts: {pain_trend: better}}",
        "facts: {trend: better}}",
        "Q11b.options.better.facts.trend",
        "no fact 'trend'",
        "pain_trend",
    ),
    Case(
        "value that a fact lacks",
        "questions/pain.yml",
        "facts: {pain_trend: better}}",
        "facts: {pain_trend: betr}}",
        "Q11b.options.better.facts.pain_trend",
        "cannot be 'betr'",
        "better",
        "worse_fast",
    ),
    Case(
        "range with one end",
        "questions/pain.yml",
        "pain_duration_days: [0, 13]",
        "pain_duration_days: 13",
        "Q11.options.weeks2.facts.pain_duration_days",
        "is a range",
        "[least, most]",
    ),
    Case(
        "follow-up of nothing",
        "screens/screen_nerves.yml",
        "after: Q4\n  ask_if",
        "after: Q44\n  ask_if",
        "Q4o.after",
        "no question 'Q44'",
        "Q4",
    ),
    Case(
        "question id used twice",
        "questions/pain.yml",
        "- id: Q11b",
        "- id: Q11",
        "Q11.id",
        "stands in pain.yml already",
        "its own id",
    ),
    Case(
        "condition with two keys",
        "conditions.yml",
        "  any: [{pregnancy_stage: [possible, lt20w, weeks_unknown, unsure]}]",
        "  {fever: new, rash: new}",
        "pregnancy_early",
        "holds 2 keys",
        "all: [...]",
        lines_below=-1,
    ),
    Case(
        "condition that is a list",
        "conditions.yml",
        "  any: [{pregnancy_stage: [possible, lt20w, weeks_unknown, unsure]}]",
        "  [fever, rash]",
        "pregnancy_early",
        "a list is not a condition",
        "any: [...]",
        lines_below=-1,
    ),
    Case(
        "unknown finding in a condition",
        "conditions.yml",
        "any: [{fever: within90d}",
        "any: [{fevr: within90d}",
        "fever_or_rigors.any.0.fevr",
        "no finding or fact 'fevr'",
        "fever",
    ),
    Case(
        "unknown time band",
        "conditions.yml",
        "any: [{fever: within90d}",
        "any: [{fever: within9d}",
        "fever_or_rigors.any.0.fever",
        "no time band",
        "within90d",
        "le72h",
    ),
    Case(
        "unknown named condition",
        "conditions.yml",
        "any: [{condition: infection_risk_strong}",
        "any: [{condition: infection_risk_strange}",
        "infection_risk.any.0.condition",
        "no condition 'infection_risk_strange'",
        "infection_risk_strong",
    ),
    Case(
        "fact without a value",
        "conditions.yml",
        "any: [{fever: within90d}",
        "any: [age",
        "fever_or_rigors.any.0",
        "needs a value",
        "{age: value}",
    ),
    Case(
        "comparison with an unknown constant",
        "conditions.yml",
        '{age: "> 70"}',
        '{age: "> seventy"}',
        "fracture_risk_any.of.4.all.1.age",
        "is no comparison",
        ">= few_weeks_days",
    ),
    Case(
        "finding under unless",
        "rules/R101.yml",
        "unless: {both_leg_quality: pain_or_tingle_only}",
        "unless: fever",
        "tiers.1.unless",
        "may not stand under unless",
        "exception fact",
        "both_leg_quality",
    ),
    Case(
        "unknown text",
        "rules/R101.yml",
        "text: er_nerve",
        "text: er_nerves",
        "tiers.0.text",
        "no text 'er_nerves'",
        "er_nerve",
    ),
    Case(
        "question in no order",
        "protocol.yml",
        "Q13, Q13b,",
        "Q13,",
        "order.web",
        "question Q13b is not in the order",
        "add Q13b",
        lines_below=-1,
    ),
    Case(
        "unknown question in the order",
        "protocol.yml",
        "Q13, Q13b,",
        "Q13, Q13b, Q13c,",
        "order.web.29",
        "no web question 'Q13c'",
        "Q13b",
    ),
    Case(
        "unknown slot in the minimum screen",
        "protocol.yml",
        "minimum_screen: [patient,",
        "minimum_screen: [patients,",
        "minimum_screen.0",
        "no question fills slot 'patients'",
        "patient",
    ),
    Case(
        "unknown fact in the packet",
        "protocol.yml",
        "packet: [complaint,",
        "packet: [complain,",
        "packet.0",
        "no fact 'complain'",
        "complaint",
    ),
    Case(
        "unknown group in the related groups",
        "protocol.yml",
        "- [brain, infection]",
        "- [brains, infection]",
        "related_groups.1.0",
        "no finding has group 'brains'",
        "brain",
    ),
    Case(
        "word class in two files",
        "language/status.yml",
        "\nnegation:",
        "\nsigns_of_touch: [wipe]\ntouching: [wash]\nnegation:",
        "touching",
        "touching stands in classes_danger.yml already",
        "join the two",
        lines_below=1,
    ),
    Case(
        "number that is none",
        "protocol.yml",
        "few_weeks_days: 28",
        "few_weeks_days: four weeks",
        "constants.few_weeks_days",
        "not a valid integer",
        "whole number",
    ),
    Case(
        "number below zero",
        "protocol.yml",
        "few_weeks_days: 28",
        "few_weeks_days: -3",
        "constants.few_weeks_days",
        "greater than or equal to 0",
        "not below 0",
    ),
    Case(
        "renamed number that conditions still name",
        "protocol.yml",
        "few_weeks_days: 28",
        "some_weeks_days: 28",
        "pain_acute.any.0.pain_duration_days",
        "'< few_weeks_days' is no comparison",
        "constant of protocol.yml",
        reported_in="conditions.yml",
        lines_below=None,
    ),
    Case(
        "finding that is its own parent",
        "findings/urinary_hesitancy.yml",
        "parent: urinary_retention",
        "parent: urinary_hesitancy",
        "parent",
        "is a parent of its own",
        "wider finding",
    ),
    Case(
        "unknown text of a disposition",
        "dispositions.yml",
        "text: routine",
        "text: rutine",
        "routine.text",
        "no text 'rutine'",
        "routine",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_explained(case, tmp_path):
    folder, line = copy_with(tmp_path, case.file, case.old, case.new)

    with pytest.raises(ProtocolError) as error:
        load(folder)

    found = [one for one in error.value.problems if one.field == case.field and case.says in one.message]
    assert found, f"not reported; reported was:\n{error.value}"
    problem = found[0]
    assert problem.file == folder / (case.reported_in or case.file)
    assert case.lines_below is None or problem.line == line + case.lines_below
    assert case.fix in problem.fix
    assert case.allowed in problem.allowed or not case.allowed
    assert f"{problem.file}:{problem.line}: " in str(error.value)


def test_all_mistakes_are_reported_at_once(tmp_path):
    folder, _ = copy_with(tmp_path, "findings/fever.yml", "tier: 2", "tier: 7")
    rash = folder / "findings" / "rash.yml"
    rash.write_text(rash.read_text().replace("kind: symptom", "kind: sign"))

    with pytest.raises(ProtocolError) as error:
        load(folder)

    assert {"fever.yml", "rash.yml"} <= {problem.file.name for problem in error.value.problems}


def test_a_missing_folder_is_explained(tmp_path):
    with pytest.raises(ProtocolError, match="is missing"):
        load(tmp_path / "nowhere")


def test_a_half_written_protocol_can_be_loaded_on_request(tmp_path):
    folder, _ = copy_with(tmp_path, "rules/R101.yml", "text: er_nerve", "text: er_nerves")

    assert "R101" in load(folder, strict=False).rules


def test_an_empty_file_is_no_rule_that_got_lost(tmp_path):
    folder, _ = copy_with(tmp_path, "rules/R112.yml", "title:", "title:")
    (folder / "rules" / "R112.yml").write_text("# to be written\n")

    with pytest.raises(ProtocolError, match="R112.yml:1: .*is empty"):
        load(folder)


def test_a_field_of_two_types_has_one_problem(tmp_path):
    folder, _ = copy_with(tmp_path, "protocol.yml", "few_weeks_days: 28", "few_weeks_days: soon")

    with pytest.raises(ProtocolError) as error:
        load(folder)

    assert len(error.value.problems) == 1
