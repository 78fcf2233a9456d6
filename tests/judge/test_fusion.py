"""From the signals to log-odds."""

from __future__ import annotations

import math
from itertools import pairwise

from listen.judge.evidence import Evidence
from listen.judge.fusion import HEARD, SIGNALS, signals
from listen.judge.model import ABOUT
from listen.judge.words import read


def beside(about: float) -> float:
    logits = {**dict.fromkeys(HEARD, 0.0), ABOUT: about}
    return dict(zip(SIGNALS, signals(logits, Evidence(), read("Kindle")), strict=True))["beside"]


def test_what_may_be_about_a_product_is_left_alone_and_what_is_not_weighs_more_and_more() -> None:
    assert beside(6.0) < 0.01
    told = [beside(about) for about in (6.0, 3.0, 0.0, -3.0, -6.0)]
    assert all(less < more for less, more in pairwise(told))
    assert math.isclose(beside(-6.0), 6.0, abs_tol=0.01)


def test_no_signal_may_say_more_than_its_bound() -> None:
    assert beside(-500.0) == beside(-8.0)
