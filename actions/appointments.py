"""Appointments offered, booked, moved and cancelled; every confirmation is worded from its committed row."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.surroundings import channel_of, clinic, conversation_id, now, plan_of, protocol, say, store
from intake.conversation.turns import ASKS_WHY, asked_last
from intake.conversation.understanding import REACHES
from intake.conversation.wording import words
from intake.protocol.model import Disposition
from intake.scheduling import wording
from intake.scheduling.booking import cancel, confirm, current, hold, reschedule
from intake.scheduling.offers import Offer, offer_for, offers, window
from intake.scheduling.results import Booked, Cancelled, Held
from intake.scheduling.wish import parse_wish

CHOICE = "appointment_choice"
ASKS_FOR_A_VISIT = ("request_appointment", "reschedule_appointment")
NO = re.compile(r"^\s*(no|none|nope|not now|no thanks?( you)?|later|skip|none of these|0)\b", re.IGNORECASE)


def _level(tracker: Tracker) -> Disposition:
    """The level that bounds the offers; a visit that the patient asks for is routine."""
    level = plan_of(tracker).assessment.disposition
    return level if level is not None and window(level) is not None else Disposition.routine


def _choices_offered(tracker: Tracker) -> list[str]:
    """Keys of the times offered last, in the order shown."""
    for event in reversed(tracker.events):
        custom = (event.get("data") or {}).get("custom") or {} if event["event"] == "bot" else {}
        if custom.get("offers"):
            return list(custom["offers"])
    return []


def _offer(dispatcher: CollectingDispatcher, found: list[Offer], lead: str) -> None:
    lines = [f"{number} {offer.label}" for number, offer in enumerate(found, 1)]
    dispatcher.utter_message(
        text="\n".join([lead, *lines, "Reply with a number, tell me another day or time, or say no."]),
        json_message={"asked": CHOICE, "disposition": None, "offers": [offer.key for offer in found]},
    )


class ActionOfferAppointments(Action):
    """Offers free times within the window of the disposition that fit what the patient wished."""

    def name(self) -> str:
        return "action_offer_appointments"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        level, asked = _level(tracker), tracker.latest_message.get("text") or ""
        wish = parse_wish(asked, clinic().local(now()).date())
        with store().reading() as session:
            found = offers(session, clinic(), now(), level, wish=wish)
            other = found or offers(session, clinic(), now(), level)
        if not other:
            dispatcher.utter_message(text=f"I have no free time to offer. Please call {clinic().phone} for a visit.")
            return []
        _offer(dispatcher, other, "These times are free:" if found else "Nothing is free then. These times are:")
        return []


class ActionAskAppointmentChoice(ActionOfferAppointments):
    """The booking form's question is the list of free times."""

    def name(self) -> str:
        return "action_ask_appointment_choice"


class ValidateBookingForm(Action):
    """Turns the patient's words into one offered time, a new wish, or a no; silent where no visit may be chosen."""

    def name(self) -> str:
        return "validate_booking_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        chooses = _may_choose(tracker)
        if not (chooses or _is_called(tracker)) or tracker.get_slot("appointment_id") or _ends(tracker):
            return [SlotSet("requested_slot", None)]
        asks_for_visit = str(tracker.latest_message.get("text") or "")
        if tracker.get_slot("contact") is None and REACHES.search(asks_for_visit):  # "book me, my number is ..."
            return [SlotSet("contact", asks_for_visit), SlotSet("requested_slot", CHOICE)]
        if channel_of(tracker) != "sms" and not _reachable(dispatcher, tracker):  # a phone's number is known
            return [SlotSet("contact", None), SlotSet("requested_slot", "contact")]
        if not chooses:
            return [SlotSet("requested_slot", None)]
        text = tracker.get_slot(CHOICE)
        if text is None:
            return [SlotSet("requested_slot", CHOICE)]
        key = chosen(str(text), _choices_offered(tracker))
        if key and not _held(tracker, key):
            dispatcher.utter_message(text="That time was just taken.")
        elif key or NO.match(str(text)):
            return [SlotSet(CHOICE, key or "none"), SlotSet("requested_slot", None)]
        return [SlotSet(CHOICE, None), SlotSet("requested_slot", CHOICE)]  # a wish, or taken: offer again


def _held(tracker: Tracker, key: str) -> bool:
    """Keeps the chosen time for the patient; False when somebody was faster. A booked visit is moved without a hold."""
    offer = offer_for(clinic(), key, now())
    if offer is None:
        return True
    id = conversation_id(tracker)
    with store().transaction() as session:
        if current(session, id, now()) is not None:
            return True
        return isinstance(hold(session, clinic(), offer, id, f"{id}:{key}", now(), _level(tracker)), Held)


def _reachable(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """The patient has said how to be reached, or will not: one kind word is said about it, not more."""
    told = tracker.get_slot("contact")
    if told is None or _corrects(tracker):
        return False
    intent = (tracker.latest_message.get("intent") or {}).get("name")
    if tracker.get_slot("requested_slot") != "contact" or REACHES.search(str(told)):
        return True
    if ASKS_WHY.search(str(told)):
        dispatcher.utter_message(text=protocol().questions["Q21"].why)
        return False
    if intent in ("decline_to_answer", "deny") or NO.match(str(told)) or _said_before(tracker, "contact_needed"):
        return True
    say(dispatcher, tracker, "contact_needed")
    return False


def _said_before(tracker: Tracker, id: str) -> bool:
    text = words(protocol().texts[id], clinic())
    return any(event.get("text") == text for event in tracker.events if event["event"] == "bot")


def _may_choose(tracker: Tracker) -> bool:
    """A visit is chosen where the disposition leaves time for it; a booked visit may be moved at any time.

    With self-care only where it is offered beside it or asked for.
    """
    plan = plan_of(tracker)
    judged = plan.assessment
    asked_for = any(turn.intent in ASKS_FOR_A_VISIT for turn in plan.record.turns)
    offered = any(protocol().rules[each.rule].tiers[each.tier].offer for each in judged.fired)
    if window(judged.disposition) is not None and (
        judged.disposition is not Disposition.self_care or asked_for or offered
    ):
        return True
    with store().reading() as session:
        return current(session, tracker.sender_id, now()) is not None


def _is_called(tracker: Tracker) -> bool:
    """A person will call below an emergency: so we must know how to reach the patient."""
    plan = plan_of(tracker, ended=True)
    level = plan.assessment.disposition
    if plan.record.fact("consent") != "yes" or plan.is_minor_alone(protocol()) or level is None or level.is_emergency:
        return False
    return plan.assessment.human or level is Disposition.same_day


def _corrects(tracker: Tracker) -> bool:
    """Asked how to be reached, the patient puts something else right ("actually it is my neck")."""
    message = tracker.latest_message
    corrects = (message.get("intent") or {}).get("name") == "correct_answer"
    told = REACHES.search(message.get("text") or "")
    return tracker.get_slot("requested_slot") == "contact" and corrects and not told


def _ends(tracker: Tracker) -> bool:
    """The patient answers the last question, "do you know when to go to the ER?": no more times are offered."""
    if (tracker.latest_message.get("intent") or {}).get("name") in ASKS_FOR_A_VISIT:
        return False
    users = [number for number, event in enumerate(tracker.events) if event["event"] == "user"]
    question = protocol().question_for(asked_last(tracker.events[: users[-1]])) if users else None
    return question is not None and question.slot == "safety_net_understood"


def chosen(text: str, keys: list[str]) -> str | None:
    """The key of the offered time that `text` picks by number, by key, or because only one was offered ("yes")."""
    plain = text.strip().lower().rstrip(".!")
    numbers = {
        "one": "1",
        "first": "1",
        "the first": "1",
        "two": "2",
        "second": "2",
        "the second": "2",
        "three": "3",
        "third": "3",
        "the third": "3",
    }
    plain = numbers.get(re.sub(r"^(number|option|#)\s*|\s*(one|please)$", "", plain) or plain, plain)
    match = re.fullmatch(r"(?:number |option |#)?(\d)\)?(?: please)?", plain)
    if match and 1 <= int(match.group(1)) <= len(keys):
        return keys[int(match.group(1)) - 1]
    if text.strip() in keys:
        return text.strip()
    return keys[0] if len(keys) == 1 and plain in ("yes", "y", "ok", "sure", "yes please") else None


class ActionBookAppointment(Action):
    """Books the chosen time, or moves the booked visit to it; says "booked" only from the committed row."""

    def name(self) -> str:
        return "action_book_appointment"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        key = tracker.get_slot(CHOICE)
        offer = offer_for(clinic(), str(key), now()) if key and key != "none" else None
        if offer is None:
            if key == "none":
                dispatcher.utter_message(
                    text=f"OK, no visit for now. You can ask for one here at any time, or call {clinic().phone}."
                )
            return [SlotSet(CHOICE, None)]
        result = self._book(tracker, offer, str(key))
        if isinstance(result, Booked):
            dispatcher.utter_message(text=wording.booked(result.appointment, clinic(), channel_of(tracker) == "sms"))
            return [SlotSet("appointment_id", result.appointment.id), SlotSet(CHOICE, None)]
        others = list(getattr(result, "alternatives", ()))
        if others:
            _offer(dispatcher, others, "That time was just taken. These are free:")
        else:
            dispatcher.utter_message(text=f"That time is gone. Please call {clinic().phone} for a visit.")
        return [SlotSet(CHOICE, None)]

    @staticmethod
    def _book(tracker: Tracker, offer: Offer, key: str) -> Any:
        id, level = conversation_id(tracker), _level(tracker)
        with store().transaction() as session:
            booked = current(session, id, now())
            if booked is not None:
                return reschedule(session, clinic(), booked.id, offer, id, f"{id}:{key}", now(), level)
            result = hold(session, clinic(), offer, id, f"{id}:{key}", now(), level)
            if isinstance(result, Held):
                return confirm(session, clinic(), result.appointment.id, id, now(), level)
            return result


class ActionCancelAppointment(Action):
    """Cancels the conversation's next visit."""

    def name(self) -> str:
        return "action_cancel_appointment"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        with store().transaction() as session:
            row = current(session, tracker.sender_id, now())
            result = cancel(session, row.id, tracker.sender_id, now()) if row else None
        if isinstance(result, Cancelled):
            dispatcher.utter_message(text=wording.cancelled(result.appointment, clinic(), channel_of(tracker) == "sms"))
        else:
            dispatcher.utter_message(text=_no_visit())
        return [SlotSet("appointment_id", None)]


class ActionRescheduleAppointment(Action):
    """Opens the booked visit for a new time; it stays booked until the new one is."""

    def name(self) -> str:
        return "action_reschedule_appointment"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        with store().reading() as session:
            row = current(session, tracker.sender_id, now())
        if row is None:
            dispatcher.utter_message(text=_no_visit())
            return []
        return [SlotSet("appointment_id", None), SlotSet(CHOICE, None)]


def _no_visit() -> str:
    return f"I find no booked visit in this chat. If you have one, please call {clinic().phone}."
