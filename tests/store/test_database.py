from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from intake.store import Store, audit, conversations, open_store
from intake.store.models import Appointment, AuditEntry, Base, Conversation
from tests.store.databases import race

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)


def appointment(key: str, start: datetime, minutes: int = 30, **more: object) -> Appointment:
    values = {
        "clinician": "rivera", "starts_at": start, "ends_at": start + timedelta(minutes=minutes),
        "tz": "America/New_York", "local_start": "2026-11-24T09:00", "kind": "video", "mode": "video",
        "status": "booked", "idem_key": key, "created_at": NOW, "changed_at": NOW,
    }
    return Appointment(**{**values, **more})


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index appointments_no_overlap")
def test_the_migrations_make_exactly_the_tables_of_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        options = {"compare_type": True, "version_table": "intake_version"}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_the_migrations_can_be_undone(fresh_url: str) -> None:
    from alembic import command
    from alembic.config import Config

    from intake.store.database import MIGRATIONS

    store = open_store(fresh_url)
    with store.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) == {"intake_version"}
    store.close()
    open_store(fresh_url).close()


def _open(barrier: object, url: str) -> None:
    barrier.wait()  # type: ignore[attr-defined]
    store = open_store(url)
    with store.transaction() as session:
        conversations.start(session, "web", NOW)
    store.close()


def test_processes_that_start_together_do_not_trip_over_the_migration(fresh_url: str) -> None:
    race(_open, [(fresh_url,)] * 6)
    store = open_store(fresh_url)
    with store.reading() as session:
        assert session.query(Conversation).count() == 6
    store.close()


def test_sqlite_waits_for_writers_keeps_foreign_keys_and_survives_a_power_cut(sqlite_store: Store) -> None:
    with sqlite_store.reading() as session:
        pragmas = {name: session.execute(text(f"PRAGMA {name}")).scalar()
                   for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")}
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 10_000}


def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_what_it_writes(store: Store) -> None:
    with store.transaction() as writer:
        conversations.start(writer, "web", NOW)
        with store.reading() as reader:
            assert reader.query(Conversation).count() == 0


def test_an_error_in_the_block_rolls_everything_back(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction() as session:
        conversations.start(session, "web", NOW)
        raise RuntimeError
    with store.reading() as session:
        assert session.query(Conversation).count() == 0


@pytest.mark.parametrize(("offset", "minutes"), [(0, 30), (-10, 20), (10, 10), (29, 30), (-30, 90)])
def test_the_database_refuses_times_that_overlap(store: Store, offset: int, minutes: int) -> None:
    with store.transaction() as session:
        session.add(appointment("a", NOW))
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.add(appointment("b", NOW + timedelta(minutes=offset), minutes))


def test_times_may_touch_belong_to_others_or_have_been_cancelled(store: Store) -> None:
    with store.transaction() as session:
        session.add_all([
            appointment("a", NOW),
            appointment("before", NOW - timedelta(minutes=30)),
            appointment("after", NOW + timedelta(minutes=30)),
            appointment("other clinician", NOW, clinician="okafor"),
            appointment("cancelled", NOW, status="cancelled"),
            appointment("expired", NOW, status="expired"),
        ])


def test_the_database_refuses_to_revive_or_move_a_row_onto_a_taken_time(store: Store) -> None:
    with store.transaction() as session:
        session.add_all([appointment("a", NOW), appointment("b", NOW, status="cancelled")])
        session.add(appointment("c", NOW + timedelta(hours=2)))
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.execute(text("UPDATE appointments SET status = 'booked' WHERE idem_key = 'b'"))
    with pytest.raises(IntegrityError), store.transaction() as session:
        row = session.query(Appointment).filter_by(idem_key="c").one()
        row.starts_at, row.ends_at = NOW + timedelta(minutes=10), NOW + timedelta(minutes=50)


@pytest.mark.parametrize("wrong", [
    {"status": "perhaps"}, {"mode": "telepathy"}, {"ends_at": NOW}, {"status": "held", "hold_expires_at": None},
])
def test_the_database_refuses_rows_that_make_no_sense(store: Store, wrong: dict) -> None:
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.add(appointment("a", NOW, **wrong))


def test_moments_come_back_in_utc_and_naive_ones_are_refused(store: Store) -> None:
    eastern = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    with store.transaction() as session:
        id = conversations.start(session, "web", eastern).id
    with store.reading() as session:
        found = session.get(Conversation, id).created_at
        assert (found, found.utcoffset()) == (eastern, timedelta(0))
    with pytest.raises(StatementError, match="time zone"), store.transaction() as session:
        conversations.start(session, "web", datetime(2026, 11, 24))


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"])
def test_audit_entries_are_final(store: Store, change: str) -> None:
    with store.transaction() as session:
        audit.record(session, NOW, "Ann", "handoff.accepted", "handoff:1", round=1)
    with pytest.raises(DBAPIError, match="final"), store.transaction() as session:
        session.execute(text(change))
    with store.reading() as session:
        assert [(each.actor, each.detail) for each in session.query(AuditEntry)] == [("Ann", {"round": 1})]


def test_an_error_message_does_not_show_what_was_to_be_stored(store: Store) -> None:
    with pytest.raises(IntegrityError) as caught, store.transaction() as session:
        conversations.receive(session, "no such conversation", "web", "1", "numb between my legs", None, NOW)
    assert "numb" not in str(caught.value)


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="file"):
        open_store("sqlite://")


def test_connections_are_kept_for_the_next_transaction(store: Store) -> None:
    opened: list[int] = []
    event.listen(store.engine, "connect", lambda *_: opened.append(1))
    store.ping()
    already = len(opened)
    for _ in range(3):
        with store.transaction() as session:
            session.execute(text("SELECT 1"))
    assert len(opened) == already
