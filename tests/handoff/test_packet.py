from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from intake.handoff import packet, render
from intake.handoff.packet import STATES
from intake.protocol.model import Disposition, Status
from tests.handoff.cases import ASSESSMENT, NOW, PROTOCOL, RECORD, TOLD

PACKET = packet.build(RECORD, ASSESSMENT, PROTOCOL, told=TOLD, contact="555-555-0142", channel="web", language="en",
                      consent=("3", NOW))
TZ = "America/New_York"


def states(found: dict) -> dict[str, str]:
    return {item["id"]: item["state"] for group in found["screen"] for item in group["items"]}


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_packet_is_plain_json() -> None:
    assert json.loads(json.dumps(PACKET)) == PACKET


def test_every_finding_stands_once_in_one_of_five_states() -> None:
    assert states(PACKET) == {
        "saddle_numbness": "present", "urinary_retention": "denied", "fever": "unclear",
        "suicidal_ideation": "declined",
        "weight_loss": "not asked", "cancer_history": "not asked",
    }
    assert set(STATES.values()) == {"present", "denied", "unclear", "declined", "not asked"}


def test_each_fired_rule_brings_the_patient_s_words_and_their_time() -> None:
    (rule,) = PACKET["rules"]
    assert (rule["id"], rule["title"], rule["disposition"], rule["signed"]) == (
        "R101", "Possible cauda equina", "er_now", False)
    (evidence,) = rule["evidence"]
    assert (evidence["label"], evidence["words"]) == ("Numb groin or saddle", "numb between my legs")
    assert evidence["turn"] == 0
    assert evidence["at"] == NOW.isoformat()


def test_facts_are_readable_and_have_their_place() -> None:
    assert {each["id"]: (each["value"], each["part"]) for each in PACKET["facts"]} == {
        "age": ("47 years", "situation"), "pain_location": ("lower back, leg", "situation"),
        "pain_duration_days": ("84 days or more", "situation"), "treatments_tried": ("heat", "background"),
        "goals": ("sleep", "recommendation"),
    }


def test_the_head_says_where_to_whom_and_on_which_protocol() -> None:
    assert (PACKET["label"], PACKET["code"], PACKET["recipient"]) == ("Emergency now - ER", "E2", "ER")
    assert PACKET["protocol"] == {"version": "1.2", "signed_by": None}
    assert PACKET["identity"] == "not verified"
    assert PACKET["told"] == [{"text": TOLD[0][0], "at": TOLD[0][1].isoformat()}]
    assert PACKET["words"] == "numb between my legs since yesterday"


def test_what_was_said_of_somebody_else_is_shown_apart() -> None:
    (aside,) = PACKET["also_said"]
    assert (aside["label"], aside["how"]) == ("History of cancer", "about somebody else")


def test_contradictions_and_open_questions_are_named() -> None:
    assert PACKET["contradictions"] == ["Fever"]
    assert PACKET["unanswered"] == ["Any fever?"]


def test_the_page_shows_everything_and_never_merges_the_states() -> None:
    html = str(render.page(PACKET, TZ))
    shown = text_of(html)
    for expected in (
        "Numb groin or saddle", "numb between my legs", "Nov 24, 9:00 AM EST", "R101", "Possible cauda equina",
        "Go to the ER now, even at night.", "84 days or more", "555-555-0142", "last 3 days", "rule unsigned",
        "Collected by software, not a diagnosis", "Protocol 1.2, unsigned", "version 3", "Any fever?",
    ):
        assert expected in shown, expected
    denied = html[html.index("Denied (1)"):html.index("Not asked (2)")]
    assert re.findall(r"<li>([^<]+)</li>", denied) == ["Cannot pass urine"]
    not_asked = html[html.index("Not asked (2)"):html.index("</details>")]
    assert text_of(not_asked).split(") ")[1].strip() == "cancer: Weight loss; History of cancer"


@pytest.mark.parametrize("payload", [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{ 7 * 7 }}", "{% include 'x' %}",
    "javascript:alert(1)", "</q></td><form action=//evil>", "<a href='http://evil'>click</a>", "‮evil", "&lt;b&gt;",
])
def test_whatever_a_patient_types_stays_text(payload: str) -> None:
    statement = replace(RECORD.statements[0], words=payload)
    turn = replace(RECORD.turns[0], text=f"{payload} in my back now")
    record = replace(RECORD, statements=(statement, *RECORD.statements[1:]), turns=(turn, *RECORD.turns[1:]))
    evidence = replace(ASSESSMENT.fired[0].evidence[0], words=payload)
    judged = replace(ASSESSMENT, fired=(replace(ASSESSMENT.fired[0], evidence=(evidence,)),))
    found = packet.build(record, judged, PROTOCOL, told=[(payload, NOW)], contact=payload)
    html = str(render.page(found, TZ))
    tags = set(re.findall(r"<([a-zA-Z]+)", html))
    assert not tags & {"script", "img", "form", "a", "iframe"}
    assert "49" not in re.findall(r"<blockquote>(.*?)</blockquote>", html, re.S)[0]


def test_the_letter_to_the_er_is_one_paragraph_with_the_nerve_signs() -> None:
    letter = render.er_letter(PACKET, TZ)
    paragraph, _, grid = letter.partition("\n\n")
    assert "\n" not in paragraph
    assert "Please assess for: Possible cauda equina." in paragraph
    assert "nobody has examined the patient" in paragraph
    assert "'numb between my legs'" in paragraph
    assert "Numb groin or saddle: present" in grid
    assert "Cannot pass urine: denied" in grid


def test_a_person_s_text_has_initials_and_link_only() -> None:
    text = render.pager_text("Emergency now - ER", "Spine Clinic", NOW, TZ, "https://desk/handoffs/abc", 1, "J.D.")
    assert text == ("EMERGENCY NOW - ER: Spine Clinic intake, patient J.D., since Nov 24, 9:00 AM EST. "
                    "Page 2: nobody has accepted yet. Open and accept: https://desk/handoffs/abc")


def test_a_packet_without_a_record_says_that_nothing_was_excluded() -> None:
    found = packet.minimal(Disposition.er_now, False, "x" * 300, told=TOLD, channel="sms")
    assert set(found) == set(PACKET)
    assert len(found["words"]) == packet.WORDS
    shown = text_of(str(render.page(found, TZ)))
    assert "nothing here was asked or excluded" in shown
    assert "Denied (0)" in shown


def test_no_state_is_forgotten() -> None:
    about_now = {Status.present, Status.absent, Status.unsure, Status.declined}
    assert about_now < set(STATES)


def test_the_real_protocol_and_reader_make_a_packet() -> None:
    """From a patient's sentence to the page."""
    from intake.language.reader import Reader
    from intake.protocol.load import load
    from intake.triage.assess import assess
    from intake.triage.record import Turn, fold

    protocol = load()
    record = fold([Turn(None, "I am numb between my legs since yesterday", NOW)], Reader(protocol), protocol)
    found = packet.build(record, assess(record, protocol, NOW), protocol, told=TOLD)
    assert found["disposition"] in ("er_now", "call_911")
    assert states(found)["saddle_numbness"] == "present"
    assert any("numb" in each["words"] for rule in found["rules"] for each in rule["evidence"])
    assert "not asked" in states(found).values()
    html = str(render.page(found, TZ))
    assert found["rules"][0]["id"] in html
    assert json.loads(json.dumps(found)) == found
