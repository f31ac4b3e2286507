"""The tables. `migrations/` creates them; a test keeps both the same.

Double booking and double hand-offs are impossible by constraint, not by checking first: measured, 17 of 20 processes
that checked first booked one and the same slot (the reliability notes A4). Moments are UTC (`UtcDateTime`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import declarative_base

from intake.store.types import Json, UtcDateTime, Words, new_id

CHANNELS = ("web", "sms", "rasa")
HANDOFF_STATES = ("raised", "delivered", "seen", "accepted", "closed")
APPOINTMENT_STATUSES = ("held", "booked", "cancelled", "expired")
MODES = ("in_person", "video", "phone")
CONSENT_KINDS = ("agreed", "opted_out", "opted_in")
RECEIPT_STATES = ("sent", "delivered", "undelivered", "failed")

Base: Any = declarative_base()


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A check that a column holds one of the values."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=f"{column}_known")


class Conversation(Base):
    """One patient's conversation on one channel. The id is made here and never accepted from a client."""

    __tablename__ = "conversations"

    id = Column(String(64), primary_key=True, default=new_id)
    channel = Column(String(8), nullable=False)
    language = Column(String(8), nullable=False, default="en")
    consent_version = Column(String(32))
    consent_at = Column(UtcDateTime)
    created_at = Column(UtcDateTime, nullable=False)
    opted_out_at = Column(UtcDateTime)  # STOP by SMS
    address_hmac = Column(String(64), index=True)  # pseudonym of the phone number: finds the conversation again
    address_sealed = Column(Text)  # the number itself, encrypted: only to send to it (`privacy.unseal`)
    nudged_at = Column(UtcDateTime)  # when a patient who fell silent was asked once more; at most once

    __table_args__ = (one_of("channel", CHANNELS),)


class InboxMessage(Base):
    """One message from a patient, written before anything is done with it."""

    __tablename__ = "inbox"

    id = Column(Integer, primary_key=True)  # order of arrival
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True)
    source = Column(String(64), nullable=False)  # who numbers the messages: the conversation (web), the provider (SMS)
    message_id = Column(String(128), nullable=False)
    asked = Column(String(64))  # the question that this answers
    text = Column(Words, nullable=False)
    received_at = Column(UtcDateTime, nullable=False)
    answered_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("source", "message_id", name="inbox_message_once"),
        Index("inbox_unanswered", "received_at", sqlite_where=sql("answered_at IS NULL"),
              postgresql_where=sql("answered_at IS NULL")),
    )


class OutboxMessage(Base):
    """One message to a patient; `seq` counts from 1 in each conversation."""

    __tablename__ = "outbox"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    seq = Column(Integer, nullable=False)
    reply_to = Column(ForeignKey("inbox.id", ondelete="SET NULL"))
    text = Column(Words, nullable=False)
    choices = Column(Json)
    asked = Column(String(64))
    disposition = Column(String(16))  # the disposition whose advice this is
    created_at = Column(UtcDateTime, nullable=False)
    sent_at = Column(UtcDateTime)

    __table_args__ = (UniqueConstraint("conversation_id", "seq", name="outbox_seq_once"),)


class TextReceipt(Base):
    """What became of one text message; a message that is too long for one makes several parts."""

    __tablename__ = "text_receipts"

    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    seq = Column(Integer, primary_key=True)
    part = Column(Integer, primary_key=True)
    attempt = Column(Integer, primary_key=True)  # grows when it is sent once more to a phone that was off
    state = Column(String(12), nullable=False)
    code = Column(String(32))  # the provider's reason: 30006, dlr2
    changed_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (one_of("state", RECEIPT_STATES),)


class Consent(Base):
    """One entry of the ledger: consent to the intake, or a wish about text messages."""

    __tablename__ = "consents"

    id = Column(Integer, primary_key=True)
    kind = Column(String(12), nullable=False)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="SET NULL"))
    address_hmac = Column(String(64), index=True)
    version = Column(String(32))  # of the text that was agreed to
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (one_of("kind", CONSENT_KINDS),)


class HandOver(Base):
    """A one-time code that takes a web chat to a phone; only its hash is kept, and a used one is gone."""

    __tablename__ = "hand_overs"

    code_hmac = Column(String(64), primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, unique=True)
    expires_at = Column(UtcDateTime, nullable=False)


class Handoff(Base):
    """What a person must act on. At most one per conversation is open at a time."""

    __tablename__ = "handoffs"

    id = Column(String(64), primary_key=True, default=new_id)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False, index=True)
    dedupe_key = Column(String(160), nullable=False, unique=True)
    disposition = Column(String(16))  # None: only `human`
    human = Column(Boolean, nullable=False, default=False)
    urgency = Column(Integer, nullable=False)  # rank of the disposition, 0 = most urgent; `human` counts as same_day
    state = Column(String(12), nullable=False, default="raised")
    round = Column(Integer, nullable=False, default=1)  # grows when the urgency is raised: acknowledgement starts anew
    rule_ids = Column(Json, nullable=False)
    protocol_version = Column(String(64), nullable=False)
    packet = Column(Json, nullable=False)
    advice = Column(Words, nullable=False)  # what the patient was told, word for word
    raised_at = Column(UtcDateTime, nullable=False)
    urgent_since = Column(UtcDateTime, nullable=False)  # when the present urgency was reached: the clock runs from here
    changed_at = Column(UtcDateTime, nullable=False)
    delivered_at = Column(UtcDateTime)
    seen_at = Column(UtcDateTime)
    accepted_at = Column(UtcDateTime)
    accepted_by = Column(String(128))
    closed_at = Column(UtcDateTime)

    __table_args__ = (
        one_of("state", HANDOFF_STATES),
        Index("handoffs_one_open", "conversation_id", unique=True, sqlite_where=sql("state <> 'closed'"),
              postgresql_where=sql("state <> 'closed'")),
        Index("handoffs_by_urgency", "state", "urgency", "raised_at"),
    )


class Delivery(Base):
    """One page to one person on call; written in the transaction of the hand-off, worked off by the relay."""

    __tablename__ = "deliveries"

    id = Column(Integer, primary_key=True)
    handoff_id = Column(ForeignKey("handoffs.id", ondelete="CASCADE"), nullable=False)
    round = Column(Integer, nullable=False)
    step = Column(Integer, nullable=False)  # 0 the first person, 1 the next, ...
    recipient = Column(String(128))  # who was paged; None until then
    attempt = Column(Integer, nullable=False, default=0)
    due_at = Column(UtcDateTime, nullable=False)
    lease_until = Column(UtcDateTime)
    sent_at = Column(UtcDateTime)
    dropped_at = Column(UtcDateTime)  # no longer needed: accepted, closed or a new round

    __table_args__ = (
        UniqueConstraint("handoff_id", "round", "step", name="deliveries_step_once"),
        Index("deliveries_due", "due_at", sqlite_where=sql("sent_at IS NULL AND dropped_at IS NULL"),
              postgresql_where=sql("sent_at IS NULL AND dropped_at IS NULL")),
    )


class Appointment(Base):
    """A held or booked time of one clinician. The migration adds the constraint against overlaps."""

    __tablename__ = "appointments"

    id = Column(String(64), primary_key=True, default=new_id)
    conversation_id = Column(ForeignKey("conversations.id"), index=True)
    clinician = Column(String(64), nullable=False)
    starts_at = Column(UtcDateTime, nullable=False)
    ends_at = Column(UtcDateTime, nullable=False)
    tz = Column(String(64), nullable=False)  # IANA name
    local_start = Column(String(32), nullable=False)  # what the patient was shown, ISO without offset
    kind = Column(String(64), nullable=False)  # visit type of clinic.yml
    mode = Column(String(16), nullable=False)
    status = Column(String(12), nullable=False)
    hold_expires_at = Column(UtcDateTime)
    idem_key = Column(String(160), nullable=False, unique=True)
    replaces = Column(ForeignKey("appointments.id"))  # the appointment that this one was moved from
    version = Column(Integer, nullable=False, default=1)  # grows with every change; SEQUENCE of the calendar file
    created_at = Column(UtcDateTime, nullable=False)
    changed_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (
        one_of("status", APPOINTMENT_STATUSES),
        one_of("mode", MODES),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("status <> 'held' OR hold_expires_at IS NOT NULL", name="hold_expires"),
        Index("appointments_one_start", "clinician", "starts_at", unique=True,
              sqlite_where=sql("status IN ('held', 'booked')"), postgresql_where=sql("status IN ('held', 'booked')")),
        Index("appointments_one_hold", "conversation_id", unique=True, sqlite_where=sql("status = 'held'"),
              postgresql_where=sql("status = 'held'")),
    )


class AuditEntry(Base):
    """Who did what when; never the patient's words. A trigger refuses changes and deletions."""

    __tablename__ = "audit"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False)
    actor = Column(String(128), nullable=False)
    action = Column(String(64), nullable=False)
    subject = Column(String(128), nullable=False)  # "handoff:<id>", "appointment:<id>", ...
    detail = Column(Json)
