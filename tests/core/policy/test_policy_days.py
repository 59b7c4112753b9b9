"""Days of a notice and the arithmetic of a meeting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.policy.days import day_n_of, is_workday, last_day
from villagedesk.policy.pack_steps import DayRules, QuorumRule
from villagedesk.policy.quorum import Vote, quorum_problems

RULES = st.sampled_from(["inclusive", "exclude_first"])
KINDS = st.sampled_from(["natural", "workdays"])
DAYS = st.dates(date(2014, 1, 1), date(2030, 1, 1))
HOLIDAY = DayRules(holidays=(date(2017, 11, 23),), extra_workdays=(date(2017, 11, 25),))


@pytest.mark.parametrize(
    ("days", "rule", "kind", "rules", "last"),
    [
        (7, "inclusive", "natural", DayRules(), date(2017, 11, 27)),  # printed so in Zhidan
        (7, "exclude_first", "natural", DayRules(), date(2017, 11, 28)),
        (1, "inclusive", "natural", DayRules(), date(2017, 11, 21)),
        (5, "inclusive", "workdays", DayRules(), date(2017, 11, 27)),  # Tuesday to Monday
        (5, "exclude_first", "workdays", DayRules(), date(2017, 11, 28)),
        (5, "inclusive", "workdays", HOLIDAY, date(2017, 11, 27)),
    ],
)
def test_last_day(days, rule, kind, rules, last):
    assert last_day(date(2017, 11, 21), days, rule, kind, rules) == last


def test_a_notice_posted_on_a_saturday_counts_from_monday():
    assert last_day(date(2017, 11, 18), 1, "inclusive", "workdays") == date(2017, 11, 20)


def test_listed_days_are_heeded():
    assert not is_workday(date(2017, 11, 23), HOLIDAY)
    assert is_workday(date(2017, 11, 25), HOLIDAY)
    assert not is_workday(date(2017, 11, 26), HOLIDAY)


def test_no_days_are_no_notice():
    with pytest.raises(ValueError, match="at least one"):
        last_day(date(2017, 11, 21), 0)


@given(DAYS, st.integers(1, 60), RULES, KINDS)
def test_the_last_day_is_day_n_of_n_and_no_earlier_day_is(start, days, rule, kind):
    last = last_day(start, days, rule, kind)
    assert day_n_of(start, last, rule, kind) == days
    assert day_n_of(start, last - timedelta(days=1), rule, kind) == days - 1
    assert day_n_of(start, start - timedelta(days=3), rule, kind) == 0


QUORUM = QuorumRule((2, 3), (1, 2))


@pytest.mark.parametrize(
    ("vote", "fields"),
    [
        (Vote(30, 20, 11, 9), []),
        (Vote(30, 20, 10, 10), ["votes_for"]),  # half is not more than half
        (Vote(30, 19, 19), ["present"]),
        (Vote(31, 21, 21), []),
        (Vote(32, 21, 21), ["present"]),
        (Vote(30, 20, 11, 8), ["votes_for"]),  # does not add up
        (Vote(30, 20, 15, 2, 1, 2), []),
        (Vote(30, 31, 31), ["present"]),
        (Vote(0, 0, 0), ["present", "votes_for"]),
    ],
)
def test_quorum(vote, fields):
    assert [problem.field for problem in quorum_problems(QUORUM, vote)] == fields


@given(*[st.integers(0, 60)] * 5)
def test_a_vote_that_carries_has_the_majority_and_the_quorum(due, agree, against, abstain, recused):
    present = agree + against + abstain + recused
    if not quorum_problems(QUORUM, Vote(due, present, agree, against, abstain, recused)):
        assert due >= present
        assert 3 * present >= 2 * due > 0
        assert 2 * agree > present
