"""S13: what we start goes out only when it is day wherever the patient may be."""

from datetime import datetime, timezone

import pytest

from intake.gateway.quiet import may_start

NEW_YORK, LOS_ANGELES, PHOENIX, EXAMPLE = "+12125550123", "+13105550123", "+16025550123", "+15550001111"
IDAHO = "+12085550123"  # Mountain and Pacific time


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize("number, zone, moment, allowed", [
    # standard time: New York is five hours behind, Los Angeles eight
    (NEW_YORK, "America/New_York", "2026-11-24 12:59", False), (NEW_YORK, "America/New_York", "2026-11-24 13:00", True),
    (NEW_YORK, "America/New_York", "2026-11-25 01:59", True), (NEW_YORK, "America/New_York", "2026-11-25 02:00", False),
    # summer time: four hours; the night of the change counts by the new clock
    (NEW_YORK, "America/New_York", "2026-07-01 12:00", True), (NEW_YORK, "America/New_York", "2026-07-01 11:59", False),
    (NEW_YORK, "America/New_York", "2027-03-14 12:00", True), (NEW_YORK, "America/New_York", "2027-03-13 12:00", False),
    (NEW_YORK, "America/New_York", "2026-11-01 12:59", False),
    (PHOENIX, "America/Phoenix", "2026-07-01 15:00", True), (PHOENIX, "America/Phoenix", "2026-07-01 14:59", False),
    # the number and the clinic are apart: both must have day
    (LOS_ANGELES, "America/New_York", "2026-11-24 15:59", False),
    (LOS_ANGELES, "America/New_York", "2026-11-24 16:00", True),
    (LOS_ANGELES, "America/New_York", "2026-11-25 02:30", False),
    # an area in several zones: all of them must
    (IDAHO, "America/Boise", "2026-11-24 15:30", False), (IDAHO, "America/Boise", "2026-11-24 16:00", True),
    (IDAHO, "America/Boise", "2026-11-25 03:59", True), (IDAHO, "America/Boise", "2026-11-25 04:00", False),
    # an unknown area: the clinic's own clock
    (EXAMPLE, "America/New_York", "2026-11-24 13:00", True), (EXAMPLE, "America/New_York", "2026-11-24 12:59", False),
    ("nonsense", "America/New_York", "2026-11-24 12:00", False),
])  # fmt: skip
def test_quiet_hours(number, zone, moment, allowed):
    assert may_start(number, at(moment), zone) is allowed
