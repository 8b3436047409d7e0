"""Draws by a keyed hash: repeated by who has the key, foreseen by nobody, true to their share."""

from __future__ import annotations

import hashlib
import hmac
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from bihuan.surveys.rules.sampling import lot, sampled, week_sample

KEY = bytes(range(32))
NUMBERS = [f"CQ-FW070605-{place:06d}" for place in range(20_000)]


def test_a_draw_is_the_hmac_that_anybody_with_the_key_can_compute() -> None:
    told = b"callback\x1fCQ-FW070605-000001\x1f1"
    first = hmac.new(KEY, told, hashlib.sha256).digest()[:8]

    assert lot(KEY, "callback", "CQ-FW070605-000001", 1) == int.from_bytes(first, "big")


def test_three_in_ten_are_drawn_within_four_standard_deviations() -> None:
    drawn = sum(sampled(KEY, number, 1, 30) for number in NUMBERS)

    assert abs(drawn - 6_000) < 4 * sqrt(20_000 * 0.3 * 0.7)


def test_another_key_draws_others() -> None:
    one = {number for number in NUMBERS[:2_000] if sampled(KEY, number, 1, 30)}
    two = {number for number in NUMBERS[:2_000] if sampled(bytes(32), number, 1, 30)}

    assert 100 < len(one & two) < 260  # three in ten of three in ten: 180


def test_a_round_is_drawn_anew() -> None:
    first = [sampled(KEY, number, 1, 50) for number in NUMBERS[:1_000]]
    second = [sampled(KEY, number, 2, 50) for number in NUMBERS[:1_000]]

    assert first != second


@given(st.text(max_size=30), st.integers(1, 9), st.integers(0, 99))
def test_who_is_in_a_smaller_sample_is_in_every_larger_one(number: str, cycle: int, share: int) -> None:
    assert sampled(KEY, number, cycle, share) <= sampled(KEY, number, cycle, share + 1)
    assert sampled(KEY, number, cycle, 100)
    assert not sampled(KEY, number, cycle, 0)


@given(st.integers(0, 80), st.integers(0, 100), st.integers(0, 5))
def test_an_agents_week_is_heard_by_share_and_by_the_least(calls: int, share: int, least: int) -> None:
    talked = [(number, 5) for number in NUMBERS[:calls]]

    drawn = week_sample(KEY, talked, share=share, least=least)

    assert drawn <= set(talked)
    assert len(drawn) == min(calls, max(least, -(-calls * share // 100)))
    assert drawn == week_sample(KEY, reversed(talked), share=share, least=least)
