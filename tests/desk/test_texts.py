"""What staff see of texting: the number to call, and which texts did not reach the phone."""

from __future__ import annotations

import pytest

from intake.handoff import UNDELIVERED
from intake.store import privacy, texts
from intake.store.conversations import say
from intake.store.models import Conversation, Handoff
from tests.desk.conftest import Browser, settings
from tests.handoff.cases import NOW

PHONE = "+15555550142"


@pytest.fixture
def texting(signed_in: Browser) -> tuple[Browser, str]:
    """The hand-off of a patient who texts, and whose advice did not arrive."""
    id = signed_in.raise_(rule_ids=("R101", UNDELIVERED))
    with signed_in.store.transaction() as session:
        row = session.get(Conversation, session.get(Handoff, id).conversation_id)
        row.address_sealed = privacy.seal(settings().secret, PHONE)
        seq = say(session, row.id, "Go to the ER <now>.", NOW).seq
        texts.note(session, (row.id, seq, 0, 0), "undelivered", "30006", NOW)
    return signed_in, id


async def test_the_list_says_whom_to_call_because_a_text_did_not_arrive(texting: tuple[Browser, str]) -> None:
    browser, _ = texting
    _, html = await browser.get("/")
    assert "text not delivered: call" in html and PHONE not in html


async def test_the_case_shows_the_text_the_reason_and_the_number(texting: tuple[Browser, str]) -> None:
    browser, id = texting
    _, html = await browser.get(f"/handoffs/{id}")
    assert f"Call the patient at {PHONE}" in html and "landline" in html
    assert "Go to the ER &lt;now&gt;." in html and "<now>" not in html


async def test_a_number_sealed_under_a_lost_secret_hides_nothing_else(texting: tuple[Browser, str]) -> None:
    browser, id = texting
    with browser.store.transaction() as session:
        session.get(Conversation, session.get(Handoff, id).conversation_id).address_sealed = privacy.seal("x", PHONE)
    status, html = await browser.get(f"/handoffs/{id}")
    assert status == 200 and "Call the patient." in html and PHONE not in html


async def test_who_opted_out_must_be_called(texting: tuple[Browser, str]) -> None:
    browser, id = texting
    with browser.store.transaction() as session:
        session.get(Conversation, session.get(Handoff, id).conversation_id).opted_out_at = NOW
    assert "Opted out of texts" in (await browser.get(f"/handoffs/{id}"))[1]


async def test_a_web_chat_shows_nothing_of_this(signed_in: Browser) -> None:
    _, html = await signed_in.get(f"/handoffs/{signed_in.raise_()}")
    assert "did not reach" not in html and "Texts from" not in html
