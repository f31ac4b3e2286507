"""What became of text messages, codes that take a chat to a phone, and when a silent patient was nudged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake.store.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables and a column."""
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


def downgrade() -> None:
    """Drop them."""
    op.drop_table("hand_overs")
    op.drop_table("text_receipts")
    op.drop_column("conversations", "nudged_at")
