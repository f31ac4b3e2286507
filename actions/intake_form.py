"""`validate_intake_form`: after each answer the record decides which question comes next."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.surroundings import channel_of, clinic, now, plan_of, protocol, say
from intake.conversation.plan import slots
from intake.conversation.wording import text_for, words

REQUESTED = "requested_slot"


class ValidateIntakeForm(Action):
    """Sets every slot from the record and requests the next question's slot; None when the intake is over."""

    def name(self) -> str:
        return "validate_intake_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        requested = tracker.get_slot(REQUESTED)
        just_answered = bool(requested) and _extracted(tracker, requested)
        if tracker.active_loop_name and requested and not just_answered and not _returning(tracker):
            return []  # nothing was said to the question: let the form step back for a rule to answer
        plan = plan_of(tracker)
        known = slots(plan, protocol())
        events: list[EventType] = [SlotSet("channel", plan.channel)]
        events += [SlotSet(slot, value) for slot, value in known.items() if slot in domain.get("slots", {})]
        question = plan.next_question(protocol())
        if question is None:
            return [*events, SlotSet(REQUESTED, None)]
        if question.slot == requested:
            events.append(SlotSet(question.slot, None))  # asked again: what came was no full answer
            if just_answered and plan.told_something():
                say(dispatcher, tracker, "noted")
            elif just_answered:
                _help(dispatcher, tracker)
        return [*events, SlotSet(REQUESTED, question.slot)]


def _extracted(tracker: Tracker, requested: str) -> bool:
    """The patient's last message went into the asked slot."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "slot" and event["name"] == requested:
            return True
    return False


def _returning(tracker: Tracker) -> bool:
    """The form comes back after a rule or a policy has answered something else."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event["name"] not in ("action_listen", "action_extract_slots", "intake_form"):
            return True
    return True


def _help(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Says kindly that an answer was not understood; the second time in a row it offers a person."""
    first = words(text_for("not_understood", protocol(), clinic(), now()), clinic(), channel_of(tracker))
    before = [event["text"] for event in tracker.events if event["event"] == "bot" and event.get("text")][-3:]
    say(dispatcher, tracker, "not_understood_again" if first in before else "not_understood")
