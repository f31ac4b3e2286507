"""Escalation: assess, say where to go, write the hand-off. What is said to be written has been written."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.surroundings import channel_of, clinic, conversation_id, now, plan_of, protocol, store
from intake.conversation.wording import text_for, words
from intake.handoff.packet import build
from intake.handoff.raising import Request, raise_handoff
from intake.protocol.model import Disposition


class ActionApplyEscalationRules(Action):
    """Assesses the whole record, sets `disposition` and `rules_fired`, and tells the outcome once."""

    def name(self) -> str:
        return "action_apply_escalation_rules"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        plan = plan_of(tracker, ended=tracker.active_loop_name is None)
        judged = plan.assessment
        level = judged.disposition
        if level is not None and (plan.shown is None or level.rank < plan.shown.rank):
            for id in (judged.advice or level.value, *judged.also):
                text = text_for(id, protocol(), clinic(), now())
                shows = text.disposition.value if text.disposition else level.value
                dispatcher.utter_message(text=words(text, clinic(), channel_of(tracker)), json_message={"asked": None, "disposition": shows})
        return [SlotSet("disposition", level.value if level else None), SlotSet("rules_fired", list(judged.rules)), SlotSet("human", judged.human)]


class ActionHandOffToScheduling(Action):
    """Writes the hand-off row: red flags as an urgent call-back, a person's request, persistent pain as a visit to book."""

    def name(self) -> str:
        return "action_hand_off_to_scheduling"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        plan = plan_of(tracker, ended=tracker.active_loop_name is None)
        judged = plan.assessment
        level = judged.disposition
        if (level is None or level is Disposition.self_care) and not judged.human:
            return []
        id = conversation_id(tracker)
        packet = build(plan.record, judged, protocol(), told=_told(tracker), channel=plan.channel)
        request = Request(id, level, judged.human, judged.rules, protocol().version, packet, _advice(judged.advice))
        with store().transaction() as session:
            row_id = raise_handoff(session, request, now()).handoff.id
        return [SlotSet("handoff_id", row_id)]


def _told(tracker: Tracker) -> list[tuple[str, datetime]]:
    """What the patient was shown with a disposition, word for word, and when."""
    told, text = [], ""
    for event in tracker.events:
        if event["event"] == "bot":
            shows = ((event.get("data") or {}).get("custom") or {}).get("disposition")
            text = event.get("text") or text
            if shows and text:
                told.append((text, datetime.fromtimestamp(event["timestamp"], timezone.utc)))
    return told


def _advice(id: str | None) -> str:
    return words(text_for(id, protocol(), clinic(), now()), clinic()) if id else ""
