"""What is said when everything else fails: fixed keywords and fixed advice, without protocol, reader or database.

The words are those of `protocol/texts`; they stand here once more so that they cannot get lost with the folder.
"""

from __future__ import annotations

import re
import unicodedata

from intake.protocol.model import Disposition

PHONE, CLINIC = "the clinic's number", "The clinic"  # until clinic.yml has been read

CANNOT = r"(?:can\s?not|cant|could\s?n.?t|unable to|not able to|have\s?n.?t|no puedo|trouble|hard to)"
SADDLE = r"(?:between|groin|saddle|wip|genital|crotch|private|butt|inner thigh|vagina|penis|balls)"
# Broad on purpose: the list is used only when the reader has failed, and then a false alarm is the lesser harm.
KEYWORDS: dict[Disposition, tuple[str, ...]] = {
    Disposition.call_911: (
        r"chest (pain|pressure|tight|hurt|feels)",
        r"(pain|pressure) in (my |the )?chest",
        CANNOT + r" .{0,12}(breath|respirar)",
        r"short(ness)? of breath",
        r"pass(ed|ing) out",
        r"faint(ed|ing)",
        r"stroke",
        r"face .{0,12}droop",
        r"slur(red|ring)",
        r"seizure",
        r"overdos",
        r"took too (much|many)",
        r"(cough|vomit|throw|threw|puk)\w* .{0,6}blood",
        r"black (stool|poop)",
        r"(tearing|ripping) .{0,12}pain",
        r"blue lips",
        r"lips .{0,10}blue",
        r"heart attack",
        r"worst headache",
        r"throat .{0,12}(clos|swell|swollen)",
        r"(took|taken|swallowed) (all|every|the whole|a whole|a bunch|a handful).{0,20}(pill|med|tablet|bottle)",
        r"(puls|throb|beat)\w* .{0,12}(lump|belly|stomach)",
        r"(cant|can not|wont) wake",
        r"dolor (de|en el) pecho",
        r"desmay",
        r"(muchas|todas las|todas mis) pastillas",
        r"sobredosis",
        r"infarto",
    ),
    Disposition.crisis: (
        r"suicid",
        r"kill(ing)? (my|him|her)\s?self",
        r"end(ing)? (my life|it all)",
        r"want(ing)? to die",
        r"wanna die",
        r"(hurt|harm|cut)(ing|ting)? myself",
        r"self.?harm",
        r"better off dead",
        r"(dont|do not|no longer) want to (live|be here|be alive|exist|wake up)",
        r"(gun|rifle|pistol|rope|noose|knife|pills).{0,30}(use it|on myself|end it|be done)",
        r"quiero morir",
        r"matarme",
        r"quitarme la vida",
        r"no quiero (seguir )?viv",
    ),
    Disposition.er_now: (
        r"(numb|tingl|no feeling|cant feel|can not feel).{0,40}" + SADDLE,
        SADDLE + r".{0,40}(numb|no feeling|tingl)",
        CANNOT + r" .{0,20}(pee|urinat|wee\b|piss|orinar|pis)",
        r"(pee|poop|wet|soil|wee|piss|shit|crap)\w* .{0,12}(myself|pants|bed)",
        r"incontinen",
        r"(bladder|bowel|pee|poop).{0,20}(control|accident|leak)",
        r"(control|leak)\w*.{0,20}(bladder|bowel|pee|poop|urine|stool)",
        r"retention",
        r"(numb|no feeling|cant feel|tingl).{0,20}down there",
        r"bottom (is|feels|went|has gone|gone) .{0,8}(numb|asleep|dead)",
        r"legs? .{0,8}(gave|give|gives|giving) (out|way)",
        r"legs (are|feel|went|go|have gone) .{0,8}(numb|weak|dead|heavy)",
        r"(both|two) (my )?(legs|feet).{0,30}(weak|numb|heavy|tingl)",
        r"(weak|numb|heavy|tingl)\w*.{0,30}both (my )?(legs|feet)",
        r"paraly[sz]",
        CANNOT + r" (move|feel|walk)",
        r"foot (drop|drag|is dragging)",
        r"no siento",
    ),
}
_PATTERNS = {level: re.compile("|".join(f"(?:{each})" for each in words)) for level, words in KEYWORDS.items()}

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
    """The most urgent level that a keyword of the text stands for. Never raises on a string, takes linear time."""
    plain = unicodedata.normalize("NFKC", text[:20_000]).lower()
    plain = re.sub(r"\s+", " ", re.sub(r"[’'`]", "", plain))
    return next((each for each, pattern in _PATTERNS.items() if pattern.search(plain)), None)
