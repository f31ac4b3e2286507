"""How long the pain has lasted, in the words people use; every case names the days that must lie inside what is read."""

from __future__ import annotations

from datetime import date

import pytest

from intake.language.reader import Reader

TODAY = date(2026, 3, 5)  # a Thursday

LASTING = {
    # numbers and units
    "3 weeks": 21,
    "6w": 42,
    "back pain x 3 wks": 21,
    "lower back hurts 10d": 10,
    "had it for 2yrs": 730,
    "about 18 months": 547,
    "its been bothering me for 2 1/2 years": 912,
    "a year and a half of this": 547,
    "one and a half months now": 46,
    "half a year maybe": 182,
    "a week or two": 10,
    "4 or 5 days": 4,
    "2-3 months": 76,
    "between six and eight weeks": 49,
    "couple of weeks": 15,
    "a few months": 106,
    "a dozen years": 4380,
    "twenty five years": 9125,
    "20 odd years": 8395,
    "for the last 3 months my neck has been stiff": 91,
    "1 year and 3 months": 456,
    "2 years 4 months": 851,
    "been dealing with this since 2 weeks ago": 14,
    "day 4 of this backache": 3,
    "third week of back pain": 17,
    "almost 8 weeks": 52,
    "just over a month": 32,
    "less than a week": 5,
    "36 hours": 1,
    "a fortnight": 14,
    "ten days, give or take a day": 10,
    "month and a half": 46,
    "been three winters now": 1095,
    "this bout is three weeks old": 21,
    "back pain in 2018 for a year, it went away. this one is four days": 4,
    "chronic neck pain 9 years, this flare started 5 days ago": 5,
    "some days it hurts more. 2 months": 61,
    "been doing it 20 years at the plant, back hurts since monday": 3,
    "since i moved house in 2023": 900,
    "my back hurts for twenty minutes every morning, for 3 weeks": 21,
    "he is 81 years and has back pain 4 weeks": 28,
    "started mid february, 3/10": 18,
    "a week ago saturday my back went": 12,
    # the calendar
    "since monday": 3,
    "started tuesday": 2,
    "since last tuesday": 2,
    "it started two saturdays ago": 12,
    "since last weekend": 4,
    "hurt it over the weekend": 4,
    "since yesterday": 1,
    "since last night": 1,
    "woke up with back pain this morning": 0,
    "since january 15": 49,
    "started on the 3rd of february": 30,
    "since mid january": 50,
    "since 2/19": 14,
    "started 2026-02-05": 28,
    "since the twentieth of february": 13,
    "it is a 7 since the 1st of march": 4,
    "its from the 2nd": 3,
    "my neck, all winter": 78,
    "since groundhog day": 31,
    "since i was 30, and am 40 now": 3650,
    "since christmas": 70,
    "since thanksgiving": 98,
    "since labor day": 178,
    "since 2019": 2438,
    "back pain since march 2024": 720,
    "since last summer": 230,
    "since new years": 63,
    "the day before yesterday": 2,
    "last week": 8,
    "since last month": 33,
    # lives
    "im 40 and its hurt since i was 30": 3650,
    "since i was a teenager, im 50 now": 12410,
    "i am 62, bad back since my twenties": 13700,
    "i am 50, back pain half my life": 9125,
    "since my daughter was born, she just turned 6": 2245,
    "back pain since i was pregnant with my 3 year old": 1277,
    "in my early 20s it started, im 28 now, low back": 2372,
    "low back since my 40th, im 44": 1460,
    # the calendar again
    "it began the first week of february, low back": 28,
    "since the sixteenth of last month": 17,
    "low back hurts since a week last tuesday": 9,
    "next sunday it will be a month with this back": 27,
    "back pain, three weeks tomorrow": 20,
    "since diwali": 136,
    "since bonfire night": 120,
    "back has hurt since the summer before last": 596,
    "since january of last year": 410,
    "my back said no. that was monday gone": 3,
    # which of two
    "was fine until last sunday, now my low back is killing me": 4,
    "bad back since 2015 but this particular bout only came on last saturday": 5,
    "low back is old, 20 years. the new thing is down my leg, 2 weeks": 14,
    "my back was good for 10 years, it came back on monday": 3,
    "whiplash in 2005 (gone). now the tailbone, six weeks of it": 42,
    "i threw it out lifting. 2 months on its still sore": 61,
    "its been bad for a good 4 weeks, i take advil 3 times a day": 28,
    "ten days and it's no different, my low back": 10,
    "waited 3 hours in your lobby on friday, its been 8 weeks with this pain": 56,
    "my brother had his for 12 years. mine only 12 days": 12,
    "nurse for 20 years, back has hurt for 2 weeks": 14,
    "on warfarin 6 years, back pain 3 days": 3,
    "had surgery 10 years ago but the pain came back 2 weeks ago": 14,
    "off and on for 5 years but this time 3 weeks": 21,
    "i take tylenol every 6 hours, hurting for 4 days": 4,
    "i slam meth a few times a month, back started hurting 2 weeks ago": 14,
    # Spanish
    "desde hace dos meses": 61,
    "me duele la espalda hace una semana": 7,
    "desde ayer me duele": 1,
    "desde el lunes": 3,
}
OPEN = {
    "on and off for ages": 730,
    "for years and years": 730,
    "well over a decade": 3650,
    "as long as i can remember": 1000,
    "my whole life": 3650,
    "since high school": 1000,
    "for ages": 365,
    "long time": 180,
}
NONE = (
    "i take 2 pills 3 times a day",
    "my appointment is in 2 weeks",
    "i am 45 years old",
    "28 weeks pregnant",
    "been a roofer 22 years so yeah my low back is trashed",
    "does an epidural last 3 months",
    "i did 8 weeks of physical therapy",
    "cancel my visit on friday",
    "it was just there one day",
    "my pain was in my neck, years ago, that's gone completely",
    "today is a 4, yesterday a 6",
)


@pytest.mark.parametrize(("text", "days"), LASTING.items())
def test_a_length_of_pain(reader: Reader, text: str, days: int) -> None:
    read = reader.read(text, at=TODAY).facts.get("pain_duration_days")
    assert read is not None and read[1] is not None
    slack = max(1.0, 0.1 * days)
    middle = (read[0] + read[1]) / 2
    assert days - slack <= middle <= days + slack, read


@pytest.mark.parametrize(("text", "least"), OPEN.items())
def test_a_length_without_end(reader: Reader, text: str, least: int) -> None:
    read = reader.read(text, at=TODAY).facts.get("pain_duration_days")
    assert read is not None and read[0] >= least


@pytest.mark.parametrize("text", NONE)
def test_times_of_other_things(reader: Reader, text: str) -> None:
    assert "pain_duration_days" not in reader.read(text, at=TODAY).facts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3 weeks", 21),
        ("since tuesday", 2),
        ("2 mths", 60),
        ("a year", 365),
        ("yesterday", 1),
        ("10 days", 10),
        ("mon", 3),
        ("9 dys", 9),
    ],
)
def test_the_answer_to_how_long(reader: Reader, text: str, days: int) -> None:
    read = reader.read(text, "pain_duration_days", TODAY).facts.get("pain_duration_days")
    assert read is not None and read[0] <= days <= read[1] + 1
