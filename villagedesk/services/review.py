"""What a township looks at across its villages: reported exits, findings of the rules, files, one person looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.policy.checks.run import CheckReport
from villagedesk.policy.codes import CodeBook, load_codes
from villagedesk.policy.profile import Profile
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.across import names_of
from villagedesk.services.checks import Checks
from villagedesk.services.conflict_papers import ConflictPapers
from villagedesk.services.households import one
from villagedesk.services.intake import village_site
from villagedesk.services.site import CHINA
from villagedesk.store import lists, search
from villagedesk.store.lists import HouseholdRow
from villagedesk.store.place import Place
from villagedesk.values import Step, no_step

REPORTED = "reported"


@dataclass(frozen=True)
class ReportedExit:
    """An exit that a village has reported and the township has not answered, or answered and not marked yet."""

    village: str
    case_id: str
    household_id: str
    household_no: str
    head: str
    persons: int
    year: int
    reply: str


class Review:
    """The township's view of all villages. Nothing here is written."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def codes(self) -> CodeBook:
        """The words of the code lists, of all profiles together."""
        return load_codes()

    def today(self) -> date:
        """The date in China by this machine's clock."""
        return self._place.store.clock().astimezone(CHINA).date()

    def names(self) -> dict[str, str]:
        """The villages that have sent something: code → name, by code."""
        with self._place.store.read() as connection:
            return names_of(connection)

    def profile(self, village: str) -> Profile:
        """The policy of a village, with what is fixed for it. Raises Refused before its first file."""
        with self._place.store.read() as connection:
            return village_site(self._place, connection, village).profile

    def conflict_papers(self, village: str) -> ConflictPapers:
        """What can be opened beside a village's conflicts. Raises Refused before its first file."""
        with self._place.store.read() as connection:
            return ConflictPapers(village_site(self._place, connection, village))

    def village_of(self, household_id: str) -> str:
        """Whose file it is; "" when it is not here."""
        table = RECORDS["household"].table
        with self._place.store.read() as connection:
            return str(connection.execute(select(table.c.village).where(table.c.id == household_id)).scalar() or "")

    def states(self) -> tuple[str, ...]:
        """The poverty states that files here have."""
        with self._place.store.read() as connection:
            return tuple(value for value, _ in lists.values_of(connection, "state"))

    def reported(self) -> tuple[ReportedExit, ...]:
        """The exits waiting for the township, village by village."""
        with self._place.store.read() as connection:
            cases = load_where(connection, "exit", RECORDS["exit"].table.c.state == REPORTED)
            homes = load(connection, "household", [case.household_id for case in cases.values()])
            villages = _villages(connection, list(cases))
        found = [
            _reported(villages[case_id], case_id, case, homes[case.household_id])
            for case_id, case in cases.items()
            if case.household_id in homes
        ]
        return tuple(sorted(found, key=lambda exit_: (exit_.village, exit_.year, exit_.household_no)))

    def findings(self, village: str, step: Step = no_step) -> CheckReport:
        """The rules of a village's own policy over its files, household by household (``step``).

        Raises Refused before its first file, Cancelled when ``step`` says so.
        """
        with self._place.store.read() as connection:
            site = village_site(self._place, connection, village)
        return Checks(site).run(step=step)

    def household_ids(self, where: Mapping[str, object] | None = None, sort: str = "no") -> tuple[str, ...]:
        """The files of all villages, in the order of the list; ``where`` as in :mod:`villagedesk.store.lists`."""
        with self._place.store.read() as connection:
            return lists.household_ids(connection, where, sort)

    def household_rows(self, ids: Sequence[str]) -> tuple[HouseholdRow, ...]:
        """The rows of these files."""
        with self._place.store.read() as connection:
            return lists.household_rows(connection, ids)

    def household(self, household_id: str) -> HouseholdDraft:
        """One file with its members. Raises Refused when it is closed or not here."""
        with self._place.store.read() as connection:
            return one(connection, household_id)

    def find(self, text: str, limit: int = 50) -> tuple[search.Hit, ...]:
        """People and households of all villages by what was typed."""
        if self._in_debt():
            with self._place.store.write() as connection:
                search.pay(connection)
        with self._place.store.read() as connection:
            return search.find(connection, text, limit)

    def _in_debt(self) -> bool:
        with self._place.store.read() as connection:
            return search.in_debt(connection)


def _villages(connection: Connection, cases: list[str]) -> dict[str, str]:
    table = RECORDS["exit"].table
    found = connection.execute(select(table.c.id, table.c.village).where(table.c.id.in_(cases)))
    return {case: village for case, village in found}  # noqa: C416  rows are no pairs


def _reported(village: str, case_id: str, case: Any, household: HouseholdDraft) -> ReportedExit:
    return ReportedExit(
        village=village,
        case_id=case_id,
        household_id=household.id,
        household_no=household.no,
        head=household.head.name if household.head else "",
        persons=len(household.living),
        year=case.year,
        reply=case.township_reply,
    )
