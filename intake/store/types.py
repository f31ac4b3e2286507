"""Column types and values that the tables share."""

from __future__ import annotations

import secrets
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import JSON, DateTime, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator


def storable(value: Any) -> Any:
    """The value with every text in it made storable: no NUL, no half characters (PostgreSQL and UTF-8 refuse them).

    A patient can send both, and no message may be lost for it.
    """
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    return [storable(item) for item in value] if isinstance(value, (list, tuple)) else value


class Words(TypeDecorator):
    """Text that somebody typed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """To the database."""
        return None if value is None else storable(value)


class Json(TypeDecorator):
    """Lists, mappings, texts and numbers; JSONB on PostgreSQL."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        """The column type of the dialect."""
        kind = postgresql.JSONB if dialect.name == "postgresql" else JSON
        return dialect.type_descriptor(kind(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """To the database."""
        return storable(value)


class UtcDateTime(TypeDecorator):
    """A moment: an aware datetime goes in, an aware UTC datetime comes out; a naive one is refused.

    SQLite keeps `YYYY-MM-DD HH:MM:SS.ffffff` in UTC, so that its text comparison is comparison in time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To the database: UTC; without the offset where the database has none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(timezone.utc)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """From the database: aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


def utc_now() -> datetime:
    """The present moment, in UTC; the default clock of everything that takes `now`."""
    return datetime.now(timezone.utc)


def new_id() -> str:
    """A server-made identifier that cannot be guessed: 192 random bits, 32 URL-safe characters."""
    return secrets.token_urlsafe(24)
