"""The desk's lists and its search box, as the window and the command line ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from villagedesk.services.site import Site
from villagedesk.services.standing import acked
from villagedesk.store import chain, lists, search, totals
from villagedesk.store.lists import HouseholdRow, MemberRow, Page
from villagedesk.values import Step, no_step

_VIEWS = "views"


@dataclass(frozen=True)
class Waiting:
    """What the status line counts: changes to send, conflicts to decide, points of the policy to confirm."""

    unsent: int
    conflicts: int
    unconfirmed: int


@dataclass(frozen=True)
class DeskStatus:
    """How the whole desk stands."""

    households: int
    members: int
    waiting: Waiting


class Lists:
    """Reading many records at once."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def households(
        self,
        where: Mapping[str, object] | None = None,
        sort: str = "no",
        after: tuple[Any, ...] | None = None,
        limit: int = lists.PAGE,
    ) -> Page[HouseholdRow]:
        """A page of households; see :func:`villagedesk.store.lists.households`."""
        with self._site.store.read() as connection:
            return lists.households(connection, where, sort, after, limit)

    def household_ids(self, where: Mapping[str, object] | None = None, sort: str = "no") -> tuple[str, ...]:
        """The ids of the whole list in its order, for a table that knows its length."""
        with self._site.store.read() as connection:
            return lists.household_ids(connection, where, sort)

    def household_rows(self, ids: Sequence[str]) -> tuple[HouseholdRow, ...]:
        """The rows of these households, in the order given."""
        with self._site.store.read() as connection:
            return lists.household_rows(connection, ids)

    def every_household(self) -> tuple[HouseholdRow, ...]:
        """The rows of the whole village, group by group, for a form that offers them."""
        with self._site.store.read() as connection:
            return lists.every_household(connection)

    def household_values(self, ids: Sequence[str], columns: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Further columns of these households, by id."""
        with self._site.store.read() as connection:
            return lists.household_values(connection, ids, columns)

    def views(self, name: str) -> dict[str, Any]:
        """The views kept of a list, by title. They lie in the desk, encrypted like the rest."""
        return dict(self._site.store.setting(_VIEWS, {}).get(name, {}))

    def keep_view(self, name: str, title: str, view: Mapping[str, Any]) -> None:
        """Keep how a list is shown now (its filters, order and columns) under a title."""
        kept = dict(self._site.store.setting(_VIEWS, {}))
        self._site.store.keep_setting(_VIEWS, {**kept, name: {**kept.get(name, {}), title: dict(view)}})

    def forget_view(self, name: str, title: str) -> None:
        """Forget a view."""
        kept = dict(self._site.store.setting(_VIEWS, {}))
        views = {key: view for key, view in kept.get(name, {}).items() if key != title}
        self._site.store.keep_setting(_VIEWS, {**kept, name: views})

    def count(self, where: Mapping[str, object] | None = None) -> int:
        """How many households meet the filter."""
        with self._site.store.read() as connection:
            return lists.count_households(connection, where)

    def members(
        self,
        where: Mapping[str, object] | None = None,
        after: tuple[Any, ...] | None = None,
        limit: int = lists.PAGE,
    ) -> Page[MemberRow]:
        """A page of living members in the order of their households."""
        with self._site.store.read() as connection:
            return lists.members(connection, where, after, limit)

    def names(self, records: Sequence[str]) -> dict[str, str]:
        """Who the records of members and households are: a person's name, a household's number."""
        with self._site.store.read() as connection:
            return lists.names(connection, records)

    def member_ids(
        self, where: Mapping[str, object] | None = None, own: Mapping[str, object] | None = None, sort: str = "no"
    ) -> tuple[str, ...]:
        """The ids of all living members of the list in its order, for a table that knows its length."""
        with self._site.store.read() as connection:
            return lists.member_ids(connection, where, own, sort)

    def member_rows(self, ids: Sequence[str]) -> tuple[MemberRow, ...]:
        """The rows of these members, in the order given."""
        with self._site.store.read() as connection:
            return lists.member_rows(connection, ids)

    def member_values(self, ids: Sequence[str], columns: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Further columns of these members, by id."""
        with self._site.store.read() as connection:
            return lists.member_values(connection, ids, columns)

    def member_values_of(self, column: str) -> tuple[tuple[Any, int], ...]:
        """The values a column of the living members takes, with their counts; for filter boxes."""
        with self._site.store.read() as connection:
            return lists.member_values_of(connection, column)

    def values_of(self, column: str) -> tuple[tuple[Any, int], ...]:
        """The values a household column takes, with their counts; for filter boxes."""
        with self._site.store.read() as connection:
            return lists.values_of(connection, column)

    def find(self, text: str, limit: int = 50) -> tuple[search.Hit, ...]:
        """People and households by name part, pinyin, ID tail, household number or phone tail."""
        self.pay_search()
        with self._site.store.read() as connection:
            return search.find(connection, text, limit)

    def pay_search(self, step: Step = no_step) -> None:
        """Write search keys that a long import still owes; a job does this in the background after an import."""
        with self._site.store.read() as connection:
            owed = search.in_debt(connection)
        if owed:
            with self._site.store.write() as connection:
                search.pay(connection, step)

    def waiting(self) -> Waiting:
        """The figures of the status line. They are asked after every change, so no file is counted for them."""
        with self._site.store.read() as connection:
            unsent = len(chain.numbers_after(connection, acked(connection)))
            conflicts = totals.conflict_count(connection, self._site.village)
        return Waiting(unsent, conflicts, len(self._site.profile.unconfirmed))

    def status(self) -> DeskStatus:
        """The figures of the first page."""
        village = self._site.village
        with self._site.store.read() as connection:
            households = totals.household_count(connection, village)
            members = totals.member_count(connection, village)
        return DeskStatus(households, members, self.waiting())
