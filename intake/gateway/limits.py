"""How much one patient or one address may send. Who is refused here is still read for red flags."""

from __future__ import annotations

import time
from collections.abc import Callable

LARGEST_BODY = 8 * 1024  # bytes of one request that is taken
LARGEST_READ = 64 * 1024  # bytes of a request that are still looked through for red flags


class Buckets:
    """Token buckets by key: `burst` at once, then `per_second`."""

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._levels: dict[str, tuple[float, float]] = {}  # key -> tokens left, when

    def take(self, key: str) -> bool:
        """Whether one more is within the limit; it is counted only then."""
        now = self._clock()
        left, since = self._levels.get(key, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._per_second)
        self._levels[key] = (left - 1 if left >= 1 else left, now)
        if len(self._levels) > 20_000:
            full = self._burst / self._per_second
            self._levels = {id: level for id, level in self._levels.items() if now - level[1] < full}
        return left >= 1
