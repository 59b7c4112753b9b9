"""Look-back (回头看): an old exit checked again, against what was known then and what the data say now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from villagedesk.documents.papers import load_papers
from villagedesk.drafts.exit import ExitDraft
from villagedesk.drafts.notice import PaperDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.verdicts import Result
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.exit_cases import case_of
from villagedesk.services.exit_facts import assessed, incomes_of
from villagedesk.services.frozen import Altered, differences, thaw
from villagedesk.services.households import one
from villagedesk.services.paper_makers import MAKERS
from villagedesk.services.site import Site
from villagedesk.text import Text, say

_PAPER = "exit_record"
_SAID: Mapping[str, Result] = {"达标": "met", "未达标": "unmet", "未核实": "unknown"}


@dataclass(frozen=True)
class Recheck:
    """One criterion then and now. ``then`` is "" where nothing was written down at that time."""

    key: str
    criterion: str
    then: Result | str
    now: Result
    because: Text


@dataclass(frozen=True)
class LookBackResult:
    """An exit looked at again. ``altered``: what the record of that time said otherwise.

    ``marked_on``: the day of the exit. ``record_on``: the day on which the exit record of that time was printed, None
    where it was not: then what was found at the door speaks for that time.
    """

    case_id: str
    year: int  # whose income and line the second look goes by
    marked_on: date
    record_on: date | None
    criteria: tuple[Recheck, ...]
    altered: tuple[Altered, ...]

    @property
    def holds(self) -> bool:
        """Whether every criterion is still met."""
        return all(each.now == "met" for each in self.criteria)


class LookBack:
    """Second looks at exits; nothing is written, and no state changes by itself."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def check(self, case_id: str) -> LookBackResult:
        """Hold a finished exit against today's data. Raises Refused for one that is not finished."""
        with self._site.store.read() as connection:
            return looked_back(self._site, connection, case_of(connection, case_id))


def looked_back(site: Site, connection: Connection, case: ExitDraft) -> LookBackResult:
    """A finished exit then and now. Raises Refused for one that is not finished."""
    if case.marked_on is None:
        raise Refused(
            [Problem(say("Only a finished exit is looked back at; this one is not marked yet."), "marked_on")]
        )
    household = one(connection, case.household_id)
    incomes = incomes_of(connection, [household.id])
    year = max((at for _, at in incomes), default=case.year)
    found = assessed(site, household, incomes.get((household.id, year)), year, ())
    record = _record_of(connection, case)
    said = _said_by(record) if record else {}
    seen = {check.criterion: check.result for check in case.checks}
    criteria = tuple(
        Recheck(each.key, each.text, said.get(each.text) or seen.get(each.key, ""), each.result, each.because)
        for each in found
    )
    altered = _altered(site, connection, record) if record else ()
    return LookBackResult(case.id, year, case.marked_on, record.printed_on if record else None, criteria, altered)


def _record_of(connection: Connection, case: ExitDraft) -> PaperDraft | None:
    """The exit record as it was printed last before the exit was marked; a later one tells of a later time."""
    table = RECORDS["paper"].table
    here = (table.c.kind == _PAPER, table.c.subject_id == case.id, table.c.printed_on <= case.marked_on)
    printed = list(load_where(connection, "paper", *here).values())
    return printed[-1] if printed else None


def _said_by(record: PaperDraft) -> Mapping[str, Result]:
    """Criterion in its words → what the record said of it."""
    columns = [column.key for column in load_papers()[_PAPER].tables["criteria"]]
    rows = thaw(record.sheet).tables["criteria"]
    return {row[columns.index("criterion")]: _SAID.get(row[columns.index("result")], "unknown") for row in rows}


def _altered(site: Site, connection: Connection, record: PaperDraft) -> tuple[Altered, ...]:
    now = MAKERS[_PAPER](site, connection, record.subject_id)
    return differences(load_papers()[_PAPER], thaw(record.sheet), now)
