"""What an export will take, from those before it."""

from __future__ import annotations

import pytest

from exports.estimate import Estimate, Estimates

ACME, GLOBEX = 1, 2


def test_before_the_first_export_there_are_measured_averages():
    assert Estimates().of(ACME) == Estimate()
    assert Estimate().sheets(412) == pytest.approx(1318, abs=1)
    assert Estimate().seconds(412) == pytest.approx(50, abs=1)


def test_a_sites_own_exports_count_most():
    estimates = Estimates()
    for _ in range(10):
        estimates.learn(ACME, pages=100, sheets=900, seconds=51)

    own = estimates.of(ACME)

    assert own.sheets_per_page == pytest.approx(9, rel=0.05)
    assert own.seconds_per_page == pytest.approx(0.5, rel=0.05)


def test_a_site_without_exports_borrows_from_the_others():
    estimates = Estimates()
    for _ in range(10):
        estimates.learn(ACME, pages=100, sheets=900, seconds=51)

    assert estimates.of(GLOBEX).sheets_per_page == pytest.approx(9, rel=0.1)


def test_one_small_export_moves_little():
    estimates = Estimates()
    estimates.learn(ACME, pages=1, sheets=40, seconds=9)

    assert estimates.of(ACME).sheets_per_page < 8


def test_what_was_long_ago_fades():
    estimates = Estimates()
    for sheets in (1000, 200):
        for _ in range(30):
            estimates.learn(ACME, pages=100, sheets=sheets, seconds=11)

    assert estimates.of(ACME).sheets_per_page == pytest.approx(2, rel=0.1)


def test_pages_count_by_their_number_and_not_by_the_number_of_exports():
    estimates = Estimates()
    estimates.learn(ACME, pages=400, sheets=1600, seconds=41)
    for _ in range(20):
        estimates.learn(ACME, pages=1, sheets=1, seconds=1)

    assert estimates.of(ACME).sheets_per_page == pytest.approx(3.8, abs=0.3)


def test_an_export_without_pages_teaches_nothing():
    estimates = Estimates()
    estimates.learn(ACME, pages=0, sheets=3, seconds=9)

    assert estimates.of(ACME) == Estimate()


def test_pages_that_stay_below_both_limits():
    estimate = Estimate(sheets_per_page=4.0, seconds_per_page=0.5)

    assert estimate.pages_within(sheets=1000, seconds=900) == 250
    assert estimate.pages_within(sheets=100_000, seconds=11) == 20
    assert estimate.pages_within(sheets=1000, seconds=0) == 0
