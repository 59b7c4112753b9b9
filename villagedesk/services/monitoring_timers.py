"""How a monitoring case stands and what it waits for: visit, recognition, plan, the next look (DOMAIN §5.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.policy.pack import MonitoringRules
from villagedesk.policy.procedures import Step
from villagedesk.text import Text, say

_SINCE: Mapping[str, str] = {"visit": "found_on", "compare": "applied_on", "help": "recognised_on"}
"""Step with a number of days \u2192 the day from which they count."""


@dataclass(frozen=True)
class MonitoringRow:
    """A monitoring case in the list, with its timers."""

    case: MonitoringDraft
    household: HouseholdDraft
    state_title: str
    steps: tuple[Step, ...]
    days_since_found: int | None
    recognise_by: date | None  # the last day on which recognition is in time
    months_watched: int | None  # whole months since recognition
    days_since_visit: int | None
    open: bool

    @property
    def late(self) -> bool:
        """Whether the case was not recognised in time, or has not been so far."""
        if self.recognise_by is None or self.days_since_found is None or self.case.found_on is None:
            return False
        day = self.case.recognised_on or self.case.found_on + timedelta(days=self.days_since_found)
        return day > self.recognise_by


@dataclass(frozen=True)
class Timer:
    """One thing that is due for a household on a day."""

    case_id: str
    household: HouseholdDraft
    kind: str  # step of the procedure, or: recognition, notice, look, release
    text: Text
    due_on: date
    today: date

    @property
    def days_left(self) -> int:
        """Days until it is due, negative when it is late."""
        return (self.due_on - self.today).days

    @property
    def late(self) -> bool:
        """Whether its day has passed."""
        return self.due_on < self.today


def timers_of(row: MonitoringRow, rules: MonitoringRules, today: date) -> Iterator[Timer]:
    """The timers of one open case; none once it has ended."""
    for kind, text, due in _due(row, rules, today) if row.open else ():
        yield Timer(row.case.id, row.household, kind, text, due, today)


def _due(row: MonitoringRow, rules: MonitoringRules, today: date) -> Iterator[tuple[str, Text, date]]:
    case = row.case
    for step in row.steps:
        since = getattr(case, _SINCE.get(step.verb, ""), None)
        if step.days and since is not None:
            yield step.verb, say("{step} is due", step=step.title), since + timedelta(days=step.days)
    if case.recognised_on is None and row.recognise_by is not None:
        yield (
            "recognition",
            say("Recognition is due"),
            row.recognise_by,
        )
    hangs = case.out_notice_until if case.state == "ending_posted" else case.notice_until
    if case.state in {"posted", "ending_posted"} and hangs is not None:
        yield "notice", say("The days on the board are over"), hangs + timedelta(days=1)
    if case.recognised_on is not None:
        last = today - timedelta(days=row.days_since_visit) if row.days_since_visit is not None else case.recognised_on
        yield "look", say("A visit to see how things stand is due"), last + timedelta(days=rules.visit_days)
    if any(step.verb == "end" for step in row.steps) and case.recognised_on is not None:
        yield (
            "release",
            say("Check whether the risk is over"),
            _months_after(case.recognised_on, rules.months_before_end),
        )


def _months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
