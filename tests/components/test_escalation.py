"""The escalation policy: advice first, then its actions; nothing where there is no danger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.escalation import FALLBACK_ADVICE, EscalationPolicy

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(ROOT / "domain.yml")


@pytest.fixture(scope="module")
def policy() -> EscalationPolicy:
    return EscalationPolicy(EscalationPolicy.get_default_config(), None, None, ExecutionContext(GraphSchema({})))  # type: ignore[arg-type]


def predict(policy: EscalationPolicy, domain: Domain, *events: Any) -> tuple[str | None, PolicyPrediction]:
    tracker = DialogueStateTracker.from_events("t-1", list(events), domain.slots)
    prediction = policy.predict_action_probabilities(tracker, domain)
    best = max(prediction.probabilities)
    return (domain.action_names_or_texts[prediction.probabilities.index(best)] if best else None), prediction


def shows(disposition: str) -> BotUttered:
    return BotUttered("advice", {"custom": {"asked": "Q-able", "disposition": disposition}})


def test_danger_is_advised_before_a_form(policy: EscalationPolicy, domain: Domain) -> None:
    action, prediction = predict(policy, domain, ActiveLoop("intake_form"), UserUttered("my crotch is numb"))
    assert action == "utter_er_nerve"
    assert prediction.is_no_user_prediction


def test_no_danger_no_opinion(policy: EscalationPolicy, domain: Domain) -> None:
    assert predict(policy, domain, UserUttered("my back aches"))[0] is None
    assert predict(policy, domain)[0] is None


def test_the_slot_that_swallowed_the_message_is_given_back(policy: EscalationPolicy, domain: Domain) -> None:
    text = "my crotch is numb"
    events = [ActiveLoop("intake_form"), SlotSet("requested_slot", "complaint"), UserUttered(text),
              SlotSet("complaint", text)]  # fmt: skip
    assert predict(policy, domain, *events)[1].optional_events == [SlotSet("complaint", None)]


def test_what_the_patient_said_before_stays(policy: EscalationPolicy, domain: Domain) -> None:
    events = [ActiveLoop("intake_form"), SlotSet("complaint", "it aches"), SlotSet("requested_slot", "complaint"),
              UserUttered("my crotch is numb")]  # fmt: skip
    assert predict(policy, domain, *events)[1].optional_events == []


def test_after_the_advice_come_its_actions_and_then_the_patient(policy: EscalationPolicy, domain: Domain) -> None:
    events: list[Any] = [UserUttered("my crotch is numb")]
    done = []
    for _ in range(4):
        action, _ = predict(policy, domain, *events)
        done.append(action)
        events += [ActionExecuted(action)] + ([shows("er_now")] if action == "utter_er_nerve" else [])
    assert done == ["utter_er_nerve", "action_apply_escalation_rules", "action_hand_off_to_scheduling", "action_listen"]


def test_what_was_shown_is_not_advised_again_but_more_is(policy: EscalationPolicy, domain: Domain) -> None:
    before = [UserUttered("my crotch is numb"), ActionExecuted("utter_er_nerve"), shows("er_now"),
              ActionExecuted("action_listen")]  # fmt: skip
    assert predict(policy, domain, *before, UserUttered("it is really numb"))[0] is None
    assert predict(policy, domain, *before, UserUttered("crushing chest pain now"))[0] == "utter_call_911"


def test_an_advice_that_was_never_uttered_does_not_count_as_shown(policy: EscalationPolicy, domain: Domain) -> None:
    events = [UserUttered("my crotch is numb"), ActionExecuted("utter_er_nerve"), ActionExecuted("action_listen"),
              UserUttered("hello?")]  # fmt: skip
    assert predict(policy, domain, *events)[0] == "utter_er_nerve"


def test_an_exception_leads_to_the_strongest_advice(
    policy: EscalationPolicy, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise ValueError

    monkeypatch.setattr(policy, "_fold", fails)
    assert predict(policy, domain, UserUttered("anything"))[0] == FALLBACK_ADVICE
