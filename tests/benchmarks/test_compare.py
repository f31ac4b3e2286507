"""The side by side counts both pipelines alike."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.compare import Tally
from benchmarks.curve import Rows, sensitivity_at

ROWS: Rows = (
    np.array([True, True, True, False, False, False]),
    np.array([False, False, False, True, True, False]),
    np.array([0.9, 0.6, 0.2, 0.7, 0.1, 0.99]),
)


@pytest.mark.parametrize(("false_alarms", "sensitivity"), ((0.0, 1 / 3), (0.49, 1 / 3), (0.5, 1.0), (1.0, 1.0)))
def test_sensitivity_is_told_at_equal_false_alarms(false_alarms: float, sensitivity: float) -> None:
    assert sensitivity_at(false_alarms, ROWS) == pytest.approx(sensitivity)


def test_false_alarms_that_no_limit_reaches_give_no_sensitivity() -> None:
    certain: Rows = (ROWS[0], ROWS[1], np.ones(6))
    assert math.isnan(sensitivity_at(0.5, certain))


def test_a_finding_counts_when_present_or_in_doubt() -> None:
    tally = Tally()
    message = {"intent": "inform_symptoms", "findings": [{"id": "fever", "status": "unsure"}]}
    tally.add(message, "inform_symptoms", {"fever": "present", "leg_pain": "absent", "lift_twist": "present"})
    assert tally.recall["fever"].value == 1.0
    assert set(tally.precision) == {"fever"}, "what the authors could not label is neither right nor wrong"


def test_any_question_fits_where_only_a_question_was_labelled() -> None:
    tally = Tally()
    tally.add({"intent": "faq_*", "findings": []}, "faq_rfa", {})
    tally.add({"intent": "faq_*", "findings": []}, "greet", {})
    assert tally.intents == {("faq_rfa", "faq_rfa"): 1, ("faq_any", "greet"): 1}
