from __future__ import annotations

import json
import multiprocessing
import os
import signal
import stat
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from intake.store.spool import REJECTED, Spool


def down(_entry: dict) -> None:
    raise OperationalError("INSERT", {}, Exception("database is locked"))


def test_entries_come_back_in_order_and_the_files_go(tmp_path: Path) -> None:
    spool, got = Spool(tmp_path / "spool"), []
    for number in range(5):
        spool.append({"number": number, "text": "numb \ud83d\0 😀"})
    assert len(spool) == 5
    assert spool.replay(got.append) == 5
    assert [each["number"] for each in got] == list(range(5))
    assert got[0]["text"] == "numb \ud83d\0 😀"
    assert len(spool) == 0
    assert not list((tmp_path / "spool").glob("*.jsonl"))


def test_what_the_database_does_not_take_waits_and_keeps_its_place(tmp_path: Path) -> None:
    spool, got = Spool(tmp_path), []
    spool.append({"number": 1})
    assert spool.replay(down) == 0
    spool.append({"number": 2})
    assert len(spool) == 2
    assert spool.replay(got.append) == 2
    assert [each["number"] for each in got] == [1, 2]


def test_a_replay_that_dies_half_way_is_done_again(tmp_path: Path) -> None:
    spool, got = Spool(tmp_path), []
    for number in range(4):
        spool.append({"number": number})

    def fails_at_two(entry: dict) -> None:
        if entry["number"] == 2:
            down(entry)
        got.append(entry["number"])

    assert spool.replay(fails_at_two) == 2
    assert Spool(tmp_path).replay(lambda entry: got.append(entry["number"])) == 4
    assert got == [0, 1, 0, 1, 2, 3]


def test_an_entry_that_can_never_be_applied_is_kept_apart_and_holds_nobody_up(tmp_path: Path) -> None:
    spool, got = Spool(tmp_path), []
    spool.append({"number": 1})
    with (tmp_path / "current.jsonl").open("ab") as file:
        file.write(b'{"number": 2, "te\n')  # the half line of a crash
    spool.append({"number": 3})

    def refuses_three(entry: dict) -> None:
        if entry["number"] == 3:
            raise KeyError("conversation")
        got.append(entry["number"])

    assert spool.replay(refuses_three) == 1
    assert got == [1]
    assert (tmp_path / REJECTED).read_bytes().count(b"\n") == 2
    assert len(spool) == 0


def test_only_this_user_can_read_what_patients_wrote(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.append({"text": "numb"})
    assert stat.S_IMODE((tmp_path / "spool").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "spool" / "current.jsonl").stat().st_mode) == 0o600


def test_a_spool_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    (tmp_path / "spool" / "current.jsonl").mkdir()
    with pytest.raises(OSError):
        spool.append({"text": "numb"})


def _write(folder: Path, told: str) -> None:
    spool = Spool(folder)
    with Path(told).open("a") as file:
        for number in range(10_000):
            spool.append({"number": number})
            file.write(f"{number}\n")
            file.flush()


def test_nothing_that_was_kept_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    folder, told, got = tmp_path / "spool", tmp_path / "told", []
    for _ in range(3):
        process = multiprocessing.get_context("fork").Process(target=_write, args=(folder, str(told)))
        process.start()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not (told.exists() and told.stat().st_size > 20):
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        Spool(folder).replay(lambda entry: got.append(entry["number"]))
        kept = [int(line) for line in told.read_text().split()]
        assert set(kept) <= set(got)
        told.unlink()
        got.clear()


def _append(folder: Path, writer: int) -> None:
    for number in range(50):
        Spool(folder).append({"writer": writer, "number": number})


def test_several_processes_share_a_spool_while_it_is_replayed(tmp_path: Path) -> None:
    context, got, spool = multiprocessing.get_context("fork"), [], Spool(tmp_path)
    processes = [context.Process(target=_append, args=(tmp_path, writer)) for writer in range(3)]
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        spool.replay(got.append)
    spool.replay(got.append)
    for writer in range(3):
        assert [each["number"] for each in got if each["writer"] == writer] == list(range(50))
    assert json.dumps(got)
