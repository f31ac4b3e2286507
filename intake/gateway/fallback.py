"""What is said when everything else fails: the worst phrases and fixed advice, without protocol, reader or database.

The words are those of `protocol/`; they stand here once more so that they cannot get lost with the folder.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from intake.protocol.model import Disposition

LONGEST = 20_000  # characters that are looked through
APOSTROPHES, ACCENTS = re.compile("[\u2019'`\u00b4]"), re.compile("[\u0300-\u036f]")
SENTENCE_END, OTHER = re.compile(r"[.!?]+"), re.compile(r"[^a-z0-9.]+")
PHONE, CLINIC = "the clinic's number", "The clinic"  # until clinic.yml has been read

# Generated from protocol/last_resort.yml by scripts/last_resort.
_WORST = json.loads(Path(__file__).with_name("last_resort.json").read_text(encoding="utf-8"))
PATTERNS = {Disposition(each["level"]): re.compile(each["pattern"]) for each in _WORST}

ADVICE: dict[Disposition, str] = {  # each fits one GSM-7 text message
    Disposition.call_911: "Call 911 now. This could be an emergency. Do not drive yourself. "
    "Stay with someone if you can.",
    Disposition.crisis: "You matter. Call 911 now if you may act on this. Call or text 988 any time, day or night. "
    "Move away from pills or weapons.",
    Disposition.er_now: "Go to the ER now, even at night. Nerve trouble may need care in hours. "
    "Tell them what you told us. Cannot get there? Call 911.",
}

SILENT_WEB = (
    "I cannot answer right now. Please do not wait for me. Chest pain, trouble breathing or passing out? "
    "Call 911. Thoughts of hurting yourself? Call or text 988. Numb between your legs, new trouble with pee or poop, "
    "or weak legs? Go to the ER now. "
    "For anything else, call {phone}. I will answer here as soon as I can."
)
SILENT_SMS = (
    "We cannot answer now. Please call {phone}. Numb groin, weak legs or cannot pee? Go to the ER. "
    "Chest pain? Call 911. Suicidal? Call 988."
)
STILL_SILENT = "We still cannot answer here. Call {phone}. Emergency? Call 911."
NOT_PASSED_ON = "We could not pass this on to our team. Please call {phone}. Emergency? Call 911."
STILL_HOLDS = "Please do what we told you above. It still holds. Questions? Call {phone}."
SMS_HELP = "{clinic}: emergency? Call 911. Crisis? Call or text 988. Our staff: {phone}. Reply STOP to opt out."
SMS_STOPPED = "{clinic}: you are opted out and will get no more texts. Questions? Call {phone}. Emergency? Call 911."
SMS_STARTED = "{clinic}: you are opted in for intake texts. Reply HELP for help, STOP to opt out. Emergency? Call 911."
SMS_NO_PHOTO = "We cannot look at photos here. Please tell us in words, or call {phone}. Emergency? Call 911."
SMS_MOVED = "{clinic}: we go on here by text. Texts are not fully private. Reply STOP to end. Emergency? Call 911."
SMS_CODE_WRONG = "That code does not work. Please get a new one on our website, or call {phone}. Emergency? Call 911."
TOO_LONG = (
    "That message was too long. We looked through it for danger signs only. "
    "Please send the main points in a few sentences. Emergency? Call 911."
)
TOO_FAST = "You are writing faster than we can read. Please wait a moment. Emergency? Call 911."
STALE_CHOICE = "That button belongs to an earlier question. Please answer the last one, or write it in your own words."


def level(text: str) -> Disposition | None:
    """The most urgent level that a phrase of the text stands for. Never raises on a string, takes linear time."""
    words = plain(text)
    return next((each for each, pattern in PATTERNS.items() if pattern.search(words)), None)


def plain(text: str) -> str:
    """A text as the phrases expect it: plain letters and digits, " . " for the end of a sentence, spaces around all."""
    unmarked = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text[:LONGEST].lower()))
    return f" {OTHER.sub(' ', SENTENCE_END.sub(' . ', ACCENTS.sub('', unmarked)))} "
