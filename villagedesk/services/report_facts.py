"""What figures are counted from: the records of a village, read once, and the rows that stand behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.reports import Period
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import Site
from villagedesk.values import group_order


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a figure: its record, the household it belongs to ("" for none), and what it says."""

    kind: str
    record_id: str
    household_id: str
    place: str  # group, number or day, to find it by
    text: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure with the rows behind it; None where it cannot be reckoned."""

    value: int | None
    rows: tuple[Behind, ...] = ()


class Facts:
    """The records of a village, read once for a whole report."""

    def __init__(self, site: Site, connection: Connection, period: Period) -> None:
        self.site = site
        self.period = period
        self._connection = connection
        self._read: dict[str, tuple[Any, ...]] = {}
        self._by_id: dict[str, HouseholdDraft] = {}
        self.exited_states = shipped_catalogue().groups.state_exited
        self.danger = shipped_catalogue().groups.dwelling_danger

    def all(self, kind: str) -> tuple[Any, ...]:
        """Every record of a kind of this village."""
        if kind not in self._read:
            table = RECORDS[kind].table
            found = load_where(self._connection, kind, table.c.village == self.site.village)
            self._read[kind] = tuple(found.values())
        return self._read[kind]

    @property
    def open_households(self) -> list[HouseholdDraft]:
        """The files that are open, group by group."""
        standing = [each for each in self.all("household") if not each.removed_reason]
        return sorted(standing, key=lambda each: (*group_order(each.group), each.no))

    def household(self, household_id: str) -> HouseholdDraft | None:
        """One household, open or not."""
        if not self._by_id:
            self._by_id = {each.id: each for each in self.all("household")}
        return self._by_id.get(household_id)
