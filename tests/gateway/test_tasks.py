from __future__ import annotations

import asyncio

from intake.gateway.tasks import end


async def takes_the_first_cancellation_for_a_timeout() -> None:
    """What `wait_for` makes of a loop when timeout and cancellation meet."""
    swallowed = False
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            if swallowed:
                raise
            swallowed = True


async def test_a_task_that_swallows_a_cancellation_is_ended_all_the_same() -> None:
    stubborn = asyncio.create_task(takes_the_first_cancellation_for_a_timeout())
    await asyncio.sleep(0)
    await asyncio.wait_for(end([stubborn]), 10)
    assert stubborn.cancelled()


async def test_ending_nothing_is_no_trouble() -> None:
    await end([])
