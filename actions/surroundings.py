"""What every action needs: protocol, reader, clinic, store, and the plan of the conversation at hand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timezone
from functools import lru_cache

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from intake.conversation.plan import Plan, make_plan
from intake.conversation.wording import text_for, words
from intake.language.reader import Reader
from intake.protocol import clinic as clinics
from intake.protocol.clinic import Clinic
from intake.protocol.load import Protocol, load
from intake.protocol.model import Disposition
from intake.settings import Settings
from intake.store import conversations
from intake.store.database import Store, open_store
from intake.triage.folding import Folding


@lru_cache(maxsize=1)
def protocol() -> Protocol:
    """The clinical protocol."""
    return load()


@lru_cache(maxsize=1)
def folding() -> Folding:
    """The fold of a conversation into its record."""
    return Folding(Reader(protocol()), protocol())


def clinic() -> Clinic:
    """The clinic's settings."""
    return clinics.load()


@lru_cache(maxsize=1)
def store() -> Store:
    """The database; the action server itself holds no secret, so demo settings will do where none are set."""
    settings = Settings.from_env({"INTAKE_MODE": "demo", **os.environ})
    settings.var.mkdir(parents=True, exist_ok=True)
    return open_store(settings.database_url)


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(timezone.utc)


def channel_of(tracker: Tracker) -> str:
    """The channel, `sms` or `web`; the terminal and plain REST count as web."""
    return "sms" if tracker.get_latest_input_channel() == "sms" else "web"


def plan_of(tracker: Tracker, ended: bool = False) -> Plan:
    """The conversation of the tracker, folded and assessed now."""
    return make_plan(tracker.events, folding(), clinic(), now(), channel_of(tracker), ended)


def conversation_id(tracker: Tracker) -> str:
    """Id of the conversation's row, made when Rasa was reached without the gateway (terminal, plain REST)."""
    with store().transaction() as session:
        return str(conversations.start(session, channel_of(tracker), now(), id=tracker.sender_id).id)


def say(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    id: str,
    shows: Disposition | None = None,
    numbered: Sequence[str] = (),
) -> None:
    """Says a text of the protocol, with the question it asks and the disposition it shows.

    `numbered` are the choices that a number in the next message stands for.
    """
    channel = channel_of(tracker)
    text = text_for(id, protocol(), clinic(), now())
    asked = protocol().question_for(text.asks, channel) if text.asks else None
    disposition = text.disposition or shows
    payload = {"asked": asked.id if asked else None, "disposition": disposition.value if disposition else None}
    dispatcher.utter_message(
        text=words(text, clinic(), channel),
        json_message={**payload, "numbered": list(numbered)} if numbered else payload,
    )
