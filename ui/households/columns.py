"""Which columns the household list can show, and under which path each goes into a saved list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ui.households.words import label_of, value_word
from ui.tables import Column
from villagedesk.policy.codes import CodeBook
from villagedesk.store.lists import HouseholdRow
from villagedesk.text import say, tr

MORE = (
    "address", "standard", "support_class", "identified_year", "monitoring_class", "other_causes", "dwelling",
    "dwelling_area", "water_safe", "power_home", "toilet", "entry_road", "land_arable", "relocated", "cooperative",
)  # fmt: skip
"""Fields of the file that the list shows when asked to."""

USUAL = ("group", "no", "head", "persons", "kind", "state", "main_cause", "planned_exit_year", "exited_year")

_PATHS = {"head": "roster.head_name", "persons": "roster.persons"}

Values = Callable[[str], Mapping[str, Any]]
"""Household id → the values of the columns in :data:`MORE` that are shown."""


@dataclass(frozen=True)
class ListColumn:
    """A column by its key; ``path`` is its field in the dictionary of columns."""

    key: str
    column: Column[HouseholdRow]

    @property
    def path(self) -> str:
        """Where a saved list takes it from."""
        return _PATHS.get(self.key, f"household.{self.key}")


def list_columns(codes: CodeBook, values: Values) -> Sequence[ListColumn]:
    """Every column the list can show, the usual ones first."""
    usual = (
        Column[HouseholdRow](say("Group"), lambda row: row.group, 8, "group"),
        Column[HouseholdRow](say("Number"), lambda row: row.no, 12, "no"),
        Column[HouseholdRow](
            say("Head"), lambda row: row.head or tr("no head"), 9, tone=lambda row: "" if row.head else "problem"
        ),
        Column[HouseholdRow](say("Persons"), lambda row: str(row.persons), 5, right=True),
        Column[HouseholdRow](say("Kind"), lambda row: codes.word("household_kind", row.kind), 10),
        Column[HouseholdRow](say("State"), lambda row: codes.word("poverty_state", row.state), 8, "state"),
        Column[HouseholdRow](say("Main cause"), lambda row: codes.word("cause", row.main_cause), 9),
        Column[HouseholdRow](say("Exit planned"), lambda row: _year(row.planned_exit_year), 7, right=True),
        Column[HouseholdRow](say("Exited"), lambda row: _year(row.exited_year), 6, right=True),
    )
    found = [ListColumn(key, column) for key, column in zip(USUAL, usual, strict=True)]
    return [*found, *(ListColumn(key, _more(key, codes, values)) for key in MORE)]


def _more(key: str, codes: CodeBook, values: Values) -> Column[HouseholdRow]:
    def show(row: HouseholdRow) -> str:
        value = values(row.id).get(key)
        return "" if value in (None, "", ()) else value_word(key, value, codes)

    return Column(label_of(key), show, 9)


def _year(year: int | None) -> str:
    return str(year) if year else ""
