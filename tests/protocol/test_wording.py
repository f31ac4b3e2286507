"""Every text fits its channel and can be read, also with the longest names that a clinic may have."""

import pytest

from intake.protocol import wording
from intake.protocol.check_wording import EMERGENCY_GRADE, MAXIMUM_GRADE, TARGET_GRADE, wordings


@pytest.mark.parametrize(
    ("text", "septets", "segments"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("[ok]", 6, 1),
    ],
)
def test_a_plain_message_holds_160_septets(text, septets, segments):
    assert wording.septets(text) == septets
    assert wording.segments(text) == segments


@pytest.mark.parametrize(
    ("text", "segments"), [("á" * 70, 1), ("á" * 71, 2), ("á" * 201, 3), ("á" * 202, 4), ("👍" * 35, 1), ("👍" * 36, 2)]
)
def test_one_other_character_shortens_the_message(text, segments):
    assert wording.segments(text) == segments


@pytest.mark.parametrize("text", ["It’s", "a – b", "wait…", "á"])
def test_what_a_plain_message_cannot_carry_is_named(text):
    assert wording.outside_gsm7(text) in text
    assert wording.outside_gsm7(text)


def test_texts_fit_the_longest_clinic_names(protocol, the_clinic):
    longest = the_clinic.copy(update={"sms_name": "W" * 15, "phone": "555-555-0100"})
    for one in wordings(protocol, longest):
        if one.sms and one.path[0] != "why":
            assert wording.segments(one.text) <= (3 if one.language == "es" else 1), (one.id, one.path)


def test_english_messages_are_plain(protocol, the_clinic):
    for one in wordings(protocol, the_clinic):
        if one.sms and one.language == "en":
            assert not wording.outside_gsm7(one.text), (one.id, one.path)


def test_texts_can_be_read(protocol, the_clinic):
    grades = {}
    for one in wordings(protocol, the_clinic):
        if one.language == "en" and not one.verbatim:
            limit = EMERGENCY_GRADE if one.emergency else MAXIMUM_GRADE
            grade = wording.grade(one.text)
            grades[one.id, one.path] = grade
            assert grade <= limit, (one.id, one.path, grade)
    easy = sum(grade <= TARGET_GRADE for grade in grades.values())
    assert easy / len(grades) > 0.95


def test_only_the_peg_items_are_exempt(protocol, the_clinic):
    exempt = {one.id for one in wordings(protocol, the_clinic) if one.verbatim}

    assert exempt == {"Q14", "Q14e", "Q14g", "SMS-13", "SMS-14", "SMS-15"}


def test_the_peg_items_are_word_for_word(protocol):
    for question in protocol.questions.values():
        if question.kind == "peg":
            assert question.text.startswith(protocol.peg.items[question.fact])


def test_no_text_promises_a_call_without_a_text_to_send_otherwise(protocol):
    for text in protocol.texts.values():
        if text.promises_call:
            assert not protocol.texts[text.otherwise].promises_call
