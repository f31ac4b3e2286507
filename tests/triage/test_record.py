"""The record as a fold over turns, and the policies of clinical reference 3E that look at more than one turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from intake.protocol.load import load
from intake.protocol.model import Course, Disposition, Status, Timing
from intake.triage import screen
from intake.triage.assess import assess, floor
from intake.triage.record import Record, Turn, asks, fold

PROTOCOL = load()
NOW = datetime(2026, 11, 24, 10)


@dataclass(frozen=True)
class Mention:
    id: str
    status: Status = Status.present
    course: Course = Course.unknown
    timing: Timing = Timing.unknown
    text: str = "words"
    explicit: bool = False


@dataclass(frozen=True)
class Reading:
    mentions: tuple[Mention, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    picked: tuple[str, ...] = ()
    bare: Any = None
    human: bool = False
    correction: bool = False


class Reader:
    """Reads "none", "?", "skip", option ids ("numb,pee"), a number, or else what the test has set for the text."""

    def __init__(self, **said: Reading) -> None:
        self.said = said

    def read(self, text: str, asked: str | None = None, at: Any = None) -> Reading:
        question = PROTOCOL.question_for(asked)
        if text in self.said or question is None:
            return self.said.get(text, Reading())
        ids = asks(question)
        facts = {fact for option in question.options for fact in option.facts} | ({question.fact} - {None})
        bare = {"none": Status.absent, "?": Status.unsure, "skip": Status.declined}.get(text)
        if bare:
            told = sorted(ids)[:1] if bare is Status.unsure else ids
            return Reading(
                tuple(Mention(id, bare, text=text, explicit=True) for id in told),
                answered=ids | facts,
                bare={"none": "none", "?": "unsure", "skip": "declined"}[text],
            )
        if question.kind == "text":
            return Reading()
        if question.fact and text.isdigit():
            return Reading(facts={question.fact: int(text)}, answered=frozenset({question.fact}))
        picked = [option for option in question.options if option.id in text.split(",")]
        yes = {id: option.text for option in picked for id in option.findings}
        rest = ids - set(yes) if question.kind == "batch" else set()
        mentions = [Mention(id, text=words, explicit=True) for id, words in yes.items()]
        mentions += [Mention(id, Status.absent, text="not picked", explicit=True) for id in rest]
        return Reading(
            tuple(mentions),
            {k: v for option in picked for k, v in option.facts.items()},
            ids | facts,
            tuple(option.id for option in picked),
        )


def told(*turns: tuple[str | None, str], reader: Reader | None = None, start: datetime = NOW) -> Record:
    return fold(
        [Turn(asked, text, start + timedelta(minutes=i)) for i, (asked, text) in enumerate(turns)],
        reader or Reader(),
        PROTOCOL,
    )


def judge(record: Record, **options: Any):
    return assess(record, PROTOCOL, NOW + timedelta(minutes=30), channel=options.pop("channel", "web"), **options)


def test_a_statement_knows_its_turn_words_and_question():
    record = told((None, "hello"), ("Q4", "numb"))
    (said,) = record.said("saddle_numbness")
    assert (said.turn, said.asked, said.status) == (1, "Q4", Status.present)
    assert record.evidence("saddle_numbness").turn == 1
    assert record.state("bowel_incontinence") is Status.absent and record.state("fever") == "not_asked"


def test_none_to_a_batch_denies_this_batch_and_nothing_else():
    record = told(("Q4", "none"))
    assert set(record.known()) == asks(PROTOCOL.questions["Q4"])


def test_a_timing_follow_up_dates_what_was_picked():
    record = told(("Q4", "numb,legs"), ("Q4t:numb", "older"))
    assert record.timing("saddle_numbness") is Timing.gt90d_stable
    assert record.timing("bilateral_leg_pain") is Timing.unknown
    assert judge(record).next_question == "Q4t:legs"
    record = told(("SMS-04", "A"), ("SMS-04b", "A"), ("SMS-04t", "4"))
    assert record.timing("saddle_numbness") is record.timing("bilateral_leg_numbness") is Timing.gt90d_stable


def test_the_date_of_a_sign_is_not_the_length_of_the_pain():
    dated = Reading(facts={"pain_duration_days": (84, None)}, picked=("older",))
    record = told(("Q4", "numb"), ("Q4t:numb", "over 3 months"), reader=Reader(**{"over 3 months": dated}))
    assert record.timing("saddle_numbness") is Timing.gt90d_stable and record.fact("pain_duration_days") is None


def test_a_timing_follow_up_names_the_option_that_was_picked():
    assert judge(told(("Q4", "leak"))).next_question == "Q4t:leak"  # its reduced sensation is in another option too


def test_a_yes_to_something_more_specific_answers_the_item():
    reader = Reader(feel=Reading((Mention("urinary_reduced_sensation"),)))
    said = told((None, "feel"), reader=reader)
    rest = asks(PROTOCOL.questions["Q4"]) - {"urinary_reduced_sensation", "urinary_retention"}
    denied = Reader(feel=Reading((Mention("urinary_reduced_sensation"), *(Mention(id, Status.absent) for id in rest))))
    assert "Q4" in judge(said).unanswered
    assert "Q4" not in judge(told((None, "feel"), reader=denied)).unanswered


def test_not_sure_about_the_time_counts_as_new_and_is_asked_once():
    record = told(("Q4", "numb"), ("Q4t:numb", "unsure"))
    assert judge(record).disposition is Disposition.er_now
    assert judge(record).clarify != "Q4t:numb"


def test_an_emergency_by_batch_may_wait_for_one_question_and_call_911_never():
    assert judge(told(("Q4", "numb"))).clarify == "Q4t:numb"
    assert judge(told(("Q3", "stroke"))).clarify is None
    assert judge(told(("Q3", "stroke"))).next_question is None


def test_a_clarifier_tells_the_things_of_one_option_apart():
    record = told(("Q4", "sex"), ("Q4t:sex", "weeks2"))
    assert judge(record).disposition is Disposition.er_now and judge(record).clarify == "Q-sexual-kind"
    options = [option.id for option in PROTOCOL.questions["Q-sexual-kind"].options if option.absent]
    after = told(("Q4", "sex"), ("Q4t:sex", "weeks2"), ("Q-sexual-kind", options[0]))
    assert after.state("genital_numbness") is Status.absent
    assert judge(after).disposition is Disposition.same_day and not judge(after).contradictions


def test_a_clarifier_does_not_take_back_the_patients_own_words():
    reader = Reader(own=Reading((Mention("genital_numbness"),)))
    options = [option.id for option in PROTOCOL.questions["Q-sexual-kind"].options if option.absent]
    record = told((None, "own"), ("Q-sexual-kind", options[0]), reader=reader)
    assert record.state("genital_numbness") is Status.present
    assert judge(record).contradictions == ("genital_numbness",) and judge(record).human


def test_an_exception_of_several_answers_is_asked_one_by_one():
    old = Mention("urinary_incontinence", timing=Timing.gt90d_stable)
    reader = Reader(leak=Reading((old, Mention("bilateral_leg_symptoms", Status.absent))))
    turns: list[tuple[str | None, str]] = [(None, "leak")]
    assert judge(told(*turns, reader=reader)).disposition is Disposition.within_7_days
    while question := judge(told(*turns, reader=reader)).clarify:
        turns.append((question, calming(question)))
    assert sorted(asked for asked, _ in turns[1:]) == ["Q-leak-ge12mo", "Q-leak-kind", "Q-wipe-flow-normal"]
    result = judge(told(*turns, reader=reader))
    assert "R105" in result.rules and result.disposition is None


def calming(question: str) -> str:
    """Return the option of a clarifier that lowers the level."""
    options = PROTOCOL.questions[question].options
    return next(each.id for each in options if each.facts.get("leak_kind") == "urge" or "yes" in each.facts.values())


WEIGHT = Reading((Mention("weight_loss"),))


def test_none_to_a_screen_does_not_deny_what_was_said_before_it():
    record = told((None, "weight"), ("Q7", "none"), reader=Reader(weight=WEIGHT))
    assert record.state("weight_loss") is Status.present and record.state("night_sweats") is Status.absent
    assert not judge(record).contradictions


def test_none_to_fever_with_a_stiff_neck_is_no_answer_about_fever():
    record = told(("Q3", "none"))
    assert record.state("stiff_neck") is Status.absent and record.state("fever") == "not_asked"
    assert not judge(told(("Q3", "none"), ("Q7", "fever"))).contradictions


def test_who_goes_back_to_a_screen_may_take_a_yes_back_but_not_below_same_day():
    record = told(("Q4", "numb"), ("Q5", "none"), ("Q4", "none"))
    assert record.state("saddle_numbness") is Status.absent and not judge(record).contradictions
    assert judge(record).disposition is Disposition.same_day


def test_who_goes_back_to_a_time_may_change_it():
    record = told(("Q4", "numb"), ("Q4t:numb", "older"), ("Q4t:numb", "days3"))
    assert record.timing("saddle_numbness") is Timing.le72h
    assert judge(record).disposition is Disposition.er_now


def test_skipping_a_screen_on_the_way_back_takes_nothing_back():
    assert told(("Q4", "numb"), ("Q4", "skip")).state("saddle_numbness") is Status.present


def test_an_old_sign_is_old_until_its_date_is_asked():
    record = told(("Q4", "old"), ("Q4o", "numb"))
    assert judge(record).disposition is Disposition.within_7_days and not judge(record).contradictions
    assert screen.due(PROTOCOL.questions["Q4t"], record, PROTOCOL) == "Q4t:numb"
    assert judge(told(("Q4", "old"), ("Q4o", "numb"), ("Q4t:numb", "unsure"))).disposition is Disposition.er_now
    assert judge(told(("Q4", "old"), ("Q4o", "numb"), ("Q4t:numb", "days3"))).disposition is Disposition.er_now


def test_a_lone_number_says_only_what_was_asked_for():
    reader = Reader(**{"7": Reading(facts={"pain_severity": 7})})
    assert told(("Q7", "7"), reader=reader).fact("pain_severity") is None
    assert told(("Q13", "7"), reader=reader).fact("pain_severity") == 7


def test_a_question_about_a_treatment_is_no_treatment_tried():
    asks_about = Reading(facts={"treatments_tried": ["injection_ablation"], "pain_location": ["neck"]})
    turn = Turn("Q7", "block?", NOW, "faq_nerve_block")
    record = fold([turn], Reader(**{"block?": asks_about}), PROTOCOL)
    assert record.fact("treatments_tried") is None and record.fact("pain_location") == ("neck",)


def test_the_higher_of_two_answers_wins_and_a_person_looks():
    denies = Reading((Mention("weight_loss", Status.absent),))
    record = told((None, "weight"), (None, "no weight"), reader=Reader(weight=WEIGHT, **{"no weight": denies}))
    result = judge(record)
    assert result.disposition is Disposition.within_7_days and result.human and "R202" in result.rules


def test_a_correction_in_words_lowers_to_same_day_at_lowest():
    reader = Reader(
        numb=Reading((Mention("saddle_numbness"),)),
        foot=Reading((Mention("saddle_numbness", Status.absent), Mention("numbness")), correction=True),
    )
    record = told((None, "numb"), (None, "foot"), reader=reader)
    assert judge(record).disposition is Disposition.same_day
    assert judge(record, shown=Disposition.er_now).disposition is Disposition.er_now


def test_an_unspecific_retraction_changes_nothing():
    reader = Reader(numb=Reading((Mention("saddle_numbness"),)), nvm=Reading(correction=True))
    assert judge(told((None, "numb"), (None, "nvm"), reader=reader)).disposition is Disposition.er_now


def test_a_doubt_that_is_only_volunteered_is_asked_about_first():
    reader = Reader(butt=Reading((Mention("saddle_numbness", Status.unsure),)))
    record = told((None, "butt"), reader=reader)
    assert floor(record, PROTOCOL, NOW).disposition is None and judge(record).disposition is None
    assert judge(told((None, "butt"), ("Q4", "none"), reader=reader)).disposition is None
    still = told((None, "butt"), ("Q4", "?"), reader=reader)
    assert judge(still).disposition is not None and judge(still).disposition.rank <= Disposition.same_day.rank


def test_a_doubt_beside_a_yes_of_the_same_rule_counts_in_full():
    reader = Reader(both=Reading((Mention("fever", Status.unsure), Mention("iv_drug_use"))))
    assert floor(told((None, "both"), reader=reader), PROTOCOL, NOW).disposition is Disposition.er_now


def test_not_sure_for_a_whole_batch_is_one_doubt():
    reader = Reader(
        unsure=Reading(
            tuple(Mention(id, Status.unsure, text="?", explicit=True) for id in asks(PROTOCOL.questions["Q4"])),
            bare="unsure",
        )
    )
    assert judge(told(("Q4", "unsure"), reader=reader)).disposition is Disposition.same_day
    assert judge(told(("Q4", "?"))).disposition is Disposition.same_day
    assert judge(told(("Q3", "?"))).disposition is Disposition.er_now


def test_past_other_people_and_what_if_leave_the_question_open():
    told_of = tuple(Mention("fever", status) for status in (Status.past, Status.other_person, Status.hypothetical))
    assert told((None, "x"), reader=Reader(x=Reading(told_of))).state("fever") == "not_asked"
    assert (
        told((None, "x"), reader=Reader(x=Reading((Mention("cancer_history", Status.past),)))).state("cancer_history")
        is Status.present
    )


def test_chest_pain_and_suicide_plan_give_one_text_for_both():
    reader = Reader(x=Reading((Mention("chest_pain"), Mention("suicidal_plan"))))
    result = judge(told((None, "x"), reader=reader))
    assert (result.disposition, result.advice) == (Disposition.call_911, "call_911_crisis")


def test_988_goes_out_beside_another_emergency():
    reader = Reader(x=Reading((Mention("saddle_numbness"), Mention("passive_death_wish"))))
    result = judge(told((None, "x"), reader=reader))
    assert (result.advice, result.also) == ("er_nerve", ("passive_death_wish",))
    reader = Reader(x=Reading((Mention("saddle_numbness"), Mention("suicidal_ideation"))))
    result = judge(told((None, "x"), reader=reader))
    assert (result.disposition, result.advice, result.also) == (Disposition.crisis, "crisis", ("er_nerve",))


WEB = [
    ("Q0", "yes"),
    ("Q1", "40"),
    ("Q2", "my back"),
    ("Q3", "none"),
    ("Q4", "none"),
    ("Q5", "none"),
    ("Q6", "none"),
    ("Q7", "none"),
    ("Q8", "none"),
    ("Q9", "no"),
    ("Q10", "low_back"),
    ("Q11", "weeks2"),
    ("Q11b", "same"),
    ("Q12", "gradual"),
    ("Q13", "4"),
    ("Q15", "none"),
]


def test_a_clean_web_screen_ends_in_self_care_and_not_one_turn_before():
    for length in range(len(WEB)):
        assert judge(told(*WEB[:length])).disposition is None
    result = judge(told(*WEB))
    assert result.disposition is Disposition.self_care and result.screen_complete and not result.unanswered
    assert result.next_question is None


def test_the_questions_come_in_the_protocols_order():
    asked: list[tuple[str, str]] = []
    answers = dict(WEB)
    while (question := judge(told(*asked)).next_question) in answers:
        asked.append((question, answers[question]))
    assert [each for each, _ in asked][:10] == [each for each, _ in WEB][:10]


def test_a_positive_opens_its_branch_and_an_emergency_ends_the_questions():
    record = told(*WEB[:8], ("Q8", "infection"))
    assert judge(record).next_question == "Q8i"
    assert judge(told(("Q3", "chest"))).next_question is None or judge(told(("Q3", "chest"))).disposition.is_emergency


def test_an_unfinished_conversation_needs_a_person():
    assert not judge(told(*WEB[:5])).human
    assert judge(told(*WEB[:5]), ended=True).human


@pytest.mark.parametrize("hours, complete", [(23, True), (25, False)])
def test_a_screen_is_valid_for_a_day(hours, complete):
    result = assess(told(*WEB), PROTOCOL, NOW + timedelta(hours=hours), channel="web")
    assert result.screen_complete is complete
    assert (result.next_question == "Q3") is not complete
    assert (result.disposition is Disposition.self_care) is complete


def test_positives_are_carried_into_the_next_session():
    reader = Reader(weight=Reading((Mention("weight_loss"),)))
    record = told((None, "weight"), reader=reader)
    assert assess(record, PROTOCOL, NOW + timedelta(days=13)).disposition is Disposition.within_7_days


def test_a_second_contact_within_two_days_raises_the_level():
    reader = Reader(numb=Reading((Mention("numbness", timing=Timing.le14d),)))
    first = Turn(None, "numb", NOW)
    once = fold([first], reader, PROTOCOL)
    assert assess(once, PROTOCOL, NOW + timedelta(hours=8)).disposition is Disposition.within_7_days
    again = fold([first, Turn(None, "numb", NOW + timedelta(hours=8))], reader, PROTOCOL)
    assert assess(again, PROTOCOL, NOW + timedelta(hours=9)).disposition is Disposition.within_3_days
    later = fold([first, Turn(None, "numb", NOW + timedelta(hours=60))], reader, PROTOCOL)
    assert assess(later, PROTOCOL, NOW + timedelta(hours=61)).disposition is Disposition.within_7_days


def test_a_thank_you_is_no_second_contact():
    reader = Reader(numb=Reading((Mention("numbness", timing=Timing.le14d),)))
    record = fold([Turn(None, "numb", NOW), Turn(None, "thanks", NOW + timedelta(hours=8))], reader, PROTOCOL)
    assert assess(record, PROTOCOL, NOW + timedelta(hours=9)).disposition is Disposition.within_7_days


def test_the_fold_is_pure():
    turns = [Turn(asked, text, NOW) for asked, text in WEB]
    assert fold(turns, Reader(), PROTOCOL) == fold(list(turns), Reader(), PROTOCOL)


def test_the_minimum_screen_covers_every_item_of_3f():
    needed = {
        "chest_pain",
        "shortness_of_breath",
        "syncope",
        "tearing_pain",
        "stroke_signs",
        "pulsatile_abdomen",
        "confusion",
        "overdose_excess",
        "saddle_numbness",
        "urinary_retention",
        "urinary_incontinence",
        "bowel_incontinence",
        "bilateral_leg_pain",
        "sexual_dysfunction",
        "progressive_weakness",
        "foot_drop",
        "hand_clumsiness",
        "gait_unsteadiness",
        "sensory_level",
        "major_trauma",
        "minor_fall",
        "recent_spine_procedure",
        "fever",
        "weight_loss",
        "night_pain",
        "dysuria",
        "abdominal_pain",
        "black_stool",
        "cold_limb",
        "rash",
        "cancer_history",
        "osteoporosis",
        "steroid_use",
        "anticoagulant",
        "aneurysm_history",
        "immunosuppression",
        "dialysis_history",
        "iv_drug_use",
        "recent_infection",
        "tb_history",
        "pain_pump",
        "opioid_use",
        "pregnancy",
        "passive_death_wish",
    }
    assert needed <= screen.minimum(PROTOCOL)


def test_a_doubt_about_a_first_tier_item_is_asked_about_before_anything_else_but_consent():
    reader = Reader(odd=Reading((Mention("saddle_numbness", Status.unsure),)))
    assert judge(told((None, "odd"), reader=reader)).next_question == "Q0"
    assert judge(told(("Q0", "yes"), (None, "odd"), reader=reader)).next_question == "Q4"
    assert judge(told(("Q0", "yes"), (None, "odd"), ("Q4", "none"), reader=reader)).next_question == "Q1"


def test_a_screen_is_asked_again_once_after_days_not_for_ever():
    answers = [("Q3", "none"), ("Q4", "none"), ("Q5", "none"), ("Q6", "none"), ("Q7", "weight")]
    first = [Turn(asked, text, NOW - timedelta(days=5)) for asked, text in answers]
    again = fold([*first, Turn("Q3", "none", NOW)], Reader(), PROTOCOL).fresh(NOW)
    assert screen.due(PROTOCOL.questions["Q3"], again, PROTOCOL) is None
    assert screen.due(PROTOCOL.questions["Q4"], again, PROTOCOL) == "Q4"
    assert again.state("weight_loss") is Status.present
