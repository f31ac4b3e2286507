"""What became of text messages, the ledger of consent, codes that take a chat to a phone, when a patient was nudged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake.store.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables and a column; opt-outs so far go into the ledger."""
    op.add_column("conversations", sa.Column("nudged_at", UtcDateTime))
    key = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    op.create_table(
        "text_receipts",
        sa.Column("conversation_id", sa.String(64), key, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("code", sa.String(32)),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("state IN ('sent', 'delivered', 'undelivered', 'failed')", name="state_known"),
    )
    key = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    op.create_table(
        "hand_overs",
        sa.Column("code_hmac", sa.String(64), primary_key=True),
        sa.Column("conversation_id", sa.String(64), key, nullable=False, unique=True),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )


    op.create_table(
        "consents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("conversation_id", sa.String(64), sa.ForeignKey("conversations.id", ondelete="SET NULL")),
        sa.Column("address_hmac", sa.String(64), index=True),
        sa.Column("version", sa.String(32)),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint("kind IN ('agreed', 'opted_out', 'opted_in')", name="kind_known"),
    )
    columns = "kind, conversation_id, address_hmac, version, at"
    for kind, version, at in (("agreed", "consent_version", "consent_at"), ("opted_out", "NULL", "opted_out_at")):
        op.execute(
            f"INSERT INTO consents ({columns}) SELECT '{kind}', id, address_hmac, {version}, {at} "
            f"FROM conversations WHERE {at} IS NOT NULL ORDER BY {at}"
        )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("consents")
    op.drop_table("hand_overs")
    op.drop_table("text_receipts")
    op.drop_column("conversations", "nudged_at")
