"""All tables of the first version, and the constraints that SQLAlchemy cannot express."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake.store.types import Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the guards against overlapping appointments and edited audit entries."""
    _conversations()
    _handoffs()
    _appointments()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_guards()
    else:
        _sqlite_guards()


def downgrade() -> None:
    """Drop everything, dependents first (indexes and triggers go with their tables)."""
    for table in ("audit", "appointments", "deliveries", "handoffs", "outbox", "inbox", "conversations"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_final()")


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("consent_version", sa.String(32)),
        sa.Column("consent_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("opted_out_at", UtcDateTime),
        sa.Column("address_hmac", sa.String(64), index=True),
        sa.Column("address_sealed", sa.Text),
        sa.CheckConstraint("channel IN ('web', 'sms', 'rasa')", name="channel_known"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer, primary_key=True),
        _conversation_id(index=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(128), nullable=False),
        sa.Column("asked", sa.String(64)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("answered_at", UtcDateTime),
        sa.UniqueConstraint("source", "message_id", name="inbox_message_once"),
    )
    _partial_index("inbox_unanswered", "inbox", ["received_at"], "answered_at IS NULL")
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        _conversation_id(),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("reply_to", sa.Integer, sa.ForeignKey("inbox.id", ondelete="SET NULL")),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("choices", Json),
        sa.Column("asked", sa.String(64)),
        sa.Column("disposition", sa.String(16)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.UniqueConstraint("conversation_id", "seq", name="outbox_seq_once"),
    )


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("conversation_id", sa.String(64), sa.ForeignKey("conversations.id"), nullable=False, index=True),
        sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
        sa.Column("disposition", sa.String(16)),
        sa.Column("human", sa.Boolean, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("rule_ids", Json, nullable=False),
        sa.Column("protocol_version", sa.String(64), nullable=False),
        sa.Column("packet", Json, nullable=False),
        sa.Column("advice", sa.Text, nullable=False),
        sa.Column("raised_at", UtcDateTime, nullable=False),
        sa.Column("urgent_since", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("delivered_at", UtcDateTime),
        sa.Column("seen_at", UtcDateTime),
        sa.Column("accepted_at", UtcDateTime),
        sa.Column("accepted_by", sa.String(128)),
        sa.Column("closed_at", UtcDateTime),
        sa.CheckConstraint("state IN ('raised', 'delivered', 'seen', 'accepted', 'closed')", name="state_known"),
    )
    _partial_index("handoffs_one_open", "handoffs", ["conversation_id"], "state <> 'closed'", unique=True)
    op.create_index("handoffs_by_urgency", "handoffs", ["state", "urgency", "raised_at"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("handoff_id", sa.String(64), sa.ForeignKey("handoffs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("recipient", sa.String(128)),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("lease_until", UtcDateTime),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("dropped_at", UtcDateTime),
        sa.UniqueConstraint("handoff_id", "round", "step", name="deliveries_step_once"),
    )
    _partial_index("deliveries_due", "deliveries", ["due_at"], "sent_at IS NULL AND dropped_at IS NULL")


def _appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("conversation_id", sa.String(64), sa.ForeignKey("conversations.id"), index=True),
        sa.Column("clinician", sa.String(64), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("tz", sa.String(64), nullable=False),
        sa.Column("local_start", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("hold_expires_at", UtcDateTime),
        sa.Column("idem_key", sa.String(160), nullable=False, unique=True),
        sa.Column("replaces", sa.String(64), sa.ForeignKey("appointments.id")),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("status IN ('held', 'booked', 'cancelled', 'expired')", name="status_known"),
        sa.CheckConstraint("mode IN ('in_person', 'video', 'phone')", name="mode_known"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("status <> 'held' OR hold_expires_at IS NOT NULL", name="hold_expires"),
    )
    taken = "status IN ('held', 'booked')"
    _partial_index("appointments_one_start", "appointments", ["clinician", "starts_at"], taken, unique=True)
    _partial_index("appointments_one_hold", "appointments", ["conversation_id"], "status = 'held'", unique=True)
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("detail", Json),
    )


def _conversation_id(index: bool = False) -> sa.Column:
    key = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation_id", sa.String(64), key, nullable=False, index=index)


def _partial_index(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _postgresql_guards() -> None:
    """Overlaps of one clinician are refused by an exclusion constraint; `btree_gist` comes with PostgreSQL."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute("""
        ALTER TABLE appointments ADD CONSTRAINT appointments_no_overlap
        EXCLUDE USING gist (clinician WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (status IN ('held', 'booked'))""")
    op.execute("""
        CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit entries are final'; END $$""")
    op.execute("""
        CREATE TRIGGER audit_is_final BEFORE UPDATE OR DELETE ON audit
        FOR EACH ROW EXECUTE FUNCTION audit_is_final()""")


def _sqlite_guards() -> None:
    """The same by triggers; moments are stored as text of one format, so text comparison is comparison in time."""
    for happening in ("INSERT", "UPDATE"):
        op.execute(f"""
            CREATE TRIGGER appointments_no_overlap_{happening.lower()} BEFORE {happening} ON appointments
            WHEN NEW.status IN ('held', 'booked') AND EXISTS (
                SELECT 1 FROM appointments
                WHERE clinician = NEW.clinician AND id <> NEW.id AND status IN ('held', 'booked')
                AND starts_at < NEW.ends_at AND NEW.starts_at < ends_at)
            BEGIN SELECT RAISE(ABORT, 'appointments_no_overlap'); END""")
    for happening in ("UPDATE", "DELETE"):
        op.execute(f"""
            CREATE TRIGGER audit_is_final_{happening.lower()} BEFORE {happening} ON audit
            BEGIN SELECT RAISE(ABORT, 'audit entries are final'); END""")
