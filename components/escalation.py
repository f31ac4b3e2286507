"""The escalation policy: advice for an emergency comes before any form, rule or story, on the message itself.

It folds the raw events into the patient's record and assesses it with the rules of the protocol, exactly as the
gateway's guard does. So plain REST and `rasa shell` show the same advice, even with the action server hung.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from rasa.core.actions import action as rasa_actions
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from intake.conversation.turns import current, shown, turns
from intake.language.reader import Reader
from intake.protocol.load import load
from intake.protocol.model import Status
from intake.triage.assess import floor
from intake.triage.folding import Folding
from intake.triage.record import Record
from intake.triage.rules import Fired

# What follows the advice: the disposition is stored and the hand-off is written. The advice does not wait for them.
AFTERWARDS = ("action_apply_escalation_rules", "action_hand_off_to_scheduling")
HELPLINE = "passive_death_wish"  # below an emergency, but said at once
INTAKE = "intake_form"  # goes on after the helpline: with the questions about the patient's mood
FALLBACK_ADVICE = "utter_call_911"

# Rasa waits five minutes for an action and has no setting for it. Plain REST holds all texts until the turn ends, so a
# hung action server would hold back the advice. Shorter than the life of a conversation's lock (60 s) as well.
ACTION_SECONDS = 4
rasa_actions.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class EscalationPolicy(Policy):
    """Predicts the advice when the level needed is above the level shown; abstains otherwise."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, **kwargs)
        self._protocol = load()
        self._fold = Folding(Reader(self._protocol), self._protocol)

    @staticmethod
    def supported_data() -> SupportedData:
        """It learns from nothing, so every kind of data will do."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above RulePolicy (6 in 3.6) and every other policy."""
        return {"priority": 100}

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing is learned: the rules are the protocol's."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The advice now, or what follows it, or no opinion."""
        action = self._next_action(tracker, domain)
        if action is None:
            return self._prediction(self._default_predictions(domain))
        events: list[Event] = self._give_back(tracker, domain) if action.startswith("utter_") else []
        # Without is_no_user_prediction an active form would win although this policy stands above it.
        return self._prediction(
            confidence_scores_for(action, 1.0, domain), optional_events=events, is_no_user_prediction=True
        )

    def _next_action(self, tracker: DialogueStateTracker, domain: Domain) -> str | None:
        done = _actions_of_turn(tracker)
        if done[-1:] and done[-1] in AFTERWARDS:
            return self._follow(tracker, done)
        if any(action.startswith("utter_") and action in self._advice_actions() for action in done):
            return AFTERWARDS[0] if AFTERWARDS[0] not in done else None
        try:
            return self._needed(tracker)
        except Exception:  # noqa: BLE001 - an exception here would kill the whole turn: rather advise too much
            logger.error("escalation.assessment_failed")
            return FALLBACK_ADVICE if FALLBACK_ADVICE in domain.action_names_or_texts else None

    def _follow(self, tracker: DialogueStateTracker, done: list[str]) -> str | None:
        """After the advice: the remaining actions, then listen; inside a form RulePolicy asks on by itself."""
        if not any(action in self._advice_actions() for action in done):
            return None
        for action in AFTERWARDS:
            if action not in done:
                return action
        if tracker.active_loop_name:
            return None
        return INTAKE if self._utter(HELPLINE) in done else ACTION_LISTEN_NAME

    def _needed(self, tracker: DialogueStateTracker) -> str | None:
        events = current(event.as_dict() for event in tracker.events)
        if not any(event["event"] == "user" for event in events):
            return None
        record = self._fold(turns(events))
        judged = floor(record, self._protocol, datetime.now(timezone.utc))
        already = shown(events)
        level = judged.disposition
        if level is not None and level.is_emergency and (already is None or level.rank < already.rank):
            return self._utter(judged.advice or level.value)
        if {judged.advice, *judged.also} & {HELPLINE} and self._volunteered(record, judged.fired):
            action = self._utter(HELPLINE)
            said = {event["name"] for event in events if event["event"] == "action"}
            return action if action not in said else None
        return None

    def _utter(self, id: str) -> str:
        """The response of a text; nothing is stored yet, so none that promises a call: the hand-off action does."""
        text = self._protocol.texts[id]
        return f"utter_{text.otherwise or text.id if text.promises_call else text.id}"

    @staticmethod
    def _volunteered(record: Record, fired: Iterable[Fired]) -> bool:
        """Told unasked; the question about it gives the helpline itself."""
        ids = {each.id for one in fired if one.text == HELPLINE for each in one.evidence}
        return any(
            each.id in ids and each.asked is None and each.status is Status.present for each in record.statements
        )

    def _advice_actions(self) -> frozenset[str]:
        return frozenset(
            f"utter_{text.id}"
            for text in self._protocol.texts.values()
            if text.disposition is not None and text.disposition.is_emergency
        ) | {self._utter(HELPLINE)}

    @staticmethod
    def _give_back(tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        """Empties the form slot that has just swallowed the message as its answer."""
        slot = tracker.get_slot(REQUESTED_SLOT) if tracker.active_loop_name else None
        filled = set()
        for event in reversed(tracker.events):
            if isinstance(event, UserUttered):
                break
            if isinstance(event, SlotSet):
                filled.add(event.key)
        kinds = {str(mapping["type"]) for each in domain.slots if each.name == slot for mapping in each.mappings}
        return [SlotSet(slot, None)] if slot in filled and kinds & {"from_text", "from_intent"} else []


def _actions_of_turn(tracker: DialogueStateTracker) -> list[str]:
    """Names of the actions since the patient's last message, oldest first."""
    names: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name:
            names.append(event.action_name)
    return names[::-1]
