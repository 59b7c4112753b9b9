"""Look-back (回头看): an old exit checked again, against what its paper said then and what the data say now."""

from __future__ import annotations

from dataclasses import dataclass

from villagedesk.documents.papers import load_papers
from villagedesk.errors import Refused
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


@dataclass(frozen=True)
class Recheck:
    """One criterion then and now. ``then`` is the word on the record of that time, "" when it did not stand there."""

    key: str
    criterion: str
    then: str
    now: str  # met | unmet | unknown
    because: Text


@dataclass(frozen=True)
class LookBackResult:
    """An exit looked at again. ``altered``: what the record of that time said otherwise."""

    case_id: str
    year: int  # whose income and line the second look goes by
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
        """Hold a finished exit against today's data. Raises Refused when it was never finished or printed."""
        with self._site.store.read() as connection:
            case = case_of(connection, case_id)
            table = RECORDS["paper"].table
            printed = load_where(connection, "paper", table.c.kind == _PAPER, table.c.subject_id == case_id).values()
            if case.marked_on is None or not printed:
                raise Refused(
                    say("There is no record of a finished exit to look back at. Print the exit record first.")
                )
            then = thaw(list(printed)[-1].sheet)
            household = one(connection, case.household_id)
            incomes = incomes_of(connection, [household.id])
            year = max((at for _, at in incomes), default=case.year)
            found = assessed(self._site, household, incomes.get((household.id, year)), year, ())
            now = MAKERS[_PAPER](self._site, connection, case_id)
        columns = [column.key for column in load_papers()[_PAPER].tables["criteria"]]
        said = {row[columns.index("criterion")]: row[columns.index("result")] for row in then.tables["criteria"]}
        criteria = tuple(Recheck(e.key, e.text, said.get(e.text, ""), e.result, e.because) for e in found)
        return LookBackResult(case_id, year, criteria, differences(load_papers()[_PAPER], then, now))
