"""S7 and S8: what became of each text, in whatever order and however often it is told."""

import asyncio
import itertools
import logging

import pytest

from intake.handoff import UNDELIVERED, acknowledge
from intake.store import texts
from intake.store.models import Conversation, Delivery, Handoff, TextReceipt
from tests.gateway.conftest import NUMB, eventually, rows
from tests.gateway.phones import PHONE, Phone


def states(phone):
    return [(each.state, each.code) for each in rows(phone.gateway.store, TextReceipt)]


def pages(phone):
    return [each.round for each in rows(phone.gateway.store, Delivery) if each.dropped_at is None]


async def texted(phone, text="hello", count=1):
    await phone.text(text)
    await phone.until(count)
    await eventually(lambda: len(states(phone)) >= count)
    return phone.api.callbacks[0]


async def test_a_text_that_was_taken_is_sent_and_then_delivered(phone):
    callback = await texted(phone)
    assert states(phone) == [("sent", None)]
    assert (await phone.report(callback, "delivered")).status == 200
    await eventually(lambda: states(phone) == [("delivered", None)])


@pytest.mark.parametrize("order", itertools.permutations(["queued", "sent", "sent", "delivered"]))
async def test_reports_that_come_twice_and_out_of_order_end_in_the_right_state(phone, order):
    callback = await texted(phone)
    for status in order:
        await phone.report(callback, status)
    await eventually(lambda: states(phone) == [("delivered", None)])


async def test_a_forged_report_is_refused_and_changes_nothing(phone):
    callback = await texted(phone)
    path = callback.removeprefix("http://intake.clinic.test")
    fields = {"MessageStatus": "failed", "ErrorCode": "30006"}
    assert (await phone.gateway.client.post(path, data=fields)).status == 403
    assert (await phone.report("/sms/twilio/status?ref=gAAAAforged", "failed", 30006)).status == 403
    await asyncio.sleep(0.05)
    assert states(phone) == [("sent", None)]


async def test_no_address_or_log_line_holds_the_number_or_the_conversation(phone, caplog):
    caplog.set_level(logging.DEBUG)
    callback = await texted(phone)
    await phone.report(callback, "undelivered", 30006)
    await eventually(lambda: states(phone) == [("undelivered", "30006")])
    (conversation,) = rows(phone.gateway.store, Conversation)
    for secret in (PHONE[1:], conversation.id):
        assert secret not in callback and secret not in caplog.text


@pytest.mark.parametrize("status, code", [("undelivered", 30006), ("failed", 30007), ("undelivered", 30034)])
async def test_an_emergencys_text_that_did_not_arrive_pages_staff_anew_and_once(phone, status, code):
    callback = await texted(phone, NUMB, 2)
    (handoff,) = rows(phone.gateway.store, Handoff)
    with phone.gateway.store.transaction() as session:
        acknowledge.accept(session, handoff.id, "Ann", phone.gateway.parts["queue"].now())
    await asyncio.gather(*(phone.report(callback, status, code) for _ in range(3)))
    await eventually(lambda: (status, str(code)) in states(phone))
    await eventually(lambda: pages(phone) == [2])
    (handoff,) = rows(phone.gateway.store, Handoff)
    assert UNDELIVERED in handoff.rule_ids and handoff.state == "raised" and handoff.accepted_by is None
    assert (handoff.disposition, handoff.round) == ("er_now", 2)


async def test_an_ordinary_text_that_did_not_arrive_pages_nobody(phone):
    callback = await texted(phone)
    await phone.report(callback, "undelivered", 30006)
    await eventually(lambda: states(phone) == [("undelivered", "30006")])
    assert not rows(phone.gateway.store, Handoff)
    await eventually(lambda: 'sms_trouble_total{kind="landline"} 1' in phone.gateway.parts["metrics"].text())


async def test_a_report_is_understood_after_a_restart(start_sms, api):
    async with start_sms() as gateway:
        phone = Phone(gateway, api)
        callback = await texted(phone, NUMB, 2)
    async with start_sms() as again:
        phone = Phone(again, api)
        await phone.report(callback, "undelivered", 30005)
        await eventually(lambda: any(UNDELIVERED in each.rule_ids for each in rows(again.store, Handoff)))
        await eventually(lambda: ("undelivered", "30005") in states(phone))


async def test_an_emergencys_text_that_the_provider_will_not_take_pages_too(phone):
    phone.api.answers = [(400, 21614)] * 2
    await phone.text(NUMB)
    await eventually(lambda: any(UNDELIVERED in each.rule_ids for each in rows(phone.gateway.store, Handoff)))
    await eventually(lambda: ("failed", "21614") in states(phone))


async def test_staff_learn_that_somebody_who_opted_out_got_no_advice(phone):
    await texted(phone, "STOP")
    await phone.text(NUMB)
    await eventually(lambda: any(UNDELIVERED in each.rule_ids for each in rows(phone.gateway.store, Handoff)))
    await asyncio.sleep(0.1)
    assert len(phone.api.sent) == 1


async def test_with_the_store_down_staff_are_paged_once_it_is_back(phone):
    callback = await texted(phone, NUMB, 2)
    phone.gateway.store.mode = "broken"
    await phone.report(callback, "undelivered", 30003)
    await eventually(lambda: phone.gateway.parts["keeper"].waiting)
    phone.gateway.store.mode = "ok"
    await phone.gateway.parts["keeper"].replay()
    await eventually(lambda: any(UNDELIVERED in each.rule_ids for each in rows(phone.gateway.store, Handoff)))


async def test_an_opt_out_that_only_the_carrier_knows_is_honoured(phone):
    callback = await texted(phone)
    await phone.report(callback, "failed", 21610)
    await eventually(lambda: rows(phone.gateway.store, Conversation)[0].opted_out_at)
    await phone.text("hello again")
    await asyncio.sleep(0.1)
    assert len(phone.api.sent) == 1


async def test_a_phone_that_was_off_gets_the_text_once_more_a_bounded_number_of_times(start_sms, api):
    async with start_sms(timing={"Receipts": {"again": (0.02, 0.02)}}) as gateway:
        phone = Phone(gateway, api)
        await texted(phone)
        for count in (2, 3):
            await phone.report(api.callbacks[-1], "undelivered", 30003)
            await phone.until(count)
        await phone.report(api.callbacks[-1], "undelivered", 30003)
        await asyncio.sleep(0.2)
        assert api.texts() == ["You said: hello"] * 3
        with gateway.store.reading() as session:
            assert [each.code for each in texts.not_delivered(session, rows(gateway.store, Conversation)[0].id)] == [
                "30003"
            ]


async def test_but_not_when_the_talk_has_gone_on(start_sms, api):
    async with start_sms(timing={"Receipts": {"again": (0.2,)}}) as gateway:
        phone = Phone(gateway, api)
        callback = await texted(phone)
        await phone.report(callback, "undelivered", 30003)
        await phone.text("second")
        await asyncio.sleep(0.4)
        assert api.texts() == ["You said: hello", "You said: second"]


@pytest.mark.parametrize(
    "kind, state", [("8", "sent"), ("4", "sent"), ("1", "delivered"), ("2", "undelivered"), ("16", "failed")]
)
async def test_kannels_reports_are_read(phone, kind, state):
    callback = await texted(phone)
    reference = callback.partition("ref=")[2]
    path = f"/sms/kannel/status?key=kannel-secret&ref={reference}&type={kind}"
    assert (await phone.gateway.client.get(path.replace("kannel-secret", "wrong"))).status == 403
    assert (await phone.gateway.client.get(path)).status == 200
    await eventually(lambda: [each for each, _ in states(phone)] == [state])
