"""What a township counts and watches across all its villages: the figures of each, and every notice on a board.

Counts only, village by village in the order of their codes: no village is ranked, no share is reckoned (DOMAIN §8.5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, func, select

from villagedesk.drafts.notice import NoticeDraft
from villagedesk.policy.procedures import procedure
from villagedesk.policy.profile import Profile
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.intake import village_site
from villagedesk.services.site import CHINA
from villagedesk.store.place import Place

HANGS, OVER, OPEN = "hangs", "over", "open"


@dataclass(frozen=True)
class VillageFigures:
    """The counts of one village, over the files that are open.

    ``plans`` and ``exits``: households that have one this year; ``hanging``: the notices on its board.
    """

    village: str
    name: str
    households: int
    persons: int
    exited: int
    monitored: int
    plans: int
    exits: int
    hanging: int


@dataclass(frozen=True)
class VillageNotice:
    """A notice of a village. ``standing``: hangs, over (its days have passed, no result is entered), or open."""

    village: str
    title: str
    no: str
    state: str
    posted_on: date | None
    ends_on: date | None
    standing: str


class Across:
    """All villages together."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def figures(self) -> tuple[VillageFigures, ...]:
        """The counts of every village that has sent something, by code."""
        year = self._today().year
        household, member, plan, case = (RECORDS[kind].table.c for kind in ("household", "member", "plan", "exit"))
        open_ = and_(household.removed.is_(False), household.removed_reason == "")
        at_home = member.household_id.in_(select(household.id).where(open_))
        hanging = self.notices()
        with self._place.store.read() as connection:
            names = names_of(connection)
            counted = (
                _count(connection, household.id, open_),
                _count(connection, member.id, and_(member.removed.is_(False), member.left_on.is_(None), at_home)),
                _count(connection, household.id, and_(open_, household.exited_year.is_not(None))),
                _count(connection, household.id, and_(open_, household.monitoring_class != "")),
                _count(connection, plan.household_id, and_(plan.removed.is_(False), plan.year == year)),
                _count(connection, case.household_id, and_(case.removed.is_(False), case.year == year)),
            )
        return tuple(
            VillageFigures(code, name, *_six(counted, code), _hanging(hanging, code)) for code, name in names.items()
        )

    def notices(self) -> tuple[VillageNotice, ...]:
        """Every notice that is not finished, by village; those whose days have passed first."""
        found: list[VillageNotice] = []
        with self._place.store.read() as connection:
            for code in names_of(connection):
                profile = village_site(self._place, connection, code).profile
                table = RECORDS["notice"].table
                drafts = load_where(connection, "notice", table.c.village == code).values()
                found += [
                    _notice(code, profile, draft, self._today()) for draft in drafts if _unfinished(profile, draft)
                ]
        return tuple(sorted(found, key=lambda one: (one.village, one.standing != OVER, one.ends_on or date.max)))

    def _today(self) -> date:
        return self._place.store.clock().astimezone(CHINA).date()


def names_of(connection: Connection) -> dict[str, str]:
    """The villages that have sent something: code → name, by code."""
    found = load_where(connection, "village").values()
    return {village.code: village.name for village in sorted(found, key=lambda village: village.code)}


def _count(connection: Connection, what: Column[Any], where: ColumnElement[bool]) -> Mapping[str, int]:
    """Village → how many different values of a column its records have."""
    table = what.table
    query = select(table.c.village, func.count(what.distinct())).where(where).group_by(table.c.village)
    return {village: number for village, number in connection.execute(query)}  # noqa: C416  rows are no pairs


def _six(counted: Sequence[Mapping[str, int]], village: str) -> tuple[int, int, int, int, int, int]:
    homes, people, exited, watched, plans, exits = (each.get(village, 0) for each in counted)
    return homes, people, exited, watched, plans, exits


def _hanging(notices: Sequence[VillageNotice], village: str) -> int:
    return sum(one.village == village and one.standing == HANGS for one in notices)


def _unfinished(profile: Profile, draft: NoticeDraft) -> bool:
    return draft.closed_on is None and procedure(profile, "notice").effect(draft.state) not in {"back", "closed"}


def _notice(village: str, profile: Profile, draft: NoticeDraft, today: date) -> VillageNotice:
    kind, states = profile.notices.get(draft.kind), procedure(profile, "notice").states
    standing = OPEN
    if draft.posted_on is not None:
        standing = OVER if draft.ends_on and draft.ends_on < today else HANGS
    return VillageNotice(
        village, kind.title if kind else draft.kind, draft.no,
        states[draft.state].title if draft.state in states else draft.state, draft.posted_on, draft.ends_on, standing,
    )  # fmt: skip
