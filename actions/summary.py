"""`action_summarise`: how the conversation ends: the safety net, or the help to get to the emergency room."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.surroundings import plan_of, protocol, say
from intake.conversation.plan import Plan


class ActionSummarise(Action):
    """Ends the intake with what the patient must still know (clinical source: 3H safety net, 3J after an emergency)."""

    def name(self) -> str:
        return "action_summarise"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        id = _last_word(plan_of(tracker, ended=True))
        if id:
            say(dispatcher, tracker, id)
        return []


def _last_word(plan: Plan) -> str | None:
    level = plan.assessment.disposition
    if level is not None and level.is_emergency:
        able = plan.record.fact("able_to_go")
        return {"yes": "emergency_on_the_way", "no": "emergency_cannot_go"}.get(able) if able else None
    if plan.record.fact("consent") == "no":
        return "consent_declined"
    if plan.is_minor_alone(protocol()):
        return "minor"
    if level is None:
        return "incomplete" if plan.record.fact("consent") else None
    if plan.record.fact("safety_net_understood") == "yes":
        return "goodbye"
    questions = (protocol().question_for(turn.asked) for turn in plan.record.turns if turn.asked)
    asked = sum(each is not None and each.slot == "safety_net_understood" for each in questions)
    return "safety_net_last" if asked > 1 else "safety_net"  # told twice, a person explains it better
