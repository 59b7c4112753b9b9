"""The plans of the village: a line a household, what its plan of the year says, Enter opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui.context import Context
from ui.page import Page, button, label
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.drafts.plan import PlanDraft
from villagedesk.store.lists import HouseholdRow
from villagedesk.text import Text, say, tr

STATES: dict[str, Text] = {"draft": say("draft"), "agreed": say("agreed"), "": say("no plan yet")}


@dataclass(frozen=True)
class PlanLine:
    """A household and its newest plan."""

    household: HouseholdRow
    plan: PlanDraft | None

    @property
    def under_way(self) -> str:
        """How many of its measures are under way or done."""
        measures = self.plan.measures if self.plan else ()
        moving = sum(measure.state in {"active", "done"} for measure in measures)
        return f"{moving} / {len(measures)}" if measures else ""


class PlansPage(Page):
    """Every household with its plan."""

    def __init__(self, context: Context) -> None:
        super().__init__(str(context.desk.profile.terms.plan), tr("One household, one plan: its own wish comes first."))
        self._context = context
        self._count = label("", "hint")
        self.model = PagedTable[PlanLine](self._columns(), self)
        self.table = TableView(self.model, context.desk.profile.terms.plan)
        self._body = Sheets()
        empty = EmptyState(
            tr("No household file yet. Import last year's list first."),
            button(say("Import a roster"), "import", self._on_import, kind="primary"),
        )
        self._body.addWidget(self.table)
        self._body.addWidget(empty)
        if not context.desk.covered:
            self.add_button(button(say("Print the plans"), "print", self._on_print))
        self.column.addWidget(self._count)
        self.column.addWidget(self._body, 1)
        self.table.opened.connect(self._on_opened)

    def show_place(self, **_place: Any) -> None:
        """Show the households in the order of their groups."""
        ids = self._context.desk.lists.household_ids(None, "group")
        self.model.show_keys(ids, self._lines)
        self._count.setText(tr("{n} {n:household|households}", n=len(ids)))
        self._body.setCurrentIndex(0 if ids else 1)

    def _columns(self) -> Sequence[Column[PlanLine]]:
        codes = self._context.desk.profile.codes
        return (
            Column(say("Group"), lambda line: line.household.group, 8),
            Column(say("Head"), lambda line: line.household.head, 8),
            Column(say("Main cause"), lambda line: codes.word("cause", line.household.main_cause), 10),
            Column(say("Year"), lambda line: str(line.plan.year) if line.plan else "", 5, right=True),
            Column(say("State"), self._state, 8, tone=lambda line: "" if line.plan else "warn"),
            Column(say("Measures begun"), lambda line: line.under_way, 8, right=True),
            Column(say("Goals"), lambda line: line.plan.goals if line.plan else "", 30),
        )

    def _lines(self, ids: Sequence[str]) -> Sequence[PlanLine | None]:
        desk = self._context.desk
        rows = {row.id: row for row in desk.lists.household_rows(ids)}
        plans = desk.plans.of_households(ids)
        return [PlanLine(rows[one], next(iter(plans.get(one, ())), None)) if one in rows else None for one in ids]

    def _state(self, line: PlanLine) -> str:
        """The word of the procedure; a plan under way is named by where it is on its way."""
        state, steps = line.plan.state if line.plan else "", self._context.desk.plans.procedure.states
        return str(STATES[state]) if state in STATES else steps[state].title if state in steps else state

    def _on_opened(self, line: PlanLine) -> None:
        self._context.navigator.go("plan", household_id=line.household.id)

    def _on_import(self) -> None:
        self._context.navigator.go("import")

    def _on_print(self) -> None:
        self._context.navigator.go("papers", kind="plan_sheet")
