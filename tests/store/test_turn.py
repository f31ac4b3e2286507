from __future__ import annotations

import pytest

from intake.store.turn import Turn


def test_one_works_and_the_next_when_it_gives_up(fresh_url: str) -> None:
    first, second = Turn(fresh_url, "gateway"), Turn(fresh_url, "gateway")
    assert first.take() and not second.take() and not second.take()
    first.give_up()
    assert second.take() and not first.take()
    second.give_up()


def test_a_database_that_does_not_answer_is_an_error_not_a_turn() -> None:
    with pytest.raises(Exception, match="refused|connect"):
        Turn("postgresql+psycopg2://nobody@127.0.0.1:9/none", "gateway").take()
