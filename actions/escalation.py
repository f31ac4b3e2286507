"""Escalation: assess, write the hand-off, and only then say where to go."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.surroundings import clinic, conversation_id, now, plan_of, protocol, say, store
from intake.conversation.plan import Plan
from intake.conversation.wording import text_for, words
from intake.handoff.packet import build
from intake.handoff.raising import Request, raise_handoff
from intake.protocol.model import Disposition

logger = logging.getLogger(__name__)


class ActionApplyEscalationRules(Action):
    """Assesses the whole record and sets `disposition`, `rules_fired` and `human`."""

    def name(self) -> str:
        return "action_apply_escalation_rules"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        judged = _plan(tracker).assessment
        level = judged.disposition
        return [
            SlotSet("disposition", level.value if level else None),
            SlotSet("rules_fired", list(judged.rules)),
            SlotSet("human", judged.human),
        ]


class ActionHandOffToScheduling(Action):
    """Writes the hand-off row, then tells the outcome: red flags as an urgent call-back, persistent pain as a visit."""

    def name(self) -> str:
        return "action_hand_off_to_scheduling"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        plan = _plan(tracker)
        row_id = hand_off(tracker, plan)
        self._tell_outcome(dispatcher, tracker, plan, promised=row_id is not None)
        asks_for_person = (tracker.latest_message.get("intent") or {}).get("name") == "request_human"
        if asks_for_person or plan.record.fact("wants_person") and plan.record.fact("consent") != "yes":
            say(dispatcher, tracker, "human" if row_id else "human_no_call")
        return [SlotSet("handoff_id", row_id)] if row_id else []

    @staticmethod
    def _tell_outcome(dispatcher: CollectingDispatcher, tracker: Tracker, plan: Plan, promised: bool) -> None:
        """The outcome once, and never a milder one than was shown; without a row no text promises a call."""
        judged = plan.assessment
        level = judged.disposition
        if level is None or (plan.shown is not None and plan.shown.rank <= level.rank):
            return
        for id in (judged.advice or level.value, *judged.also):
            text = protocol().texts[id]
            say(dispatcher, tracker, text.otherwise if text.otherwise and not promised else id, shows=level)


def _plan(tracker: Tracker) -> Plan:
    return plan_of(tracker, ended=tracker.active_loop_name is None)


def hand_off(tracker: Tracker, plan: Plan, needs_person: bool = False) -> str | None:
    """Id of the committed hand-off row; None when there is nothing to hand off or the store fails."""
    judged = plan.assessment
    human = judged.human or needs_person
    if judged.disposition in (None, Disposition.self_care) and not human:
        return None
    if plan.record.fact("consent") == "no" and not _vital(plan):
        return None
    contact = plan.record.fact("contact") or tracker.get_slot("contact")
    packet = build(plan.record, judged, protocol(), told=_told(tracker), channel=plan.channel, contact=contact)
    advice = words(text_for(judged.advice, protocol(), clinic(), now()), clinic()) if judged.advice else ""
    try:
        id = conversation_id(tracker)
        request = Request(id, judged.disposition, human, judged.rules, protocol().version, packet, advice)
        with store().transaction() as session:
            return str(raise_handoff(session, request, now()).handoff.id)
    except SQLAlchemyError:
        logger.error("handoff.not_written")  # the gateway keeps its own row or spool entry of every red flag
        return None


def _vital(plan: Plan) -> bool:
    """What is handed off although the patient refused the intake: an emergency, or the wish for a person."""
    level = plan.assessment.disposition
    return bool(level and level.is_emergency) or plan.record.fact("wants_person") == "yes"


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
