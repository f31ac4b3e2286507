"""`action_summarise`: what was understood, the safety net, and what happens next."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.surroundings import channel_of, clinic, now, plan_of, protocol
from intake.conversation.wording import text_for, words


class ActionSummarise(Action):
    """Ends the intake with the safety net of every outcome that is no emergency (clinical source: safety-netting, 3H)."""

    def name(self) -> str:
        return "action_summarise"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        level = plan_of(tracker, ended=True).assessment.disposition
        if level is not None and level.is_emergency:
            return []
        id = "safety_net" if level is not None else "incomplete"
        dispatcher.utter_message(text=words(text_for(id, protocol(), clinic(), now()), clinic(), channel_of(tracker)))
        return []
