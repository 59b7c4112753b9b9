"""Which backups stay when there are many: the last few, then one a day, a week and a month (pure)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Keep:
    """How many of each: the newest ones whatever their day, then the last of so many days, weeks and months."""

    newest: int = 3
    days: int = 7
    weeks: int = 5
    months: int = 12

    def __post_init__(self) -> None:
        if self.newest < 1 or min(self.days, self.weeks, self.months) < 0:
            raise ValueError("the newest backup always stays")


def kept(made: Iterable[datetime], keep: Keep) -> frozenset[datetime]:
    """The times whose backups stay. Days without any backup do not count against the number of days."""
    times = sorted(set(made), reverse=True)
    stay = set(times[: keep.newest])
    for count, span in ((keep.days, _day), (keep.weeks, _week), (keep.months, _month)):
        stay.update(_last_of_each(times, span)[:count])
    return frozenset(stay)


def _last_of_each(times: list[datetime], span: Callable[[datetime], Hashable]) -> list[datetime]:
    """Of times from new to old, the newest of each span."""
    newest: dict[Hashable, datetime] = {}
    for time in times:
        newest.setdefault(span(time), time)
    return list(newest.values())


def _day(time: datetime) -> Hashable:
    return time.date()


def _week(time: datetime) -> Hashable:
    return time.isocalendar()[:2]


def _month(time: datetime) -> Hashable:
    return time.year, time.month
