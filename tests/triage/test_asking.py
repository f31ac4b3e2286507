"""What of a screen is still open, and what "none of these" denies."""

from __future__ import annotations

from datetime import datetime, timezone

from intake.language.reader import Reader
from intake.protocol.load import load
from intake.protocol.model import Status
from intake.triage.asking import open_options
from intake.triage.record import Record, Turn, fold

PROTOCOL = load()
READER = Reader(PROTOCOL)
NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)


def told(*said: tuple[str | None, str]) -> Record:
    return fold([Turn(asked, text, NOON) for asked, text in said], READER, PROTOCOL)


def left(question: str, record: Record) -> list[str]:
    return [option.id for option in open_options(PROTOCOL.questions[question], record, PROTOCOL)]


def test_what_was_denied_in_words_is_not_asked() -> None:
    assert "fever" not in left("Q7", told((None, "no fever")))
    assert "fever" in left("Q7", told((None, "my back hurts")))


def test_what_was_told_in_words_is_not_asked() -> None:
    assert "weight" not in left("Q7", told((None, "I have been losing weight without trying")))


def test_an_option_of_several_things_stays_until_all_are_known() -> None:
    assert "belly" in left("Q7", told((None, "I have bad belly pain")))


def test_a_no_to_one_question_does_not_hide_the_same_sign_in_another_wording() -> None:
    assert "E" in left("SMS-03b", told(("SMS-03", "0")))


def test_what_is_doubtful_stays_open() -> None:
    assert "fever" in left("Q7", told((None, "maybe a fever, not sure")))


def test_who_goes_back_to_a_screen_sees_all_of_it() -> None:
    record = told((None, "no fever"), ("Q7", "none"))
    assert len(left("Q7", record)) == len(PROTOCOL.questions["Q7"].options)


def test_when_everything_is_known_everything_is_offered() -> None:
    assert len(left("Q10", told((None, "my neck hurts")))) == len(PROTOCOL.questions["Q10"].options)


def test_none_denies_what_is_open_and_what_was_denied_stays_denied() -> None:
    record = told((None, "no fever but I lose weight without trying"), ("Q7", "none"))
    assert record.state("fever") is Status.absent
    assert record.state("weight_loss") is Status.present
    assert record.state("night_sweats") is Status.absent
    assert record.contradictions() == ()
