"""`validate_intake_form`: after each answer the record decides which question comes next."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.surroundings import plan_of, protocol
from intake.conversation.plan import slots

REQUESTED = "requested_slot"


class ValidateIntakeForm(Action):
    """Sets every slot from the record and requests the next question's slot; None when the intake is over."""

    def name(self) -> str:
        return "validate_intake_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        requested = tracker.get_slot(REQUESTED)
        if tracker.active_loop_name and requested and not _answered_or_returning(tracker, requested):
            return []  # nothing was said to the question: let the form step back for a rule to answer
        plan = plan_of(tracker)
        known = slots(plan, protocol())
        events: list[EventType] = [SlotSet(slot, value) for slot, value in known.items() if slot in domain.get("slots", {})]
        question = plan.next_question(protocol())
        if question is None:
            return [*events, SlotSet(REQUESTED, None)]
        if question.slot in known and question.slot == requested:
            events.append(SlotSet(question.slot, None))  # asked again: what came was no full answer
        return [*events, SlotSet(REQUESTED, question.slot)]


def _answered_or_returning(tracker: Tracker, requested: str) -> bool:
    """The asked slot was just extracted, or the form comes back after a rule has answered something else."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "slot" and event["name"] == requested:
            return True
        if event["event"] == "action" and event["name"] not in ("action_listen", "action_extract_slots", "intake_form") and not event["name"].startswith("validate_"):
            return True
    return True
