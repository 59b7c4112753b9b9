"""Which columns the lists of households and of members can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ui.lists.columns import ListColumn, Values, further
from ui.tables import Column
from villagedesk.policy.codes import CodeBook
from villagedesk.store.lists import HouseholdRow, MemberRow
from villagedesk.text import say, tr
from villagedesk.values import age_on, is_child, shown_name

MORE = (
    "address", "standard", "support_class", "identified_year", "monitoring_class", "other_causes", "dwelling",
    "dwelling_area", "water_safe", "power_home", "toilet", "entry_road", "land_arable", "relocated", "cooperative",
)  # fmt: skip
"""Fields of the file that the list of households shows when asked to."""

USUAL = ("group", "no", "head", "persons", "kind", "state", "main_cause", "planned_exit_year", "exited_year")

MEMBER_MORE = (
    "education", "work_area", "work_months", "post_kind", "post_months", "job_channel", "mandarin", "serving", "note",
)  # fmt: skip
"""Working facts that the list of members shows when asked to; restricted ones stand in the file only (DOMAIN §8.2)."""

CHILD_SHOWN = ("group", "no", "name", "relation")
"""What the list of members says of a child under 14, the name as a surname only."""
_VEIL = "••"

MEMBER_USUAL = ("group", "no", "name", "relation", "sex", "age", "labour")


def household_columns(codes: CodeBook, values: Values) -> Sequence[ListColumn[HouseholdRow]]:
    """Every column of the list of households, the usual ones first."""
    made = (
        Column[HouseholdRow](say("Group"), lambda row: row.group, 6, "group"),
        Column[HouseholdRow](say("Number"), lambda row: row.no, 12, "no"),
        Column[HouseholdRow](
            say("Head"), lambda row: row.head or tr("no head"), 9, tone=lambda row: "" if row.head else "problem"
        ),
        Column[HouseholdRow](say("Persons"), lambda row: str(row.persons), 5, right=True),
        Column[HouseholdRow](say("Kind"), lambda row: codes.word("household_kind", row.kind), 10),
        Column[HouseholdRow](say("State"), lambda row: codes.word("poverty_state", row.state), 11, "state"),
        Column[HouseholdRow](say("Main cause"), lambda row: codes.word("cause", row.main_cause), 9),
        Column[HouseholdRow](say("Exit planned"), lambda row: _year(row.planned_exit_year), 7, right=True),
        Column[HouseholdRow](say("Exited"), lambda row: _year(row.exited_year), 6, right=True),
    )
    paths = {"head": "roster.head_name", "persons": "roster.persons"}
    usual = [
        ListColumn(key, column, paths.get(key, f"household.{key}")) for key, column in zip(USUAL, made, strict=True)
    ]
    return [*usual, *further("household", MORE, codes, values)]


def member_columns(codes: CodeBook, today: date, values: Values) -> Sequence[ListColumn[MemberRow]]:
    """Every column of the list of members, the usual ones first. A birth date is restricted: the age stands here."""
    made = (
        Column[MemberRow](say("Group"), lambda row: row.group, 8, "group"),
        Column[MemberRow](say("Household number"), lambda row: row.household_no, 12, "no"),
        Column[MemberRow](say("Name"), lambda row: shown_name(row.name, row.birth, today), 9, "name"),
        Column[MemberRow](say("Relation to the head"), _word(codes, "relation"), 8, "relation"),
        Column[MemberRow](say("Sex"), _word(codes, "sex"), 4, "sex"),
        Column[MemberRow](
            say("Age"), lambda row: str(age_on(row.birth, today)) if row.birth else "", 4, "birth", right=True
        ),
        Column[MemberRow](say("Ability to work"), _word(codes, "labour"), 12, "labour"),
    )
    paths = {"group": "household.group", "no": "household.no"}
    usual = [
        ListColumn(key, column, paths.get(key, f"member.{key}")) for key, column in zip(MEMBER_USUAL, made, strict=True)
    ]
    every = [*usual, *further("member", MEMBER_MORE, codes, values)]
    return [each if each.key in CHILD_SHOWN else _veiled(each, today) for each in every]


def _veiled(column: ListColumn[MemberRow], today: date) -> ListColumn[MemberRow]:
    """A column that says nothing of a child: its file shows it to somebody who asks, and notes that (DOMAIN §8.4)."""
    show = column.column.show
    veiled = replace(column.column, show=lambda row: _VEIL if is_child(row.birth, today) else show(row))
    return replace(column, column=veiled)


def _word(codes: CodeBook, name: str) -> Any:
    return lambda row: codes.word(name, getattr(row, name))


def _year(year: int | None) -> str:
    return str(year) if year else ""
