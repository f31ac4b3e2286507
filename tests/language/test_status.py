"""Whether a finding is there now: denied, over, somebody else's, only asked about, doubted."""

from __future__ import annotations

import pytest

from intake.language.reader import Reader


def status_of(reader: Reader, finding: str, text: str) -> str | None:
    return next((mention.status.value for mention in reader.read(text).mentions if mention.id == finding), None)


def table(*rows: tuple[str, str, str | None]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("text", "finding", "status"), rows)


@table(
    ("No recent falls", "falls", "absent"),
    ("I don't have pins and needles", "tingling", "absent"),
    ("No fever, chest pain or trouble breathing", "chest_pain", "absent"),
    ("No fever, chest pain or trouble breathing", "shortness_of_breath", "absent"),
    ("I'm not going to kill myself", "suicidal_ideation", "absent"),
    ("not having any fever", "fever", "absent"),
    ("I have never been a smoker", "smoker_history", "absent"),
    ("just the back, nothing down the legs", "leg_pain", "absent"),
    ("I said I was angry, not that I pissed myself", "urinary_incontinence", "absent"),
)
def test_a_denial_reaches_the_finding(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@table(
    ("no sleep no appetite thinking about suicide", "suicidal_ideation", "present"),
    ("no fever my legs are numb", "bilateral_leg_numbness", "present"),
    ("nothing helps my leg pain", "leg_pain", "present"),
    ("I'd be lying if I said I hadn't thought of killing myself", "suicidal_ideation", "present"),
    ("thinking about killing myself a lot. no i dont have a plan", "suicidal_ideation", "present"),
    ("I have to pee but I can't", "urinary_retention", "present"),
)
def test_a_denial_of_something_else_does_not(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


def test_denying_the_specific_denies_the_general_said_in_the_same_words(reader: Reader) -> None:
    assert status_of(reader, "bilateral_leg_numbness", "No numbness in my legs") == "absent"
    assert status_of(reader, "numbness", "No numbness in my legs") == "absent"


@table(
    ("not sure if I'm numb down there", "saddle_numbness", "unsure"),
    ("my leg feels as if it is numb", "numbness", "present"),
    ("if I cough my leg goes numb", "numbness", "present"),
    ("if my leg goes numb should I call", "numbness", "hypothetical"),
    ("if nobody helps me I'm taking all my pills", "suicidal_plan", "present"),
    ("If I ever did feel like hurting myself I would call my sponsor", "suicidal_ideation", "hypothetical"),
    ("was told to call if the weakness gets worse. it has.", "progressive_weakness", "present"),
    ("im scared of losing control of my bladder", "urinary_incontinence", "hypothetical"),
)
def test_conditions_and_fears(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@table(
    ("Is numbness in the foot common?", "numbness", "hypothetical"),
    ("could a slipped disc cause leg paralysis", "leg_paralysis", "hypothetical"),
    ("should I watch for fever", "fever", "hypothetical"),
    ("Should unsteadiness worry me after neck surgery?", "gait_unsteadiness", "hypothetical"),
    ("¿Qué pasa si no puedo orinar?", "urinary_retention", "hypothetical"),
    ("is it bad that I can't feel my groin?", "saddle_numbness", "present"),
    ("why is my groin numb?", "saddle_numbness", "present"),
)
def test_questions_ask_unless_they_tell(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@table(
    ("my leg was numb after the block but it wore off", "numbness", "past"),
    ("the leg that was tingling has gone weak today", "tingling", "past"),
    ("toe was numb in january. its fine", "numbness", "past"),
    ("used to drop everything, now I play piano again", "hand_clumsiness", "past"),
    ("car accident 8 years ago", "major_trauma", "past"),
    ("Car accident. 8 years ago.", "major_trauma", "past"),
    ("Hurt my back 3 years ago and I want to kill myself", "suicidal_ideation", "present"),
    ("since my accident two years ago I want to die", "suicidal_ideation", "present"),
    ("in the past two weeks my legs got weak", "bilateral_leg_weakness", "present"),
    ("in the past few days I have had a fever", "fever", "present"),
    ("took my methadone twice. feel ok now", "overdose_concern", "present"),
)
def test_what_is_over_and_what_is_not(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@table(
    ("I think my son took too many of my percocets", "overdose_excess", "present"),
    ("my husband says he wants to die", "suicidal_ideation", "present"),
    ("our daughter told her roommate she has been thinking of suicide", "suicidal_ideation", "present"),
    ("my mom passed out", "syncope", "present"),
    ("my son's legs are numb", "bilateral_leg_numbness", "present"),
    ("my dad can't pee since his back went", "urinary_retention", "present"),
    ("My wife can't pass water, she's had back trouble 2 days", "urinary_retention", "present"),
    ("my friend is not breathing and wont wake up", "hard_to_wake", "present"),
)
def test_somebody_in_danger_is_the_patient_whoever_writes(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@table(
    ("my mom had leg weakness before her surgery", "leg_weakness", "other_person"),
    ("my mom had cancer", "cancer_history", "other_person"),
    ("my wife's kidneys hurt. me its plain lower back", "flank_pain", "other_person"),
    ("my roommate cant feel his legs, he broke his spine years ago", "bilateral_leg_numbness", "other_person"),
    ("my cousins leg kept getting weaker, rest her soul", "leg_weakness", "other_person"),
)
def test_other_people_are_told_of_in_passing(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@pytest.mark.parametrize("finding", ["suicidal_ideation", "suicidal_plan", "self_harm_recent"])
def test_a_neighbours_death_is_no_danger_to_the_writer(reader: Reader, finding: str) -> None:
    text = "my neighbour hung himself over the winter and i strained my back"
    assert status_of(reader, finding, text) in (None, "other_person")


def test_a_hedge_inside_the_finding_is_no_doubt(reader: Reader) -> None:
    assert status_of(reader, "tearing_pain", "a ripping kind of pain in my chest and back") == "present"


@table(
    ("I never said that I was suicidal", "suicidal_ideation", "absent"),
    ("who wrote that? I never told anyone I had a numb groin", "saddle_numbness", "absent"),
    ("chest pain? I ticked it by mistake", "chest_pain", "absent"),
    ("bladder problems? I only meant I drink a lot of coffee", "urinary_hesitancy", "absent"),
)
def test_a_correction_takes_it_back(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@table(
    ("In 2009 I fell off a roof", "major_trauma", "past"),
    ("at 19 i tried to kill myself, im 60 now", "suicidal_ideation", "past"),
    ("couldn't feel my groin after that jab, it settled", "saddle_numbness", "past"),
    ("my leg was numb, not anymore", "numbness", "past"),
)
def test_what_was_long_ago_or_has_settled_is_past(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@table(
    ("Last year I had surgery and now i cant pee", "urinary_retention", "present"),
    ("In 2019 i hurt my back and cant feel my groin", "saddle_numbness", "present"),
    ("numb groin since last night, and I never said it was fine", "saddle_numbness", "present"),
)
def test_what_is_told_beside_the_past_is_there_now(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@table(
    ("a bloke at church cant feel his groin, me, I just pulled something", "saddle_numbness", "other_person"),
    ("my late husband had fevers, my back just aches", "fever", "other_person"),
)
def test_people_heard_of_are_not_the_patient(reader: Reader, text: str, finding: str, status: str) -> None:
    assert status_of(reader, finding, text) == status


@table(
    ("pushing things hurts, might be nothing", "nausea", None),
    ("my wife's back is bad and she refuses to go to a doctor", "cannot_walk", None),
    ("it was too bad to wait for my appointment", "passive_death_wish", None),
    ("took myself off all my pain meds last year", "suicidal_plan", None),
    ("it feels like someone jumped on my neck", "major_trauma", None),
    ("paralysed by choice, you have three programmes", "leg_paralysis", None),
)
def test_figures_of_speech_are_not_findings(reader: Reader, text: str, finding: str, status: str | None) -> None:
    assert status_of(reader, finding, text) == status
