"""Alembic's entry point; `open_store` hands it the connection.

A new migration is a new file in `versions/` under the next number, with the last one as `down_revision`; the test that
compares the migrations with the models says what is still missing.
"""

from __future__ import annotations

from alembic import context

from intake.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table="intake_version",  # Rasa's tables may live in the same database
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
