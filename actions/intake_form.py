"""`validate_intake_form` and `validate_history_form`: after each answer the record decides what is asked next."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.escalation import hand_off
from actions.surroundings import clinic, now, plan_of, protocol, say
from intake.conversation import steps
from intake.conversation.plan import PERSON_AFTER, Plan, slots
from intake.conversation.turns import OFF_TOPIC, WHY, speaks_spanish
from intake.conversation.wording import asked_words, choices, text_for, words
from intake.protocol.model import Question
from intake.triage.asking import open_options

REQUESTED = "requested_slot"
SILENT = ("action_listen", "action_extract_slots", "intake_form", "history_form")
NUMBERS_AFTER = 2  # answers in a row that nobody understood


class ValidateIntakeForm(Action):
    """Sets every slot from the record and requests the next question's slot; None when the intake is over."""

    def name(self) -> str:
        return "validate_intake_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        if _steps_back(tracker):
            return []
        plan = plan_of(tracker)
        return ask_on(dispatcher, tracker, domain, plan, plan.next_asked(protocol()))


class ValidateHistoryForm(Action):
    """Asks what the booked visit is prepared with; silent where none is booked."""

    def name(self) -> str:
        return "validate_history_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        if _steps_back(tracker):
            return []
        plan = plan_of(tracker)
        asked = plan.next_for_visit(protocol()) if tracker.get_slot("appointment_id") else None
        return ask_on(dispatcher, tracker, domain, plan, asked)


def ask_on(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any], plan: Plan, asked: str | None
) -> list[EventType]:
    """Slots from the record, and the next question in the words for this patient; None ends the form."""
    requested = tracker.get_slot(REQUESTED)
    known = slots(plan, protocol())
    events: list[EventType] = [SlotSet("channel", plan.channel)]
    events += [SlotSet(slot, value) for slot, value in known.items() if slot in domain.get("slots", {})]
    question = protocol().question_for(asked) if asked else None
    if asked is None or question is None:
        return [*events, SlotSet(REQUESTED, None)]
    if question.slot == requested:
        events.append(SlotSet(question.slot, None))  # asked again: what came was no full answer
    events += _greet(dispatcher, tracker, plan)
    just_answered = _just_answered(tracker)
    lost = just_answered and question.channel == "web" and plan.misunderstood >= NUMBERS_AFTER
    numbered = choices(question, open_options(question, plan.record, protocol())) if lost else []
    if just_answered:
        events += _lead(dispatcher, tracker, plan, asked, question, numbered)
    question_words = asked_words(asked, plan.record, protocol(), clinic(), bool(numbered))
    return [*events, SlotSet("question", question_words), SlotSet("asked", asked), SlotSet(REQUESTED, question.slot)]


def _greet(dispatcher: CollectingDispatcher, tracker: Tracker, plan: Plan) -> list[EventType]:
    """What is said to who comes back after a day or more, and to who writes in another language."""
    if plan.record.turns and steps.returns(plan.record):
        say(dispatcher, tracker, "changed_since" if plan.record.fact("summary") else "ask_again_stale")
    spanish = [number for number, turn in enumerate(plan.record.turns) if speaks_spanish(turn.text)]
    if not spanish or spanish != [len(plan.record.turns) - 1]:
        return []  # said once
    text = text_for("interpreter", protocol(), clinic(), now())
    said = f"{clinic().fill(text.web_es or '')}\n{words(text, clinic(), plan.channel)}"
    dispatcher.utter_message(text=said, json_message={"asked": None, "disposition": None})
    row = hand_off(tracker, plan, needs_person=True)
    return [SlotSet("handoff_id", row)] if row else []


def _steps_back(tracker: Tracker) -> bool:
    """Nothing was said to the question: the form steps back for a rule to answer."""
    asks = bool(tracker.active_loop_name and tracker.get_slot(REQUESTED))
    return asks and not _just_answered(tracker) and not _returning(tracker)


def _lead(
    dispatcher: CollectingDispatcher, tracker: Tracker, plan: Plan, asked: str, question: Question, numbered: list[str]
) -> list[EventType]:
    """What is said before a question because of how the last one was taken: a reason, a step back, help."""
    turn, again = plan.record.turns[-1], tracker.get_slot("asked") == asked
    if turn.intent == WHY:
        dispatcher.utter_message(text=protocol().why(question), json_message={"asked": None, "disposition": None})
    elif steps.refused(plan.record, protocol()):
        say(dispatcher, tracker, "why_we_ask")
    elif steps.goes_back(plan.record, len(plan.record.turns) - 1):
        say(dispatcher, tracker, "going_back" if steps.reopened(plan.record, protocol()) else "no_way_back")
    elif again and plan.told_something():
        say(dispatcher, tracker, "noted")
    elif again and plan.misunderstood == PERSON_AFTER:
        row = hand_off(tracker, plan)
        say(dispatcher, tracker, "human" if row else "human_no_call", numbered=numbered)
        return [SlotSet("handoff_id", row)] if row else []
    elif again:
        say(dispatcher, tracker, _help(plan), numbered=numbered)
    return []


def _help(plan: Plan) -> str:
    """What is said to an answer that nobody understood: first to say it otherwise, then to pick by number."""
    if plan.misunderstood >= NUMBERS_AFTER:
        return "not_understood_again"
    return "out_of_scope" if plan.record.turns[-1].intent == OFF_TOPIC else "not_understood"


def _just_answered(tracker: Tracker) -> bool:
    """The patient's last message went into the asked slot."""
    requested = tracker.get_slot(REQUESTED)
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if requested and event["event"] == "slot" and event["name"] == requested:
            return True
    return False


def _returning(tracker: Tracker) -> bool:
    """The form comes back after a rule or a policy has answered something else."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event["name"] not in SILENT:
            return True
    return True
