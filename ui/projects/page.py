"""The projects of the village: each with its next steps, its money, and the notices that speak of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.yesno import YesNoField
from ui.households.spec import FieldSpec as F
from ui.households.spec import Section
from ui.page import Page, button, card, label
from ui.register import RegisterKind, RegisterTab
from ui.tables import Column
from villagedesk.drafts.project import ProjectDraft
from villagedesk.drafts.village import VillagePlanDraft
from villagedesk.policy.procedures import Step
from villagedesk.services.projects import ProjectRow
from villagedesk.text import say, tr
from villagedesk.values import yuan

SECTIONS = (
    Section(say("Project"), (
        F("title", say("Name of the project"), span=2),
        F("no", say("Project number"), hint=say("Empty: numbered by itself.")),
        F("kind", say("Kind"), "code", "project_kind"),
        F("year", say("Year"), "year"),
        F("plan_id", say("Village plan it follows"), span=3),
        F("place", say("Place")),
        F("content", say("What is built or bought"), span=2),
        F("unit", say("Carried out by")),
        F("responsible", say("Responsible")),
        F("starts_on", say("Begins on"), "date"),
        F("ends_on", say("Ends on"), "date"),
    )),
    Section(say("Money and benefit"), (
        F("amount", say("Money planned (yuan)"), "amount"),
        F("source", say("Source of the money"), "code", "fund_source"),
        F("benefit_way", say("How households take part"), "code", "benefit_way"),
        F("benefit", say("How the households benefit"), span=3),
        F("households", say("Households that benefit"), "whole"),
        F("persons", say("Persons"), "whole"),
        F("disabled_first", say("Households with disabled members come first"), "yesno"),
    )),
    Section(say("Approval, acceptance, effect"), (
        F("approval", say("Number of the approval")),
        F("accepted_by", say("Accepted by"), span=2),
        F("acceptance", say("What the acceptance found"), span=3),
        F("result", say("What came of it"), "note", span=3),
    )),
)  # fmt: skip

_GOALS = 14  # letters


class ProjectsPage(Page):
    """List, form and steps."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Projects"), tr("Projects follow the plan, money follows the project, both are posted."))
        self._context = context
        self._row: ProjectRow | None = None
        self._plans = CodeField(())
        self.tab = RegisterTab(context, self._kind())
        self._money = label("", wrap=True)
        self._open_points = label("", "hint", wrap=True)
        self._steps = QHBoxLayout()
        self._step_buttons: list[QPushButton] = []
        self.tab.extra.addLayout(self._steps)
        self.tab.above.addWidget(card(self._money, self._open_points, heading=tr("Where it stands")))
        self.add_button(button(say("Post the projects"), "notices", partial(self._post, "projects")))
        self.add_button(button(say("Post the effects"), "notices", partial(self._post, "effects")))
        self.column.addWidget(self.tab, 1)
        self.tab.shown.connect(self._on_shown)
        context.changes.changed.connect(self._on_elsewhere)

    def show_place(self, **place: Any) -> None:
        """Show every project, the cursor on ``project_id``."""
        plans = self._context.desk.book.all(VillagePlanDraft)
        self._plans.offer(
            [Option(plan.id, tr("{year}: {goals}", year=plan.year, goals=_short(plan.goals))) for plan in plans]
        )
        self.tab.show_all(place.get("project_id", ""))

    def may_leave(self) -> bool:
        """Ask what shall happen to unsaved typing."""
        return self.tab.may_leave()

    def _kind(self) -> RegisterKind:
        desk = self._context.desk
        return RegisterKind(
            name=tr("Projects"),
            empty=say("No project yet: its place, content, money with source, period, and whom it benefits."),
            columns=(
                Column(say("No."), lambda line: line.project.no, 6),
                Column(say("Name of the project"), lambda line: line.project.title, 10),
                Column(say("Yuan"), lambda line: yuan(line.project.amount), 9, right=True),
                Column(say("State"), lambda line: line.state_title, 6),
            ),
            sections=SECTIONS,
            blank=lambda: ProjectDraft(year=desk.site.today().year),
            load=desk.projects.all,
            save=desk.projects.save,
            draft_of=lambda line: line.project,
            editors={"plan_id": self._plan_field, "disabled_first": YesNoField},
        )  # fmt: skip

    def _plan_field(self) -> QWidget:
        return self._plans

    def _on_shown(self, found: ProjectRow | None) -> None:
        self._row = found
        steps = found.steps if found else ()
        for old in self._step_buttons:
            old.setParent(None)
            old.deleteLater()
        self._step_buttons = [button(step.title, "", partial(self._on_step, step)) for step in steps]
        for each in self._step_buttons:
            self._steps.addWidget(each)
        if found is None:
            self._money.setText(tr("Save the project; its steps appear here."))
            self._show_points(())
            return
        posted = tr("posted") if found.posted else tr("not posted yet")
        self._money.setText(
            tr("{state}. Planned {planned} yuan, paid out {paid} yuan; {posted}.", state=found.state_title,
               planned=yuan(found.project.amount), paid=yuan(found.paid), posted=posted)
        )  # fmt: skip
        points = [f"•  {each.text}" for step in found.steps[:1] for each in (*step.blockers, *step.warnings)]
        self._show_points(points)

    def _show_points(self, points: Sequence[str]) -> None:
        self._open_points.setText("\n".join(points))
        self._open_points.setVisible(bool(points))

    def _on_step(self, step: Step) -> None:
        if self._row is None:
            return
        if self.tab.binder.modified and not self.tab.save():
            return
        reason: str | None = step.title
        if step.needs_reason:
            reason = self._context.messages.ask_line(say("Why?"))
        if reason:
            desk, project_id = self._context.desk, self._row.project.id
            self.tab.do(lambda: desk.projects.take(project_id, step.verb, desk.site.today(), str(reason)))

    def _post(self, kind: str) -> None:
        if not self.tab.may_leave():
            return
        desk = self._context.desk
        year = self._row.project.year if self._row else desk.site.today().year
        waiting = desk.posting.waiting(kind, year)
        if waiting:
            self._context.navigator.go("notices", draft_for=waiting, kind=kind, year=year)
        else:
            text = say("Nothing to post: every project of {year} that could be is on a notice.", year=year)
            self._context.messages.tell(text, "warn")

    def _on_elsewhere(self, _change: object, initiator: object) -> None:
        if self.isVisible() and initiator is not self.tab:
            self.show_place()


def _short(goals: str) -> str:
    """As much of the goals as tells one plan from another in a box."""
    return goals if len(goals) <= _GOALS else goals[: _GOALS - 1] + "…"
