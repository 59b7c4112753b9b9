"""What a team member writes of his or her own days: on site, away on business, at rest, on leave (GZ-14.2, P31).

Nobody clocks in and nothing is located: a day is what its person says of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class WorkdayDraft:
    """One day of one team member."""

    id: str = ""
    revision: int = 0
    staff_id: str = ""
    day: date | None = None
    kind: str = ""  # list workday
    work: str = ""  # what was done, for the monthly record


@dataclass(frozen=True, slots=True)
class LeaveDraft:
    """Leave asked for, granted and ended. The ground is one of a short list; an illness is never described."""

    id: str = ""
    revision: int = 0
    staff_id: str = ""
    kind: str = ""  # list leave_kind
    starts_on: date | None = None
    ends_on: date | None = None
    granted_by: str = ""
    back_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the leave holds on that day; who came back early is on leave no longer."""
        if self.starts_on is None or self.ends_on is None or not self.starts_on <= day <= self.ends_on:
            return False
        return self.back_on is None or day < self.back_on
