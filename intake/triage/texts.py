"""Which advice goes out for an assessment, by text id; the wording is in `protocol/texts`."""

from __future__ import annotations

from typing import Any

from intake.protocol.model import Disposition
from intake.triage.rules import Fired

CRISIS_TEXTS = ("crisis", "passive_death_wish")


def advice(disposition: Disposition | None, fired: tuple[Fired, ...], protocol: Any, clinic_open: bool) -> str | None:
    """Choose the text: 911 with 988 when both fired, then the rule's own, then the disposition's."""
    if disposition is None:
        return None
    levels = {each.disposition for each in fired}
    if disposition is Disposition.call_911 and Disposition.crisis in levels:
        return "call_911_crisis"
    own = next((each.text for each in fired if each.disposition is disposition and each.text), None)
    info = protocol.dispositions.get(disposition)
    closed = info.text_closed if info and not clinic_open else None
    return own or closed or (info.text if info else disposition.value)


def beside(disposition: Disposition | None, fired: tuple[Fired, ...], advice: str | None) -> tuple[str, ...]:
    """Return the texts that go out beside the advice: 988, the ER beside a crisis; more only below an emergency."""
    if disposition is None or advice == "call_911_crisis":
        return ()
    own = {
        each.text or (each.disposition.value if each.disposition is Disposition.er_now else None): each
        for each in fired
    }
    if disposition is Disposition.crisis:
        own = {
            text: each for text, each in own.items() if each.disposition is Disposition.er_now or text in CRISIS_TEXTS
        }
    elif disposition.is_emergency:
        own = {text: each for text, each in own.items() if text in CRISIS_TEXTS}
    return tuple(text for text in own if text and text != advice)
