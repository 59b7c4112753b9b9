"""The list of helpers: who they are, where they work, since when and for how many households (DOMAIN §4.2 F)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ui.context import Context
from ui.lists.columns import ListColumn
from ui.lists.page import ListKind, ListPage
from ui.page import button
from ui.tables import Column
from villagedesk.policy.codes import CodeBook
from villagedesk.services.helper_list import HelperRow
from villagedesk.text import say, tr
from villagedesk.values import Step, each_told

_USUAL = ("name", "unit", "post", "phone", "roles", "households", "starts_on", "ends_on")


class HelpersList(ListPage[HelperRow]):
    """Everybody who helps a household of the village, or did."""

    def __init__(self, context: Context) -> None:
        self._columns = _columns(context.desk.profile.codes)
        super().__init__(context, self._kind(context), button(say("Pair households"), "add", self._on_pair))
        if not context.desk.covered:
            self.add_button(button(say("Pair households"), "add", self._on_pair, kind="primary"))

    def open_row(self, row: HelperRow) -> None:
        """The helper in the form of the team page."""
        self._context.navigator.go("team", tab="pairings", helper_id=row.id)

    def _on_pair(self) -> None:
        self._context.navigator.go("team", tab="pairings")

    def _kind(self, context: Context) -> ListKind[HelperRow]:
        helpers = context.desk.helpers
        return ListKind(
            key="helpers",
            title=context.desk.profile.terms.helper,
            order="name",
            filters={"unit": tr("All units"), "roles": tr("In any role"), "running": tr("Helping or not")},
            usual=_USUAL,
            more=(),
            columns=lambda _values: self._columns,
            choices=lambda name: _choices(context, name),
            ids=helpers.ids,
            rows=helpers.rows,
            values=lambda _ids, _columns: {},
            write=self._write,
            count=lambda n: tr("{n} {n:helper|helpers}", n=n),
            saved=lambda n, file: say("{n} {n:helper|helpers} saved as “{file}”.", n=n, file=file),
            none_met=say("No helper meets these filters. Choose “all” again."),
            none_yet=say("No helper yet. Enter the helpers where households are paired."),
        )

    def _write(self, ids: Sequence[str], columns: Sequence[tuple[str, str]], target: Path, step: Step) -> int:
        by_key = {each.path: each.column for each in self._columns}
        shown = [by_key[path] for path, _heading in columns]
        rows = self._context.desk.helpers.rows(ids)
        lines = [[column.show(row) for column in shown] for row in each_told(rows, step)]
        return self._context.desk.helpers.write([heading for _path, heading in columns], lines, target)


def _choices(context: Context, name: str) -> Sequence[tuple[Any, str]]:
    codes = context.desk.profile.codes
    words: Mapping[str, Callable[[str], str]] = {
        "roles": lambda value: codes.word("helper_role", value),
        "running": lambda value: tr("Helps a household now") if value == "1" else tr("Helps no household now"),
    }
    word = words.get(name, str)
    found = context.desk.helpers.values_of(name)
    return [(value, f"{word(value) or tr('not entered')}  ({count})") for value, count in found]


def _columns(codes: CodeBook) -> Sequence[ListColumn[HelperRow]]:
    def coded(name: str) -> Callable[[HelperRow], str]:
        return lambda row: codes.word(name, getattr(row.helper, name))

    def roles(row: HelperRow) -> str:
        return "、".join(codes.word("helper_role", one) for one in row.helper.roles)

    columns: Mapping[str, Column[HelperRow]] = {
        "name": Column(say("Name"), lambda row: row.helper.name, 7, "name"),
        "sex": Column(say("Sex"), coded("sex"), 4),
        "politics": Column(say("Party member or not (of helpers only)"), coded("politics"), 9),
        "unit": Column(say("Unit"), lambda row: row.helper.unit, 13, "unit"),
        "post": Column(say("Post"), lambda row: row.helper.post, 8),
        "affiliation": Column(say("Level of the unit"), coded("affiliation"), 8),
        "rank": Column(say("Administrative rank"), lambda row: row.helper.rank, 9),
        "education": Column(say("Education"), coded("education"), 9),
        "skill": Column(say("Special skill"), lambda row: row.helper.skill, 9),
        "phone": Column(say("Phone"), lambda row: row.helper.phone, 11),
        "roles": Column(say("Is also"), roles, 8),
        "households": Column(say("Households"), lambda row: str(row.households), 6, "households", right=True),
        "starts_on": Column(say("Paired from"), lambda row: _day(row.starts_on), 10, "starts_on"),
        "ends_on": Column(say("Ended on"), lambda row: _day(row.ends_on), 10),
    }
    return [ListColumn(key, column, key) for key, column in columns.items()]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
