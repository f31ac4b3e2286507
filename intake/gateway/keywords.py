"""STOP, START and HELP: as keywords, and the wish for no more texts in one's own words (47 CFR 64.1200(a)(10)).

"The pain does not stop", "I want it to end" and "should I stop the pills" are about the patient, not about texts.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Keyword = Literal["stop", "start", "help"]

RESUME = ("GO", "RESUME", "CONTINUE", "IR", "SEGUIR")
YES = ("YES", "Y", "YEAH", "OK", "OKAY", "SI", "HI", "HELLO", "HERE", "STILL HERE", "I AM HERE", "IM HERE")
SPANISH = ("ALTO", "PARAR", "DETENER", "CANCELAR", "BAJA", "INICIAR", "AYUDA")
# Twilio's and the FCC's lists, and the Spanish words that carriers know. YES is an answer, never START.
WORDS: dict[str, Keyword] = {
    **dict.fromkeys((
        "STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT",
        "ALTO", "PARAR", "DETENER", "CANCELAR", "BAJA",
    ), "stop"),
    **dict.fromkeys(("START", "UNSTOP", "INICIAR"), "start"),
    **dict.fromkeys(("HELP", "INFO", "AYUDA"), "help"),
}  # fmt: skip
SENDING = (
    r"(?:text(?:s|ing|ed)?|messag(?:e|es|ing)|msgs?|sms|contact(?:ing)?|writing|sending|spamming|bothering|notif\w+)"
)
OBJECT = r"(?:(?:me|these|those|the|all|any|your|more|further|with|sending|us|of|from|getting|receiving)\s+){0,4}"
WHO = r"(?:\s+(?:to\s+)?(?:me|us|this number|this phone))?"
PLEASE = r"(?:please|just|to|and|now|you(?: guys)?|must|can you|could you|ok|okay)"
END = r"(?:\s+(?:please|now|me|to me|us|here|this number|any ?more|again|ever|ok|okay|thanks?|thank you|at all))*$"
REVOKED = re.compile(
    "|".join((
        rf"(?:^|\b{PLEASE}\s+)(?:stop|quit|cease|end|no more)\s+{OBJECT}{SENDING}\b",
        rf"\b(?:do not|dont|never)\s+(?:ever\s+)?(?:text|message|contact|write){WHO}{END}",
        rf"\b(?:do not|dont|no longer)\s+(?:want|need)\s+(?:to (?:get|receive)\s+)?{OBJECT}(?:text|message|sms)s?\b",
        r"\b(?:un ?subscribe|opt)\s+(?:me|out|my number)\b", r"\bopt(?:ing)? (?:me )?out\b",
        r"\b(?:take|remove|delete) (?:me|my (?:phone|number|phone number)) (?:off|from)\b",
        r"\b(?:remove|delete|lose) my (?:phone )?number\b", r"\bwrong (?:number|person)\b", r"^leave me alone\b",
        r"\bno mas (?:mensajes|textos|sms)\b", r"^no mas$",
        r"\b(?:deje|dejen|deja|para|paren|pare) de (?:mandar|enviar|escribir)\w*\b",
        r"\bno (?:me )?(?:mande|manden|envie|envien|escriba|escriban)(?:me)?\b",
        r"\bya no quiero (?:mas )?(?:mensajes|textos|sms)\b",
    ))
)  # fmt: skip


def keyword(text: str) -> Keyword | None:
    """Which of the three a text asks for, if any."""
    plain = _plain(text)
    if plain.upper() in WORDS:
        return WORDS[plain.upper()]
    return "stop" if REVOKED.search(plain) else None


def resumes(text: str, nudged: bool) -> bool:
    """Whether a text asks for the open question once more; `nudged` = our last word was whether to go on."""
    plain = _plain(text).upper()
    return plain in RESUME or (nudged and plain in YES)


def is_spanish_keyword(text: str) -> bool:
    """Whether a keyword was given in Spanish."""
    return _plain(text).upper() in SPANISH


def _plain(text: str) -> str:
    """Lower case, without accents, apostrophes and punctuation."""
    letters = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(each for each in letters if not unicodedata.combining(each) and each not in "'\u2019`\u00b4")
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s]", " ", letters)).strip()
