"""The invariants of triage, attacked with random records (design.md, clinical reference 3C)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.protocol.conditions import leaves
from intake.protocol.load import load
from intake.protocol.model import Disposition, Status, Timing
from intake.triage import screen
from intake.triage.assess import assess, floor
from intake.triage.record import NOT_ASKED, Record, Statement, Turn, Value, asks
from intake.triage.rules import rank
from tests.triage.twins import NOW, build

PROTOCOL = load()
FINDINGS = sorted(PROTOCOL.findings)
SCREENED = sorted(screen.minimum(PROTOCOL))
SKIPPABLE = sorted(screen.skippable(PROTOCOL))
EXCEPTIONS = sorted(id for id, fact in PROTOCOL.facts.items() if fact.exception and fact.kind == "choice")
VALUES = {
    "age": st.integers(0, 100),
    "pain_severity": st.integers(0, 10),
    "sex": st.sampled_from(["female", "male"]),
    "pain_onset": st.sampled_from(["sudden", "gradual"]),
    "pain_trend": st.sampled_from(["better", "same", "worse", "worse_fast"]),
    "pain_duration_days": st.sampled_from([(0, 13), (14, 27), (28, 41), (84, None)]),
    "trauma_days": st.sampled_from([(0, 3), (4, 7), (8, 42), (91, None)]),
    "procedure_days": st.sampled_from([(0, 3), (8, 42), (43, 90), (91, None)]),
    "pain_location": st.sampled_from([("neck",), ("mid_back",), ("lower_back",), ("knee",), ("abdomen",)]),
    "interference": st.sampled_from([("none",), ("sleep",), ("walk_stand", "work"), ("social",)]),
    "pregnancy_stage": st.sampled_from(["no", "lt20w", "ge20w", "weeks_unknown", "postpartum_le6w"]),
    **{id: st.sampled_from(PROTOCOL.facts[id].values) for id in EXCEPTIONS},
}
STATUSES = st.sampled_from([Status.present, Status.absent, Status.absent, Status.unsure, Status.declined])


@st.composite
def records(draw) -> Record:
    """Draw a record: a few findings in any state and with any timing, a few facts, often a complete screen."""
    told = {
        id: {"status": draw(STATUSES), "timing": draw(st.sampled_from(Timing))}
        for id in draw(st.lists(st.sampled_from(FINDINGS), max_size=5, unique=True))
    }
    facts = {id: draw(VALUES[id]) for id in draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=6, unique=True))}
    return build(told, facts, PROTOCOL, clean=draw(st.booleans()))


def tell(record: Record, *statements: Statement) -> Record:
    """Return the record after one more turn."""
    turn = len(record.turns)
    return replace(
        record,
        turns=(*record.turns, Turn("later", "", NOW)),
        covered=(*record.covered, frozenset()),
        statements=(*record.statements, *(replace(each, turn=turn, at=NOW) for each in statements)),
    )


def instead(record: Record, id: str, status: Status) -> Record:
    """Return the record with another answer about one finding."""
    others = tuple(each for each in record.statements if each.id != id)
    timing = record.timing(id)
    return replace(record, statements=(*others, Statement(id, status, timing=timing, words=id, asked="twin", at=NOW)))


def level(record: Record, **options) -> int:
    return rank(assess(record, PROTOCOL, NOW, **options).disposition)


def guard(record: Record) -> int:
    return rank(floor(record, PROTOCOL, NOW).disposition)


@settings(max_examples=400, deadline=None)
@given(records(), st.sampled_from(FINDINGS), st.sampled_from([Timing.unknown, Timing.le72h]))
def test_one_more_yes_never_lowers(record, id, timing):
    after = tell(record, Statement(id, Status.present, timing=timing, words="one more yes", asked="later"))
    assert guard(after) <= guard(record)
    assert level(after) <= level(record)


@settings(max_examples=300, deadline=None)
@given(records(), st.sampled_from(FINDINGS))
def test_a_yes_instead_of_no_or_nothing_never_lowers(record, id):
    """Only the fail-safe R999 may give way, to a rule that knows the two answers together (3C, invariant 2)."""
    if record.state(id) in (Status.absent, NOT_ASKED):
        assert guard(instead(record, id, Status.present)) <= guard(record)
        before = assess(record, PROTOCOL, NOW)
        assert level(instead(record, id, Status.present)) <= rank(before.disposition) or "R999" in before.rules


@settings(max_examples=300, deadline=None)
@given(records(), st.sampled_from(FINDINGS))
def test_the_guard_never_falls_from_not_sure_to_yes(record, id):
    """As long as nobody has said when it began, or an exception."""
    record = replace(
        record,
        statements=tuple(each for each in record.statements if each.id != id),
        values=tuple(each for each in record.values if not PROTOCOL.facts[each.id].exception),
    )
    assert guard(instead(record, id, Status.present)) <= guard(instead(record, id, Status.unsure))


@settings(max_examples=300, deadline=None)
@given(records(), st.sampled_from(FINDINGS), st.sampled_from([Status.unsure, Status.declined]))
def test_not_sure_and_declined_are_never_less_than_no(record, id, status):
    no, other = instead(record, id, Status.absent), instead(record, id, status)
    assert guard(other) <= guard(no)
    assert level(other) <= level(no) or level(other) < rank(Disposition.routine)


@settings(max_examples=200, deadline=None)
@given(records(), st.sampled_from(Disposition))
def test_what_was_shown_never_falls(record, shown):
    assert level(record, shown=shown) <= shown.rank
    assert rank(floor(record, PROTOCOL, NOW, shown=shown).disposition) <= shown.rank


@settings(max_examples=300, deadline=None)
@given(records(), st.lists(st.sampled_from(SCREENED), max_size=2), st.booleans())
def test_no_self_care_and_no_routine_before_the_screen_is_answered(record, forgotten, ended):
    record = replace(record, statements=tuple(each for each in record.statements if each.id not in forgotten))
    result = assess(record, PROTOCOL, NOW, channel="web", ended=ended)
    slots = set(PROTOCOL.minimum_screen)
    asked = set().union(*(asks(each) for each in PROTOCOL.order("web") if each.slot in slots))
    said_yes = {root for root in asked if any(record.state(id) is Status.present for id in PROTOCOL.family(root))}
    said_no = {id for id in asked if record.state(id) is Status.absent}
    skipped = {id for id in SKIPPABLE if record.state(id) is Status.declined}
    unanswered = asked - said_yes - said_no - skipped
    if unanswered or not all(record.facts(id) for id in ("age", "pain_duration_days", "pain_trend", "pain_severity")):
        assert result.disposition not in (Disposition.self_care, Disposition.routine)
        assert not result.screen_complete
    if result.disposition is Disposition.self_care:
        assert record.fact("age") >= 18 and record.fact("pain_severity") <= 7
        assert not any(record.state(id) is Status.unsure for id in asked)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(SKIPPABLE), unique=True), st.sampled_from([("none",), ("sleep",)]))
def test_skipping_sex_or_mood_does_not_block(skipped, limits):
    record = build(dict.fromkeys(skipped, Status.declined), {"interference": limits}, PROTOCOL, clean=True)
    assert assess(record, PROTOCOL, NOW).disposition is Disposition.self_care


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(set(SCREENED) - set(SKIPPABLE))), st.sampled_from([Status.declined, Status.unsure]))
def test_any_other_gap_blocks_and_brings_a_person(id, status):
    result = assess(build({id: status}, {}, PROTOCOL, clean=True), PROTOCOL, NOW)
    assert result.disposition not in (Disposition.self_care, Disposition.routine)
    assert result.human or result.disposition.is_emergency


@settings(max_examples=200, deadline=None)
@given(records(), st.sampled_from(EXCEPTIONS), st.data())
def test_an_exception_that_is_contradicted_is_not_met(record, id, data):
    if record.facts(id):
        others = [value for value in PROTOCOL.facts[id].values if value != record.fact(id)]
        other = data.draw(st.sampled_from(others or [None]))
        if other:
            silent = replace(record, values=tuple(each for each in record.values if each.id != id))
            both = replace(record, values=(*record.values, Value(id, other, 0, "", NOW)))
            assert guard(both) <= max(guard(silent), guard(record))


@settings(max_examples=100, deadline=None)
@given(records())
def test_the_same_record_gives_the_same_answer(record):
    again = replace(record, statements=tuple(record.statements))
    assert assess(record, PROTOCOL, NOW) == assess(again, PROTOCOL, NOW)


@settings(max_examples=100, deadline=None)
@given(records(), st.sampled_from(["it is nothing really", "sorry, my wife says I exaggerate", "I have no insurance"]))
def test_words_that_name_no_finding_change_nothing(record, text):
    after = replace(
        record,
        turns=(*record.turns, Turn(None, text, NOW)),
        covered=(*record.covered, frozenset()),
        values=(*record.values, Value("insurance", text, 1, text, NOW), Value("language", text, 1, text, NOW)),
    )
    assert level(after) == level(record)


@settings(max_examples=100, deadline=None)
@given(records())
def test_every_rule_that_fires_says_why(record):
    for fired in assess(record, PROTOCOL, NOW).fired:
        assert fired.rule in PROTOCOL.rules
        assert all(each.id in PROTOCOL.findings or each.id in PROTOCOL.facts for each in fired.evidence)
        assert fired.evidence


@settings(max_examples=100, deadline=None)
@given(records(), st.integers(25, 400))
def test_time_alone_never_lowers_and_ends_a_clean_screen(record, hours):
    later = assess(record, PROTOCOL, NOW + timedelta(hours=hours))
    assert later.disposition not in (Disposition.self_care, Disposition.routine)
    assert rank(floor(record, PROTOCOL, NOW + timedelta(hours=hours)).disposition) <= guard(record)


def test_names_insurance_and_politeness_are_no_inputs_of_any_rule():
    used = {
        leaf.id
        for rule in PROTOCOL.rules.values()
        for tier in rule.tiers
        for part in (tier.when, tier.unless)
        for leaf in leaves(part)
    }
    assert not used & {
        "insurance",
        "language",
        "contact",
        "access_needs",
        "reporter",
        "complaint",
        "medicines_allergies",
    }
