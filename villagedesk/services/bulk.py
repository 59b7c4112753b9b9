"""One field of many households at once: looked at first, written as one act, taken back as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Problem, Refused
from villagedesk.services.site import Site
from villagedesk.store import lists
from villagedesk.store.work import Change
from villagedesk.text import say
from villagedesk.values import Step, each_told, no_step

EDITABLE = (
    "group", "kind", "support_class", "main_cause", "planned_exit_year", "dwelling", "water_safe", "toilet",
    "entry_road", "power_home", "broadcast", "cooperative",
)  # fmt: skip
"""Fields that many households may be given at once; states, numbers and whatever a procedure guards are not."""

_BLANK = HouseholdDraft()
_YEARS = range(1980, 2101)


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What would become of one household."""

    household_id: str
    no: str
    head: str
    old: object
    new: object


class Bulk:
    """Changes of many households."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def preview(self, ids: Sequence[str], field: str, value: object) -> tuple[BulkLine, ...]:
        """The households that would change, in the order given. Raises Refused for what cannot be given to many."""
        self._demand(field, value)
        with self._site.store.read() as connection:
            rows = lists.household_rows(connection, ids)
            stored = lists.household_values(connection, ids, (field,))
        return tuple(
            BulkLine(row.id, row.no, row.head, stored[row.id][field], value)
            for row in rows
            if stored[row.id][field] != value
        )

    def change(self, ids: Sequence[str], field: str, value: object, reason: str, step: Step = no_step) -> Change:
        """Write the value to these households, as one act. Raises Refused as :meth:`preview`, or without a reason."""
        if not reason.strip():
            raise Refused([Problem(say("Say why these households change."), "reason")])
        lines = self.preview(ids, field, value)
        if not lines:
            raise Refused(say("These households have this value already."))
        with self._site.store.work("household.bulk", reason) as work:
            for line in each_told(lines, step):
                work.put("household", self._site.village, {field: value}, line.household_id)
        return work.change

    def _demand(self, field: str, value: object) -> None:
        if field not in EDITABLE:
            raise Refused(say("This field is not changed for many households at once. Open each file."))
        if value is None and getattr(_BLANK, field) is not None:
            raise Refused([Problem(say("Enter the value."), field)])
        if field == "planned_exit_year" and value is not None and value not in _YEARS:
            raise Refused([Problem(say("A year is written with four digits."), field)])
