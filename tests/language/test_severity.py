"""How bad the pain is now."""

from __future__ import annotations

import pytest

from intake.language.reader import Reader

NOW = {
    "8/10": 8, "pain is 7 out of 10": 7, "its a 6": 6, "id say a 4": 4, "15/10": 10, "11 out of ten": 10, "ten": 10, "about a 5": 5,
    "a 7 or 8": 8, "6-7": 7, "between 5 and 8": 8, "somewhere between 3 and 4": 4, "was a 9 now its a 4": 4, "it was 8/10 yesterday, 3 today": 3,
    "worst is 9, best is 2, right now 5": 5, "zero pain right now": 0, "no pain, 0": 0, "pain level 6 today": 6, "not a 10 but close, 9": 9,
    "went up from 3 to 7": 7, "down to a 2 from an 8": 2, "at rest 3, moving 8": 8, "my back is a solid 8": 8, "easily a nine": 9,
    "night time is an 8": 8, "on a scale of 1 to 10 its a 6": 6, "7.5/10": 8, "a dull 3": 3, "dolor 8 de 10": 8, "hurts like a 9": 9,
    "its at a 6 right now, usually a 3": 6, "i meant 5 not 55": 5, "sitting 4 standing 7": 7, "pain 5/10 for 3 weeks": 5,
    "im 62 and my pain is a 7": 7, "right now its a 2, 5 if i garden": 2, "a 3 usually, today its a 7": 7, "6 most days, 9 on bad days": 6,
    "my hip is a 4 sitting, an 8 climbing stairs": 8, "10/10 haha. seriously though, a five": 5, "40 percent of the worst i know": 4,
    "neck pain, two weeks. 4-5.": 5, "low back 3 since monday": 3, "back pain 6/10 x 3 weeks": 6, "started at 2 and now its at seven": 7,
    "in the morning its 3, at night its 6": 6, "mostly a three, spikes to a seven": 3, "pain is fives and sixes": 6,
    "worst now 7, usually 2": 7, "took 2 advil and its still a 6": 6, "four and a half, so put a 5": 5, "id give it a five and a half": 6,
    "eight point two out of ten": 8, "six point five": 7, "my back is a 5 but my husband calls it a 9": 5, "my doctor put it at a 3, i say 7": 7,
    "i said 3 earlier but the honest answer is 6": 6, "currently a 2 since i took pills, at 2am it was a solid 9": 2, "80 percent pain": 8,
    "low back ache, 7ish, better lying flat": 7, "pain five, began on 11/10 at the gym": 5, "neck is 2/10 and the low back 7/10": 7,
    "10. i have never said that before about anything": 10, "not a 9, not a 2, so a 6": 6, "at home with a heat pad i am at about three": 3,
    "pain 8 out of 10, i can still do number 1 and 2": 8, "dad says its a 4": 4,
}  # fmt: skip
NONE = (
    "L4-L5 herniation", "took 2 tylenol 4 hours ago", "i am 45", "since 3/14", "on day 3", "2 kids and a dog", "call me at 5", "my appointment is at 3",
    "800 mg 3x a day", "it wakes me up at 4", "back hurts a lot", "had 2 surgeries", "4 or 5 days", "i need a 10 am slot", "half the night", "stage 4 cancer",
    "two, maybe three weeks", "66 f with back pain", "67m bad neck", "the low one bothers me, that one", "my kid is 8 and my back is sore", "what does 10 mean on this scale",
    "the pain is 50 percent better", "it starts about 3 in the afternoon", "a 2 page form",
)  # fmt: skip


@pytest.mark.parametrize(("text", "level"), NOW.items())
def test_a_level_of_pain(reader: Reader, text: str, level: int) -> None:
    assert reader.read(text).facts.get("pain_severity") == level


@pytest.mark.parametrize("text", NONE)
def test_other_numbers(reader: Reader, text: str) -> None:
    assert "pain_severity" not in reader.read(text).facts


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("6", 6),
        ("like a 7", 7),
        ("eight", 8),
        ("0", 0),
        ("ELEVEN", 10),
        ("6 or 7", 7),
        ("5ish", 5),
        ("3.", 3),
        ("6/7", 7),
    ],
)
def test_the_answer_to_how_bad(reader: Reader, text: str, level: int) -> None:
    assert reader.read(text, "pain_severity").facts.get("pain_severity") == level


@pytest.mark.parametrize(
    "text", ["excruciating back pain", "worst pain of my life", "my back pain is unbearable", "severe low back pain"]
)
def test_words_are_no_number_but_are_kept(reader: Reader, text: str) -> None:
    facts = reader.read(text).facts
    assert "pain_severity" not in facts and facts.get("severity_words") == "severe"


@pytest.mark.parametrize("text", ["my back aches", "severe stenosis on the mri", "3/10, not severe"])
def test_no_words_of_severity(reader: Reader, text: str) -> None:
    assert "severity_words" not in reader.read(text).facts
