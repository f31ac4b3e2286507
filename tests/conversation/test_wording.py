"""Questions as one patient is asked them, and the summary."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from intake.conversation.summary import denial, summary
from intake.conversation.wording import asked_words, without
from intake.language.reader import Reader
from intake.protocol import clinic as clinics
from intake.protocol.load import load
from intake.protocol.wording import septets
from intake.triage.record import Record, Turn, fold

PROTOCOL, CLINIC = load(), clinics.load()
READER = Reader(PROTOCOL)
NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
SMS_BATCHES = [each for each in PROTOCOL.order("sms") if each.kind == "batch" and each.slot != "pain_location"]


def told(*said: tuple[str | None, str]) -> Record:
    return fold([Turn(asked, text, NOON) for asked, text in said], READER, PROTOCOL)


def test_what_was_said_is_shown_as_understood_and_left_out() -> None:
    words = asked_words("Q7", told((None, "no fever")), PROTOCOL, CLINIC)
    assert words.startswith("You said: no fever. Have you had")
    assert "Fever or shaking chills" not in words
    assert words.endswith("- None of these\n- Not sure")


def test_nothing_said_nothing_left_out() -> None:
    words = asked_words("Q7", Record(), PROTOCOL, CLINIC)
    assert "You said" not in words
    assert words.count("\n- ") == len(PROTOCOL.questions["Q7"].options) + 2


def test_a_time_is_asked_of_one_thing_by_its_name() -> None:
    words = asked_words("Q5t:foot", told(("Q5", "My foot drags, slaps, or I cannot lift my toes")), PROTOCOL, CLINIC)
    assert words.startswith("You said: My foot drags")


def test_choices_may_be_numbered() -> None:
    assert "\n2 Night sweats\n" in asked_words("Q7", Record(), PROTOCOL, CLINIC, numbered=True)


def test_a_text_message_keeps_the_letters_of_what_is_left() -> None:
    words = asked_words("SMS-07", told((None, "no fever")), PROTOCOL, CLINIC)
    assert words.startswith("You said: no fever. Any of these? B weight loss")
    assert "A fever" not in words


@pytest.mark.parametrize("question", SMS_BATCHES, ids=lambda question: question.id)
def test_every_option_of_a_text_message_can_be_left_out(question: object) -> None:
    for option in question.options:  # type: ignore[attr-defined]
        text = CLINIC.fill(question.text, sms=True)  # type: ignore[attr-defined]
        short = without(text, question, [option])  # type: ignore[arg-type]
        assert len(short) < len(text)
        assert septets(short) <= 160
        rest = [each.id for each in question.options if each is not option]  # type: ignore[attr-defined]
        assert all(f"{id} " in short for id in rest)
        assert short.split()[-3:] == text.split()[-3:], "how to answer stays"


@pytest.mark.parametrize(
    ("label", "denied"),
    [("fever", "no fever"), ("a stiff neck", "no stiff neck"), ("not being able to pee", "able to pee"),
     ("an unsteady walk", "no unsteady walk")],
)  # fmt: skip
def test_a_denial_in_the_words_for_patients(label: str, denied: str) -> None:
    assert denial(label) == denied


def test_the_summary_says_what_was_told_in_plain_words() -> None:
    record = told(
        (None, "my neck hurts for 3 weeks, 6/10, started suddenly, getting worse"), ("Q7", "Night sweats"),
        ("Q15", "Sleep; Driving"), ("Q17", "Heat or ice"),
    )  # fmt: skip
    words = summary(record, PROTOCOL, "web")
    for part in (
        "neck, for 3 weeks, all at once, worse, 6 out of 10",
        "soaking night sweats",
        "sleep, driving",
        "heat",
    ):
        assert part in words


@pytest.mark.parametrize(
    ("said", "words"),
    [("since yesterday", "for 1 day"), ("for 5 days", "for 5 days"), ("for 3 months", "for 3 months"),
     ("for 10 years", "for 10 years"), ("for 4 to 6 weeks", "for 4 to 6 weeks")],
)  # fmt: skip
def test_how_long_in_words(said: str, words: str) -> None:
    assert words in summary(told((None, f"my back hurts {said}")), PROTOCOL, "web")
