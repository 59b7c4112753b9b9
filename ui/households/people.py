"""The list of all members: who lives where, filtered by what they are; Enter opens the household at the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.context import Context
from ui.households.columns import MEMBER_MORE, MEMBER_USUAL, member_columns
from ui.lists.page import ListKind, ListPage, Where
from villagedesk.store.lists import MemberRow
from villagedesk.text import say, tr

_CODES = ("relation", "sex", "labour", "work_area", "schooling")


class MembersList(ListPage[MemberRow]):
    """Every living member of the village."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _kind(context))

    def open_row(self, row: MemberRow) -> None:
        """The household file, the cursor on the person."""
        self._context.navigator.go("household", household_id=row.household_id, member_id=row.id)


def _kind(context: Context) -> ListKind[MemberRow]:
    desk = context.desk
    codes = desk.profile.codes

    def choices(name: str) -> Sequence[tuple[Any, str]]:
        found = desk.lists.member_values_of(name) if name in _CODES else desk.lists.values_of(name)
        if name not in _CODES:
            return [(value, str(value)) for value, _households in found]
        return [(value, f"{codes.word(name, value) or tr('not entered')}  ({count})") for value, count in found]

    def ids(where: Where, sort: str) -> tuple[str, ...]:
        own = {name: value for name, value in where.items() if name in _CODES}
        return desk.lists.member_ids({name: where[name] for name in where if name not in own}, own, sort)

    return ListKind(
        key="members",
        title=say("Members"),
        order="group",
        filters=_filters(),
        usual=MEMBER_USUAL,
        more=MEMBER_MORE,
        columns=lambda values: member_columns(codes, desk.site.today(), values),
        choices=choices,
        ids=ids,
        rows=desk.lists.member_rows,
        values=desk.lists.member_values,
        write=lambda *given, **more: desk.rosters.write_shown("members", *given, **more),
        count=lambda n: tr("{n} {n:person|persons}", n=n),
        saved=lambda n, file: say("{n} {n:person|persons} saved as “{file}”.", n=n, file=file),
        none_met=say("Nobody meets these filters. Choose “all” again."),
        none_yet=say("Nobody here yet. Import a roster, or enter a household."),
    )


def _filters() -> Mapping[str, str]:
    return {
        "group": tr("All groups"),
        "relation": tr("All relations"),
        "sex": tr("Both sexes"),
        "labour": tr("All abilities to work"),
        "work_area": tr("Working anywhere"),
        "schooling": tr("In any school"),
    }
