"""A few of the kills of ``python -m tests.reliability.kill``; the thousands are run by that command."""

from __future__ import annotations

import pytest

from tests.reliability import kill


@pytest.fixture
def quiet():
    return lambda line: None


def test_two_dozen_kills_cost_no_acknowledged_step_and_damage_nothing(quiet):
    tally = kill.run(24, seed=1, tell=quiet)
    assert tally.lost == []
    assert sum(tally.kills.values()) >= 16
    assert sum(tally.acknowledged.values()) >= 1


def test_the_harness_notices_a_step_that_lies(quiet, monkeypatch):
    """A save that says it is done and is not."""
    monkeypatch.setattr(kill, "STEPS", {"save": lambda office, coming: None})
    tally = kill.run(4, seed=1, tell=quiet)
    assert any("promised" in line for line in tally.lost)


def test_the_harness_notices_a_desk_that_was_altered(quiet, monkeypatch):
    def spoil(office, coming):
        with office.desk.place.store.write() as connection:
            connection.exec_driver_sql("UPDATE household SET note = ?", tuple(coming.values()))

    monkeypatch.setattr(kill, "STEPS", {"save": spoil})
    tally = kill.run(5, seed=1, tell=quiet)
    assert any("differs from its history" in line for line in tally.lost)
