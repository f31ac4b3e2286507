"""Every text that can go out as a text message is short enough, in every language, with the longest names allowed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from intake.gateway import fallback
from intake.gateway.rasa import Reply
from intake.gateway.segments import Segments, segments
from intake.gateway.shape import for_sms
from intake.protocol import clinic as clinics
from intake.protocol.load import load
from intake.scheduling import wording
from intake.scheduling.offers import moment
from intake.store import conversations, open_store
from intake.store.models import Appointment

FAQ_FOLDER = Path(__file__).resolve().parents[2] / "protocol" / "faq"
PROTOCOL = load()
CLINIC = clinics.load().copy(update={"sms_name": "M" * 15, "phone": "5" * 12})  # the most that clinic.yml may hold
SEVERAL = 3  # segments that an answer, a summary or a Spanish text may have
ONLY_WEB = ("SILENT_WEB", "STALE_CHOICE", "TOO_LONG")


def filled(text: str) -> Segments:
    return segments(CLINIC.fill(text, sms=True))


TEXTS = {id: text for id, text in PROTOCOL.texts.items() if text.sms}
SPANISH = {id: text for id, text in PROTOCOL.texts.items() if text.sms_es}
QUESTIONS = {id: each.text for id, each in PROTOCOL.questions.items() if each.channel == "sms"}
FAQ = {path.stem: YAML(typ="safe").load(path)["sms"] for path in sorted(FAQ_FOLDER.glob("*.yml"))}
FIXED = {
    name: value for name, value in vars(fallback).items()
    if name.isupper() and isinstance(value, str) and " " in value and ". " in value and name not in ONLY_WEB
}  # fmt: skip


@pytest.mark.parametrize("id", TEXTS)
def test_an_english_text_is_plain_and_each_of_its_messages_is_one(id):
    for each in TEXTS[id].sms:
        assert (filled(each).alphabet, filled(each).count) == ("gsm7", 1)
    assert filled(" ".join(TEXTS[id].sms)).count <= SEVERAL


@pytest.mark.parametrize("id", SPANISH)
def test_each_message_of_a_spanish_text_is_at_most_three_segments(id):
    assert all(filled(each).count <= SEVERAL for each in SPANISH[id].sms_es)
    assert len(SPANISH[id].sms_es) <= len(SPANISH[id].sms)


@pytest.mark.parametrize("id", QUESTIONS)
def test_a_question_is_one_plain_message(id):
    assert (filled(QUESTIONS[id]).alphabet, filled(QUESTIONS[id]).count) == ("gsm7", 1)


@pytest.mark.parametrize("id", FAQ)
def test_an_answer_to_a_question_is_plain_and_at_most_three_segments(id):
    assert filled(FAQ[id]).alphabet == "gsm7" and filled(FAQ[id]).count <= SEVERAL


@pytest.mark.parametrize("name", FIXED)
def test_a_fixed_text_of_the_gateway_is_one_plain_message(name):
    assert (filled(FIXED[name]).alphabet, filled(FIXED[name]).count) == ("gsm7", 1)


@pytest.mark.parametrize("level", fallback.ADVICE)
def test_the_last_resort_is_one_plain_message(level):
    assert (filled(fallback.ADVICE[level]).alphabet, filled(fallback.ADVICE[level]).count) == ("gsm7", 1)


@pytest.mark.parametrize("mode", ["in_person", "video"])
def test_a_visit_is_confirmed_in_one_message(tmp_path, mode):
    start = datetime(2026, 11, 25, 21, 30, tzinfo=timezone.utc)  # a long date: Wed, Nov 25, 4:30 PM EST
    row = Appointment(
        clinician=CLINIC.clinicians[0].id, starts_at=start, ends_at=start + timedelta(minutes=30), kind="video",
        tz=CLINIC.timezone, local_start="x", mode=mode, status="booked", idem_key="1", created_at=start,
        changed_at=start,
    )  # fmt: skip
    store = open_store(f"sqlite:///{tmp_path}/intake.db")
    with store.transaction() as session:
        row.conversation_id = conversations.start(session, "sms", start).id
        session.add(row)
    assert segments(wording.booked(row, CLINIC, sms=True)).count == 1

    store.close()


def test_offered_times_are_at_most_three_segments():
    when = moment(datetime(2026, 11, 25, 21, 30, tzinfo=timezone.utc), CLINIC.timezone)
    longest = max((each.name for each in CLINIC.clinicians), key=len)
    offered = [f"{number} {when}, {longest}" for number in (1, 2, 3)]
    text = "\n".join(["That time was just taken. These are free:", *offered,
                      "Reply with a number, tell me another day or time, or say no."])  # fmt: skip
    sent = segments(for_sms([Reply(text, "appointment_choice")], PROTOCOL, lambda each: CLINIC.fill(each, sms=True)))
    assert sent.alphabet == "gsm7" and sent.count <= SEVERAL
