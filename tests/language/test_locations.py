"""Where it hurts, how it began."""

from __future__ import annotations

import pytest

from intake.language.reader import Reader

WHERE = {
    "lower back": {"lower_back"}, "my low back is killing me": {"lower_back"}, "lumbar pain": {"lower_back"}, "small of my back": {"lower_back"},
    "pain at L5 S1": {"lower_back"}, "back hurts real low": {"lower_back"}, "hurts low down in my back": {"lower_back"}, "bottom of my back": {"lower_back"},
    "mid back pain": {"mid_back"}, "middle of my back hurts": {"mid_back"}, "between my shoulder blades": {"upper_back"}, "upper back and neck": {"upper_back", "neck"},
    "around my bra line": {"mid_back"}, "tailbone is sore": {"sacrum_tailbone"}, "my butt bone": {"sacrum_tailbone"}, "left buttock": {"buttock"},
    "pain in my right hip and groin": {"hip", "groin"}, "low back and it goes down my left leg": {"lower_back", "leg"}, "sciatica on the right": {"leg"},
    "back pain shooting down my leg past the knee to my ankle": {"leg"}, "neck and right arm ache": {"neck", "arm"}, "me duele la espalda baja": {"lower_back"},
    "dolor de cuello y hombro": {"neck", "shoulder"}, "my foot is numb and my low back hurts": {"lower_back"}, "hip and back ache": {"hip"},
    "numb fingers, neck pain": {"neck"}, "both knees hurt too, and my lower back": {"knee", "lower_back"}, "my low back not my neck": {"lower_back"},
    "im on my feet 12 hours and my low back hurts": {"lower_back"}, "lifted a chest of drawers, low back": {"lower_back"}, "right side of my low back": {"lower_back"},
    "i shot myself in the foot lifting, low back": {"lower_back"}, "neck doesnt hurt but my shoulder does": {"shoulder"}, "hurts in my calf": {"leg"},
    "foot went cold and white and it hurts like hell": {"foot"}, "lower back pain with weak legs": {"lower_back"}, "stiff neck": {"neck"},
    "neck and right arm, thumb side": {"neck", "arm"}, "my backside": {"buttock"}, "hamstring and both cheeks": {"leg", "buttock"},
    "hands hurt, feet dont, and my neck": {"hand", "neck"}, "low back. my shoulder is fine": {"lower_back"},
    "my back is out. low, dead center": {"lower_back"}, "the whole spine from neck to tailbone hurts": {
        "neck", "upper_back", "mid_back", "lower_back", "sacrum_tailbone"},
    "my back hurts top to bottom": {"upper_back", "mid_back", "lower_back"}, "pain at the back of my knee": {"knee"},
    "started in my neck, now its just my shoulder": {"shoulder"}, "i was rear ended, neck pain": {"neck"},
    "under my ribs at the back, it aches": {"mid_back"}, "LBP": {"lower_back"}, "hurts in my leg upto the ankle": {"leg"},
    "my sister has it in her neck, mine is the lower back": {"lower_back"}, "pain in my left side": {"flank"}, "lower abdominal pain": {"abdomen"},
    # figures of speech, postures, other things
    "my low back hurts when i carry the baby on my hip": {"lower_back"}, "i sit on my butt all day so my low back aches": {"lower_back"},
    "moved a chest freezer and my low back went": {"lower_back"}, "i live in a hip place, my low back hurts": {"lower_back"},
    "landed on my side, now the low back hurts": {"lower_back"}, "landed right on my bum, its the tailbone that hurts": {"sacrum_tailbone"},
    "feels like a blade in my low back": {"lower_back"}, "handed in my form, my neck hurts, a handful of pills did nothing": {"neck"},
    # denied, well, passed, asked, operated
    "pain between the shoulder blades, the neck itself is not involved": {"upper_back"}, "belly is ok, chest ok, its only my low back that hurts": {"lower_back"},
    "butt hurts then it skips the knee": {"buttock"}, "my elbow and wrist are fine now, its my neck that hurts": {"neck"},
    "left shin is numb and dead. no pain in the shin. low back is sore": {"lower_back"}, "my leg hurts, could it come from my hip?": {"leg"},
    "my neck fusion was in 2019, its the low back that hurts now": {"lower_back"}, "no radiation past the glute, low back pain": {"lower_back", "buttock"},
    "MRI shows L5-S1 trouble, my leg hurts": {"leg"}, "the low back hurts, three bulges in the neck": {"lower_back"},
    # from here to there
    "hurts from my low back to my foot": {"lower_back", "leg", "foot"}, "shoots from my neck into the fingers": {"neck", "arm", "hand"},
    "ribs hurt on the right side": {"chest"}, "right side of my lower back hurts": {"lower_back"}, "middle and lower back hurt": {"mid_back", "lower_back"},
    "both my heels and the low back": {"foot", "lower_back"}, "i get it across the shoulders and into the neck": {"shoulder", "neck"},
    "low back and both butt cheeks, not the legs": {"lower_back", "buttock"}, "like a hot poker in my butt cheek": {"buttock"},
    "back hurts, idk, the bottom": {"lower_back"}, "right where my back pockets are it hurts": {"buttock"},
    "left arm goes numb now and then, doesnt hurt though, my neck does": {"neck"},
}  # fmt: skip
NOWHERE = (
    "my back hurts",
    "back pain",
    "my hands are full right now",
    "costs an arm and a leg",
    "my legs are weak",
    "tingling in my fingers",
    "get it off my chest",
    "six months since my neck fusion",
)


@pytest.mark.parametrize(("text", "places"), WHERE.items())
def test_where_it_hurts(reader: Reader, text: str, places: set[str]) -> None:
    assert set(reader.read(text).facts.get("pain_location", ())) == places


@pytest.mark.parametrize("text", NOWHERE)
def test_no_part_named(reader: Reader, text: str) -> None:
    assert not reader.read(text).facts.get("pain_location")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("lower", "lower_back"),
        ("middle", "mid_back"),
        ("top part", "upper_back"),
        ("lower, left side", "lower_back"),
        ("neck", "neck"),
        ("my foot", "foot"),
    ],
)
def test_the_answer_to_where(reader: Reader, text: str, place: str) -> None:
    assert reader.read(text, "pain_location").facts.get("pain_location") == [place]


ONSET = {
    "came on suddenly": "sudden", "out of nowhere": "sudden", "outta nowhere": "sudden", "all at once": "sudden", "de repente": "sudden",
    "just woke up saturday and couldnt bend": "sudden", "crept up on me": "gradual", "it built up over time": "gradual", "little by little": "gradual",
    "slowly got worse over the months": "gradual", "poco a poco": "gradual", "i lifted a couch": "injury", "hurt my back shoveling snow": "injury",
    "fell down the stairs": "injury", "slipped on ice": "injury", "after a car accident": "injury", "got rear ended": "injury", "my back went out picking up my kid": "injury",
    "started after deadlifts": "injury", "i bent over to tie my shoe and felt a pop": "injury", "twisted it stepping off a curb": "injury", "me cai en el bano": "injury",
    "dog yanked the leash and my back went": "injury", "moved a washing machine by myself": "injury", "nothing sudden, crept up slowly": "gradual",
    "came on by degrees": "gradual", "worse every month": "gradual", "little by little, no fall no lifting": "gradual",
    "hurt it shifting a piano": "injury", "boosting a resident in bed, back went": "injury",
    "the truck behind me didnt stop, my neck hurts": "injury", "tried to move the sofa and my back went": "injury", "a branch whacked me in the neck": "injury",
    "hurts since the roller coaster": "injury", "went over on the ice": "injury", "somebody ran into the back of my car": "injury", "i fell off a ladder": "injury",
    "Digging. all weekend.": "injury", "a scrum came down, neck hurts": "injury", "sneezed and my back locked": "sudden", "coughing fit, heard a click": "sudden",
    "something went in my low back": "sudden", "woke up with it": "sudden", "went to bed fine, got up crooked": "sudden", "stood up and it grabbed me": "sudden",
    "at first only after gardening, little by little it got worse": "gradual", "the neck has been getting tighter for months": "gradual",
    "a bit worse every shift": "gradual", "it started with a twinge, then an ache": "gradual", "it wasnt all at once": "gradual",
    "been coming on for a while": "gradual", "worse and worse over the fall": "gradual",
}  # fmt: skip
NO_ONSET = (
    "hurts when i bend",
    "worse when lifting",
    "no falls no accidents",
    "fell asleep on the couch",
    "picked up my prescription",
    "slipped disc",
    "my back hurts",
    "i have not knocked it or strained it",
    "feels like somebody jumped on my neck",
    "hit by another spasm",
    "my foot keeps dragging",
    "i want to lift my granddaughter again",
)


@pytest.mark.parametrize(("text", "onset"), ONSET.items())
def test_how_it_began(reader: Reader, text: str, onset: str) -> None:
    assert reader.read(text).facts.get("pain_onset") == onset


@pytest.mark.parametrize(
    ("text", "onset"), [("slow", "gradual"), ("lifting my gran out of bed", "injury"), ("suddenly", "sudden")]
)
def test_the_answer_to_how_it_began(reader: Reader, text: str, onset: str) -> None:
    assert reader.read(text, "pain_onset").facts.get("pain_onset") == onset


@pytest.mark.parametrize("text", NO_ONSET)
def test_no_beginning_told(reader: Reader, text: str) -> None:
    assert "pain_onset" not in reader.read(text).facts
