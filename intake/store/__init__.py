"""What is kept: conversations, messages, hand-offs, appointments. SQLite by default, PostgreSQL when outgrown."""

from intake.store.database import Store, open_store

__all__ = ["Store", "open_store"]
