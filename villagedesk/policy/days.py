"""Days of a notice on the board: which is the last, and which day it is today (DOMAIN §5.7)."""

from __future__ import annotations

from datetime import date, timedelta

from villagedesk.policy.pack_steps import DayKind, DayRule, DayRules

_ONE = timedelta(days=1)
_SATURDAY = 5
_NONE_KNOWN = DayRules()


def is_workday(day: date, rules: DayRules = _NONE_KNOWN) -> bool:
    """Monday to Friday, but for what the pack lists. Holidays that no pack lists are not known offline."""
    if day in rules.extra_workdays:
        return True
    return day.weekday() < _SATURDAY and day not in rules.holidays


def _counts(day: date, kind: DayKind, rules: DayRules) -> bool:
    return kind == "natural" or is_workday(day, rules)


def last_day(
    start: date, days: int, rule: DayRule = "inclusive", kind: DayKind = "natural", rules: DayRules = _NONE_KNOWN
) -> date:
    """The last day of a notice of ``days`` days posted on ``start``.

    ``inclusive`` counts the day of posting as the first (7 days from the 21st end on the 27th), ``exclude_first``
    starts on the day after. Raises ValueError for less than one day.
    """
    if days < 1:
        raise ValueError("a notice hangs for at least one day")
    day = start if rule == "inclusive" else start + _ONE
    left = days - _counts(day, kind, rules)
    while left:
        day += _ONE
        left -= _counts(day, kind, rules)
    return day


def day_n_of(
    start: date, today: date, rule: DayRule = "inclusive", kind: DayKind = "natural", rules: DayRules = _NONE_KNOWN
) -> int:
    """How many days of the notice have come, today included; 0 before the first counted day."""
    first = start if rule == "inclusive" else start + _ONE
    span = max((today - first).days + 1, 0)
    if kind == "natural":
        return span
    return sum(is_workday(first + timedelta(days=n), rules) for n in range(span))
