import asyncio
import time

import pytest

from intake.gateway.guard import Guard
from intake.protocol.model import Disposition
from intake.triage.record import Turn
from tests.gateway.conftest import NOW, NUMB

D = Disposition


def turn(text, asked=None):
    return Turn(asked, text, NOW)


@pytest.fixture
def guard(protocol, clinic, reader):
    return Guard(protocol, reader, clinic)


async def check(guard, text, *before, asked=None, shown=None, told=frozenset(), channel="web"):
    return await guard.check([turn(each) for each in before], turn(text, asked), shown, told, channel)


@pytest.mark.parametrize(
    "text, level, words",
    [
        (NUMB, D.er_now, "Go to the ER now, even at night."),
        ("my chest hurts", D.call_911, "Call 911 now. Do not drive yourself. (web, 555-555-0199)"),
        ("I will kill myself", D.crisis, "988"),
    ],
)
async def test_a_red_flag_gets_its_advice(guard, text, level, words):
    verdict = await check(guard, text)
    assert verdict.disposition == level and verdict.hands_off
    assert [words in each.text for each in verdict.advice] == [True]


async def test_an_ordinary_message_gets_none(guard):
    verdict = await check(guard, "my back hurts")
    assert verdict.disposition is None and not verdict.advice and not verdict.hands_off


async def test_advice_that_was_shown_is_not_repeated(guard):
    first = await check(guard, NUMB)
    again = await check(guard, "still numb", NUMB, shown=D.er_now, told=frozenset({first.advice[0].text}))
    assert again.disposition == D.er_now and not again.advice


async def test_a_more_urgent_level_is_advised_after_a_milder_one(guard):
    verdict = await check(guard, "now my chest hurts", NUMB, shown=D.er_now)
    assert [each.disposition for each in verdict.advice] == [D.call_911]


async def test_a_milder_flag_after_a_more_urgent_one_changes_nothing(guard):
    told = frozenset({(await check(guard, "my chest hurts")).advice[0].text})
    verdict = await check(guard, NUMB, "my chest hurts", shown=D.call_911, told=told)
    assert verdict.disposition == D.call_911 and not verdict.advice


async def test_what_was_said_before_counts(guard):
    assert (await check(guard, "ok thanks", NUMB)).disposition == D.er_now


async def test_a_passive_death_wish_gets_988_at_once_though_it_is_no_emergency_level(guard):
    verdict = await check(guard, "I would be better off dead")
    assert verdict.disposition == D.same_day
    assert [each.text for each in verdict.advice] == ["Call or text 988 any time."]


async def test_advice_that_goes_out_before_the_store_promises_no_call(guard):
    assert "will try to call" not in (await check(guard, "I will kill myself")).advice[0].text


async def test_the_text_fits_the_channel(guard):
    assert (await check(guard, NUMB, channel="sms")).advice[0].text.endswith("(sms)")


async def test_a_wish_for_a_person_is_handed_off(guard):
    assert (await check(guard, "can I talk to a person")).hands_off


class Raises:
    def __init__(self, times=10**6, error=RuntimeError):
        self.times, self.error = times, error

    def read(self, text, asked=None, at=None):
        self.times -= 1
        if self.times >= 0:
            raise self.error("numb between my legs")
        raise AssertionError


class RaisesOnLong:
    """Fails on the stored record, not on the message alone."""

    def __init__(self, reader):
        self.reader = reader

    def read(self, text, asked=None, at=None):
        if text == "poison":
            raise ValueError(text)
        return self.reader.read(text, asked, at)


@pytest.mark.parametrize(
    "error", [RuntimeError, ValueError, KeyError, RecursionError, MemoryError, OSError, AssertionError, StopIteration]
)
async def test_a_reader_that_raises_leaves_the_keywords(protocol, clinic, error):
    verdict = await check(Guard(protocol, Raises(error=error), clinic), NUMB)
    assert verdict.degraded == "keywords" and verdict.disposition == D.er_now and verdict.advice


async def test_a_record_that_cannot_be_folded_leaves_this_message(protocol, clinic, reader):
    verdict = await check(Guard(protocol, RaisesOnLong(reader), clinic), NUMB, "poison")
    assert verdict.degraded == "alone" and verdict.disposition == D.er_now and "nerve" in verdict.advice[0].text.lower()


async def test_a_missing_advice_text_leaves_the_keywords(protocol, clinic, reader):
    from dataclasses import replace

    verdict = await check(Guard(replace(protocol, texts={}), reader, clinic), NUMB)
    assert verdict.degraded == "keywords" and verdict.advice


async def test_without_protocol_reader_and_clinic_there_are_still_keywords():
    verdict = await check(Guard(None, None, None), "I can't pee")
    assert verdict.disposition == D.er_now and verdict.advice and verdict.hands_off


async def test_keywords_never_lower_what_was_shown():
    verdict = await check(Guard(None, None, None), NUMB, shown=D.call_911)
    assert verdict.disposition == D.call_911 and not verdict.advice


class Slow:
    def read(self, text, asked=None, at=None):
        time.sleep(0.5)
        raise AssertionError


async def test_a_reader_that_hangs_is_not_waited_for(protocol, clinic):
    guard = Guard(protocol, Slow(), clinic, seconds=0.05)
    verdicts = await asyncio.gather(*(check(guard, NUMB) for _ in range(8)))  # more than there are threads
    assert all(each.degraded == "keywords" and each.advice for each in verdicts)


async def test_a_message_is_read_once_however_often_the_record_is_folded(protocol, clinic, reader):
    seen = []

    class Counting:
        def read(self, text, asked=None, at=None):
            seen.append(text)
            return reader.read(text, asked, at)

    guard = Guard(protocol, Counting(), clinic)
    for number in range(5):
        await check(guard, str(number), *map(str, range(number)))
    assert seen == ["0", "1", "2", "3", "4"]
